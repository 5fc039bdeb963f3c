"""The states and transitions of the documents that a run saw, and those it did not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from concertpitch.configure import configure
from concertpitch.credentials import Credentials
from concertpitch.embedded import emulator
from concertpitch.reading.vertex import sights
from concertpitch.run import run
from concertpitch.surfaces import VERTEX_V1
from concertpitch.verdicts import Kind

UNREACHED = ["JOB_STATE_QUEUED", "JOB_STATE_PAUSED", "JOB_STATE_UPDATING", "JOB_STATE_PARTIALLY_SUCCEEDED"]


def test_the_table_quotes_the_document() -> None:
    schemas = VERTEX_V1.schemas.openapi["components"]["schemas"]
    said = " ".join(schemas["GoogleCloudAiplatformV1TuningJobState"]["x-google-enum-descriptions"])
    assert [says for _, _, says in sights._DOCUMENTED if says not in said] == []


def test_states_in_the_report(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "concertpitch", "check", "--surface", "vertex", "--quick"]
    done = subprocess.run([*command, "--report-dir", tmp_path], capture_output=True, text=True, check=False)
    report = json.loads((tmp_path / "verdicts.json").read_text())
    assert [state for state, seen in report["states"].items() if not seen] == UNREACHED
    assert report["states"]["JOB_STATE_EXPIRED"] >= 1
    assert report["states"]["JOB_STATE_SUCCEEDED"] > 10
    moves = {(one["from"], one["to"]): one for one in report["transitions"]}
    assert moves["JOB_STATE_PENDING", "JOB_STATE_RUNNING"]["seen"] > 5
    assert moves["JOB_STATE_CANCELLING", "JOB_STATE_CANCELLED"] == {
        "from": "JOB_STATE_CANCELLING",
        "to": "JOB_STATE_CANCELLED",
        "documented": True,
        "seen": moves["JOB_STATE_CANCELLING", "JOB_STATE_CANCELLED"]["seen"],
    }
    assert moves["JOB_STATE_RUNNING", "JOB_STATE_UPDATING"]["seen"] == 0
    assert "not seen: QUEUED, PAUSED, UPDATING, PARTIALLY_SUCCEEDED; " in done.stdout
    assert " of 10 documented transitions seen" in done.stdout


def test_what_only_a_recipe_brings_about_is_said() -> None:
    with emulator() as target:
        settings = configure(target, profile="exercise", quick=True, max_jobs=1)
        result = run(settings, Credentials(), lambda *_: None)
    reasons = {one.rule.id: one.reason for one in result.verdicts if one.kind is Kind.NOT_EXERCISED}
    assert "a job that ends in JOB_STATE_FAILED, which a recipe can bring about" in reasons["job/failed-has-error"]
    assert "examples that are dropped" in reasons["stats/indices-from-one"]
