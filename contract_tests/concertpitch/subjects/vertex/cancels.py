"""Gets and cancels of a job by name, with what was known of it."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.protojson import message, text
from concertpitch.subjects.calls import Call
from concertpitch.subjects.retrievals import Retrieval
from concertpitch.subjects.vertex.jobs import Job


@dataclass(frozen=True)
class JobRetrieval(Retrieval):
    """A get of a job. `kept`: a get before had shown it, and this run had not asked to cancel it.

    `open`: some call in the same location succeeded, so that a refusal is about the job and not about the location.
    `stray`: the name in the answer is that of a job that was created in another project than the one asked in.
    """

    job: Job | None
    kept: bool = False
    open: bool = True
    stray: bool = False

    @property
    def shown(self) -> str:
        """The name in the answer, '' where there is none."""
        return text(message(self.call.exchange.answer.value).get("name")) if self.call.succeeded else ""

    @property
    def shows_another(self) -> bool:
        """Whether the answer names another job, or the same id in another place, than was asked for."""
        if not self.shown:
            return False
        elsewhere = "/locations/" in self.shown and f"/locations/{self.call.parent[1]}/" not in self.shown
        return self.stray or elsewhere or not self.shown.endswith(f"/{self.call.path['tuningJobsId']}")

    @property
    def asked(self) -> str:
        project, location = self.call.parent
        return f"projects/{project}/locations/{location}/tuningJobs/{self.call.path['tuningJobsId']}"


@dataclass(frozen=True)
class Cancellation:
    """A cancel call with what was seen of the job: last before the call, and everything after its answer.

    `known`: the target had shown this job before. `lookalike`: the id has the form of a shown one. `repeated`:
    another cancel of the job left before this one was answered. `open`: some call in the same location succeeded.
    """

    call: Call
    known: bool
    lookalike: bool
    repeated: bool
    before: Job | None
    after: tuple[Job, ...]
    gone: tuple[Call, ...]
    open: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        last = tuple(job.exchange for job in self.after[-1:])
        first = (self.before.exchange,) if self.before else ()
        return (*first, self.call.exchange, *last)

    @property
    def still_alive(self) -> bool:
        """Whether the job was seen not ended after the answer, so that its end is no reason for a refusal."""
        return bool(self.after) and self.after[0].alive

    @property
    def had_time(self) -> bool:
        """Whether the job was clearly alive when the cancel was answered, and again later."""
        alive = [job for job in self.after if job.alive]
        return len(alive) > 1 and self.before is not None and self.before.alive


@dataclass(frozen=True)
class Cancels:
    """All successful cancels of this run of jobs that had not ended and were seen again."""

    cancellations: tuple[Cancellation, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(exchange for one in self.cancellations[:3] for exchange in one.exchanges)
