"""A job from create to its end, on a clock the test moves."""

from __future__ import annotations

import re

import pytest

JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"
ENDS = 320


def spec(dataset: str, **more) -> dict:
    return {"supervisedTuningSpec": {"trainingDatasetUri": f"gs://bucket/{dataset}.jsonl", **more}}


def get(emulator, job) -> dict:
    return emulator.get(f"/v1/{job['name']}").json


def ended(emulator, **members) -> dict:
    job = emulator.create(**members)
    emulator.later(ENDS)
    return get(emulator, job)


def test_create_answers_what_records_show(emulator) -> None:
    job = emulator.create()
    assert list(job) == [
        "name",
        "tunedModelDisplayName",
        "baseModel",
        "supervisedTuningSpec",
        "state",
        "createTime",
        "updateTime",
    ]
    assert re.fullmatch(r"projects/\d{12}/locations/us-central1/tuningJobs/\d{19}", job["name"])
    assert re.fullmatch(
        r"gemini-2\.0-flash-001-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", job["tunedModelDisplayName"]
    )
    assert job["state"] == "JOB_STATE_PENDING"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", job["createTime"])
    assert job["createTime"] == job["updateTime"]


def test_states_follow_the_clock(emulator) -> None:
    job = emulator.create()
    seen = []
    for _ in range(40):
        emulator.later(10)
        seen.append(get(emulator, job)["state"])
    assert list(dict.fromkeys(seen)) == ["JOB_STATE_PENDING", "JOB_STATE_RUNNING", "JOB_STATE_SUCCEEDED"]


def test_reading_changes_nothing(start) -> None:
    watched, left_alone = start(), start()
    jobs = [emulator.create() for emulator in (watched, left_alone)]
    for _ in range(ENDS):
        watched.later(1)
        get(watched, jobs[0])
    left_alone.later(ENDS)
    assert get(watched, jobs[0]) == get(left_alone, jobs[1])


def test_succeeded(emulator) -> None:
    job = ended(emulator)
    assert job["state"] == "JOB_STATE_SUCCEEDED"
    assert job["createTime"] <= job["startTime"] <= job["endTime"] == job["updateTime"]
    assert "error" not in job
    assert job["supervisedTuningSpec"]["hyperParameters"] == {
        "epochCount": "10",
        "learningRateMultiplier": 1,
        "adapterSize": "ADAPTER_SIZE_FOUR",
    }
    parent = re.escape(job["name"].partition("/tuningJobs")[0])
    assert re.fullmatch(rf"{parent}/models/\d{{19}}@1", job["tunedModel"]["model"])
    assert re.fullmatch(rf"{parent}/endpoints/\d{{19}}", job["tunedModel"]["endpoint"])
    context = rf"{parent}/metadataStores/default/contexts/tuning-experiment-\d{{20}}"
    assert re.fullmatch(context, job["experiment"])
    assert [point["checkpointId"] for point in job["tunedModel"]["checkpoints"]] == [str(n) for n in range(1, 11)]


def test_what_was_sent_is_never_changed(emulator) -> None:
    sent = {"epochCount": "3", "learningRateMultiplier": 0.5}
    job = ended(emulator, **spec("a", hyperParameters=sent, exportLastCheckpointOnly=True))
    assert job["supervisedTuningSpec"]["hyperParameters"] == {**sent, "adapterSize": "ADAPTER_SIZE_FOUR"}
    assert "checkpoints" not in job["tunedModel"]


def test_empty_hyperparameters_are_kept(emulator) -> None:
    assert emulator.create(**spec("a", hyperParameters={}))["supervisedTuningSpec"]["hyperParameters"] == {}


