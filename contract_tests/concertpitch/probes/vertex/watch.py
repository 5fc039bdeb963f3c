"""Follows a cohort of different jobs from creation to the end, by get and list in turn, in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from concertpitch.errors import OutOfTime
from concertpitch.probes.vertex import bodies
from concertpitch.probes.vertex.bodies import Body
from concertpitch.probes.vertex.lab import VertexLab
from concertpitch.recipes import Recipe
from concertpitch.subjects.vertex.jobs import ENDED

_GROWTH = 1.08
_MAX_PAUSE = 8.0
"""The longest pause between two reads of a job, in multiples of the shortest."""


@dataclass(frozen=True)
class Member:
    """A job to create, and when to cancel it: '' never, 'at once', 'moved' (left its first state), 'running'.

    `reaches` is the state that it is to end in, for a target that can be told so, and as a `recipe` of this name says.
    """

    body: Callable[[VertexLab], Body]
    cancel: str = ""
    cancel_body: Any = None
    reaches: str = "JOB_STATE_SUCCEEDED"
    recipe: str = ""

    @property
    def wants(self) -> str:
        return "JOB_STATE_CANCELLED" if self.cancel else self.reaches


COHORT = (
    Member(bodies.plain),
    Member(bodies.full),
    Member(bodies.last_checkpoint_only),
    Member(bodies.preference),
    Member(bodies.evaluated),
    Member(bodies.continuous),
    Member(bodies.encrypted),
    Member(bodies.numeric_name),
    Member(bodies.international),
    Member(lambda lab: bodies.tuned(lab, hyperParameters={})),
    Member(lambda lab: bodies.with_dataset(lab, "does-not-exist/Training%20Set.jsonl"), reaches="JOB_STATE_FAILED"),
    Member(bodies.plain, "at once"),
    Member(bodies.plain, "at once", {}),
    Member(bodies.full, "at once"),
    Member(bodies.plain, "moved", {}),
    Member(bodies.plain, "running"),
    Member(bodies.preference, "running"),
)


def _cooked(recipe: Recipe) -> Member:
    return Member(lambda _: dict(recipe.body), reaches=recipe.reaches, recipe=recipe.name if recipe.sure else "")


class Watch:
    """The background reader. `settle` returns when every job has ended or the patience is over."""

    def __init__(self, lab: VertexLab) -> None:
        self._lab = lab
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="watch", daemon=True)
        self._waiting: dict[str, tuple[Member, str]] = {}

    def start(self) -> None:
        """Create the cohort, cancel those that are to be cancelled at once, and begin to read."""
        lab = self._lab
        sure = [_cooked(recipe) for recipe in lab.settings.recipes if recipe.sure]
        tried = [_cooked(recipe) for recipe in lab.settings.recipes if not recipe.sure]
        for member in (*sure, *COHORT, *tried):
            before, body = set(lab.made), member.body(lab)
            self._tell("creating", "", member, body)
            lab.create(body, probe="cohort")
            for key in lab.made.keys() - before:
                made = lab.made[key]
                self._tell("created", f"{made.parent}/tuningJobs/{made.job_id}", member, body)
                lab.get(made.job_id, probe="watch")
                if member.cancel == "at once":
                    lab.cancel(made.job_id, probe="cancel", body=member.cancel_body)
                    lab.get(made.job_id, probe="watch")  # CANCELLING may be short
                self._waiting[made.job_id] = (member, made.state)
        self._thread.start()

    def _tell(self, event: str, job: str, member: Member, body: Body) -> None:
        if self._lab.settings.control is not None:
            self._lab.settings.control.tell(event, job, member.wants, body)

    def settle(self) -> None:
        """Wait until all jobs of the cohort have ended, at most the patience, then read each once more.

        The background goes on reading what has ended, so that an end which does not last is seen.
        """
        deadline = time.monotonic() + self._lab.settings.patience
        while self._thread.is_alive() and time.monotonic() < deadline and self._unfinished():
            self._lab.sleep(self._lab.settings.pause)
        if self._lab.settings.quick:
            self.stop()
        for job_id in self._waiting:
            self._lab.get(job_id, probe="watch")

    def stop(self) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def disappointed(self) -> list[str]:
        """The recipes whose job has ended otherwise than they say, a line each."""
        ended = (
            (member, self._lab.made[self._lab.parent(), job_id].state) for job_id, (member, _) in self._waiting.items()
        )
        return [
            f"the recipe {member.recipe} led to {state}, not to {member.reaches}"
            for member, state in ended
            if member.recipe and member.reaches and state in ENDED - {member.reaches}
        ]

    def _unfinished(self) -> list[str]:
        lab = self._lab
        return [job_id for job_id in self._waiting if not lab.made[lab.parent(), job_id].ended]

    def _read(self) -> None:
        with suppress(OutOfTime):
            self._run()

    def _run(self) -> None:
        lab, pause, turn = self._lab, self._lab.settings.pause, 0
        while not self._stop.is_set():
            began = time.monotonic()
            for job_id in self._waiting:
                if self._stop.is_set():
                    return
                lab.get(job_id, probe="watch")
                self._cancel_in_time(job_id)
            lab.walk(probe="watch", limit=5, **({} if turn % 2 else {"pageSize": "100"}))
            for name in tuple(lab.operations):  # one that is done stays so
                lab.send("GET", name, probe="operations")
            turn += 1
            pause = min(pause * _GROWTH, _MAX_PAUSE * lab.settings.pause)
            self._stop.wait(max(0.0, pause - (time.monotonic() - began)))

    def _cancel_in_time(self, job_id: str) -> None:
        lab = self._lab
        member, first = self._waiting[job_id]
        made = lab.made[lab.parent(), job_id]
        due = {"moved": made.state != first, "running": made.state == "JOB_STATE_RUNNING"}.get(member.cancel, False)
        if due and not made.ended and not made.cancelled:
            lab.cancel(job_id, probe="cancel", body=member.cancel_body)
            lab.get(job_id, probe="watch")
