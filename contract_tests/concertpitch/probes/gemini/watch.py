"""Follows a cohort of different tuned models from creation to the end, in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from concertpitch.errors import OutOfTime
from concertpitch.probes.gemini import bodies
from concertpitch.probes.gemini.bodies import Body
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.probes.gemini.sharing import grant, user
from concertpitch.protojson import message

_GROWTH = 1.08
_MAX_PAUSE = 8.0
"""The longest pause between two reads of a model, in multiples of the shortest."""


@dataclass(frozen=True)
class Member:
    """A tuned model to create, and whether its operation is polled: it must come to its end either way.

    `changed`: it is patched and shared while it is being created.
    """

    body: Callable[[GeminiLab], Body]
    model_id: str = ""
    polled: bool = True
    changed: bool = False


COHORT = (
    Member(bodies.plain),
    Member(bodies.full),
    Member(bodies.plain, model_id="concertpitch-{run}", polled=False),
    Member(bodies.named),
    Member(bodies.zeros, polled=False),
    Member(bodies.multiplied),
    Member(bodies.uneven),
    Member(bodies.one_by_one, polled=False),
    Member(bodies.numeric_name),
    Member(bodies.international),
    Member(bodies.tuned, changed=True),
    Member(bodies.awkward, polled=False),
    Member(lambda lab: bodies.failing(lab, "tuning fails half-way")),
    Member(lambda lab: bodies.failing(lab, "tuning fails at its start")),
)


class Watch:
    """The background reader. `settle` returns when every model has ended or the patience is over."""

    def __init__(self, lab: GeminiLab) -> None:
        self._lab = lab
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="watch", daemon=True)
        self._waiting: dict[str, Member] = {}
        self._done: set[str] = set()
        self._granted: list[str] = []

    def start(self) -> None:
        """Create the cohort and begin to read."""
        lab = self._lab
        lab.choose_base_model()
        for member in COHORT:
            before = set(lab.made)
            lab.create(member.body(lab), probe="cohort", model_id=member.model_id.format(run=lab.run_id))
            for model_id in lab.made.keys() - before:
                lab.get(model_id, probe="watch")
                self._waiting[model_id] = member
                if member.changed:
                    self._change(model_id)
        self._thread.start()

    def settle(self) -> None:
        """Wait until all models of the cohort have ended, at most the patience, then read them a last time."""
        deadline = time.monotonic() + self._lab.settings.patience
        while self._thread.is_alive() and time.monotonic() < deadline and self._unfinished():
            self._lab.sleep(self._lab.settings.pause)
        self._lab.sleep(min(0.5, 5 * self._lab.settings.pause))
        self.stop()
        for model_id in self._waiting:
            self._poll(model_id)
            self._lab.get(model_id, probe="watch")
            self._lab.made[model_id].given_up = not self._lab.made[model_id].ended
        for permission in self._granted:
            self._lab.send("GET", permission, probe="permissions")

    def _change(self, model_id: str) -> None:
        """Patch and share a model that is being created: both must hold when it is ACTIVE."""
        lab, early = self._lab, {"description": f"Patched while created, {self._lab.mark}"}
        lab.patch(model_id, early, probe="patch", mask="description")
        lab.get(model_id, probe="patch")
        self._granted += filter(None, [grant(lab, lab.made[model_id].name, user("early"))])

    def stop(self) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _unfinished(self) -> bool:
        made = self._lab.made
        return any(not made[model_id].ended for model_id in self._waiting)

    def _poll(self, model_id: str) -> None:
        name = self._lab.made[model_id].operation
        if name and self._waiting[model_id].polled:
            exchange = self._lab.operation(name, probe="operations")
            if message(exchange.answer.value).get("done") is True:
                self._done.add(model_id)
                self._lab.get(model_id, probe="watch")

    def _read(self) -> None:
        with suppress(OutOfTime):
            self._run()

    def _run(self) -> None:
        lab, pause, turn = self._lab, self._lab.settings.pause, 0
        while not self._stop.is_set():
            began = time.monotonic()
            for model_id in self._waiting:
                if self._stop.is_set():
                    return
                if not lab.made[model_id].ended:
                    lab.get(model_id, probe="watch")
                if model_id not in self._done:
                    self._poll(model_id)
            lab.walk("tunedModels", probe="watch", limit=5, **({} if turn % 2 else {"pageSize": "100"}))
            turn += 1
            pause = min(pause * _GROWTH, _MAX_PAUSE * lab.settings.pause)
            self._stop.wait(max(0.0, pause - (time.monotonic() - began)))
