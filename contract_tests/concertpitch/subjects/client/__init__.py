"""What rules for clients judge: the requests a client sent, and how it read what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import camel
from concertpitch.schema import Request
from concertpitch.subjects.calls import Call


@dataclass(frozen=True)
class Sent:
    """A request to a method of a surface.

    `request` is its body as read by the schema, None for a method without one; `unreadable` says why the body is no
    JSON. `meant` leads from unknown members to the nearest known one, `strange` from query parameters that neither the
    method nor the system parameters know to the nearest known one; `missing` are required query parameters.
    `deprecated` are paths of deprecated members that were set, `fixed` immutable members that an update changes.
    """

    call: Call
    request: Request | None
    unreadable: str = ""
    meant: dict[str, str] = field(default_factory=dict)
    strange: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    deprecated: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges

    @property
    def forgiven(self) -> str:
        """Words for a request that the server took all the same."""
        return ", and the server forgave it" if self.call.succeeded else ""


@dataclass(frozen=True)
class Asked:
    """A request about a resource of a surface; `known`: some document has its path and verb."""

    exchange: Exchange
    known: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)


@dataclass(frozen=True)
class Given:
    """A page that gave a token, and whether the client asked for the next page with it, by which request."""

    page: Call
    token: str
    following: Call | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.page.exchange, *([self.following.exchange] if self.following else []))

    @property
    def changed(self) -> list[str]:
        """The parameters that the request for the next page has otherwise than this page's."""
        if self.following is None:
            return []
        before, after = (
            {camel(name): value for name, value in one.query.items()} for one in (self.page, self.following)
        )
        names = (before.keys() | after.keys()) - {"pageToken"}
        return sorted(name for name in names if before.get(name) != after.get(name))


@dataclass(frozen=True)
class Cancelled:
    """A cancel, and the earlier answer that had shown its job or operation to have ended (in `state`), if one had."""

    cancel: Call
    shown: Exchange | None
    state: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (*([self.shown] if self.shown else []), self.cancel.exchange)


@dataclass(frozen=True)
class Poll:
    """Two reads in a row of a resource that was not at its end, `seconds` apart; `least` is the stated pause."""

    before: Call
    after: Call
    seconds: float
    least: float

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.after.exchange


@dataclass(frozen=True)
class Coverage:
    """What of a surface a client's traffic touched: `called` methods with counts, request members set, states shown."""

    surface: str
    methods: tuple[str, ...]
    called: dict[str, int]
    members: tuple[str, ...]
    states: tuple[str, ...]

    @property
    def missed(self) -> list[str]:
        return [method for method in self.methods if method not in self.called]

    def record(self) -> dict[str, Any]:
        """The shape it has in verdicts.json."""
        return {
            "surface": self.surface,
            "called": self.called,
            "not_called": self.missed,
            "members_set": list(self.members),
            "states_seen": list(self.states),
        }
