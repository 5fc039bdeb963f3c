"""The suite on a server its authors did not model it on: silent on legal choices, loud on lies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SERVER = Path(__file__).parents[1] / "servers" / "plain.py"
SUITE = Path(sys.executable).with_name("concertpitch")
RUN = ("check", "--surface", "vertex", "--profile", "exercise")
TOKEN = "let-me-in"
FAILING = {"DOCUMENTED", "CONVENTION"}


@contextmanager
def serving(*switches: str) -> Iterator[str]:
    """A plain server on a free port, by its URL."""
    with subprocess.Popen([sys.executable, SERVER, *switches], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def judged(folder: Path, *switches: str, options: tuple[str, ...] = ("--quick",)) -> tuple[int, dict[str, Any]]:
    """Exit code and failing rules, with their findings, of a run on a server."""
    token = {"CONCERTPITCH_TOKEN": TOKEN} if "auth" in switches else {}
    with serving(*switches) as url:
        run = subprocess.run(
            [SUITE, *RUN, "--target", url, "--report-dir", folder, *options],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=os.environ | token,
        )
    rules = json.loads((folder / "verdicts.json").read_text("utf-8"))["rules"]
    broken = {
        rule["id"]: rule["findings"] for rule in rules if rule["verdict"] == "BROKEN" and rule["level"] in FAILING
    }
    return run.returncode, broken


@pytest.mark.parametrize(
    "choices",
    [
        ["life-skips", "names-with-project-id", "digits-0", "cancel-of-ended-is-no-op", "http-1.0"],
        ["life-paused", "ids-uuid", "digits-9", "pages-empty", "token-empty-at-end", "details-present"],
        ["members-few", "pages-at-most-5", "list-shuffled", "rebase-done-at-once", "unknown-fields-ignored"],
        ["read-only"],
        ["cancel-waiting-refused", "location-refused-400", "list-brief"],
        ["auth", "foreign-writer", "members-extra"],
        ["operations-absent", "unrouted-html"],
        ["cancel-501", "cancel-fails-job"],
    ],
    ids=lambda choices: choices[0],
)
def test_no_alarm_on_legal_choices(tmp_path: Path, choices: list[str]) -> None:
    switches = [part for name in choices for part in ("--choice", name)]
    assert judged(tmp_path, *switches) == (0, {})


@pytest.mark.parametrize("seed", [2, 3])
def test_no_alarm_on_a_seed_of_choices(tmp_path: Path, seed: int) -> None:
    assert judged(tmp_path, "--seed", str(seed), options=()) == (0, {})


@pytest.mark.parametrize(
    "fault",
    [
        "update-time-four-digits",
        "succeeded-flaps",
        "create-time-drifts",
        "paging-stops-early",
        "cancelled-error-10",
        "page-loses-last",
    ],
)
def test_a_lie_is_found(tmp_path: Path, fault: str) -> None:
    exit_code, broken = judged(tmp_path, "--fault", fault, options=())
    assert exit_code == 1
    assert broken
