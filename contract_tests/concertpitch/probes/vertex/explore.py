"""Exploration: a Hypothesis state machine that creates, reads, lists and cancels in any order.

It judges nothing: what it sends is recorded and judged with everything else.
"""

from __future__ import annotations

import time
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from concertpitch.probes.vertex import bodies
from concertpitch.probes.vertex.lab import VertexLab

_PROBE = "explore"
_EXAMPLES, _STEPS = 10, 20
_SECONDS = 20.0
"""After this time nothing more is sent, so that a slow target does not pay for exploration."""
_NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=128)
_LABELS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_-]{0,62}", fullmatch=True), st.text("abcxyz0189_-é", max_size=64), max_size=3
)


def explore(lab: VertexLab) -> None:
    """Explore with the run's seed; the jobs it may create come out of the run's budget."""
    deadline = time.monotonic() + _SECONDS

    def late() -> bool:
        return time.monotonic() > deadline

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
            lab.create(body | {"tunedModelDisplayName": name, "labels": labels}, probe=_PROBE)
            self.ids += [lab.made[key].job_id for key in lab.made.keys() - known]

        @precondition(lambda self: self.ids and not late())
        @rule(data=st.data())
        def get(self, data: st.DataObject) -> None:
            lab.get(data.draw(st.sampled_from(self.ids)), probe=_PROBE)

        @precondition(lambda self: self.ids and not late())
        @rule(data=st.data(), body=st.sampled_from([None, {}]))
        def cancel(self, data: st.DataObject, body: Any) -> None:
            job_id = data.draw(st.sampled_from(self.ids))
            lab.get(job_id, probe=_PROBE)
            lab.cancel(job_id, probe=_PROBE, body=body)
            lab.get(job_id, probe=_PROBE)

        @rule(size=st.integers(1, 20))
        def walk(self, size: int) -> None:
            if not late():
                lab.walk(probe=_PROBE, limit=8, pageSize=str(size))

    configured = settings(
        max_examples=_EXAMPLES,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(seed(lab.settings.seed)(Machine), settings=configured)
