"""What a run leaves on disk and on the screen; and that no secret is in any of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from concertpitch.embedded import emulator
from concertpitch.rules import rules_of

TOKEN = "a-secret-token-that-must-not-be-seen"
COMMAND = [sys.executable, "-m", "concertpitch"]
VERTEX = ["--surface", "vertex", "--profile", "exercise"]
SHAPE = {
    "type": "object",
    "required": ["target", "surface", "rules", "summary"],
    "properties": {
        "rules": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "level", "verdict", "subjects", "findings", "reason"],
                "properties": {
                    "verdict": {"enum": ["HELD", "BROKEN", "NOT_EXERCISED", "NOT_APPLICABLE", "WAIVED"]},
                    "subjects": {"type": "integer"},
                    "findings": {
                        "type": "array",
                        "items": {"type": "object", "required": ["message", "exchanges"]},
                    },
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The report of a run against an emulator with two faults, with a token."""
    folder = tmp_path_factory.mktemp("report")
    with emulator(faults=["job/error-on-succeeded", "list/ignores-page-size"]) as target:
        done = subprocess.run(
            [
                *COMMAND,
                "check",
                "--surface",
                "vertex",
                "--target",
                target,
                "--profile",
                "exercise",
                "--report-dir",
                str(folder),
            ],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"CONCERTPITCH_TOKEN": TOKEN},
        )
        script = next((folder / "curl").glob("listing.page-size-bound.sh"))
        again = subprocess.run(
            ["sh", str(script)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"CONCERTPITCH_TOKEN": TOKEN},
        )
        assert '"tuningJobs"' in again.stdout
    return folder, done


def read(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "verdicts.json").read_text())
    return content


def test_verdicts(broken: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = broken
    report = read(folder)
    jsonschema.validate(report, SHAPE)
    assert [rule["id"] for rule in report["rules"]] == list(rules_of("vertex"))
    failing = {rule["id"] for rule in report["rules"] if rule["verdict"] == "BROKEN"}
    assert failing == {"job/error-only-when-failed-or-cancelled", "listing/page-size-bound"}
    assert done.returncode == report["summary"]["exit_code"] == 1


def test_terminal(broken: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = broken
    assert "BROKEN listing/page-size-bound" in done.stdout
    assert "AIP-158" in done.stdout
    assert "reproduce: sh " in done.stdout
    assert "2 BROKEN" in done.stdout


def test_junit(broken: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    suite = ET.parse(broken[0] / "junit.xml").getroot()
    assert suite.get("tests") == str(len(rules_of("vertex")))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure"))) == "2"


def test_har(broken: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    log = json.loads((broken[0] / "trace.har").read_text())["log"]
    assert log["version"] == "1.2"
    assert len(log["entries"]) == read(broken[0])["summary"]["requests"]
    sent = [{one["name"]: one["value"] for one in entry["request"]["headers"]} for entry in log["entries"]]
    assert {one.get("authorization") for one in sent} >= {None, "REDACTED"}


def test_no_secret_is_written_anywhere(broken: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = broken
    assert TOKEN not in done.stdout + done.stderr
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 4
    assert not [path for path in files if TOKEN in path.read_text("utf-8", "replace")]
