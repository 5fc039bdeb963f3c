"""Calls that came without the run's own credentials."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from concertpitch.exchange import Exchange
from concertpitch.subjects.calls import Call

_INTERNAL = 500
_TOO_MANY = 429


class Presented(StrEnum):
    """What a request presented as credentials."""

    OWN = "the run's own credentials"
    NONE = "no credentials"
    MALFORMED = "malformed credentials"
    WRONG = "a token that nobody gave"


@dataclass(frozen=True)
class Admission:
    """A call without the run's own credentials, to a target that demands credentials.

    `twin` is the same request with the run's own: what it answered tells whether the request itself is right.
    """

    call: Call
    presented: Presented
    twin: Call

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchange, self.twin.exchange

    @property
    def sound(self) -> bool:
        """Whether the request itself is right: a stranger whose cancel succeeds leaves our own nothing to cancel."""
        return self.twin.succeeded or self.call.succeeded

    @property
    def judged(self) -> bool:
        """Whether the answer is about this request, and not about an outage or a quota."""
        return self.call.status < _INTERNAL and self.call.status != _TOO_MANY
