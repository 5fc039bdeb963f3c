"""Rebases, and the jobs that their operations make."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.schema import Request
from concertpitch.subjects.calls import Call
from concertpitch.subjects.operations import Operation
from concertpitch.subjects.vertex.jobs import Job


@dataclass(frozen=True)
class Rebase:
    """A rebaseTunedModel call with what its request says.

    `stranger`: the job it refers to is one that the target never showed, with an id written like those it did.
    `last` is the operation it started, as it was seen last.
    """

    call: Call
    request: Request
    stranger: str = ""
    last: Operation | None = None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges


@dataclass(frozen=True)
class Outcome:
    """A done operation whose response names a job, and the first get of that job since."""

    operation: Operation
    read: Call

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.operation.exchange, self.read.exchange


@dataclass(frozen=True)
class Orphan:
    """A job whose operation was deleted, as it was seen next; nobody of this run had asked to cancel either."""

    deletion: Call
    job: Job

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.deletion.exchange, self.job.exchange
