"""Calls -> pages of lists, and walks: chains of pages followed by their tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from concertpitch.subjects import Call
from concertpitch.subjects.vertex import LIST_LAG, Job, Page, Walk

_METHOD = "tuningJobs.list"
_WRITES = frozenset({"tuningJobs.create", "tuningJobs.cancel", "tuningJobs.rebaseTunedModel"})


def pages_of(calls: Iterable[Call], jobs: Iterable[Job]) -> list[Page]:
    """Every list call in the order sent, with the page that had given the token it sent."""
    shown = defaultdict(list)
    for job in jobs:
        if job.source == "list":
            shown[job.exchange.number].append(job)
    listed = [call for call in calls if call.method == _METHOD]
    bare = {call.parent for call in listed if call.succeeded and not call.query}
    homes = {job.name: (job.key[0], job.key[1]) for job in jobs if job.source == "create" and job.name}
    givers: dict[str, list[Page]] = defaultdict(list)
    sent: set[str] = set()
    pages = []
    for call in listed:
        token = call.query.get("pageToken", "")
        given = _giver(call, [page for page in givers[token] if page.call.exchange.before(call.exchange)])
        listed_jobs = tuple(shown[call.exchange.number])
        strangers = tuple(job for job in listed_jobs if homes.get(job.name, call.parent) != call.parent)
        page = Page(call, listed_jobs, given, call.parent in bare, strangers, spent=token in sent)
        sent.add(token)
        pages.append(page)
        if call.succeeded and page.next_token:
            givers[page.next_token].append(page)
    return pages


def _giver(call: Call, candidates: list[Page]) -> Page | None:
    """Of the pages that gave a token, one of the same list if there is one: two lists may give equal tokens."""
    wanted = (call.parent, call.query.get("filter", ""))
    same = (page for page in candidates if (page.call.parent, page.filter) == wanted)
    return next(same, candidates[0] if candidates else None)


def walks_of(pages: Iterable[Page], calls: list[Call], jobs: list[Job]) -> Iterator[Walk]:
    """Walks of more than a glance: every chain from a first page, followed by the tokens it gives.

    A page belongs to the chain whose last token it sent, with the same parent and filter, by the same probe.
    """
    open_chains: dict[tuple[str, ...], list[Page]] = {}
    chains: list[list[Page]] = []
    for page in pages:
        if not page.call.succeeded:
            continue
        scope = (*page.call.parent, page.call.query.get("filter", ""), page.call.exchange.probe)
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
    history = _History(calls, jobs)
    for chain in chains:
        yield history.walk(chain)


class _History:
    """What else was on the wire while a chain was walked."""

    def __init__(self, calls: list[Call], jobs: list[Job]) -> None:
        self._writes = [call.exchange for call in calls if call.method in _WRITES]
        self._jobs: dict[tuple[str, ...], list[Job]] = defaultdict(list)
        self._created: dict[tuple[str, str], list[Job]] = defaultdict(list)
        self._confirmed: dict[tuple[str, ...], float] = {}
        self._listed: dict[tuple[str, ...], float] = {}
        for job in jobs:
            self._jobs[job.key].append(job)
            if job.source == "create" and job.key[2]:
                self._created[job.key[0], job.key[1]].append(job)
            if job.source == "list":
                self._listed.setdefault(job.key, job.exchange.answered)
            if job.source == "get":
                self._confirmed.setdefault(job.key, job.exchange.answered)

    def walk(self, chain: list[Page]) -> Walk:
        began, ended = chain[0].call.exchange.sent, chain[-1].call.exchange.answered
        tokens = [page.next_token for page in chain if page.next_token]
        expected = tuple(
            job for job in self._created[chain[0].call.parent] if self._confirmed.get(job.key, float("inf")) <= began
        )
        return Walk(
            tuple(chain),
            whole=not chain[-1].next_token
            and "filter" not in chain[0].call.query
            and all(page.readable for page in chain),
            quiet=not self._written(began, ended) and not self._moved(chain, began, ended),
            expected=expected,
            settled=frozenset(
                job.key
                for job in expected
                if self._listed.get(job.key, float("inf")) <= began or self._confirmed[job.key] + LIST_LAG <= began
            ),
            looped=next((token for token in tokens if tokens.count(token) > 1), ""),
        )

    def _written(self, began: float, ended: float) -> bool:
        return any(write.sent <= ended and write.answered >= began for write in self._writes)

    def _moved(self, chain: list[Page], began: float, ended: float) -> bool:
        """Whether a listed job may have changed, or been born, during the walk."""
        own = {job.key for job in self._created[chain[0].call.parent]}
        for page in chain:
            for job in page.jobs:
                seen = self._jobs[job.key]
                before = [one for one in seen if one.exchange.answered <= began]
                after = [one for one in seen if one.exchange.sent >= ended]
                views = {one.state for one in (*before[-1:], job, *after[:1])}
                if len(views) > 1 or (job.key not in own and not before and len(chain) > 1):
                    return True
        return False
