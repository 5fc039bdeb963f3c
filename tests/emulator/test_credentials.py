"""An emulator that demands a token, and one that does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from concertpitch_emulator.app import create_app
from concertpitch_emulator.config import Config
from starlette.testclient import TestClient

JOBS = "/v1/projects/p/locations/us-central1/tuningJobs"
BODY = {"baseModel": "m", "supervisedTuningSpec": {"trainingDatasetUri": "gs://b/x.jsonl"}}
RIGHT = {"authorization": "Bearer tuning-fork"}


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Config(token="tuning-fork"))) as made:
        yield made


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Basic x"}, {"authorization": "Bearer"}, {"authorization": "Bearer other"}]
)
def test_a_stranger_is_refused_before_anything_else(client: TestClient, headers: dict[str, str]) -> None:
    for answer in (
        client.get(JOBS, headers=headers),
        client.get(f"{JOBS}/1", headers=headers),
        client.post(JOBS, headers=headers, json={"colour": "blue"}),
        client.post(JOBS, headers=headers, json=BODY),
    ):
        assert answer.status_code == 401
        assert answer.json()["error"]["status"] == "UNAUTHENTICATED"
    assert client.get(JOBS, headers=RIGHT).json() == {}


def test_the_token_opens(client: TestClient) -> None:
    assert client.post(JOBS, headers=RIGHT, json=BODY).status_code == 200


def test_without_a_token_anybody_may_call() -> None:
    with TestClient(create_app(Config())) as client:
        assert client.post(JOBS, json=BODY).status_code == 200


@pytest.mark.parametrize(("header", "status"), [(None, 401), ("Bearer wrong", 401), ("Bearer tuning-fork", 200)])
def test_the_tools_of_mcp_are_behind_the_token_too(client: TestClient, header: str | None, status: int) -> None:
    headers = {"host": "127.0.0.1:8000"} | ({} if header is None else {"authorization": header})
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert client.post("/mcp/tuning", json=asked, headers=headers).status_code == status
