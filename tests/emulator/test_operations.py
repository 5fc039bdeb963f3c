"""Rebase and the operations it starts."""

from __future__ import annotations

import pytest

LOCATION = "projects/my-project/locations/us-central1"
JOBS = f"/v1/{LOCATION}/tuningJobs"
PACKAGE = "type.googleapis.com/google.cloud.aiplatform"


def rebase(emulator, version: str = "v1", **members) -> dict:
    job = emulator.create(tunedModelDisplayName="first", labels={"team": "red"})
    body = {"tunedModelRef": {"tuningJob": job["name"]}, **members}
    answer = emulator.post(f"/{version}/{LOCATION}/tuningJobs:rebaseTunedModel", body)
    assert answer.status == 200, answer.content
    return answer.json


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_operation_from_start_to_end(emulator, version: str) -> None:
    started = rebase(emulator, version)
    assert started.keys() == {"name", "metadata"}
    assert started["metadata"]["@type"] == f"{PACKAGE}.{version}.RebaseTunedModelOperationMetadata"
    emulator.later(320)
    short = started["name"].split("/tuningJobs/")[0] + "/operations/" + started["name"].rpartition("/")[2]
    answers = [
        emulator.get(f"/{prefix}/{name}").json
        for prefix in ("v1", "v1beta1", "ui")
        for name in (started["name"], short)
    ]
    assert all(answer == answers[0] for answer in answers)
    done = answers[0]
    assert done["done"] is True
    assert "error" not in done
    assert done["response"].pop("@type") == f"{PACKAGE}.{version}.TuningJob"
    job = emulator.get(f"/v1/{started['name'].partition('/operations/')[0]}").json
    assert done["response"] == job
    assert job["tunedModelDisplayName"] == "first"
    assert job["labels"] == {"team": "red"}


def test_overrides(emulator) -> None:
    spec = {"preferenceOptimizationSpec": {"trainingDatasetUri": "gs://bucket/other.jsonl"}}
    started = rebase(emulator, tuningJob={"tunedModelDisplayName": "second", **spec})
    job = emulator.get(f"/v1/{started['name'].partition('/operations/')[0]}").json
    assert job["tunedModelDisplayName"] == "second"
    assert job["preferenceOptimizationSpec"] == spec["preferenceOptimizationSpec"]
    assert "supervisedTuningSpec" not in job


def test_wait_ends_with_the_operation_or_its_timeout(emulator) -> None:
    started = rebase(emulator)
    before = emulator.now
    waited = emulator.post(f"/v1/{started['name']}:wait", None, "timeout=2.5s").json
    assert "done" not in waited
    assert 2_500_000 <= emulator.now - before < 2_600_000
    emulator.later(300)
    before = emulator.now
    assert emulator.post(f"/ui/{started['name']}:wait", {}).json["done"] is True
    assert emulator.now - before < 30_000_000


@pytest.mark.parametrize("timeout", ["2", "-1s", "nonsense", "1e3s"])
def test_wrong_timeout(emulator, timeout: str) -> None:
    started = rebase(emulator)
    assert emulator.post(f"/v1/{started['name']}:wait", None, f"timeout={timeout}").status == 400


def test_cancel(emulator) -> None:
    name = rebase(emulator)["name"]
    emulator.later(60)
    assert emulator.post(f"/v1/{name}:cancel").content == b"{}"
    emulator.later(11)
    cancelled = emulator.get(f"/v1/{name}").json
    assert cancelled["done"] is True
    assert cancelled["error"]["code"] == 1
    assert "response" not in cancelled
    assert emulator.post(f"/v1/{name}:cancel", {}).content == b"{}"
    assert emulator.get(f"/v1/{name}").json == cancelled


def test_delete_forgets_the_operation_and_leaves_the_job(emulator) -> None:
    name = rebase(emulator)["name"]
    job = name.partition("/operations/")[0]
    assert emulator.send("DELETE", f"/v1/{name}").content == b"{}"
    assert emulator.get(f"/v1/{name}").status == 404
    assert emulator.send("DELETE", f"/v1/{name}").status == 404
    emulator.later(320)
    assert emulator.get(f"/v1/{job}").json["state"] == "JOB_STATE_SUCCEEDED"


def test_lists(emulator) -> None:
    names = [rebase(emulator)["name"] for _ in range(3)][::-1]
    location = f"/v1/{LOCATION}/operations"
    first = emulator.get(location, "pageSize=2").json
    second = emulator.get(location, f"pageSize=2&pageToken={first['nextPageToken']}").json
    assert [row["name"] for page in (first, second) for row in page["operations"]] == names
    job = names[0].partition("/operations/")[0]
    assert [row["name"] for row in emulator.get(f"/v1/{job}/operations").json["operations"]] == names[:1]
    assert emulator.get(location, "filter=done%3Dtrue&returnPartialSuccess=false").json == {}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"tunedModelRef": {}},
        {"tunedModelRef": {"tuningJob": ""}},
        {"tunedModelRef": {"tuningJob": "x", "tunedModel": "y"}},
        {"tunedModelRef": {"tuningJob": "not a name"}},
    ],
)
def test_wrong_reference(emulator, body: dict) -> None:
    answer = emulator.post(f"{JOBS}:rebaseTunedModel", body)
    assert (answer.status, answer.json["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert emulator.get(JOBS).json == {}


def test_unknown_job_is_not_rebased(emulator) -> None:
    body = {"tunedModelRef": {"tuningJob": f"{LOCATION}/tuningJobs/1"}}
    assert emulator.post(f"{JOBS}:rebaseTunedModel", body).status == 404
