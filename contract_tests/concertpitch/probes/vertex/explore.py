"""Exploration: a caller without a plan creates, reads, lists and cancels in any order."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from concertpitch.probes import machine
from concertpitch.probes.machine import PROBE
from concertpitch.probes.vertex import bodies
from concertpitch.probes.vertex.lab import VertexLab

_NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=128)
_LABELS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_-]{0,62}", fullmatch=True), st.text("abcxyz0189_-é", max_size=64), max_size=3
)


def explore(lab: VertexLab) -> None:
    """Explore with the run's seed; the jobs it may create come out of the run's budget."""
    late = machine.clock()

    class Machine(RuleBasedStateMachine):
        """A caller without a plan."""

        def __init__(self) -> None:
            super().__init__()
            self.ids: list[str] = lab.ids()[-3:]

        @rule(name=_NAMES, labels=_LABELS, epochs=st.integers(1, 100), full=st.booleans())
        def create(self, name: str, labels: dict[str, str], epochs: int, full: bool) -> None:
            if late():
                return
            body: dict[str, Any] = (
                bodies.full(lab) if full else bodies.tuned(lab, hyperParameters={"epochCount": epochs})
            )
            known = set(lab.made)
            lab.create(body | {"tunedModelDisplayName": name, "labels": labels}, probe=PROBE)
            self.ids += [lab.made[key].job_id for key in lab.made.keys() - known]

        @precondition(lambda self: self.ids and not late())
        @rule(data=st.data())
        def get(self, data: st.DataObject) -> None:
            lab.get(data.draw(st.sampled_from(self.ids)), probe=PROBE)

        @precondition(lambda self: self.ids and not late())
        @rule(data=st.data(), body=st.sampled_from([None, {}]))
        def cancel(self, data: st.DataObject, body: Any) -> None:
            job_id = data.draw(st.sampled_from(self.ids))
            lab.get(job_id, probe=PROBE)
            lab.cancel(job_id, probe=PROBE, body=body)
            lab.get(job_id, probe=PROBE)

        @rule(size=st.integers(1, 20))
        def walk(self, size: int) -> None:
            if not late():
                lab.walk(probe=PROBE, limit=8, pageSize=str(size))

    machine.run(Machine, lab.settings.seed)
