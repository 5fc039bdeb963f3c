"""Lists with a filter, and what the filter asks for."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.protojson import text
from concertpitch.subjects.lists import Walk
from concertpitch.subjects.vertex.jobs import ENDED, Job

_LABELS = "labels."


@dataclass(frozen=True)
class Term:
    """One comparison of a filter, `path = "value"`."""

    path: str
    value: str

    @property
    def member(self) -> str:
        """The member of a job that is compared."""
        return self.path.partition(".")[0]

    @property
    def certain(self) -> bool:
        """Whether what is compared cannot change while a list is made: states count where they are final."""
        return self.path != "state" or self.value in ENDED

    def matches(self, job: Job) -> bool:
        if self.path.startswith(_LABELS):
            return job.labels.get(self.path.removeprefix(_LABELS)) == self.value
        return text(job.body.get(self.path)) == self.value


@dataclass(frozen=True)
class Filtered:
    """A whole walk with a filter of terms joined by AND.

    `works`: with each of its members alone, a filter at this target left out jobs that exist. `expected` are the jobs
    of this run that a get had shown before and that match; `others` those that do not.
    """

    walk: Walk
    terms: tuple[Term, ...]
    works: bool
    expected: tuple[Job, ...]
    others: tuple[Job, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.walk.exchanges

    @property
    def jobs(self) -> list[Job]:
        """What the walk shows."""
        return [item for item in self.walk.items if isinstance(item, Job)]

    @property
    def shown(self) -> str:
        """The filter as it was sent."""
        return self.walk.pages[0].filter

    def matches(self, job: Job) -> bool:
        return all(term.matches(job) for term in self.terms)
