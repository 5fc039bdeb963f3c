"""Gets of a resource by name, with what was known of it."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.subjects.calls import Call

_INTERNAL = 500


@dataclass(frozen=True)
class Retrieval:
    """A get call.

    `known`: the target had shown this resource before. `lookalike`: the id has the form of a shown one. `absent`: a
    whole walk of the collection, the last before this get, did not show it.
    """

    call: Call
    known: bool
    lookalike: bool
    absent: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges


@dataclass(frozen=True)
class Reads:
    """All gets of one resource after the target had shown it, in the order they left."""

    calls: tuple[Call, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(call.exchange for call in self.calls if call.status == _INTERNAL)[:3]

    @property
    def failures_in_a_row(self) -> int:
        """How many gets one after another were answered 500, at most."""
        longest = run = 0
        for call in self.calls:
            run = run + 1 if call.status == _INTERNAL else 0
            longest = max(longest, run)
        return longest
