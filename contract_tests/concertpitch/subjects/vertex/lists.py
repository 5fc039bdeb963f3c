"""Pages of the list of jobs, and ended jobs as lists and gets show them."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.subjects.lists import LIST_LAG, Page
from concertpitch.subjects.vertex.jobs import Job


@dataclass(frozen=True)
class JobPage(Page):
    """A page of jobs. `strangers` are jobs of this run that were created under another parent."""

    jobs: tuple[Job, ...]
    strangers: tuple[Job, ...]


@dataclass(frozen=True)
class Sameness:
    """An ended job that a list shows, and the gets of it before and after: three views of one resting thing."""

    before: Job
    listed: Job
    read: Job

    @property
    def lagging(self) -> bool:
        """Whether the list may not yet show what the get before it did."""
        return self.listed.exchange.sent - self.before.exchange.answered < LIST_LAG

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.listed.exchange, self.read.exchange
