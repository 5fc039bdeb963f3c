"""The JavaScript clients, unmodified, against the emulator: each program of `programs/` prints what its client saw."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from concertpitch import embedded

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "clients-javascript.md"
BLOCKS = re.findall(r"^```js\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
SPEED = 100
"""A job takes about three seconds."""

Prepared = Callable[[str, Callable[[Any], Any]], Any]
Run = Callable[[Path, str], str]
"""Runs a module against a base URL; returns what it printed."""


@pytest.fixture(scope="session")
def clients(prepared: Prepared) -> tuple[Path, Path]:
    """The node executable, and the folder `node_modules` with the clients."""
    return prepared("the JavaScript clients", lambda made: (made.node(), made.modules() / "node_modules"))


@pytest.fixture
def run(clients: tuple[Path, Path], tmp_path: Path) -> Run:
    node, modules = clients
    (tmp_path / "node_modules").symlink_to(modules)  # node looks for packages beside the module

    def one(module: Path, url: str) -> str:
        copy = shutil.copy(module, tmp_path / "program.mjs")
        done = subprocess.run(
            [node, copy, url],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=os.environ | {"CONCERTPITCH_BASE_URL": url},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return one


@pytest.fixture
def url() -> Iterator[str]:
    with embedded.emulator(speed=SPEED) as found:
        yield found


def seen(record: Any, path: str) -> Any:
    """The value at a dotted path of a record."""
    for step in path.split("."):
        record = record[int(step)] if isinstance(record, list) else record[step]
    return record


VERTEX = {
    "created.state": "JOB_STATE_PENDING",
    "created.tunedModelDisplayName": "first",
    "created.supervisedTuningSpec.trainingDatasetUri": "gs://bucket/train.jsonl",
    "created.supervisedTuningSpec.hyperParameters.epochCount": "3",
    "ended.state": "JOB_STATE_SUCCEEDED",
    "ended.tunedModel.checkpoints.2.epoch": "3",
    "cancelled.state": "JOB_STATE_CANCELLED",
    "cancelled.error.code": 1,
    "unknown.code": 404,
    "cancelUnknown.code": 404,
    "badDataset.code": 400,
}
EXPECTED: dict[str, dict[str, Any]] = {
    "genai_vertex": VERTEX
    | {
        "created.supervisedTuningSpec.hyperParameters.learningRateMultiplier": 0.5,
        "created.supervisedTuningSpec.hyperParameters.adapterSize": "ADAPTER_SIZE_FOUR",
        "unknown.typed": True,
        "cancelUnknown.typed": True,
        "badDataset.typed": True,
    },
    "googleapis": VERTEX
    | {
        "cancelAnswer": {},
        "unknown.body.error.status": "NOT_FOUND",
        "badDataset.body.error.status": "INVALID_ARGUMENT",
        "badDataset.body.error.details.0.@type": "type.googleapis.com/google.rpc.BadRequest",
        "badPageToken.code": 400,
    },
    "genai_gemini": {
        "withoutData.typed": True,
        "withoutData.code": 400,
        "created.state": "JOB_STATE_QUEUED",
        "ended.state": "JOB_STATE_SUCCEEDED",
        "ended.baseModel": "models/gemini-1.5-flash-001-tuning",
        "model.displayName": "first",
        "model.tunedModelInfo.baseModel": "models/gemini-1.5-flash-001-tuning",
        "updated.displayName": "changed",
        "after.displayName": "changed",
        "deleted.typed": True,
        "deleted.code": 404,
        "deletedAgain.code": 404,
        "cancel.code": 404,
    },
}


@pytest.mark.parametrize("program", EXPECTED)
def test_client(run: Run, url: str, program: str) -> None:
    record = json.loads(run(HERE / "programs" / f"{program}.mjs", url))
    expected = EXPECTED[program]
    assert {path: seen(record, path) for path in expected} == expected
    pages = record.get("pages") or [record["firstPage"], record["listed"][2:]]
    assert pages == [record["names"][:2], record["names"][2:]]
    for moment in ("createTime", "startTime", "endTime", "updateTime"):
        assert record["ended"][moment].endswith("Z")


def test_what_a_client_leaves_behind(run: Run, url: str) -> None:
    """What the library asked for is what others see; what was refused has left nothing."""
    record = json.loads(run(HERE / "programs" / "genai_gemini.mjs", url))
    kept = [model["name"] for model in httpx.get(f"{url}/v1beta/tunedModels").json()["tunedModels"]]
    assert kept == record["names"][1:]
    assert "models/gemini-1.5-flash-001-tuning" in record["bases"]


def test_the_page_has_a_block_for_each_client() -> None:
    assert len(BLOCKS) == len(EXPECTED)


@pytest.mark.parametrize("index", range(len(BLOCKS)))
def test_page(run: Run, url: str, tmp_path: Path, index: int) -> None:
    block = tmp_path / "block.mjs"
    block.write_text(BLOCKS[index])
    assert re.fullmatch(r"JOB_STATE_[A-Z]+\n", run(block, url))
