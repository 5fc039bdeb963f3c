"""A user's program passes both type checkers, and does what it says."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from concertpitch_models.runtime import errors, polling
from concertpitch_models.vertex_v1.client import AsyncClient, Client

from .programs import tune

CHECKOUT = Path(__file__).parents[2]
PARENT = "projects/p/locations/l"


def serve(request: httpx.Request) -> httpx.Response:
    match request.method, request.url.path.rpartition("/")[2]:
        case "POST", _:
            return httpx.Response(200, json={"name": f"{PARENT}/tuningJobs/1", "state": "JOB_STATE_PENDING"})
        case _, "1":
            done = {"state": "JOB_STATE_SUCCEEDED", "tunedModel": {"model": "m@1"}}
            return httpx.Response(200, json={"name": f"{PARENT}/tuningJobs/1", **done})
        case _, "tuningJobs":
            token = request.url.params.get("pageToken")
            body = {"tuningJobs": [{"name": "b"}]} if token else {"tuningJobs": [{"name": "a"}], "nextPageToken": "x"}
            return httpx.Response(200, json=body)
        case _, "broken":
            return httpx.Response(500, json={"error": {"status": "INTERNAL", "message": "no"}})
    return httpx.Response(404, json={"error": {"status": "NOT_FOUND", "message": "no"}})


def test_the_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_FIRST", 0.0)
    with Client("http://toy.example", attempts=1, http=httpx.Client(transport=httpx.MockTransport(serve))) as client:
        assert tune.tune(client, PARENT) == "m@1 after 1 looks"
        assert list(tune.names(client, PARENT)) == ["a", "b"]
        assert tune.exists(client, f"{PARENT}/tuningJobs/1")
        assert not tune.exists(client, f"{PARENT}/tuningJobs/2")
        with pytest.raises(errors.InternalError):
            tune.exists(client, f"{PARENT}/tuningJobs/broken")
    assert json.loads(tune.model().to_wire())["readerProjectNumbers"] == ["12"]


def test_the_program_runs_without_blocking() -> None:
    async def walk() -> list[str | None]:
        http = httpx.AsyncClient(transport=httpx.MockTransport(serve))
        async with AsyncClient("http://toy.example", http=http) as client:
            found: AsyncIterator[str | None] = tune.names_async(client, PARENT)
            return [name async for name in found]

    assert asyncio.run(walk()) == ["a", "b"]


@pytest.mark.parametrize("checker", [["mypy", "--strict"], ["pyright", "--pythonpath", sys.executable]])
def test_the_program_passes_type_checkers(checker: list[str]) -> None:
    """Pyright reads all generated packages too; the wheel of Node.js it comes with makes that work offline."""
    generated = ["generated"] * (checker[0] == "pyright")
    done = subprocess.run(
        [sys.executable, "-m", *checker, *generated, "tests/generated/programs"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
