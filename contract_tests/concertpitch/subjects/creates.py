"""Creates of any resource, and what a refused one may not leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import text
from concertpitch.schema import Request
from concertpitch.subjects.calls import Call
from concertpitch.subjects.lists import Listed, Walk


@dataclass(frozen=True)
class Create:
    """A create call. `held` is what is known of the resource as it was made, {} when nothing is.

    `alike` is an earlier accepted create with the same canonical body; `akin` one whose body differs in free texts
    at most. `unreadable`: the request body is no JSON at all. `open`: another create of the same parent was accepted.
    """

    call: Call
    request: Request
    unreadable: bool
    held: dict[str, Any]
    alike: Create | None = None
    akin: Create | None = None
    open: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges

    @property
    def accepted(self) -> bool:
        return self.call.succeeded

    @property
    def refused(self) -> bool:
        return self.call.refused

    @property
    def misencoded(self) -> bool:
        """Whether the request body is not UTF-8, as RFC 8259 demands of JSON."""
        try:
            self.call.exchange.request_body.decode()
        except UnicodeDecodeError:
            return True
        return False

    @property
    def media_type(self) -> str:
        """What the request said its body is, without parameters; JSON where it said nothing."""
        said = self.call.exchange.sent_header("content-type") or ""
        return said.partition(";")[0].strip().lower() or "application/json"

    @property
    def sent(self) -> dict[str, Any]:
        return self.request.canonical

    @property
    def display_name(self) -> str:
        """The display name that was sent, under either name that tuning APIs have for it."""
        return text(self.sent.get("tunedModelDisplayName") or self.sent.get("displayName"))


@dataclass(frozen=True)
class FirstRead:
    """The first get of a resource after its create was answered; `shown` is its short name."""

    create: Create
    read: Call
    shown: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.create.call.exchange, self.read.exchange


@dataclass(frozen=True)
class Names:
    """The names that the creates of one collection gave, in the order of the answers."""

    names: tuple[str, ...]
    creates: tuple[Create, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(create.call.exchange for create in self.creates)


@dataclass(frozen=True)
class Aftermath:
    """A refused create with a display name that no other create used, and the next whole walk of its collection.

    `stored` is the resource of that name on the walk, if there is one.
    """

    create: Create
    walk: Walk
    stored: Listed | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.create.call.exchange, *self.walk.exchanges[:1]
