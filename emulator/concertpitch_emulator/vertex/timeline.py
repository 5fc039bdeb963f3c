"""The life of a tuning job as a pure function of the instants fixed when it was made or cancelled.

Nothing runs in the background: whoever looks, whenever, computes the same phase. It must not know JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_emulator.clock import SECOND

if TYPE_CHECKING:
    from concertpitch_emulator.identity import Source

PENDING = "JOB_STATE_PENDING"
RUNNING = "JOB_STATE_RUNNING"
SUCCEEDED = "JOB_STATE_SUCCEEDED"
FAILED = "JOB_STATE_FAILED"
CANCELLING = "JOB_STATE_CANCELLING"
CANCELLED = "JOB_STATE_CANCELLED"
EXPIRED = "JOB_STATE_EXPIRED"

ENDED = frozenset({SUCCEEDED, FAILED, CANCELLED, EXPIRED})

# Durations at speed 1. Real jobs were seen to take 12 to 32 minutes; five are long enough to watch.
_WAIT = (15 * SECOND, 25 * SECOND)
_RUN = (240 * SECOND, 280 * SECOND)
_WIND_DOWN = (5 * SECOND, 10 * SECOND)
_PROCESSED_SHARE = 0.15
_EARLY_END_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Phase:
    """What a job shows at one instant: its state, and the instants (microseconds) that are known by then."""

    state: str
    updated: int
    started: int | None
    processed: bool
    ended: int | None


@dataclass(slots=True)
class Timeline:
    """The planned instants of one job in microseconds, and those of its cancellation if asked for."""

    created: int
    started: int
    processed: int
    ended: int
    outcome: str
    wind_down: int
    cancel_asked: int | None = None
    cancel_ended: int | None = None

    def at(self, now: int) -> Phase:
        """The phase at an instant."""
        if self.cancel_asked is None or now < self.cancel_asked:
            return self._undisturbed(now)
        before = self._undisturbed(self.cancel_asked)
        if self.cancel_ended is not None and now >= self.cancel_ended:
            return Phase(CANCELLED, self.cancel_ended, before.started, before.processed, self.cancel_ended)
        return Phase(CANCELLING, self.cancel_asked, before.started, before.processed, None)

    def _undisturbed(self, now: int) -> Phase:
        if now < self.started:
            return Phase(PENDING, self.created, None, processed=False, ended=None)
        if now >= self.ended:
            return Phase(self.outcome, self.ended, self.started, self.processed < self.ended, self.ended)
        if now < self.processed:
            return Phase(RUNNING, self.started, self.started, processed=False, ended=None)
        return Phase(RUNNING, self.processed, self.started, processed=True, ended=None)

    def end(self) -> int:
        """The instant at which the job ends if nothing more happens."""
        return self.ended if self.cancel_ended is None else self.cancel_ended

    def cancel(self, now: int) -> None:
        """Ask for cancellation; the first request counts."""
        if self.cancel_asked is None:
            self.cancel_asked = now
            self.cancel_ended = now + self.wind_down


def plan(now: int, speed: float, source: Source, *, outcome: str, early: bool) -> Timeline:
    """The timeline of a job made now; `early` ends it before its dataset has been processed."""

    def scaled(span: tuple[int, int]) -> int:
        return max(1, round(source.between(*span) / speed))

    wait, run, wind_down = scaled(_WAIT), scaled(_RUN), scaled(_WIND_DOWN)
    started = now + wait
    processed = started + max(1, round(run * _PROCESSED_SHARE))
    ended = started + (max(1, round(run * _EARLY_END_SHARE)) if early else run)
    if early:
        processed = ended
    return Timeline(now, started, processed, ended, outcome, wind_down)
