"""The state machine of the Gemini API: what it sends is judged, and it finds what no probe comes to."""

from __future__ import annotations

from typing import Any

import concertpitch_emulator.faults
import pytest
from concertpitch.configure import configure
from concertpitch.credentials import Credentials
from concertpitch.exchange import Exchange
from concertpitch.probes.gemini.explore import explore
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.reading import subjects_of
from concertpitch.rules import rules_of
from concertpitch.run import run
from concertpitch.transport import Transport
from concertpitch.verdicts import judge
from concertpitch_emulator.config import Config
from concertpitch_emulator.faults import FAULTS
from concertpitch_emulator.faults.gemini.telling import PATCH, answering
from concertpitch_emulator.gemini.calls import Call
from concertpitch_emulator.gemini.hooks import Fault
from concertpitch_emulator.gemini.records import READER, WRITER
from concertpitch_emulator.server import start

FAST = 300.0
DEMOTES = "test/patch-demotes-writers"
"""Writers of the one model become readers: probes patch a model that nobody shares, and share one that none patches."""


def demote(body: Any, call: Call) -> Any:
    for permission in call.model.permissions.values() if call.model else ():
        permission.role = READER if permission.role == WRITER else permission.role
    return body


@pytest.fixture
def demoting(monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a fault that the emulator can tell during a test."""
    fault = Fault(id=DEMOTES, lie="A patch makes writers readers.", answer=answering(PATCH, demote))
    monkeypatch.setattr(concertpitch_emulator.faults, "FAULTS", {**FAULTS, DEMOTES: fault})
    return DEMOTES


def explored(seed: int, *faults: str) -> list[Exchange]:
    """What an exploration of an emulator sends, with the answers."""
    with start(Config(speed=FAST, seed=0, faults=faults)) as target:
        settings = configure(target, surface="gemini", profile="exhaust", seed=seed)
        lab = GeminiLab(settings, Transport(target, Credentials(""), settings.timeout))
        lab.choose_base_model()
        explore(lab)
        return [one for one in lab.transport.exchanges if one.probe == "explore"]


def broken(exchanges: list[Exchange]) -> set[str]:
    """The rules that fail a run on these exchanges alone."""
    surface = configure("http://127.0.0.1:1", surface="gemini").surface
    verdicts = judge(rules_of(surface.name), subjects_of(exchanges, surface, ""), {})
    return {verdict.rule.id for verdict in verdicts if verdict.fails}


@pytest.mark.parametrize("seed", range(3))
def test_an_exploration_does_everything_in_some_order_and_stays_within_limits(seed: int) -> None:
    exchanges = explored(seed)
    done = {(one.method, "/permissions" in one.path) for one in exchanges if one.status == 200}
    assert done >= {(verb, shared) for verb in ("GET", "POST", "PATCH", "DELETE") for shared in (False, True)}
    made = [one for one in exchanges if one.method == "POST" and one.path.endswith("/tunedModels")]
    assert 0 < len(made) <= 3
    assert not [one for one in exchanges if "transferOwnership" in one.path]
    assert broken(exchanges) == set()


def test_explorations_find_what_only_an_order_of_calls_shows(demoting: str) -> None:
    found = [broken(explored(seed, demoting)) for seed in range(6)]
    assert set().union(*found) == {"permission/role-stays"}


def test_the_probes_do_not_come_to_that_order(demoting: str) -> None:
    with start(Config(speed=FAST, seed=0, faults=(demoting,))) as target:
        settings = configure(target, surface="gemini", profile="exercise", patience=6.0, quick=True)
        result = run(settings, Credentials(""), lambda *_: None)
    assert [verdict.rule.id for verdict in result.verdicts if verdict.broken] == []
