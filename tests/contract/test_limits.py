"""What a run may send: a deadline, a rate, a quick run, and a plan that sends nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from concertpitch.configure import configure
from concertpitch.credentials import Credentials
from concertpitch.embedded import TOKEN, emulator
from concertpitch.errors import OutOfTime
from concertpitch.pace import Pace
from concertpitch.run import run
from concertpitch.transport import Transport
from concertpitch.verdicts import Kind


def check(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "concertpitch", "check", "--surface", "vertex", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("concertpitch.pace.time", self)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_rate_lets_a_second_worth_through_and_then_its_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pace = Pace(rate=4.0)
    moments = []
    for _ in range(12):
        pace.take()
        moments.append(clock.now - 100.0)
    assert moments[:4] == [0.0] * 4
    assert moments[4:] == pytest.approx([0.25 * number for number in range(1, 9)])


def test_a_rate_holds_over_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(Pace, "rest", lambda _, seconds: waits.append(seconds))
    pace = Pace(rate=1.0)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: pace.take(), range(8)))
    assert sorted(round(wait) for wait in waits) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_nothing_is_sent_after_the_end(stub: Any) -> None:
    sender = Transport(stub.url, Credentials(), 1.0, pace=Pace(until=time.monotonic() - 1))
    with pytest.raises(OutOfTime):
        sender.send("GET", "/x", probe="test")
    assert stub.requests == []
    sender.pace.extend()
    assert sender.send("GET", "/x", probe="test").status == 200


def test_an_answer_that_the_deadline_cuts_off_is_no_fault_of_the_target(stub: Any, answer: Any) -> None:
    def slow(_: object) -> object:
        time.sleep(1.0)
        return answer()

    stub.answer = slow
    sender = Transport(stub.url, Credentials(), 15.0, pace=Pace(until=time.monotonic() + 0.3))
    with pytest.raises(OutOfTime):
        sender.send("GET", "/x", probe="test")
    assert [(one.status, one.trouble) for one in sender.exchanges] == [(None, None)]


def test_a_deadline_leaves_the_rest_undone_and_nothing_running(tmp_path: Path) -> None:
    with emulator(speed=20) as target:  # a job takes 15 s
        done = check("--target", target, "--deadline", "6", "--profile", "exercise", "--report-dir", str(tmp_path))
        path = "/v1/projects/concertpitch/locations/us-central1/tuningJobs?pageSize=1000"
        states = {job["state"] for job in httpx.get(target + path).json()["tuningJobs"]}
    assert not states & {"JOB_STATE_PENDING", "JOB_STATE_RUNNING"}
    report = json.loads((tmp_path / "verdicts.json").read_text())
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["limits"] == {"deadline": 6.0, "rate": 0.0}
    assert "walks the list with many page sizes and tokens" in report["summary"]["undone"]
    idle = {rule["reason"] for rule in report["rules"] if rule["verdict"] == "NOT_EXERCISED"}
    assert len(idle) == 1
    assert idle.pop().startswith("the deadline of 6 s was over before this was done: ")
    assert "left no time for" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_rate_is_kept_and_shown() -> None:
    with emulator() as target:
        done = check("--target", target, "--profile", "observe", "--rate", "20")
    assert done.returncode == 0
    assert "slowed down to 20 requests per second" in done.stdout


def test_a_quick_run_exercises_everything() -> None:
    with emulator(token=TOKEN) as target:
        result = run(configure(target, quick=True), Credentials(TOKEN), lambda *_: None)
    assert [verdict.rule.id for verdict in result.verdicts if verdict.kind is not Kind.HELD] == []
    assert {one.probe for one in result.exchanges}.isdisjoint({"explore", "fuzz"})
    assert result.left_over == []


def test_a_dry_run_sends_nothing(stub: Any) -> None:
    done = check("--target", stub.url, "--profile", "exercise", "--max-jobs", "7", "--project", "sound", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert stub.requests == []
    assert f"vertex v1 at {stub.url}, profile exercise: nothing was sent there." in done.stdout
    assert "POST /v1/projects/sound/locations/us-central1/tuningJobs\n" in done.stdout
    assert "x {baseModel, labels: {concertpitch-run}, supervisedTuningSpec: {trainingDatasetUri}}" in done.stdout
    assert "cost: 7 jobs, of at most 7" in done.stdout


def test_a_dry_run_elsewhere_reads_only() -> None:
    done = check("--target", "https://tuning.example/base", "--dry-run")
    assert "profile observe" in done.stdout
    assert " x POST" not in done.stdout
    assert "cost: no job" in done.stdout
