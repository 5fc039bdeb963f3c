"""One test per rule, collected by `concertpitch.pytest_plugin`."""

from __future__ import annotations

from concertpitch.pytest_plugin import judge_rule
from concertpitch.verdicts import Verdict


def test_rule(concertpitch_verdict: Verdict) -> None:
    judge_rule(concertpitch_verdict)
