"""What probes work with: the target's methods, a budget of jobs, and a memory of what the run made.

Rule 1: everything is sent through the transport, so everything is recorded; nothing is judged here.
Rule 2: every job the run makes is remembered until it has ended, so that the run can clean up after itself.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from concertpitch.exchange import Exchange
from concertpitch.protojson import items, message, text
from concertpitch.subjects.jobs import ENDED
from concertpitch.surfaces import Surface
from concertpitch.transport import Transport

RUN_LABEL = "concertpitch-run"
OTHER_LOCATION = "europe-west4"
_OK = 200


class Profile(StrEnum):
    """What a run may do to its target."""

    OBSERVE = "observe"
    """Read only: get and list."""
    EXERCISE = "exercise"
    """Create and cancel jobs, at most `max_jobs`; no exploration beyond the deterministic probes."""
    EXHAUST = "exhaust"
    """Everything, exploration included."""


@dataclass(frozen=True)
class Settings:
    """What the user asked for.

    Times are in seconds: `patience` for a job to end, `timeout` for one answer, `pause` at least between two
    reads of one job.
    """

    target: str
    project: str
    location: str
    surface: Surface
    profile: Profile
    max_jobs: int
    patience: float
    timeout: float
    pause: float
    seed: int
    base_model: str
    dataset: str

    @property
    def writes(self) -> bool:
        return self.profile is not Profile.OBSERVE

    @property
    def explores(self) -> bool:
        return self.profile is Profile.EXHAUST


@dataclass
class Made:
    """A job of this run: its id, parent, and the last state an answer showed."""

    job_id: str
    parent: str
    state: str = ""
    cancelled: bool = False

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass
class Lab:
    """The run's hands. Thread-safe as far as the transport is."""

    settings: Settings
    transport: Transport
    run_id: str = field(default_factory=lambda: secrets.token_hex(4))
    made: dict[tuple[str, str], Made] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)
    """Names of the long-running operations the run started and did not delete."""
    missing: dict[str, str] = field(default_factory=dict)
    """Probes that the target does not let run, with the reason."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asked: int = 0
    _unsure: int = 0
    """Creates that were sent and whose answer was not seen: they may have made a job all the same."""

    # ---- places

    def parent(self, location: str = "", project: str = "") -> str:
        settings = self.settings
        return f"projects/{quote(project or settings.project)}/locations/{quote(location or settings.location)}"

    def path(self, name: str) -> str:
        return f"/{self.settings.surface.version}/{name}"

    # ---- methods

    def send(
        self,
        method: str,
        name: str,
        *,
        probe: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Send to a resource name or `name:verb`; `body` is bytes as they are, or a JSON value."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.transport.send(
            method, self.path(name), query=list((query or {}).items()), body=raw, headers=headers, probe=probe
        )

    def create(self, body: Any, *, probe: str, parent: str = "", label: bool = True) -> Exchange | None:
        """Create a job, labelled with the run; None when the budget is spent. `body` may be bytes."""
        with self._lock:
            if self._asked >= self.settings.max_jobs:
                return None
            self._asked += 1
        if label and isinstance(body, dict) and isinstance(body.get("labels", {}), dict):
            body = body | {"labels": body.get("labels", {}) | {RUN_LABEL: self.run_id}}
        where = parent or self.parent()
        with self._lock:
            self._unsure += 1
        exchange = self.send("POST", f"{where}/tuningJobs", probe=probe, body=body)
        made = self.remember(exchange, where)
        with self._lock:
            self._unsure -= exchange.status is not None
            self._asked -= not made
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
        with self._lock:
            self.made.setdefault((where, job_id), Made(job_id, where, state))

    def get(self, job_id: str, *, probe: str, parent: str = "", query: Mapping[str, str] | None = None) -> Exchange:
        where = parent or self.parent()
        exchange = self.send("GET", f"{where}/tuningJobs/{quote(job_id)}", probe=probe, query=query)
        made = self.made.get((where, job_id))
        if made and exchange.status == _OK:
            made.state = text(message(exchange.answer.value).get("state"))
        return exchange

    def page(self, *, probe: str, parent: str = "", **query: str) -> Exchange:
        return self.send("GET", f"{parent or self.parent()}/tuningJobs", probe=probe, query=query)

    def cancel(self, job_id: str, *, probe: str, parent: str = "", body: Any = None) -> Exchange:
        where = parent or self.parent()
        made = self.made.get((where, job_id))
        if made:
            made.cancelled = True
        return self.send("POST", f"{where}/tuningJobs/{quote(job_id)}:cancel", probe=probe, body=body)

    def walk(self, *, probe: str, limit: int, parent: str = "", **query: str) -> list[Exchange]:
        """Follow a list from its first page by its tokens, at most `limit` pages."""
        pages = [self.page(probe=probe, parent=parent, **query)]
        while len(pages) < limit and pages[-1].status == _OK:
            token = text(message(pages[-1].answer.value).get("nextPageToken"))
            if not token:
                break
            pages.append(self.page(probe=probe, parent=parent, **query, pageToken=token))
        return pages

    # ---- what the run made

    def ids(self) -> list[str]:
        """The jobs of this run in its own location, oldest first."""
        return [made.job_id for made in self.made.values() if made.parent == self.parent()]

    def succeeded(self) -> list[str]:
        return [made.job_id for made in self.made.values() if made.state == "JOB_STATE_SUCCEEDED"]

    def unknown_like(self, job_id: str, taken: set[str]) -> str:
        """An id written like `job_id` that no job has."""
        if job_id.isdigit() and len(job_id) < 8:  # noqa: PLR2004 - counted ids, so any number is well formed
            job_id = "9" * 7
        for _ in range(100):
            other = "".join(_like(char) for char in job_id)
            if other not in taken and not other.startswith("0"):
                return other
        return ""

    def clean_up(self) -> list[str]:
        """Cancel what has not ended; the names of jobs that may still run."""
        if self._unsure:
            self._find_lost()
        deadline = time.monotonic() + max(5.0, 20 * self.settings.pause)
        for made in list(self.made.values()):
            if not made.ended:
                self.get(made.job_id, probe="cleanup", parent=made.parent)
            if not made.ended and not made.cancelled:
                self.cancel(made.job_id, probe="cleanup", parent=made.parent)
        waiting = [made for made in self.made.values() if not made.ended]
        while waiting and time.monotonic() < deadline:
            time.sleep(self.settings.pause)
            for made in waiting:
                self.get(made.job_id, probe="cleanup", parent=made.parent)
            waiting = [made for made in waiting if not made.ended]
        return [f"{made.parent}/tuningJobs/{made.job_id}" for made in waiting]

    def _find_lost(self) -> None:
        """Adopt the jobs of this run, known by their label, whose create was not answered."""
        for page in self.walk(probe="cleanup", limit=100, pageSize="100"):
            for job in map(message, items(message(page.answer.value).get("tuningJobs"))):
                if message(job.get("labels")).get(RUN_LABEL) == self.run_id:
                    self.adopt(text(job.get("name")).rpartition("/")[2], text(job.get("state")))


def _like(char: str) -> str:
    """Another character of the same kind."""
    if char.isdigit():
        return secrets.choice("123456789")
    if char.isalpha():
        return secrets.choice("abcdef" if char.islower() else "ABCDEF")
    return char
