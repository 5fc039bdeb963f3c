"""Clients wait for jobs and operations, and try again where that may help."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest
import stamina
from concertpitch_models.runtime import errors, polling
from concertpitch_models.runtime.credentials import google_token
from concertpitch_models.vertex_v1.client import AsyncClient, Client
from concertpitch_models.vertex_v1.models import TuningJob

JOB = "projects/p/locations/l/tuningJobs/1"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Retry and poll without waiting."""
    monkeypatch.setattr(polling, "_FIRST", 0.0)
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


class Server:
    """Gives each answer once, the last one for ever."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.count = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> Client:
        return Client("https://toy.example", http=httpx.Client(transport=httpx.MockTransport(self)))


def state(name: str) -> httpx.Response:
    return httpx.Response(200, json={"name": JOB, "state": name})


@pytest.mark.parametrize(
    "last",
    [
        "JOB_STATE_SUCCEEDED",
        "JOB_STATE_FAILED",
        "JOB_STATE_CANCELLED",
        "JOB_STATE_EXPIRED",
        "JOB_STATE_PARTIALLY_SUCCEEDED",
    ],
)
def test_a_job_is_awaited_to_its_end(last: str) -> None:
    seen: list[str | None] = []
    server = Server(state("JOB_STATE_PENDING"), state("JOB_STATE_NEW"), state("JOB_STATE_CANCELLING"), state(last))
    job = server.client().tuning_jobs.wait_for(JOB, progress=lambda job: seen.append(job.state))
    assert job.state == last
    assert seen == ["JOB_STATE_PENDING", "JOB_STATE_NEW", "JOB_STATE_CANCELLING", last]


def test_a_deadline_ends_the_waiting() -> None:
    server = Server(state("JOB_STATE_RUNNING"))
    with pytest.raises(TimeoutError, match=r"has not ended within 0\.05 s"):
        server.client().tuning_jobs.wait_for(JOB, deadline=0.05)
    assert server.count > 1


def test_an_operation_is_awaited_asynchronously() -> None:
    server = Server(httpx.Response(200, json={"name": "o"}), httpx.Response(200, json={"done": True}))

    async def wait() -> bool | None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(server))
        async with AsyncClient("https://toy.example", http=http) as client:
            return (await client.tuning_jobs.operations.wait_for(f"{JOB}/operations/1")).done

    assert asyncio.run(wait()) is True


def test_pauses_grow_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_FIRST", 1.0)
    pauses: list[float] = []
    polling.wait(lambda: len(pauses), lambda seen: seen == 12, deadline=None, sleep=pauses.append)
    assert pauses[:3] == [1.0, 1.5, 2.25]
    assert pauses[-1] == 30.0


def unavailable(status: int = 503, **headers: str) -> httpx.Response:
    error = {"code": status, "message": "later", "status": "UNAVAILABLE"}
    return httpx.Response(status, json={"error": error}, headers=headers)


@pytest.mark.parametrize("first", [unavailable(), unavailable(500), unavailable(429), httpx.ConnectError("no")])
def test_reading_is_tried_again(first: httpx.Response | Exception) -> None:
    server = Server(first, state("JOB_STATE_RUNNING"))
    assert server.client().tuning_jobs.get(JOB).state == "JOB_STATE_RUNNING"
    assert server.count == 2


def test_writing_is_tried_again_only_where_the_server_asks() -> None:
    plain = Server(unavailable(), state("JOB_STATE_PENDING"))
    with pytest.raises(errors.UnavailableError):
        plain.client().tuning_jobs.create("projects/p/locations/l", TuningJob())
    assert plain.count == 1
    asked = Server(unavailable(**{"retry-after": "0"}), state("JOB_STATE_PENDING"))
    asked.client().tuning_jobs.create("projects/p/locations/l", TuningJob())
    assert asked.count == 2


def test_trying_again_ends() -> None:
    server = Server(unavailable())
    with pytest.raises(errors.UnavailableError):
        server.client().tuning_jobs.get(JOB)
    assert server.count == 3


def test_what_is_wrong_is_not_tried_again() -> None:
    server = Server(httpx.Response(404, json={"error": {"code": 404, "status": "NOT_FOUND", "message": "no"}}))
    with pytest.raises(errors.NotFoundError):
        server.client().tuning_jobs.get(JOB)
    assert server.count == 1


def test_google_credentials_give_fresh_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    class Credentials:
        valid, token, refreshed = False, "", 0

        def refresh(self, _: object) -> None:
            self.refreshed += 1
            self.valid, self.token = True, f"token {self.refreshed}"

    credentials = Credentials()
    monkeypatch.setattr("google.auth.default", lambda scopes: (credentials, "project"))
    token = google_token()
    assert (token(), token()) == ("token 1", "token 1")
    credentials.valid = False
    assert token() == "token 2"
