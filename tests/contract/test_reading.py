"""From exchanges to subjects: bodies, order in time, walks, spellings."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from concertpitch import protojson
from concertpitch.exchange import Exchange, read_json
from concertpitch.reading import subjects_of
from concertpitch.schema import read_request
from concertpitch.subjects import Page, Refusal, Retrieval, Walk
from concertpitch.subjects.vertex import Change, Creation, Job
from concertpitch.surfaces import VERTEX_V1

PARENT = "projects/p/locations/l"
JOBS = f"/v1/{PARENT}/tuningJobs"
MESSAGE = VERTEX_V1.schemas.message("GoogleCloudAiplatformV1TuningJob")
SECOND = 1_000_000_000


def sent(
    number: int, method: str, path: str, answer: Any, *, took: float = 0.5, status: int = 200, body: Any = None
) -> Exchange:
    """An exchange that left at second `number`."""
    return Exchange(
        number=number,
        probe="test",
        method=method,
        url=f"http://t.example{path}",
        request_headers=(),
        request_body=b"" if body is None else json.dumps(body).encode(),
        sent=float(number),
        sent_at=0.0,
        answered=number + took,
        status=status,
        headers=(("content-type", "application/json"),),
        body=json.dumps(answer).encode(),
    )


def job(state: str = "PENDING", job_id: str = "1111111111", **members: Any) -> dict[str, Any]:
    return {"name": f"{PARENT}/tuningJobs/{job_id}", "state": f"JOB_STATE_{state}"} | members


def subjects(kind: type, *exchanges: Exchange) -> list[Any]:
    return [one for one in subjects_of(exchanges, VERTEX_V1) if isinstance(one, kind)]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<html>", "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": ' * 5000 + b"1" + b"}" * 5000, "deeply"),
        (b"1" * 5000, "not readable"),
    ],
)
def test_bodies_that_are_no_json(body: bytes, error: str) -> None:
    assert error in (read_json(body).error or "")


def test_what_strict_json_forbids_is_noted() -> None:
    reading = read_json(b'{"a": NaN, "b": {"c": 1, "c": 2}}')
    assert reading.error is None
    assert reading.constants == ("NaN",)
    assert reading.duplicates == ("c",)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1970-01-01T00:00:01Z", SECOND),
        ("1970-01-01T00:00:01.5Z", SECOND + SECOND // 2),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:59:59Z", -SECOND),
        ("1970-01-01T00:00:00", 0),
        ("1970-13-01T00:00:00Z", None),
        ("yesterday", None),
        (1, None),
    ],
)
def test_instants(text: Any, nanoseconds: int | None) -> None:
    assert protojson.instant(text) == nanoseconds


@pytest.mark.parametrize(
    ("value", "read"),
    [("10", 10), (10, 10), ("1e2", 100), (2.0, 2), (2.5, None), ("ten", None), (True, None), (None, None), ("", None)],
)
def test_integers(value: Any, read: int | None) -> None:
    assert protojson.integer(value) == read


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"colour": 1}, "unknown"),
        ({"supervisedTuningSpec": {}}, "missing"),
        ({"supervisedTuningSpec": {"trainingDatasetUri": ""}}, "empty"),
        ({"baseModel": "b", "preTunedModel": {"tunedModelName": "t"}}, "both"),
        ({"labels": []}, "bad_type"),
        ({"baseModel": 1}, "bad_scalar"),
        ({"baseModel": "half \ud83d"}, "bad_text"),
    ],
)
def test_what_a_request_gets_wrong(body: Any, fault: str) -> None:
    assert read_request(VERTEX_V1.schemas, MESSAGE, body).only(fault)


@pytest.mark.parametrize(
    ("body", "media_type", "mistake"),
    [
        (b'{"baseModel": "\xff"}', "application/json", "a body that is not UTF-8"),
        (b'{"baseModel": "b"}', "text/plain; charset=utf-8", "a body sent as text/plain"),
        (b'{"baseModel": "b"}', "Application/JSON; charset=utf-8", ""),
        (b'{"baseModel": "b"}', "", ""),
    ],
)
def test_how_a_body_travels_may_be_the_mistake(body: bytes, media_type: str, mistake: str) -> None:
    exchange = replace(
        sent(1, "POST", JOBS, {}, status=500),
        request_body=body,
        request_headers=(("Content-Type", media_type),) if media_type else (),
    )
    assert [refusal.client_fault for refusal in subjects(Refusal, exchange)] == [mistake]


def test_spellings_of_the_same_request_are_one_canonical_body() -> None:
    spelled = [
        {"trainingDatasetUri": "d", "hyperParameters": {"epochCount": "2", "adapterSize": "ADAPTER_SIZE_FOUR"}},
        {"training_dataset_uri": "d", "hyper_parameters": {"epoch_count": 2, "adapter_size": 2}},
        {"trainingDatasetUri": "d", "hyperParameters": {"epochCount": 2.0, "adapterSize": 2}, "evaluationConfig": None},
    ]
    read = [
        read_request(VERTEX_V1.schemas, MESSAGE, {"supervisedTuningSpec": spec, "state": "JOB_STATE_FAILED"})
        for spec in spelled
    ]
    assert read[0].canonical == read[1].canonical == read[2].canonical
    assert not any(one.faults for one in read)
    assert "output-only" in read[0].spelling
    assert {"snake", "enum-number"} <= read[1].spelling


def test_overlapping_reads_make_no_change() -> None:
    path = f"{JOBS}/1111111111"
    apart = subjects(Change, sent(1, "GET", path, job()), sent(2, "GET", path, job("RUNNING")))
    assert [(one.before.state, one.after.state) for one in apart] == [("JOB_STATE_PENDING", "JOB_STATE_RUNNING")]
    assert subjects(Change, sent(1, "GET", path, job(), took=3), sent(2, "GET", path, job("RUNNING"))) == []


def test_a_get_that_answers_another_job_is_no_sight_of_either() -> None:
    exchange = sent(1, "GET", f"{JOBS}/1111111111", job(job_id="2222222222"))
    assert subjects(Job, exchange) == []
    assert [one.shows_another for one in subjects(Retrieval, exchange)] == [True]


def test_a_walk_follows_its_tokens_and_is_whole_at_the_end() -> None:
    first = sent(1, "GET", f"{JOBS}?pageSize=1", {"tuningJobs": [job()], "nextPageToken": "t"})
    second = sent(2, "GET", f"{JOBS}?pageSize=1&pageToken=t", {"tuningJobs": [job(job_id="2222222222")]})
    (walk,) = subjects(Walk, first, second)
    assert walk.whole
    assert [one.key[2] for one in walk.items] == ["1111111111", "2222222222"]
    (half,) = subjects(Walk, first)
    assert not half.whole


def test_a_create_in_the_middle_disturbs_a_walk() -> None:
    first = sent(1, "GET", f"{JOBS}?pageSize=1", {"tuningJobs": [job()], "nextPageToken": "t"})
    last = sent(3, "GET", f"{JOBS}?pageSize=1&pageToken=t", {})
    create = sent(2, "POST", JOBS, job(job_id="3333333333"), body={"baseModel": "b"})
    assert [walk.quiet for walk in subjects(Walk, sent(0, "GET", JOBS, {"tuningJobs": [job()]}), first, last)][1:] == [
        True
    ]
    assert not any(walk.quiet for walk in subjects(Walk, first, create, last))


def test_failures_of_the_network_and_other_paths_prove_nothing() -> None:
    path = f"{JOBS}/1111111111"
    lost = Exchange(1, "test", "GET", f"http://t.example{path}", (), b"", 1.0, 0.0, 2.0, failure="reset")
    assert list(subjects_of([lost], VERTEX_V1)) == []
    assert subjects(Job, sent(1, "GET", "/v1/models/m", job())) == []


def test_a_base_url_with_a_path() -> None:
    exchange = sent(1, "GET", f"/proxy{JOBS}/1111111111", job())
    assert [one for one in subjects_of([exchange], VERTEX_V1, "/proxy") if isinstance(one, Job)]


def test_an_answer_is_read_leniently() -> None:
    shown = {"name": f"{PARENT}/tuningJobs/1111111111", "state": 3, "tuned_model_display_name": 7, "description": None}
    (seen,) = subjects(Job, sent(1, "GET", f"{JOBS}/1111111111", shown))
    assert seen.state == "JOB_STATE_RUNNING"
    assert seen.display_name == "7"
    assert "description" not in seen.body


def test_a_refused_create_knows_its_accepted_twin() -> None:
    spec = {"supervisedTuningSpec": {"trainingDatasetUri": "d"}}
    snake = {"supervised_tuning_spec": {"training_dataset_uri": "d"}}
    accepted = sent(1, "POST", JOBS, job(), body=spec)
    refused = sent(2, "POST", JOBS, {"error": {"code": 400}}, status=400, body=snake)
    first, second = subjects(Creation, accepted, refused)
    assert second.alike is not None
    assert second.alike.call is first.call
    assert second.refused


def test_a_token_given_by_two_overlapping_lists_is_known() -> None:
    slow = sent(1, "GET", JOBS, {"tuningJobs": [job()], "nextPageToken": "t"}, took=5)
    quick = sent(2, "GET", JOBS, {"tuningJobs": [job()], "nextPageToken": "t"})
    follower = sent(3, "GET", f"{JOBS}?pageToken=t", {"tuningJobs": [job(job_id="2222222222")]})
    assert [page.token_known for page in subjects(Page, slow, quick, follower)] == [True, True, True]
