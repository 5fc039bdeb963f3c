"""The life of a tuned model as a pure function of the instants fixed when it was made or cancelled.

Nothing runs in the background: whoever looks, whenever, computes the same phase. It must not know JSON.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_emulator.clock import SECOND

if TYPE_CHECKING:
    from concertpitch_emulator.identity import Source

CREATING = "CREATING"
ACTIVE = "ACTIVE"
FAILED = "FAILED"

# Durations at speed 1. Real small models took 20 to 120 s; these are long enough to watch.
_WAIT = (2 * SECOND, 4 * SECOND)
_RUN = (150 * SECOND, 180 * SECOND)
_WIND_DOWN = (3 * SECOND, 5 * SECOND)
_EARLY_SHARE = 0.01
_NANO = 1_000


@dataclass(frozen=True, slots=True)
class Phase:
    """What a model shows at one instant: its state, and what is known by then.

    `updated` and `completed` are microseconds, `started` is nanoseconds, `steps` counts completed steps.
    """

    state: str
    updated: int
    started: int | None
    steps: int
    completed: int | None
    cancelled: bool = False


@dataclass(slots=True)
class Timeline:
    """The planned instants of one model: `steps` are those of its steps in nanoseconds, ascending."""

    created: int
    started: int
    ended: int
    outcome: str
    steps: list[int]
    wind_down: int
    cancel_asked: int | None = None

    def at(self, now: int) -> Phase:
        """The phase at an instant (microseconds)."""
        if self.cancel_asked is None or now < self.cancel_asked:
            return self._undisturbed(now)
        before = self._undisturbed(self.cancel_asked)
        ended = self.cancel_asked + self.wind_down
        if now < ended:
            return before
        return Phase(FAILED, ended, before.started, before.steps, None, cancelled=True)

    def _undisturbed(self, now: int) -> Phase:
        if now * _NANO < self.started:
            return Phase(CREATING, self.created, None, 0, None)
        steps = bisect_right(self.steps, min(now, self.ended) * _NANO)
        if now < self.ended:
            return Phase(CREATING, self.created, self.started, steps, None)
        completed = self.ended if self.outcome == ACTIVE else None
        return Phase(self.outcome, self.ended, self.started, steps, completed)

    def cancel(self, now: int) -> None:
        """Ask for cancellation; the first request counts, and none after the end."""
        if self.cancel_asked is None and now < self.ended:
            self.cancel_asked = now


def plan(now: int, speed: float, source: Source, steps: int, outcome: str, share: float) -> Timeline:
    """The timeline of a model made now; `share` of its run is done, and of its steps, when it ends."""
    wait, run, wind_down = (max(1, round(source.between(*span) / speed)) for span in (_WAIT, _RUN, _WIND_DOWN))
    started = (now + wait) * _NANO + source.between(0, _NANO - 1)
    end = now + wait + run
    ended = now + wait + max(1, round(run * max(share, _EARLY_SHARE)))
    pace = (end * _NANO - started) / (steps + 1)
    instants = sorted(
        started + round(pace * (number - source.between(0, 400) / 1000)) for number in range(1, steps + 1)
    )
    return Timeline(now, started, ended, outcome, instants, wind_down)
