"""The methods of Vertex tuningJobs, and a memory of the jobs the run made.

Rule 1: every job the run makes is remembered until it has ended, so that the run can clean up after itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from concertpitch.exchange import Exchange
from concertpitch.lab import Lab
from concertpitch.protojson import items, message, text
from concertpitch.subjects.vertex.jobs import ENDED

RUN_LABEL = "concertpitch-run"
OTHER_LOCATION = "europe-west4"
_OK = 200


@dataclass
class Made:
    """A job of this run: its id, parent, and the last state an answer showed.

    `rested`: when a get first showed it ended, in seconds on the clock of exchanges; 0 while none has.
    """

    job_id: str
    parent: str
    state: str = ""
    cancelled: bool = False
    rested: float = 0.0

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass
class VertexLab(Lab):
    """A lab that knows tuningJobs."""

    made: dict[tuple[str, str], Made] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)
    """Names of the long-running operations the run started and did not delete."""
    unsure: int = 0
    """Creates that were sent and whose answer was not seen: they may have made a job all the same."""

    def parent(self, location: str = "", project: str = "") -> str:
        settings = self.settings
        return f"projects/{quote(project or settings.project)}/locations/{quote(location or settings.location)}"

    def create(
        self,
        body: Any,
        *,
        probe: str,
        parent: str = "",
        label: bool = True,
        headers: Mapping[str, str] | None = None,
        stranger: Mapping[str, str] | None = None,
    ) -> Exchange | None:
        """Create a job, labelled with the run; None when the budget is spent. `body` may be bytes."""
        if not self.take():
            return None
        if label and isinstance(body, dict) and isinstance(body.get("labels", {}), dict):
            body = body | {"labels": body.get("labels", {}) | {RUN_LABEL: self.run_id}}
        where = parent or self.parent()
        with self.lock:
            self.unsure += 1
        exchange = self.send("POST", f"{where}/tuningJobs", probe=probe, body=body, headers=headers, stranger=stranger)
        if not self.remember(exchange, where):
            self.give_back()
        with self.lock:  # last, for an interruption on the way must not lose the job
            self.unsure -= exchange.status is not None
        return exchange

    def remember(self, exchange: Exchange, parent: str) -> bool:
        """Note a job that an answer shows was made; whether there was one."""
        body = message(exchange.answer.value)
        job_id = text(body.get("name")).rpartition("/")[2]
        if exchange.status is None or exchange.status >= 300 or not job_id:  # noqa: PLR2004 - no success
            return False
        self.adopt(job_id, text(body.get("state")), parent)
        return True

    def adopt(self, job_id: str, state: str, parent: str = "") -> None:
        """Count a job as made by this run."""
        where = parent or self.parent()
        with self.lock:
            self.made.setdefault((where, job_id), Made(job_id, where, state))

    def get(self, job_id: str, *, probe: str, parent: str = "", query: Mapping[str, str] | None = None) -> Exchange:
        where = parent or self.parent()
        exchange = self.send("GET", f"{where}/tuningJobs/{quote(job_id)}", probe=probe, query=query)
        made = self.made.get((where, job_id))
        if made and exchange.status == _OK:
            made.state = text(message(exchange.answer.value).get("state"))
            if made.ended:
                made.rested = made.rested or exchange.answered
        return exchange

    def page(self, *, probe: str, parent: str = "", **query: str) -> Exchange:
        return self.send("GET", f"{parent or self.parent()}/tuningJobs", probe=probe, query=query)

    def cancel(self, job_id: str, *, probe: str, parent: str = "", body: Any = None) -> Exchange:
        where = parent or self.parent()
        exchange = self.send("POST", f"{where}/tuningJobs/{quote(job_id)}:cancel", probe=probe, body=body)
        made = self.made.get((where, job_id))
        if made and exchange.status is not None:
            made.cancelled = True
        return exchange

    def walk(self, *, probe: str, limit: int, parent: str = "", **query: str) -> list[Exchange]:
        """Follow a list from its first page by its tokens, at most `limit` pages and until a token comes again."""
        pages, seen = [self.page(probe=probe, parent=parent, **query)], set()
        while len(pages) < limit and pages[-1].status == _OK:
            token = text(message(pages[-1].answer.value).get("nextPageToken"))
            if not token or token in seen:
                break
            seen.add(token)
            pages.append(self.page(probe=probe, parent=parent, **query, pageToken=token))
        return pages

    # ---- what the run made

    def ids(self) -> list[str]:
        """The jobs of this run in its own location, oldest first."""
        return [made.job_id for made in self.made.values() if made.parent == self.parent()]

    def settled(self) -> list[Made]:
        """The ended jobs of this run in its own location."""
        return [made for made in self.made.values() if made.ended and made.parent == self.parent()]

    def succeeded(self) -> list[str]:
        return [made.job_id for made in self.made.values() if made.state == "JOB_STATE_SUCCEEDED"]

    def clean_up(self) -> list[str]:
        """Cancel what has not ended; the names of jobs that may still run."""
        if self.unsure:
            self.find_lost(probe="cleanup")
        deadline = time.monotonic() + max(5.0, 20 * self.settings.pause)
        for made in list(self.made.values()):
            if not made.ended:
                self.get(made.job_id, probe="cleanup", parent=made.parent)
            if not made.ended and not made.cancelled:
                self.cancel(made.job_id, probe="cleanup", parent=made.parent)
        waiting = [made for made in self.made.values() if not made.ended]
        while waiting and time.monotonic() < deadline:
            self.sleep(self.settings.pause)
            for made in waiting:
                self.get(made.job_id, probe="cleanup", parent=made.parent)
            waiting = [made for made in waiting if not made.ended]
        return [f"{made.parent}/tuningJobs/{made.job_id}" for made in waiting]

    def find_lost(self, *, probe: str) -> None:
        """Adopt the jobs of this run, known by label or name, whose create was not answered, or was refused."""
        for page in self.walk(probe=probe, limit=100, pageSize="100"):
            for job in map(message, items(message(page.answer.value).get("tuningJobs"))):
                named = self.run_id in text(job.get("tunedModelDisplayName"))
                if named or message(job.get("labels")).get(RUN_LABEL) == self.run_id:
                    self.adopt(text(job.get("name")).rpartition("/")[2], text(job.get("state")))
