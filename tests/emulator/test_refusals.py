"""Refusals: their envelope, their texts where real ones are recorded, and that they store nothing."""

from __future__ import annotations

from typing import Any

import pytest

JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"
DATASET = "gs://bucket/train.jsonl"
BASE = {"baseModel": "gemini-2.0-flash-001"}
JOB = {**BASE, "supervisedTuningSpec": {"trainingDatasetUri": DATASET}}


def test_dataset_error_is_the_recorded_one(emulator, record) -> None:
    spec = {"trainingDatasetUri": "data.jsonl", "validationDatasetUri": "gs://bucket/data.csv"}
    answer = emulator.post(JOBS, {**BASE, "supervisedTuningSpec": spec})
    assert answer.status == 400
    assert answer.json == record("errors/gcp2081_400_field_violations.json")


def test_unknown_field_error_is_the_recorded_one(emulator, record) -> None:
    expected = record("errors/front_end_400_unknown_field_toplevel.json")[0]
    answer = emulator.post(f"{JOBS}:rebaseTunedModel", {"google": 1})
    assert answer.status == 400
    assert answer.json == expected


def spec(**members: Any) -> dict[str, Any]:
    return {**BASE, "supervisedTuningSpec": {"trainingDatasetUri": DATASET, **members}}


WRONG_JOBS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no model": {"supervisedTuningSpec": {"trainingDatasetUri": DATASET}},
    "no spec": BASE,
    "no dataset": {**BASE, "supervisedTuningSpec": {}},
    "empty dataset": {**BASE, "supervisedTuningSpec": {"trainingDatasetUri": ""}},
    "two models": {**JOB, "preTunedModel": {"tunedModelName": "projects/1/locations/l/models/1"}},
    "two specs": {**JOB, "preferenceOptimizationSpec": {"trainingDatasetUri": DATASET}},
    "bad tuned model": {**spec(), "baseModel": None, "preTunedModel": {"tunedModelName": "models/1"}},
    "unknown field": {**JOB, "nonsense": 1},
    "unknown nested field": spec(nonsense=1),
    "bad enum": spec(hyperParameters={"adapterSize": "ADAPTER_SIZE_BANANA"}),
    "negative epochs": spec(hyperParameters={"epochCount": "-1"}),
    "long display name": {**JOB, "tunedModelDisplayName": "x" * 129},
    "long label": {**JOB, "labels": {"k": "x" * 65}},
    "upper-case label": {**JOB, "labels": {"Team": "a"}},
    "label with a space": {**JOB, "labels": {"team": "a b"}},
    "no key": {**JOB, "encryptionSpec": {}},
    "bad key": {**JOB, "encryptionSpec": {"kmsKeyName": "key"}},
    "key elsewhere": {
        **JOB,
        "encryptionSpec": {"kmsKeyName": "projects/p/locations/eu/keyRings/r/cryptoKeys/k"},
    },
    "evaluation without metrics": spec(evaluationConfig={}),
}


@pytest.mark.parametrize("row", WRONG_JOBS)
def test_wrong_job(emulator, row: str) -> None:
    answer = emulator.post(JOBS, WRONG_JOBS[row])
    assert_envelope(answer, 400, "INVALID_ARGUMENT")
    assert emulator.get(JOBS).json == {}


