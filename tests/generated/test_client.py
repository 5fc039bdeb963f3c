"""Clients say on the wire what their arguments say, and give back messages or typed errors."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from concertpitch_models.gemini_v1beta import client as gemini
from concertpitch_models.runtime import errors
from concertpitch_models.vertex_v1.client import AsyncClient, AsyncTuningJobs, Client, TuningJobs
from concertpitch_models.vertex_v1.models import RebaseTunedModelRequest, SupervisedTuningSpec, TuningJob

PARENT = "projects/p/locations/us-central1"
JOB = f"{PARENT}/tuningJobs/1"


class Server:
    """Answers each request from a list, and keeps the requests."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers.pop(0)

    def client(self, token: str | Callable[[], str] | None = "t") -> Client:
        http = httpx.Client(transport=httpx.MockTransport(self))
        return Client("https://toy.example/", token=token, attempts=1, http=http)


def page(*ids: str, token: str | None = None) -> httpx.Response:
    body: dict[str, object] = {"tuningJobs": [{"name": f"{PARENT}/tuningJobs/{each}"} for each in ids]}
    return httpx.Response(200, json=body if token is None else body | {"nextPageToken": token})


def test_create_sends_what_was_set() -> None:
    server = Server(httpx.Response(200, json={"name": JOB, "state": "JOB_STATE_PENDING"}))
    spec = SupervisedTuningSpec(training_dataset_uri="gs://bucket/file.jsonl")
    with server.client() as client:
        job = client.tuning_jobs.create(PARENT, TuningJob(base_model="gemini", supervised_tuning_spec=spec))
    (request,) = server.requests
    assert (request.method, str(request.url)) == ("POST", f"https://toy.example/v1/{PARENT}/tuningJobs")
    assert request.headers["authorization"] == "Bearer t"
    assert json.loads(request.content) == {
        "baseModel": "gemini",
        "supervisedTuningSpec": {"trainingDatasetUri": "gs://bucket/file.jsonl"},
    }
    assert job.name == JOB
    assert job.state == "JOB_STATE_PENDING"


def test_pages_are_walked_as_they_are_needed() -> None:
    server = Server(page("1", "2", token="a b"), page(token="c"), page("3", token=""))
    jobs = server.client().tuning_jobs.list_all(PARENT, page_size=2, filter='x="y"')
    assert next(jobs).name == f"{PARENT}/tuningJobs/1"
    assert len(server.requests) == 1
    assert [job.name for job in jobs] == [f"{PARENT}/tuningJobs/{each}" for each in "23"]
    assert [dict(each.url.params) for each in server.requests] == [
        {"filter": 'x="y"', "pageSize": "2"},
        {"filter": 'x="y"', "pageSize": "2", "pageToken": "a b"},
        {"filter": 'x="y"', "pageSize": "2", "pageToken": "c"},
    ]


def test_servers_ask_to_wait_for_seconds_or_until_a_date() -> None:
    assert errors.error_from(429, b"", "3").retry_after == 3
    assert errors.error_from(429, b"", "Fri, 31 Dec 1999 23:59:59 GMT").retry_after == 0
    tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    asked = errors.error_from(429, b"", tomorrow).retry_after
    assert asked is not None
    assert 80_000 < asked <= 86_400


@pytest.mark.parametrize("said", [None, "", "soon", "-1", "²", "1.5"])
def test_what_is_no_time_asks_for_nothing(said: str | None) -> None:
    assert errors.error_from(429, b"", said).retry_after is None


def test_custom_methods_and_empty_answers() -> None:
    server = Server(
        httpx.Response(200, json={}),
        httpx.Response(200, content=b""),
        httpx.Response(200, json={"name": "op"}),
        httpx.Response(200, json={"done": True}),
    )
    jobs = server.client().tuning_jobs
    jobs.cancel(JOB)
    jobs.operations.delete(f"{JOB}/operations/2")
    assert jobs.rebase_tuned_model(PARENT, RebaseTunedModelRequest()).name == "op"
    assert jobs.operations.wait(f"{JOB}/operations/2", timeout="3s").done is True
    assert [(each.method, each.url.path) for each in server.requests] == [
        ("POST", f"/v1/{JOB}:cancel"),
        ("DELETE", f"/v1/{JOB}/operations/2"),
        ("POST", f"/v1/{PARENT}/tuningJobs:rebaseTunedModel"),
        ("POST", f"/v1/{JOB}/operations/2:wait"),
    ]
    assert server.requests[0].content == b"{}"


