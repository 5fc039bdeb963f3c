"""The emulator as a program and as a thread, over real HTTP."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from concertpitch_emulator.config import Config
from concertpitch_emulator.messages import Messages
from concertpitch_emulator.server import start as serve
from concertpitch_emulator.vertex.service import VERSIONS

JOBS = "/v1/projects/p/locations/us-central1/tuningJobs"
BODY = {"baseModel": "m", "supervisedTuningSpec": {"trainingDatasetUri": "gs://b/x.jsonl"}}
READY = r"Concertpitch emulator ready at (http://127\.0\.0\.1:\d+)\n"


def launch(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "concertpitch_emulator", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_thread_serves_and_stops() -> None:
    with serve(Config(speed=200, seed=1)) as url, httpx.Client(base_url=url) as client:
        job = client.post(JOBS, json=BODY).json()
        deadline = time.monotonic() + 10
        while client.get(f"/v1/{job['name']}").json()["state"] != "JOB_STATE_SUCCEEDED":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert client.head(f"/v1/{job['name']}").content == b""
        assert client.post(f"/v1/{job['name']}:cancel").status_code == 400
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, None], ids=["int", "term", "stdin"])
def test_program_says_when_ready_and_ends_cleanly(end: signal.Signals | None) -> None:
    program = launch("--speed", "200", "--until-stdin-closes")
    line = program.stdout.readline()
    match = re.fullmatch(READY, line)
    assert match, line
    assert httpx.get(f"{match[1]}{JOBS}").json() == {}
    if end is None:
        program.stdin.close()
    else:
        program.send_signal(end)
    assert program.wait(10) == 0
    assert program.stdout.read() == ""
    assert program.stderr.read() == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--fault", "wire/nan"], "There is no fault 'wire/nan'. Did you mean wire/nan-literal"),
        (["--speed", "0"], "The speed must be a positive number, not 0.0."),
        (["--speed", "nan"], "The speed must be a positive number, not nan."),
        (["--port", "70000"], "70000 is not between 0 and 65535"),
    ],
)
def test_wrong_setting(arguments: list[str], says: str) -> None:
    program = launch(*arguments)
    _, stderr = program.communicate(timeout=10)
    assert program.returncode == 2
    assert says in stderr
    assert "Traceback" not in stderr


def test_used_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        program = launch("--port", str(taken.getsockname()[1]))
        _, stderr = program.communicate(timeout=10)
    assert program.returncode == 2
    assert stderr.startswith("Cannot listen on 127.0.0.1:")


# Methods of v1beta1 that neither make nor show a tuning job; docs/emulator.md names them.
NOT_SERVED = (":optimizePrompt", ":processData", ":validateReinforcementTuningReward")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_method_of_the_document_has_a_route(emulator, version: str) -> None:
    paths = Messages(f"vertex_{version}").document["paths"]
    methods = [
        (verb.upper(), path)
        for path, item in paths.items()
        for verb in item.keys() & {"get", "post", "delete"}
        if not path.endswith(NOT_SERVED)
    ]
    assert len(methods) >= 8
    for verb, path in methods:
        answer = emulator.send(verb, re.sub(r"\{\w+\}", "1", path))
        assert b"There is no method" not in answer.content, (verb, path)