@pytest.mark.parametrize("dataset", ["a", "b", "truncated"])
def test_statistics_agree_with_each_other(emulator, dataset: str) -> None:
    stats = ended(emulator, **spec(dataset))["tuningDataStats"]["supervisedTuningDataStats"]
    count = int(stats["tuningDatasetExampleCount"])
    sums = {}
    for name in (
        "userInputTokenDistribution",
        "userOutputTokenDistribution",
        "userMessagePerExampleDistribution",
    ):
        figures = stats[name]
        sums[name] = int(figures["sum"])
        assert sum(bucket["count"] for bucket in figures["buckets"]) == count
        assert figures["min"] <= figures["p5"] <= figures["median"] <= figures["p95"] <= figures["max"]
        assert figures["mean"] == round(sums[name] / count, 3)
        edges = [edge for bucket in figures["buckets"] for edge in (bucket["left"], bucket["right"])]
        assert edges == sorted(edges)
        assert (edges[0], edges[-1]) == (figures["min"], figures["max"])
    billable = sums["userInputTokenDistribution"] + sums["userOutputTokenDistribution"]
    assert stats["totalBillableTokenCount"] == str(billable)
    assert sums["userMessagePerExampleDistribution"] == 2 * count
    assert len(stats["userDatasetExamples"]) == 6
    dropped = stats.get("truncatedExampleIndices", [])
    assert len(dropped) == len(stats.get("droppedExampleReasons", [])) == (3 if dataset == "truncated" else 0)


@pytest.mark.parametrize(
    ("dataset", "state", "code", "model"),
    [
        ("does-not-exist", "JOB_STATE_FAILED", 5, False),
        ("malformed", "JOB_STATE_FAILED", 3, False),
        ("endpoint-fails", "JOB_STATE_FAILED", 13, True),
        ("expires", "JOB_STATE_EXPIRED", None, False),
    ],
)
def test_other_ends(emulator, dataset: str, state: str, code: int | None, model: bool) -> None:
    job = ended(emulator, **spec(dataset))
    assert job["state"] == state
    assert job.get("error", {}).get("code") == code
    assert ("tunedModel" in job) == model
    assert "endpoint" not in job.get("tunedModel", {})


def test_preference_optimization(emulator) -> None:
    body = {"preferenceOptimizationSpec": {"trainingDatasetUri": "gs://bucket/a.jsonl"}, "baseModel": "m"}
    job = emulator.post(JOBS, body).json
    emulator.later(ENDS)
    job = get(emulator, job)
    assert job["preferenceOptimizationSpec"]["hyperParameters"]["beta"] == 0.1
    stats = job["tuningDataStats"]["preferenceOptimizationDataStats"]
    count = stats["tuningDatasetExampleCount"]
    assert sum(int(bucket["count"]) for bucket in stats["userInputTokenDistribution"]["buckets"]) == int(count)
    assert isinstance(stats["scoresDistribution"]["sum"], int | float)


def test_continuous_tuning(emulator) -> None:
    first = ended(emulator, tunedModelDisplayName="first")
    body = {"preTunedModel": {"tuned_model_name": first["tunedModel"]["model"]}, **spec("b")}
    names = [emulator.post(JOBS, {**body, **more}).json for more in ({}, {"tunedModelDisplayName": "other"})]
    emulator.later(ENDS)
    same, other = [get(emulator, job) for job in names]
    assert "baseModel" not in same
    assert same["preTunedModel"]["baseModel"] == "gemini-2.0-flash-001"
    assert same["tunedModelDisplayName"] == "first"
    assert same["tunedModel"]["model"] == first["tunedModel"]["model"].replace("@1", "@2")
    assert other["tunedModel"]["model"].endswith("@1")


@pytest.mark.parametrize("wait", [1, 60], ids=["pending", "running"])
@pytest.mark.parametrize("body", [None, {}])
def test_cancel(emulator, wait: int, body) -> None:
    job = emulator.create()
    emulator.later(wait)
    answer = emulator.post(f"/v1/{job['name']}:cancel", body)
    assert (answer.status, answer.content) == (200, b"{}")
    assert get(emulator, job)["state"] == "JOB_STATE_CANCELLING"
    emulator.later(11)
    cancelled = get(emulator, job)
    assert cancelled["state"] == "JOB_STATE_CANCELLED"
    assert cancelled["error"]["code"] == 1
    assert cancelled["endTime"] == cancelled["updateTime"]
    assert ("startTime" in cancelled) == (wait == 60)
    assert emulator.post(f"/v1/{job['name']}:cancel").status == 400
    emulator.later(ENDS)
    assert get(emulator, job) == cancelled


