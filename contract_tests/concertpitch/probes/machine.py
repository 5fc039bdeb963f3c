"""Exploration with a Hypothesis state machine: how many walks of how many steps, and until when.

Owns the limits. Must not know surfaces: what a step sends is the machine's own. It judges nothing: what is sent is
recorded and judged with everything else.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

PROBE = "explore"
_WALKS, _STEPS = 10, 20
_SECONDS = 20.0
"""After this time nothing more is sent, so that a slow target does not pay for exploration."""

Late = Callable[[], bool]


def clock() -> Late:
    """Starts an exploration's time; the answer tells whether it is over."""
    deadline = time.monotonic() + _SECONDS
    return lambda: time.monotonic() > deadline


def run(machine: type[RuleBasedStateMachine], number: int) -> None:
    """Let machines of a kind go their ways; `number` is the run's seed."""
    configured = settings(
        max_examples=_WALKS,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(seed(number)(machine), settings=configured)