RIGHT_JOBS: dict[str, dict[str, Any]] = {
    "128 astral characters": {**JOB, "tunedModelDisplayName": "𝄞" * 128},
    "64 international letters": {**JOB, "labels": {"größe": "日" * 64}},
    "key": {
        **JOB,
        "encryptionSpec": {"kmsKeyName": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k"},
    },
    "multimodal dataset": spec(validationDatasetUri="projects/1/locations/us-central1/datasets/7"),
    "many labels": {**JOB, "labels": {f"k{number}": "v" for number in range(100)}},
    "published model": {**JOB, "baseModel": "publishers/google/models/gemini-2.0-flash-001"},
}


@pytest.mark.parametrize("row", RIGHT_JOBS)
def test_right_job(emulator, row: str) -> None:
    body = RIGHT_JOBS[row]
    job = emulator.post(JOBS, body).json
    assert {**job, **body, "baseModel": "gemini-2.0-flash-001"} == job


def assert_envelope(answer: Any, code: int, status: str) -> None:
    assert answer.status == code
    assert answer.content_type == "application/json; charset=UTF-8"
    error = answer.json["error"]
    assert (error["code"], error["status"]) == (code, status)
    assert error["message"]


@pytest.mark.parametrize(
    ("verb", "path", "query"),
    [
        ("GET", f"{JOBS}/1", ""),
        ("POST", f"{JOBS}/1:cancel", ""),
        ("GET", f"{JOBS}/tuningJobs/1", ""),
        ("GET", f"{JOBS}/1/operations/1", ""),
        ("GET", f"{JOBS}/1/operations", ""),
        ("DELETE", f"{JOBS}/1/operations/1", ""),
        ("POST", f"{JOBS}/1/operations/1:wait", ""),
        ("POST", f"{JOBS}/1/operations/1:cancel", ""),
        ("GET", "/", ""),
        ("GET", "/v2/projects/p/locations/l/tuningJobs", ""),
        ("PUT", JOBS, ""),
        ("DELETE", f"{JOBS}/1", ""),
        ("OPTIONS", JOBS, ""),
        ("GET", f"{JOBS}/", ""),
    ],
)
def test_not_found(emulator, verb: str, path: str, query: str) -> None:
    assert_envelope(emulator.send(verb, path, query), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    "query",
    [
        "pageSize=-1",
        "pageSize=ten",
        "pageSize=1.5",
        "pageSize=99999999999",
        "pageToken=nonsense",
        "pageToken=%C3%A9",
        "nonsense=1",
        "alt=proto",
        "filter=nonsense",
        "filter=state%3D",
        "filter=(state%3Dx",
        "filter=state%3Ex",
    ],
)
def test_wrong_list(emulator, query: str) -> None:
    assert_envelope(emulator.get(JOBS, query), 400, "INVALID_ARGUMENT")


def test_large_body(emulator) -> None:
    body = b'{"description": "' + b"x" * 21 * 1024 * 1024 + b'"}'
    assert_envelope(emulator.send("POST", JOBS, "", body), 400, "INVALID_ARGUMENT")


def test_error_repeats_the_form_of_the_project_that_was_sent(emulator) -> None:
    assert "projects/my-project/" in emulator.get(f"{JOBS}/1").json["error"]["message"]


def test_what_is_required_and_deprecated_may_be_left_out(emulator) -> None:
    """As google-genai distils: promptDatasetUri has replaced trainingDatasetUri."""
    spec = {"promptDatasetUri": "gs://b/d.jsonl", "baseTeacherModel": "gemini-2.5-pro"}
    path = "/v1beta1/projects/my-project/locations/us-central1/tuningJobs"
    answer = emulator.post(path, {"baseModel": "gemini-2.0-flash-001", "distillationSpec": spec})
    assert (answer.status, answer.json.get("distillationSpec")) == (200, spec)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (JOBS, {f"a{number}": 1 for number in range(1000)}),
        (JOBS, {**JOB, "labels": {f"A{number}": "" for number in range(1000)}}),
        ("/v1beta/tunedModels", {"readerProjectNumbers": ["x"] * 1000}),
        ("/v1beta/tunedModels", {"tuningTask": {"trainingData": {"examples": {"examples": [{}] * 1000}}}}),
    ],
    ids=["unknown members", "labels", "wrong types", "missing members"],
)
def test_a_refusal_names_a_hundred_violations_at_most(emulator, path: str, body: dict[str, Any]) -> None:
    """However many there are: the sentences for a large body would be larger still."""
    answer = emulator.post(path, body)
    assert answer.status == 400
    assert len(answer.json["error"]["details"][0]["fieldViolations"]) == 100
