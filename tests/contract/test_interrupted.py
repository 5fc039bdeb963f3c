"""A run that is interrupted cleans up after itself and still reports."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from concertpitch.embedded import emulator
from concertpitch.errors import Interrupted
from concertpitch.pace import Interruption, Pace
from concertpitch.probes.vertex.lab import RUN_LABEL


def jobs(target: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{target}/v1/projects/concertpitch/locations/us-central1/tuningJobs", params={"pageSize": 1000})
    found: list[dict[str, Any]] = answer.json().get("tuningJobs", [])
    return found


def known(job: dict[str, Any]) -> bool:
    """Whether a job says which run made it, by its label, or by its name where it is to have none."""
    return RUN_LABEL in job.get("labels", {}) or job["tunedModelDisplayName"].startswith("Concertpitch ")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
def test_interrupted(how: signal.Signals, tmp_path: Path) -> None:
    with emulator(speed=20) as target:  # a job takes 15 s: none ends by itself
        command = [
            sys.executable,
            "-m",
            "concertpitch",
            "check",
            "--surface",
            "vertex",
            "--target",
            target,
            "--report-dir",
            str(tmp_path),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            deadline = time.monotonic() + 20
            while len(jobs(target)) < 10 and time.monotonic() < deadline:
                time.sleep(0.05)
            process.send_signal(how)
            out, err = process.communicate(timeout=150)
        left = [job for job in jobs(target) if job["state"] in {"JOB_STATE_PENDING", "JOB_STATE_RUNNING"}]
        assert all(known(job) for job in jobs(target))
    assert left == []
    assert process.returncode == 3
    assert "interrupted" in out
    assert "Traceback" not in out + err
    summary = json.loads((tmp_path / "verdicts.json").read_text())["summary"]
    assert summary["interrupted"]
    assert summary["HELD"] > 20


def test_a_wish_to_end_is_heard_while_waiting_and_not_while_cleaning_up() -> None:
    wish = Interruption()
    pace = Pace(interruption=wish)
    threading.Timer(0.2, lambda: wish(signal.SIGINT, None)).start()
    for wait in (pace.rest, pace.sleep):
        began = time.monotonic()
        with pytest.raises(Interrupted):
            wait(20.0)
        assert time.monotonic() - began < 10
    with pytest.raises(Interrupted):
        pace.take()
    pace.extend()
    pace.take()
    with pytest.raises(KeyboardInterrupt):  # whoever asks twice does not want to wait
        wish(signal.SIGINT, None)
