"""Lists with a filter, and what the filter asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import message, text
from concertpitch.subjects.lists import Walk
from concertpitch.subjects.vertex.jobs import Job

_LABELS = "labels."


@dataclass(frozen=True)
class Term:
    """One comparison of a filter, `path = "value"`; `negated` for `NOT` or `-` before it, and for `!=`."""

    path: str
    value: str
    negated: bool = False

    @property
    def member(self) -> str:
        """The member of a job that is compared."""
        return self.path.partition(".")[0]

    @property
    def certain(self) -> bool:
        """Whether what is compared never changes, or not once a job has ended, so that list and get can be compared."""
        return self.member in {"labels", "tunedModelDisplayName", "state"}

    def of(self, body: Mapping[str, Any]) -> str:
        """What a job, or the request that made it, holds at the path; '' for nothing."""
        if self.path.startswith(_LABELS):
            return text(message(body.get("labels")).get(self.path.removeprefix(_LABELS)))
        return text(body.get(self.path))

    def matches(self, job: Job) -> bool:
        return (self.of(job.body) == self.value) != self.negated

    def tells(self, job: Job) -> bool:
        """Whether it is certain that the job matches or not: what lacks a member may or may not be unequal to it."""
        return not self.negated or bool(self.of(job.body))


@dataclass(frozen=True)
class Filtered:
    """A whole walk with a filter of terms joined by AND, or all by OR (`either`).

    `works`: with each of its members alone, a filter at this target left out jobs that exist. What a job is like is
    taken from get, where it agrees with what was sent (where not, another rule says so): `expected` are the jobs of
    this run that a get had shown before and that match, `others` those that do not.
    """

    walk: Walk
    terms: tuple[Term, ...]
    works: bool
    expected: tuple[Job, ...]
    others: tuple[Job, ...]
    either: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.walk.exchanges

    @property
    def shown(self) -> str:
        """The filter as it was sent."""
        return self.walk.pages[0].filter

    @property
    def intruders(self) -> list[Job]:
        """The jobs that are listed and do not match."""
        shown = {item.key for item in self.walk.items}
        return [job for job in self.others if job.key in shown]
