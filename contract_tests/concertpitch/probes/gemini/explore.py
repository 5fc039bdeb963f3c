"""Exploration: a caller without a plan creates, reads, lists, patches, shares and deletes in any order.

Rule 1: it deletes only what it created itself, and never gives a model to another owner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from concertpitch.probes import machine
from concertpitch.probes.gemini import bodies
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.probes.machine import PROBE, Late
from concertpitch.protojson import message, text

_OK = 200
_MODELS = 3
"""So many tuned models an exploration creates at most."""
_KNOWN = 1
"""So many of those that other probes left it works on: few models, so that calls meet on the same one."""
_PAGES = 3
_NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40)
_USERS = st.sampled_from(["alto@example.com", "bass@example.com", "tenor@example.com"])
_ROLES = st.sampled_from(["WRITER", "READER"])
_MASKS = st.sampled_from(["displayName", "temperature", "displayName,temperature"])


@dataclass
class _Ground:
    """What a walk leaves behind and the next one finds; names of what is gone are asked for too."""

    lab: GeminiLab
    late: Late
    known: list[str]
    own: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    shares: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)

    @property
    def models(self) -> list[str]:
        return self.own + self.known


def _models(caller: _Caller) -> bool:
    return bool(caller.ground.models) and not caller.ground.late()


def _several(caller: _Caller) -> bool:
    return len(caller.ground.own) > 1 and not caller.ground.late()


def _shares(caller: _Caller) -> bool:
    return bool(caller.ground.shares) and not caller.ground.late()


class _Caller(RuleBasedStateMachine):
    ground: ClassVar[_Ground]

    @property
    def lab(self) -> GeminiLab:
        return self.ground.lab

    @initialize(name=_NAMES, epochs=st.integers(1, 3), full=st.booleans())
    def begin(self, name: str, epochs: int, full: bool) -> None:
        """Every walk begins with a model, as far as there may be more, or most steps would find nothing to do."""
        self._create(name, epochs, full=full)

    @rule(name=_NAMES, epochs=st.integers(1, 3), full=st.booleans())
    def create(self, name: str, epochs: int, full: bool) -> None:
        self._create(name, epochs, full=full)

    def _create(self, name: str, epochs: int, *, full: bool) -> None:
        if self.ground.late() or len(self.ground.own + self.ground.gone) >= _MODELS:
            return
        before = set(self.lab.made)
        body = bodies.full(self.lab) if full else bodies.tuned(self.lab, epochCount=epochs)
        self.lab.create(body | {"displayName": name}, probe=PROBE)
        self.ground.own += sorted(self.lab.made.keys() - before)

    @rule(size=st.integers(1, 20))
    def walk(self, size: int) -> None:
        if not self.ground.late():
            self.lab.walk("tunedModels", probe=PROBE, limit=_PAGES, pageSize=str(size))

    @precondition(_models)
    @rule(data=st.data())
    def get(self, data: st.DataObject) -> None:
        self.lab.get(_one(data, self.ground.models + self.ground.gone), probe=PROBE)

    @precondition(_models)
    @rule(data=st.data(), name=_NAMES, temperature=st.sampled_from([0.0, 0.25, 1.0]), mask=_MASKS)
    def patch(self, data: st.DataObject, name: str, temperature: float, mask: str) -> None:
        model_id = _one(data, self.ground.models)
        self.lab.patch(model_id, {"displayName": name, "temperature": temperature}, probe=PROBE, mask=mask)
        self.lab.get(model_id, probe=PROBE)

    @precondition(_several)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """Take one away, but never the last, so that there is always something to go on with."""
        model_id = _one(data, self.ground.own)
        deleted = self.lab.delete(model_id, probe=PROBE)
        self.lab.get(model_id, probe=PROBE)
        if deleted.status == _OK:
            self.ground.own.remove(model_id)
            self.ground.gone.append(model_id)
            self._lapse([name for name in self.ground.shares if name.startswith(f"tunedModels/{model_id}/")])

    @precondition(_models)
    @rule(data=st.data(), user=_USERS, role=_ROLES)
    def grant(self, data: st.DataObject, user: str, role: str) -> None:
        body = {"granteeType": "USER", "emailAddress": user, "role": role}
        granted = self.lab.send("POST", self._listed(data), probe=PROBE, body=body)
        name = text(message(granted.answer.value).get("name"))
        if granted.status == _OK and "/permissions/" in name and name not in self.ground.shares:
            self.ground.shares.append(name)

    @precondition(_models)
    @rule(data=st.data(), size=st.integers(1, 5))
    def walk_permissions(self, data: st.DataObject, size: int) -> None:
        self.lab.walk(self._listed(data), probe=PROBE, limit=_PAGES, pageSize=str(size))

    @precondition(_shares)
    @rule(data=st.data(), role=_ROLES)
    def change_role(self, data: st.DataObject, role: str) -> None:
        name = _one(data, self.ground.shares)
        self.lab.send("PATCH", name, probe=PROBE, query={"updateMask": "role"}, body={"role": role})
        self.lab.send("GET", name, probe=PROBE)

    @precondition(_shares)
    @rule(data=st.data())
    def look_at_share(self, data: st.DataObject) -> None:
        self.lab.send("GET", _one(data, self.ground.shares + self.ground.lapsed), probe=PROBE)

    @precondition(_shares)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        name = _one(data, self.ground.shares)
        taken = self.lab.send("DELETE", name, probe=PROBE)
        self.lab.send("GET", name, probe=PROBE)
        if taken.status == _OK:
            self._lapse([name])

    def _lapse(self, names: list[str]) -> None:
        self.ground.shares = [name for name in self.ground.shares if name not in names]
        self.ground.lapsed += names

    def _listed(self, data: st.DataObject) -> str:
        return f"tunedModels/{_one(data, self.ground.models)}/permissions"


def _one(data: st.DataObject, choices: list[str]) -> str:
    return data.draw(st.sampled_from(choices))


def explore(lab: GeminiLab) -> None:
    """Explore with the run's seed; the models it may create come out of the run's budget too."""

    class Caller(_Caller):
        ground = _Ground(lab, machine.clock(), known=lab.active()[-_KNOWN:])

    machine.run(Caller, lab.settings.seed)
