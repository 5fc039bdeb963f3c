"""Lies in the values of a job: JSON types, names and statistics. Owns the spoiling; knows no route or life."""

from __future__ import annotations

from plain_faults import JOB, STATE, View, dig, ended, hypers, specs, spoiler


@spoiler(JOB, "epoch-count-number-in-lists", "protojson/int64-string, aip-121/one-schema")
def _(view, job, method, now, world):
    for hyper in hypers(view):
        if method == "list" and "epochCount" in hyper:
            hyper["epochCount"] = int(hyper["epochCount"])


@spoiler(JOB, "stats-sum-number", "protojson/int64-string")
def _(view, job, method, now, world):
    inputs = dig(view, "tuningDataStats", "supervisedTuningDataStats", "userInputTokenDistribution")
    if inputs:
        inputs["sum"] = int(inputs["sum"])


@spoiler(JOB, "multiplier-string", "protojson/float: a double is a number")
def _(view, job, method, now, world):
    for hyper in hypers(view):
        if "learningRateMultiplier" in hyper:
            hyper["learningRateMultiplier"] = str(hyper["learningRateMultiplier"])


@spoiler(JOB, "bool-string", "protojson: a bool is true or false")
def _(view, job, method, now, world):
    for spec in specs(view):
        if "exportLastCheckpointOnly" in spec:
            spec["exportLastCheckpointOnly"] = str(spec["exportLastCheckpointOnly"]).lower()


@spoiler(JOB, "end-time-offset", "protojson/timestamp-out: Z")
def _(view, job, method, now, world):
    if "endTime" in view:
        view["endTime"] = view["endTime"].replace("Z", "+00:00")


@spoiler(JOB, "update-time-four-digits", "protojson/timestamp-out: 0, 3, 6 or 9; only when ended")
def _(view, job, method, now, world):
    if ended(view):
        view["updateTime"] = view["updateTime"][:19] + ".1234Z"


@spoiler(JOB, "create-time-with-space", "protojson/timestamp-out; only in get")
def _(view, job, method, now, world):
    if method == "get":
        view["createTime"] = view["createTime"].replace("T", " ")


@spoiler(JOB, "start-time-epoch-seconds", "protojson/timestamp-out: a string")
def _(view, job, method, now, world):
    if "startTime" in view:
        view["startTime"] = int(job.created)


@spoiler(JOB, "state-lower-case-when-running", "aip-126/upper-snake, protojson/enum-name-out")
def _(view, job, method, now, world):
    if view["state"] == STATE + "RUNNING":
        view["state"] = view["state"].lower()


@spoiler(JOB, "state-without-prefix-when-cancelled", "protojson/enum-name-out (the text says CANCELLED)")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLED":
        view["state"] = "CANCELLED"


@spoiler(JOB, "state-number-in-lists", "protojson/enum-name-out")
def _(view, job, method, now, world):
    if method == "list":
        view["state"] = 4 if ended(view) else 3


@spoiler(JOB, "state-called-status-at-create", "member `state`; guide's misprint; aip-121/one-schema")
def _(view, job, method, now, world):
    if method == "create":
        view["status"] = view.pop("state")


@spoiler(JOB, "adapter-size-number", "protojson/enum-name-out")
def _(view, job, method, now, world):
    for hyper in hypers(view):
        hyper["adapterSize"] = 2


@spoiler(JOB, "snake-case-hyper-parameters", "protojson/lower-camel-out (the guide's spelling)")
def _(view, job, method, now, world):
    for spec in specs(view):
        if "hyperParameters" in spec:
            spec["hyper_parameters"] = spec.pop("hyperParameters")


@spoiler(JOB, "snake-case-display-name-in-lists", "protojson/lower-camel-out")
def _(view, job, method, now, world):
    if method == "list" and "tunedModelDisplayName" in view:
        view["tuned_model_display_name"] = view.pop("tunedModelDisplayName")


@spoiler(JOB, "null-end-time", "protojson/no-null-out; only while running")
def _(view, job, method, now, world):
    view.setdefault("endTime", None)


@spoiler(JOB, "labels-as-pairs", "labels is an object")
def _(view, job, method, now, world):
    if view.get("labels"):
        view["labels"] = [{"key": key, "value": value} for key, value in view["labels"].items()]


@spoiler(JOB, "nan-in-stats", "protojson/float: no bare NaN")
def _(view, job, method, now, world):
    messages = dig(view, "tuningDataStats", "supervisedTuningDataStats", "userMessagePerExampleDistribution")
    if messages:
        messages["mean"] = float("nan")


