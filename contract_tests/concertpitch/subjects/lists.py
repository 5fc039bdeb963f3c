"""Pages of lists, and walks from page to page, whatever they list."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Protocol

from concertpitch.exchange import Exchange
from concertpitch.protojson import integer, message, text
from concertpitch.subjects.calls import Call

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
LIST_LAG = 4.5
"""Seconds a list may be behind get: AIP-121 promises strong consistency of get alone, and nothing bounds the lag."""


class Listed(Protocol):
    """A resource as one answer showed it."""

    @property
    def exchange(self) -> Exchange: ...

    @property
    def source(self) -> str:
        """How it was shown: get, list and so on."""

    @property
    def key(self) -> Hashable:
        """What tells it apart from all others of its kind."""

    @property
    def named(self) -> bool:
        """Whether it shows a name."""

    @property
    def state(self) -> str:
        """The state it is in, '' for what has none."""

    @property
    def shown(self) -> str:
        """A short name for messages."""


@dataclass(frozen=True)
class Page:
    """One list call; `member` is what holds the items of this list.

    `giver` is the page that had given the token it sent. `bare_accepted`: a list of the same parent without any
    parameter was answered, so a refusal is about the parameters; `sized_accepted`: one with a pageSize was;
    `filter_accepted`: one with a filter was. `spent`: an earlier call had sent the same token. `anchor_gone`: this run
    deleted the last item of the page that gave the token before it sent that.
    """

    call: Call
    member: str
    items: tuple[Listed, ...]
    giver: Page | None
    bare_accepted: bool
    sized_accepted: bool
    filter_accepted: bool
    spent: bool
    anchor_gone: bool = field(default=False, kw_only=True)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges

    @property
    def scope(self) -> tuple[object, ...]:
        """What the list is of: the method, its parent and the filter."""
        return self.call.method, self.call.variables, self.filter

    @property
    def filter(self) -> str:
        return self.call.query.get("filter", "")

    @property
    def filter_broken(self) -> bool:
        """Whether no grammar of AIP-160 reads the filter: a quotation mark or a parenthesis is left open."""
        bare = _QUOTED.sub("", self.filter)
        return '"' in bare or bare.count("(") != bare.count(")")

    @property
    def of_another_list(self) -> bool:
        """Whether its token was given by lists of another parent or filter only."""
        return self.giver is not None and self.giver.scope != self.scope

    @property
    def token(self) -> str:
        return self.call.query.get("pageToken", "")

    @property
    def token_known(self) -> bool:
        """Whether the token it sent came from the target; an empty one always did."""
        return not self.token or self.giver is not None

    @property
    def size(self) -> int | None:
        """The page size asked for, None when absent or no integer."""
        return integer(self.call.query.get("pageSize"))

    @property
    def next_token(self) -> str:
        token = message(self.call.exchange.answer.value).get("nextPageToken")
        return str(token) if isinstance(token, int) else text(token)

    @property
    def readable(self) -> bool:
        """Whether the page is JSON with its items where they belong, each with a name; if not, other rules say so."""
        answer = self.call.exchange.answer
        body = message(answer.value)
        elsewhere = self.member not in body and any(isinstance(value, list) and value for value in body.values())
        listed = isinstance(body.get(self.member, []), list) and not elsewhere
        return answer.error is None and listed and all(item.named for item in self.items)


@dataclass(frozen=True)
class Walk:
    """One chain of pages from the first, followed by tokens.

    `whole`: it has no filter and ends without a token. `quiet`: meanwhile this run wrote nothing, no listed item
    changed its state and no stranger's item appeared. `expected` are the items of this run that a get had shown
    before the walk began; `settled` the keys of those that an earlier list had shown, or a get so long before that no
    lag of lists explains their absence. `looped` is a token that was given twice, or ''.
    """

    pages: tuple[Page, ...]
    whole: bool
    quiet: bool
    expected: tuple[Listed, ...]
    looped: str
    settled: frozenset[Hashable] = frozenset()

    @property
    def ended(self) -> bool:
        """Whether its last page gives no token."""
        return not self.pages[-1].next_token

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(page.call.exchange for page in self.pages)

    @property
    def readable(self) -> bool:
        return all(page.readable for page in self.pages)

    @property
    def items(self) -> tuple[Listed, ...]:
        return tuple(item for page in self.pages for item in page.items)