def test_cancel_of_an_ended_job(emulator) -> None:
    job = ended(emulator)
    answer = emulator.post(f"/v1/{job['name']}:cancel")
    assert (answer.status, answer.json["error"]["status"]) == (400, "FAILED_PRECONDITION")
    assert get(emulator, job) == job


def test_both_versions_and_both_project_forms_see_one_store(emulator) -> None:
    job = emulator.create()
    number = job["name"].split("/")[1]
    for version in ("v1", "v1beta1"):
        for project in ("my-project", number):
            assert emulator.get(f"/{version}/{job['name'].replace(number, project)}").json == job
            jobs = emulator.get(f"/{version}/projects/{project}/locations/us-central1/tuningJobs").json
            assert jobs == {"tuningJobs": [job]}


def test_member_of_v1beta1_is_not_shown_at_v1(emulator) -> None:
    body = {"baseModel": "m", "outputUri": "gs://bucket/out", **spec("a", tuningMode="TUNING_MODE_FULL")}
    made = emulator.post(JOBS.replace("/v1/", "/v1beta1/"), body).json
    assert made["outputUri"] == "gs://bucket/out"
    seen = get(emulator, made)
    assert "outputUri" not in seen
    assert seen["supervisedTuningSpec"] == {"trainingDatasetUri": "gs://bucket/a.jsonl"}


def test_speed_scales_durations_only(start) -> None:
    fast = start(speed=100)
    job = fast.create()
    fast.later(ENDS / 100)
    assert get(fast, job)["state"] == "JOB_STATE_SUCCEEDED"


def test_enum_numbers_only_on_request(emulator) -> None:
    job = emulator.create()
    path = f"/v1/{job['name']}"
    for query in ("%24alt=json%3Benum-encoding%3Dint", "$alt=json%3Benum-encoding=int"):
        assert emulator.get(path, query).json["state"] == 2
    for query in ("", "alt=json", "$alt=json", "prettyPrint=true&key=x&%24.xgafv=2&fields=name&quotaUser=q"):
        assert emulator.get(path, query).json == job


def shape(value, name: str = ""):
    """Member names and JSON types; numbers are one type, and of a list the first item counts."""
    if isinstance(value, dict):
        return {key: shape(member, key) for key, member in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) else type(value).__name__


@pytest.mark.parametrize(
    ("name", "dataset", "more"),
    [
        ("gcpnb_03_job_state_succeeded_8356726629560483840", "a", {"validationDatasetUri": "gs://b/v.jsonl"}),
        ("mscraftsman_job_state_failed_6284765961371254784", "endpoint-fails", {}),
    ],
)
def test_shape_of_an_ended_job_is_the_recorded_one(emulator, record, name: str, dataset: str, more) -> None:
    job = ended(emulator, **spec(dataset, **more))
    # Checkpoints are younger than the records.
    job.get("tunedModel", {}).pop("checkpoints", None)
    assert shape(job) == shape(record(f"vertex/{name}.json"))


def test_a_job_that_has_started_has_an_experiment(emulator) -> None:
    jobs = [emulator.create(), emulator.create()]
    assert "experiment" not in get(emulator, jobs[0])
    emulator.later(ENDS)
    names = [get(emulator, job)["experiment"] for job in jobs]
    for name in names:
        context = emulator.get(f"/v1/{name}").json
        assert (context["name"], context["schemaTitle"]) == (name, "system.Experiment")
    assert names[0] != names[1]
    unknown = emulator.get(f"/v1/{names[0]}0")
    assert (unknown.status, unknown.json["error"]["status"]) == (404, "NOT_FOUND")
