"""MCP beside REST on a target whose lists are longer than a page, as those of real projects are."""

from __future__ import annotations

import httpx
import pytest
from concertpitch.configure import configure
from concertpitch.credentials import Credentials
from concertpitch.run import Result, run
from concertpitch.verdicts import Kind
from concertpitch_emulator.config import Config
from concertpitch_emulator.server import start

PARENT = "/v1/projects/concertpitch/locations/us-central1/tuningJobs"
BODY = {"baseModel": "gemini-2.0-flash-001", "supervisedTuningSpec": {"trainingDatasetUri": "gs://a/b.jsonl"}}
COMPARED = ("twin/filter", "twin/listed-names")


def result_of(*faults: str, profile: str = "exercise") -> Result:
    with start(Config(speed=300, faults=faults)) as target:
        for _ in range(51):
            httpx.post(target + PARENT, json=BODY).raise_for_status()
        settings = configure(target, surface="mcp", profile=profile, project="concertpitch", quick=True)
        return run(settings, Credentials(), lambda *_: None)


@pytest.mark.parametrize(("fault", "broken"), [("", ""), ("mcp/filter-overlooked", "twin/filter")])
def test_whole_lists_are_compared_in_another_location(fault: str, broken: str) -> None:
    verdicts = {one.rule.id: one for one in result_of(*filter(None, [fault])).verdicts}
    assert {name for name in COMPARED if verdicts[name].broken} == set(filter(None, [broken]))
    assert {name for name in COMPARED if verdicts[name].kind is Kind.HELD} == set(COMPARED) - {broken}


def test_an_observer_creates_nothing_for_it() -> None:
    result = result_of(profile="observe")
    kinds = {one.rule.id: one.kind for one in result.verdicts}
    assert [kinds[name] for name in COMPARED] == [Kind.NOT_EXERCISED, Kind.NOT_EXERCISED]
    assert {one.method for one in result.exchanges if "/mcp" not in one.path} == {"GET"}