def test_names_are_quoted_and_empty_ones_refused() -> None:
    server = Server(httpx.Response(200, json={}))
    server.client().tuning_jobs.get("projects/a b?x#y/locations/l/tuningJobs/1")
    assert server.requests[0].url.raw_path == b"/v1/projects/a%20b%3Fx%23y/locations/l/tuningJobs/1"
    with pytest.raises(ValueError, match="is empty"):
        server.client().tuning_jobs.get("")


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (
            httpx.Response(404, json={"error": {"code": 404, "message": "no", "status": "NOT_FOUND"}}),
            errors.NotFoundError,
            "404 NOT_FOUND: no",
        ),
        (
            httpx.Response(400, json=[{"error": {"code": 400, "message": "bad", "status": "INVALID_ARGUMENT"}}]),
            errors.InvalidArgumentError,
            "400 INVALID_ARGUMENT: bad",
        ),
        (
            httpx.Response(418, json={"error": {"message": "tea", "status": "TEAPOT"}}),
            errors.ApiError,
            "418 TEAPOT: tea",
        ),
        (httpx.Response(502, text="<html>bad gateway"), errors.ApiError, "502: <html>bad gateway"),
        (httpx.Response(500), errors.ApiError, "500: an empty body"),
        (httpx.Response(302, headers={"location": "https://evil.example"}), errors.ApiError, "302: an empty body"),
    ],
)
def test_errors_are_typed(answer: httpx.Response, kind: type[errors.ApiError], message: str) -> None:
    with pytest.raises(kind) as caught:
        Server(answer).client().tuning_jobs.get(JOB)
    assert str(caught.value) == message
    assert caught.value.http_status == answer.status_code


def test_an_error_keeps_details_and_the_time_to_wait() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3s"}]
    answer = httpx.Response(
        429,
        json={"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED", "details": details}},
        headers={"retry-after": "3"},
    )
    with pytest.raises(errors.ResourceExhaustedError) as caught:
        Server(answer).client().tuning_jobs.get(JOB)
    assert caught.value.details == tuple(details)
    assert caught.value.retry_after == 3.0


def test_a_token_can_be_fetched_for_each_request() -> None:
    server = Server(httpx.Response(200, json={}), httpx.Response(200, json={}))
    tokens = iter("ab")
    client = server.client(token=lambda: next(tokens))
    client.tuning_jobs.get(JOB)
    client.tuning_jobs.get(JOB)
    assert [each.headers["authorization"] for each in server.requests] == ["Bearer a", "Bearer b"]


def test_the_asynchronous_client_does_the_same() -> None:
    server = Server(page("1", token="n"), page("2"))

    async def names() -> list[str | None]:
        http = httpx.AsyncClient(transport=httpx.MockTransport(server))
        async with AsyncClient("https://toy.example", http=http) as client:
            return [job.name async for job in client.tuning_jobs.list_all(PARENT)]

    assert asyncio.run(names()) == [f"{PARENT}/tuningJobs/1", f"{PARENT}/tuningJobs/2"]
    assert "authorization" not in server.requests[0].headers


def test_asynchronous_methods_are_those_of_the_blocking_client() -> None:
    server = Server(
        page("1", token="n"),
        page("2"),
        httpx.Response(200, json={}),
        httpx.Response(404, json={"error": {"code": 404, "status": "NOT_FOUND", "message": "no"}}),
    )

    async def walk() -> list[int]:
        http = httpx.AsyncClient(transport=httpx.MockTransport(server))
        async with AsyncClient("https://toy.example", http=http, attempts=1) as client:
            pages = [len(each.tuning_jobs or ()) async for each in client.tuning_jobs.list_pages(PARENT, page_size=1)]
            assert await client.tuning_jobs.operations.delete(f"{JOB}/operations/1") is None  # type: ignore[func-returns-value]
            with pytest.raises(errors.NotFoundError):
                await client.tuning_jobs.get(JOB)
            return pages

    assert asyncio.run(walk()) == [1, 1]
    assert [dict(each.url.params) for each in server.requests[:2]] == [
        {"pageSize": "1"},
        {"pageSize": "1", "pageToken": "n"},
    ]
    assert AsyncTuningJobs.create.__doc__ == TuningJobs.create.__doc__


def test_a_resource_is_made_once() -> None:
    client = Server().client()
    assert client.tuning_jobs is client.tuning_jobs


def test_importing_a_client_imports_no_http_library() -> None:
    program = (
        "import sys, concertpitch_models.vertex_v1.client; print({'httpx', 'stamina', 'asyncio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_resources_of_the_same_methods_share_them() -> None:
    server = Server(httpx.Response(200, json={}), httpx.Response(200, json={}))
    with gemini.Client("https://toy.example", http=httpx.Client(transport=httpx.MockTransport(server))) as client:
        client.tuned_models.permissions.get("tunedModels/t/permissions/p")
        client.corpora.permissions.get("corpora/c/permissions/p")
    assert [each.url.path for each in server.requests] == [
        "/v1beta/tunedModels/t/permissions/p",
        "/v1beta/corpora/c/permissions/p",
    ]
    assert gemini.TunedModelsPermissions.get is gemini.CorporaPermissions.get
    assert gemini.TunedModelsPermissions is not gemini.CorporaPermissions