@spoiler(JOB, "name-with-slash", "aip-122/relative-name")
def _(view, job, method, now, world):
    view["name"] = "/" + view["name"]


@spoiler(JOB, "name-with-version", "aip-122/relative-name; only at create")
def _(view, job, method, now, world):
    if method == "create":
        view["name"] = "v1/" + view["name"]


@spoiler(JOB, "name-is-id", "name format; only in lists")
def _(view, job, method, now, world):
    if method == "list":
        view["name"] = job.ident


@spoiler(JOB, "name-lower-case-collection", "name format `tuningJobs`")
def _(view, job, method, now, world):
    view["name"] = view["name"].replace("/tuningJobs/", "/tuningjobs/")


@spoiler(JOB, "name-location-fixed", "name format: the location of the parent")
def _(view, job, method, now, world):
    view["name"] = view["name"].replace(f"/{job.location}/", "/us-central1/")


@spoiler(JOB, "name-number-then-id", "aip-180/name-constant: get says the project's id, create its number")
def _(view, job, method, now, world):
    if method == "get":
        view["name"] = view["name"].replace(job.project, world.projects.get(job.project, "my-project"))


@spoiler(JOB, "model-without-version", "`models/{model}@{version_id}`")
def _(view, job, method, now, world):
    if "tunedModel" in view:
        view["tunedModel"]["model"] = view["tunedModel"]["model"].split("@")[0]


@spoiler(JOB, "model-version-2", "'When tuning from a base model, the version ID will be 1.'")
def _(view, job, method, now, world):
    if "tunedModel" in view and "baseModel" in view:
        view["tunedModel"]["model"] = view["tunedModel"]["model"].split("@")[0] + "@2"


@spoiler(JOB, "endpoint-is-id", "endpoint format")
def _(view, job, method, now, world):
    if dig(view, "tunedModel", "endpoint"):
        view["tunedModel"]["endpoint"] = view["tunedModel"]["endpoint"].split("/")[-1]


@spoiler(JOB, "checkpoints-although-last-only", "checkpoints 'only populated for tuning jobs that enable intermediate'")
def _(view, job, method, now, world):
    if "tunedModel" in view and dig(view, "supervisedTuningSpec", "exportLastCheckpointOnly"):
        view["tunedModel"]["checkpoints"] = [{"checkpointId": "1", "epoch": "1", "step": "4"}]


@spoiler(JOB, "checkpoint-endpoint-is-url", "checkpoint endpoint format")
def _(view, job, method, now, world):
    for point in dig(view, "tunedModel", "checkpoints") or []:
        point["endpoint"] = "https://aiplatform.googleapis.com/v1/" + point["endpoint"]


def inputs(view: View) -> View:
    return dig(view, "tuningDataStats", "supervisedTuningDataStats", "userInputTokenDistribution") or {}


@spoiler(JOB, "stats-p5-above-median", "percentiles of one population are in order")
def _(view, job, method, now, world):
    if inputs(view):
        inputs(view)["p5"], inputs(view)["p95"] = inputs(view)["p95"], inputs(view)["p5"]


@spoiler(JOB, "stats-mean-outside", "the mean lies between min and max")
def _(view, job, method, now, world):
    if inputs(view):
        inputs(view)["mean"] = inputs(view)["max"] + 1


@spoiler(JOB, "stats-bucket-count", "bucket counts add up to the number of examples")
def _(view, job, method, now, world):
    if inputs(view):
        inputs(view)["buckets"][0]["count"] += 3


@spoiler(JOB, "stats-bucket-reversed", "left bound, right bound")
def _(view, job, method, now, world):
    for bucket in inputs(view).get("buckets", []):
        bucket["left"], bucket["right"] = bucket["right"] + 1, bucket["left"]


@spoiler(JOB, "stats-index-from-zero", "'indices (starting from 1)'")
def _(view, job, method, now, world):
    stats = dig(view, "tuningDataStats", "supervisedTuningDataStats")
    if stats:
        stats |= {
            "totalTruncatedExampleCount": "1",
            "truncatedExampleIndices": ["0"],
            "droppedExampleReasons": ["Too long."],
        }


@spoiler(JOB, "stats-reasons-short", "'For each index in `truncated_example_indices`, the ... reason'")
def _(view, job, method, now, world):
    stats = dig(view, "tuningDataStats", "supervisedTuningDataStats")
    if stats:
        stats |= {
            "totalTruncatedExampleCount": "2",
            "truncatedExampleIndices": ["3", "4"],
            "droppedExampleReasons": ["Too long."],
        }
