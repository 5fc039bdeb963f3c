"""Creates of jobs, and what followed them."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.subjects.calls import Call
from concertpitch.subjects.creates import Create
from concertpitch.subjects.vertex.jobs import Job

_INTERNAL = 500


@dataclass(frozen=True)
class Creation(Create):
    """A create call for a job. `job` is what the answer shows when it succeeded.

    `others` holds labels, as name and value, and descriptions, as ('', text), that other creates sent and this did not.
    """

    job: Job | None = None
    others: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Kept:
    """A job as a get showed it after its create had been answered, beside what was sent."""

    creation: Creation
    job: Job

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.creation.call.exchange, self.job.exchange


@dataclass(frozen=True)
class Intrusion:
    """A create that was refused for want of credentials, and the lists before the run itself sent its display name.

    `shown` is the list that shows a job of that name, None where none does.
    """

    call: Call
    lists: tuple[Call, ...]
    shown: Call | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.call.exchange, self.shown.exchange) if self.shown else (self.call.exchange,)


@dataclass(frozen=True)
class Attempts:
    """All creates of one location with the same body, that nothing is wrong with, in the order they left.

    `akin`: a body that differs in display name, labels and description at most was accepted.
    """

    creations: tuple[Creation, ...]
    akin: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(creation.call.exchange for creation in self.creations[:3])

    @property
    def failed(self) -> bool:
        """Whether every one of them was answered as an internal error."""
        return all(creation.call.status == _INTERNAL for creation in self.creations)
