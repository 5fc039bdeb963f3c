"""What a run does, in order. A probe makes traffic for the rules to judge and knows none of them.

Rule 1: probes are deterministic; exploration beyond them is `explore` and `fuzz`.
Rule 2: a probe never raises for what a target answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from concertpitch.lab import Lab
from concertpitch.probes import guide, lists, many, operations, requests
from concertpitch.probes.watch import Watch

__all__ = ["NAMES", "QUIET", "WHILE_WATCHING", "Probe", "Watch"]


@dataclass(frozen=True)
class Probe:
    """`name` is what rules refer to, `about` what it sends, `writes` whether it creates or cancels."""

    name: str
    about: str
    run: Callable[[Lab], None]
    writes: bool = True


WHILE_WATCHING = (
    Probe("spellings", "creates the same job in every spelling that ProtoJSON allows", requests.spellings),
    Probe("guide", "creates jobs in the mixed spellings that the tuning guide prints", guide.guide),
    Probe("limits", "creates jobs with names and labels at their limits, and beyond", requests.limits),
    Probe("refusals", "creates with one mistake each", requests.mistakes),
    Probe("refusals", "reads and cancels jobs that do not exist", requests.strangers),
    Probe("refusals", "asks for paths and verbs that no document names", requests.nowhere),
    Probe("parameters", "reads with system parameters", requests.parameters, writes=False),
)
QUIET = (
    Probe("cancel", "cancels jobs that have ended", many.cancel_ended),
    Probe("operations", "rebases a tuned model and follows the operations", operations.operations),
    Probe("parallel", "creates and cancels at the same moment", many.parallel),
    Probe("isolation", "looks at the run's jobs from another location", lists.isolation, writes=False),
    Probe("paging", "walks the list with many page sizes and tokens", lists.paging, writes=False),
    Probe("watch", "reads ended jobs and operations again", many.look_back),
)
NAMES = {probe.name: probe.about for probe in reversed((*WHILE_WATCHING, *QUIET))} | {
    "cohort": "creates a cohort of different jobs: every tuning spec, with and without optional members",
    "watch": "follows the cohort to the end by get and list in turn",
    "explore": "a Hypothesis state machine creates, reads, lists and cancels in any order",
    "fuzz": "schemathesis sends generated requests, valid and not, to every method",
}
"""What each probe does, in words that complete 'the probe ..., which ...'."""
