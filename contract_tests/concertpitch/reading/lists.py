"""Calls -> pages of lists, and walks: chains of pages followed by their tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from concertpitch.subjects import LIST_LAG, Call, Listed, Page, Walk

_NEVER = float("inf")
NOTHING_GONE: Mapping[str, float] = MappingProxyType({})
Expected = Callable[[Page, float, float], tuple[Listed, ...]]
"""The items of this run that must be on a walk, by its first page and the moments it began and ended."""


def pages_of(
    calls: Iterable[Call],
    member: str,
    shown: Mapping[int, Sequence[Listed]],
    gone: Mapping[str, float] = NOTHING_GONE,
) -> list[Page]:
    """The list calls in the order sent, with the page that had given the token it sent.

    `shown` holds what each answer lists, by the number of its exchange; `gone` when this run asked to delete what.
    """
    listed = list(calls)
    bare = {(call.method, call.variables) for call in listed if call.succeeded and not call.query}
    sized = {(call.method, call.variables) for call in listed if call.succeeded and "pageSize" in call.query}
    filtered = {(call.method, call.variables) for call in listed if call.succeeded and call.query.get("filter")}
    givers: dict[str, list[Page]] = defaultdict(list)
    sent: set[tuple[object, ...]] = set()
    pages = []
    for call in listed:
        token = call.query.get("pageToken", "")
        known = [page for page in givers[token] if page.call.exchange.before(call.exchange)]
        giver = _giver(call, known)
        page = Page(
            call,
            member,
            tuple(shown.get(call.exchange.number, ())),
            giver,
            bare_accepted=(call.method, call.variables) in bare,
            sized_accepted=(call.method, call.variables) in sized,
            filter_accepted=(call.method, call.variables) in filtered,
            spent=(call.method, call.variables, token) in sent,
            anchor_gone=_anchor_gone(call, giver, gone),
        )
        sent.add((call.method, call.variables, token))
        pages.append(page)
        if call.succeeded and page.next_token:
            givers[page.next_token].append(page)
    return pages


def _giver(call: Call, candidates: list[Page]) -> Page | None:
    """Of the pages that gave a token, one of the same list if there is one: two lists may give equal tokens."""
    wanted = (call.method, call.variables, call.query.get("filter", ""))
    return next((page for page in candidates if page.scope == wanted), candidates[0] if candidates else None)


def _anchor_gone(call: Call, giver: Page | None, gone: Mapping[str, float]) -> bool:
    """Whether the last item of the page that gave a token may have been deleted before the token was sent."""
    last = str(giver.items[-1].key) if giver is not None and giver.items else ""
    return gone.get(last, _NEVER) < call.exchange.answered


@dataclass(frozen=True)
class Surroundings:
    """What else was on the wire while lists of one kind were walked.

    `writes` are the calls that may change what they show, `items` all sights of what they show, `own` the keys of
    what this run made.
    """

    writes: Sequence[Call]
    items: Iterable[Listed]
    own: frozenset[object]
    expected: Expected


def walks_of(pages: Iterable[Page], around: Surroundings) -> Iterator[Walk]:
    """Walks of more than a glance: every chain from a first page, followed by the tokens it gives.

    A page belongs to the chain whose last token it sent, with the same parent and filter, by the same probe.
    """
    open_chains: dict[tuple[object, ...], list[Page]] = {}
    chains: list[list[Page]] = []
    for page in pages:
        if not page.call.succeeded:
            continue
        scope = (*page.scope, page.call.exchange.probe)
        if not page.token:
            chain = [page]
            chains.append(chain)
        else:
            followed = open_chains.pop((*scope, page.token), None)
            if followed is None or not followed[-1].call.exchange.before(page.call.exchange):
                continue
            followed.append(page)
            chain = followed
        if page.next_token:
            open_chains[*scope, page.next_token] = chain
    history = _History(around)
    for chain in chains:
        yield history.walk(chain)


class _History:
    """Tells what a chain was disturbed by."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._seen: dict[object, list[Listed]] = defaultdict(list)
        self._listed: dict[object, float] = {}
        self._confirmed: dict[object, float] = {}
        for item in around.items:
            self._seen[item.key].append(item)
            if item.source in {"list", "get"}:
                since = self._listed if item.source == "list" else self._confirmed
                since.setdefault(item.key, item.exchange.answered)

    def walk(self, chain: list[Page]) -> Walk:
        began, ended = chain[0].call.exchange.sent, chain[-1].call.exchange.answered
        tokens = [page.next_token for page in chain if page.next_token]
        expected = self._around.expected(chain[0], began, ended)
        return Walk(
            tuple(chain),
            whole=not chain[-1].next_token
            and "filter" not in chain[0].call.query
            and all(page.readable for page in chain),
            quiet=not self._written(began, ended) and not self._moved(chain, began, ended),
            expected=expected,
            settled=frozenset(item.key for item in expected if self._settled(item, began)),
            looped=next((token for token in tokens if tokens.count(token) > 1), ""),
        )

    def _settled(self, item: Listed, began: float) -> bool:
        """Whether a list had shown the item before, or a get so long ago that a list must show it."""
        never = float("inf")
        listed, confirmed = self._listed.get(item.key, never), self._confirmed.get(item.key, never)
        return listed <= began or confirmed + LIST_LAG <= began

    def _written(self, began: float, ended: float) -> bool:
        return any(write.exchange.sent <= ended and write.exchange.answered >= began for write in self._around.writes)

    def _moved(self, chain: list[Page], began: float, ended: float) -> bool:
        """Whether a listed item may have changed, or been born, during the walk."""
        for page in chain:
            for item in page.items:
                seen = self._seen[item.key]
                before = next((one for one in reversed(seen) if one.exchange.answered <= began), None)
                after = seen[bisect_left(seen, ended, key=lambda one: one.exchange.sent) :][:1]
                views = {one.state for one in (before, item, *after) if one}
                if len(views) > 1 or (item.key not in self._around.own and not before and len(chain) > 1):
                    return True
        return False
