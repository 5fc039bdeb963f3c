"""The official MCP clients and the MCP conformance scenarios, unmodified, against the emulator."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from concertpitch_emulator.config import Config
from concertpitch_emulator.server import start

HERE = Path(__file__).parent
PARENT = "projects/my-project/locations/us-central1"
SFT = {"baseModel": "gemini-2.0-flash-001", "supervisedTuningSpec": {"trainingDatasetUri": "gs://bucket/train.jsonl"}}
SLOW = 0.1
"""Times real: no job moves while a client looks at it."""


Prepared = Callable[[str, Callable[[Any], Any]], Any]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with start(Config(speed=SLOW)) as found:
        yield found


@pytest.mark.parametrize(
    ("environment", "revisions"),
    [("retired", ["2025-11-25"]), ("genai", ["2026-07-28", "2025-11-25"])],
    ids=["mcp-1", "mcp-2"],
)
@pytest.mark.parametrize("endpoint", ["/mcp/generate", "/mcp/tuning"])
def test_official_client(prepared: Prepared, url: str, environment: str, revisions: list[str], endpoint: str) -> None:
    interpreter = prepared(f"the clients of {environment}", lambda made: made.python(environment))
    job = httpx.post(f"{url}/v1/{PARENT}/tuningJobs", json=SFT).json()
    shown = httpx.get(f"{url}/v1/{job['name']}").json()
    done = subprocess.run(
        [interpreter, HERE / "drive_mcp.py", url + endpoint, job["name"]],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    connections = json.loads(done.stdout)
    assert [one["revision"] for one in connections] == revisions
    for one in connections:
        assert one["tools"] == {
            "list_tuning_jobs": True,
            "get_tuning_job": True,
            "cancel_tuning_job": False,
            "get_operation": True,
        }
        got, malformed, unknown, listed, cancelled = one["results"]
        assert got["value"] == json.loads(got["text"])
        assert got["value"].items() >= {"name": job["name"], "createTime": shown["createTime"]}.items()
        assert (malformed["failed"], unknown["failed"]) == (True, True)
        assert len(listed["value"]["tuningJobs"]) == 1
        assert (cancelled["failed"], cancelled["value"]) == (False, {})
    assert connections[0]["results"][0]["value"] == shown
    assert httpx.get(f"{url}/v1/{job['name']}").json()["state"] == "JOB_STATE_CANCELLING"


@pytest.mark.parametrize("scenario", ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"])
def test_conformance_scenario(prepared: Prepared, url: str, tmp_path: Path, scenario: str) -> None:
    node = prepared("node", lambda made: made.node())
    command = prepared("the conformance suite of MCP", lambda made: made.modules()) / "node_modules/.bin/conformance"
    done = subprocess.run(
        [node, command, "server", "--url", f"{url}/mcp/tuning", "--scenario", scenario],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 failed, 0 warnings" in done.stdout
