"""Recorded traffic: a run's own HAR and a client's cassette give the verdicts that live traffic gives; findings can be
sent again, and their evidence stands by itself."""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from concertpitch import recordings
from concertpitch.embedded import TOKEN, emulator
from concertpitch.errors import CannotJudge, UsageError
from concertpitch.evidence import first_breach
from concertpitch.replay import replay
from concertpitch.rules import RULES
from concertpitch.run import Result
from concertpitch.surfaces import VERTEX_V1

COMMAND = [sys.executable, "-m", "concertpitch"]
FAULTS = ("job/error-on-succeeded", "list/ignores-page-size", "stable/labels-vanish", "auth/forgets-get")
BROKEN = (
    *("job/error-only-when-failed-or-cancelled", "listing/page-size-bound", "stable/labels"),
    *("auth/none-is-refused", "auth/before-existence"),
)


def concertpitch(*words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CONCERTPITCH_TOKEN": TOKEN}
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run on an emulator that lies three times."""
    folder = tmp_path_factory.mktemp("report")
    faults = [word for fault in FAULTS for word in ("--fault", fault)]
    words = ["--surface", "vertex", "--profile", "exercise", "--quick", "--report-dir", str(folder)]
    assert concertpitch("check", *words, *faults).returncode == 1
    return folder


@pytest.fixture(scope="module")
def replayed(report: Path) -> Result:
    (result,) = replay(report / "trace.har", [VERTEX_V1])
    return result


def verdicts(report: Path) -> dict[str, Any]:
    listed = json.loads((report / "verdicts.json").read_text())["rules"]
    return {rule["id"]: rule for rule in listed}


def test_a_replayed_run_has_the_verdicts_of_the_run(report: Path, replayed: Result) -> None:
    live = {rule: each["verdict"] for rule, each in verdicts(report).items()}
    assert {verdict.rule.id: verdict.kind.value for verdict in replayed.verdicts} == live
    assert {rule for rule, kind in live.items() if kind == "BROKEN"} == set(BROKEN)


def test_replay_prints_a_report_and_exits_as_check_does(report: Path, tmp_path: Path) -> None:
    done = concertpitch("replay", str(report / "trace.har"), "--report-dir", str(tmp_path))
    assert done.returncode == 1
    assert "BROKEN stable/labels" in done.stdout
    assert json.loads((tmp_path / "vertex-v1" / "verdicts.json").read_text())["profile"] == "replay"


@pytest.mark.parametrize("rule", BROKEN)
def test_evidence_is_short_and_stands_by_itself(report: Path, replayed: Result, rule: str) -> None:
    finding = verdicts(report)[rule]["findings"][0]
    numbers = set(finding["chain"])
    chain = [exchange for exchange in replayed.exchanges if exchange.number in numbers]
    assert len(chain) <= 10  # of them six at most that make what is read
    assert first_breach(RULES[rule], replayed.subjects(chain)) == finding["message"]


@pytest.mark.parametrize("rule", BROKEN)
def test_a_finding_sent_again_breaks_again_where_the_fault_is(report: Path, rule: str) -> None:
    with emulator(faults=FAULTS, token=TOKEN) as target:
        again = concertpitch("rerun", str(report), "--rule", rule, "--target", target, "--patience", "5")
    assert (again.returncode, again.stdout.split()[:2]) == (1, ["BROKEN", rule])


@pytest.mark.parametrize("rule", BROKEN)
def test_a_finding_sent_again_holds_where_it_is_mended(report: Path, rule: str) -> None:
    with emulator(token=TOKEN) as target:
        again = concertpitch("rerun", str(report), "--rule", rule, "--target", target, "--patience", "5")
    assert (again.returncode, again.stdout.split()[:2]) == (0, ["HELD", rule])
    assert "left over" not in again.stdout


def test_a_finding_is_sent_again_to_a_target_by_its_name(report: Path, tmp_path: Path) -> None:
    config = tmp_path / "targets.toml"
    with emulator(token="another-token") as target:
        config.write_text(f'[targets.mended]\nurl = "{target}"\ntoken-command = "echo another-token"\n')
        words = ["--rule", "stable/labels", "--target", "mended", "--config", str(config), "--profile", "exercise"]
        again = concertpitch("rerun", str(report), *words)
    assert (again.returncode, again.stdout.split()[:2]) == (0, ["HELD", "stable/labels"]), again.stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--rule", "no/rule"), "there is no rule"),
        (("--rule", "job/has-name"), "has no finding of job/has-name to send again: its verdict is HELD"),
        (("--rule", BROKEN[2], "--profile", "observe"), "takes more than reads"),
    ],
)
def test_what_cannot_be_sent_again_is_refused(report: Path, words: tuple[str, ...], complaint: str) -> None:
    done = concertpitch("rerun", str(report), *words)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_a_folder_without_a_report_is_refused(tmp_path: Path) -> None:
    done = concertpitch("rerun", str(tmp_path), "--rule", BROKEN[0])
    assert done.returncode == 2
    assert "is no report" in done.stderr


def cassette(body: Any, **answer: Any) -> dict[str, Any]:
    request = {
        "method": "GET",
        "uri": "https://example.com/v1/projects/p/locations/l/tuningJobs/5",
        "headers": {"Authorization": ["Bearer secret"], "Accept": ["application/json"]},
        "body": None,
    }
    status = {"code": 200, "message": "OK"}
    response = {"status": status, "headers": {"Content-Type": ["application/json"]}, "body": body} | answer
    return {"interactions": [{"request": request, "response": response}], "version": 1}


JOB = json.dumps(
    {"name": "projects/p/locations/l/tuningJobs/5", "state": "JOB_STATE_RUNNING", "createTime": "yesterday"}
)


@pytest.mark.parametrize(
    "body",
    [
        {"string": JOB},
        {"string": JOB.encode()},
        {"string": gzip.compress(JOB.encode())},
        {"base64_string": base64.b64encode(JOB.encode()).decode()},
        JOB,
    ],
    ids=["text", "bytes", "gzip", "base64", "bare"],
)
def test_a_cassette_is_judged(tmp_path: Path, body: Any) -> None:
    path = tmp_path / "cassette.yaml"
    path.write_text(yaml.safe_dump(cassette(body)))
    (result,) = replay(path, [VERTEX_V1])
    broken = {verdict.rule.id for verdict in result.verdicts if verdict.broken}
    assert "wire/timestamp-is-utc" in broken
    assert "secret" not in repr(result.exchanges)


def har(*urls: str, **content: Any) -> str:
    entries = [
        {
            "startedDateTime": f"2026-11-21T00:00:0{number}.000Z",
            "time": 5,
            "request": {"method": "GET", "url": url, "headers": []},
            "response": {"status": 200, "headers": [], "content": {"mimeType": "application/json"} | content},
        }
        for number, url in enumerate(urls)
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


ONE, OTHER = (f"https://{host}/v1/projects/p/locations/l/tuningJobs/5" for host in ("one.example", "other.example"))


def test_a_body_that_was_left_out_is_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "browser.har"
    path.write_text(har(ONE, size=500))
    (result,) = replay(path, [VERTEX_V1])
    assert not any(verdict.subjects for verdict in result.verdicts)
    assert result.exit_code(strict=False) == 3


def test_two_servers_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "two.har"
    path.write_text(har(ONE, OTHER, text=JOB))
    with pytest.raises(UsageError, match=r"https://one.example and https://other.example; say which"):
        replay(path, [VERTEX_V1])
    (result,) = replay(path, [VERTEX_V1], "https://one.example")
    assert len(result.exchanges) == 1


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "holds no recording"),
        ("{", "neither JSON nor YAML"),
        ("[1]", "holds no recording"),
        ("{}", "neither an HTTP Archive"),
        ('{"log": {"entries": [{}]}}', "is damaged"),
        ('{"log": {"entries": [{"startedDateTime": "today"}]}}', "is damaged"),
        ("interactions: [{request: {}}]", "is damaged"),
        ("\x00\x01", "neither JSON nor YAML"),
        ("!!python/object/apply:os.system [true]", "neither JSON nor YAML"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "file"
    path.write_text(content)
    with pytest.raises(UsageError, match=complaint):
        recordings.load(path)


def test_a_recording_of_something_else_is_not_green(tmp_path: Path) -> None:
    path = tmp_path / "other.har"
    path.write_text(har("https://example.com/index.html", text="{}"))
    with pytest.raises(CannotJudge, match="no call that a surface knows"):
        replay(path, [VERTEX_V1])


def test_jobs_cancelled_over_mcp_are_not_held_against_rest(tmp_path: Path) -> None:
    done = concertpitch("check", "--surface", "mcp", "--quick", "--report-dir", str(tmp_path))
    assert done.returncode == 0, done.stdout
    again = concertpitch("replay", str(tmp_path / "trace.har"))
    assert again.returncode == 0, again.stdout
    assert "mcp v1 in" in again.stdout
    assert "vertex v1 in" in again.stdout
