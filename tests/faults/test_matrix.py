"""Every rule has a fault, every fault is caught by its rules and by no other, and honesty breaks none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from concertpitch.campaigns import CAMPAIGNS, NAMES
from concertpitch.catalogue import Rule
from concertpitch.configure import configure
from concertpitch.credentials import Credentials
from concertpitch.embedded import SPEED, TOKEN
from concertpitch.rules import FOLDERS, RULES
from concertpitch.run import Result, run
from concertpitch.verdicts import Kind
from concertpitch_emulator.config import Config
from concertpitch_emulator.faults import FAULTS
from concertpitch_emulator.server import start

FAST = 300.0
SLOW = {
    "life/never-starts": 12.0,
    "life/cancelling-forever": 12.0,
    "wire/enum-number": 4.0,
    "model/never-ends": 12.0,
    "model/waits-for-a-poller": 12.0,
}
"""Faults whose jobs do not end: seconds to wait for them."""

HONEST_WITHOUT = {
    "vertex": set(),
    "gemini": {"wire/map-is-object"},
    "mcp": {"mcp/session-id-visible", "mcp/session-missing-400", "mcp/session-gone-404"},
}
"""Rules on what the honest emulator rightly does not have: sessions."""


def check(surface: str, *faults: str, quick: bool = True) -> Result:
    """One run of the deterministic probes; a job takes a second or two, and is read often meanwhile."""
    speed = FAST if quick else SPEED
    with start(Config(speed=speed, seed=0, faults=faults, token=TOKEN)) as target:
        patience = max((SLOW.get(fault, 6.0) for fault in faults), default=6.0)
        options = configure(target, surface=surface, profile="exercise", patience=patience, quick=quick)
        settings = replace(options, pause=0.06)
        return run(settings, Credentials(TOKEN), lambda *_: None)


def told(result: Result) -> dict[str, str]:
    """The rules that were broken, each with its first finding."""
    return {verdict.rule.id: verdict.findings[0].message for verdict in result.verdicts if verdict.broken}


@pytest.mark.parametrize("fault", [fault.id for fault in FAULTS.values() if fault.surface in CAMPAIGNS])
def test_a_fault_is_caught_by_its_rules_and_no_other(fault: str) -> None:
    surface, breaks = FAULTS[fault].surface, set(FAULTS[fault].breaks)
    for quick in (True, False, False):  # some lies take jobs that live longer, and a machine that is not overloaded
        result = check(surface, fault, quick=quick)
        if told(result).keys() == breaks:
            break
    assert told(result).keys() == breaks, told(result)
    assert not result.interrupted


@pytest.mark.parametrize("surface", CAMPAIGNS)
def test_the_honest_emulator_breaks_nothing_and_exercises_everything(surface: str) -> None:
    result = check(surface, quick=False)
    assert told(result) == {}
    assert {verdict.rule.id for verdict in result.verdicts if verdict.kind is not Kind.HELD} == HONEST_WITHOUT[surface]
    assert result.left_over == []


def test_every_rule_has_a_fault() -> None:
    of_targets = {
        rule.id for rule in RULES.values() if rule.folder != "client"
    }  # tests/contract/test_judge.py has those
    assert sorted(of_targets - {rule for fault in FAULTS.values() for rule in fault.breaks}) == []


def test_every_fault_breaks_rules_that_exist() -> None:
    assert sorted({rule for fault in FAULTS.values() for rule in fault.breaks} - RULES.keys()) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_is_named_and_exercised(rule: Rule) -> None:
    noun, _, words = rule.id.partition("/")
    assert noun
    assert rule.check.__name__.startswith(words.replace("-", "_"))
    assert rule.sentence.endswith(".")
    assert all(rule.probe in NAMES[surface] for surface, folders in FOLDERS.items() if rule.folder in folders)
