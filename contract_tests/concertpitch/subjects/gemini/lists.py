"""Lists of tuned models through a filter."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.subjects.gemini.models import TunedModel
from concertpitch.subjects.lists import Walk


@dataclass(frozen=True)
class Filtered:
    """A walk through a filter, and which models of this run it should have shown, and should not.

    What is not certain is neither; what a walk without an end would have shown is not. `works`: in this run some filter
    of the same kind (operator or words) showed one model of the run and left out another as it should, so the target
    does filter. `shared` are those that everyone may read and the caller owns, where the filter asks for what it owns.
    """

    walk: Walk
    filter: str
    works: bool
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    shared: tuple[str, ...] = ()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.walk.exchanges

    @property
    def found(self) -> frozenset[str]:
        """The ids of the models it shows."""
        return frozenset(item.key for item in self.walk.items if isinstance(item, TunedModel))


@dataclass(frozen=True)
class PlainList:
    """A whole walk without a filter, and the ids of models of this run that everyone could read when it began."""

    walk: Walk
    shared: tuple[str, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.walk.exchanges
