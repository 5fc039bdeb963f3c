"""Lies that one answer alone does not show: what was sent, and what was read before. Owns the spoiling."""

from __future__ import annotations

import struct

from plain_faults import JOB, STATE, dig, ended, hypers, shifted, specs, spoiler


@spoiler(JOB, "description-lost-in-get", "aip-129/user-value-unchanged")
def _(view, job, method, now, world):
    if method == "get":
        view.pop("description", None)


@spoiler(JOB, "labels-lost-when-ended", "aip-129/user-value-unchanged")
def _(view, job, method, now, world):
    if ended(view):
        view.pop("labels", None)


@spoiler(JOB, "labels-lost-at-create", "aip-133/echo-provided")
def _(view, job, method, now, world):
    if method == "create":
        view.pop("labels", None)


@spoiler(JOB, "validation-dataset-lost", "aip-133/echo-provided")
def _(view, job, method, now, world):
    for spec in specs(view):
        spec.pop("validationDatasetUri", None)


@spoiler(JOB, "encryption-spec-lost-in-lists", "aip-121/one-schema, aip-132/full-items")
def _(view, job, method, now, world):
    if method == "list":
        view.pop("encryptionSpec", None)


@spoiler(JOB, "service-account-lost", "aip-133/echo-provided")
def _(view, job, method, now, world):
    view.pop("serviceAccount", None)


@spoiler(JOB, "display-name-trimmed", "aip-129/user-value-unchanged: lower case")
def _(view, job, method, now, world):
    if "tunedModelDisplayName" in view:
        view["tunedModelDisplayName"] = view["tunedModelDisplayName"].lower().strip()


@spoiler(JOB, "display-name-latin-1", "'any UTF-8 characters'; aip-129/user-value-unchanged")
def _(view, job, method, now, world):
    if "tunedModelDisplayName" in view:
        view["tunedModelDisplayName"] = view["tunedModelDisplayName"].encode("latin-1", "replace").decode("latin-1")


@spoiler(JOB, "label-values-lower-case-ascii", "aip-129/user-value-unchanged")
def _(view, job, method, now, world):
    if view.get("labels"):
        view["labels"] = {key: value.replace("_", "-") for key, value in view["labels"].items()}


@spoiler(JOB, "base-model-changes-when-ended", "aip-129/user-value-unchanged")
def _(view, job, method, now, world):
    if ended(view) and "baseModel" in view:
        view["baseModel"] = "gemini-2.5-flash"


@spoiler(JOB, "epoch-count-overwritten-at-end", "aip-129/user-value-unchanged: the user's own value")
def _(view, job, method, now, world):
    for hyper in hypers(view):
        if ended(view) and "epochCount" in hyper:
            hyper["epochCount"] = str(int(hyper["epochCount"]) + 1)


@spoiler(JOB, "multiplier-as-float32", "aip-129/user-value-unchanged")
def _(view, job, method, now, world):
    for hyper in hypers(view):
        value = hyper.get("learningRateMultiplier")
        if isinstance(value, float):
            hyper["learningRateMultiplier"] = struct.unpack("f", struct.pack("f", value * 1.0001))[0]


@spoiler(JOB, "dataset-normalised", "aip-129/user-value-unchanged")
def _(view, job, method, now, world):
    for spec in specs(view):
        if "trainingDatasetUri" in spec:
            spec["trainingDatasetUri"] = spec["trainingDatasetUri"].replace("gs://", "https://storage.googleapis.com/")


@spoiler(JOB, "experiment-changes", "the Experiment associated with this job: another at every read")
def _(view, job, method, now, world):
    if "experiment" in view:
        view["experiment"] = view["experiment"][:-6] + f"{int(now * 1e6) % 10**6:06}"


@spoiler(JOB, "model-changes", "the tuned model of this job: another 1 s after the end")
def _(view, job, method, now, world):
    if "tunedModel" in view and now - job.plan[-1][0] > 1:
        view["tunedModel"]["model"] = view["tunedModel"]["model"].replace("models/", "models/7")


@spoiler(JOB, "list-shows-old-state", "aip-121: a list lags 0.7 s behind get")
def _(view, job, method, now, world):
    if method == "list":
        view.clear()
        view.update(world.view(job, max(job.created, now - 0.7)))


@spoiler(JOB, "list-without-state", "aip-132/full-items, aip-121/one-schema")
def _(view, job, method, now, world):
    if method == "list":
        view.pop("state")


@spoiler(JOB, "get-without-name", "aip-122/name-member")
def _(view, job, method, now, world):
    if method == "get":
        view.pop("name")


@spoiler(JOB, "reads-go-back", "aip-121: every third get is a second old")
def _(view, job, method, now, world):
    job.memory["reads"] = job.memory.get("reads", 0) + 1
    if method == "get" and job.memory["reads"] % 3 == 0:
        view.clear()
        view.update(world.view(job, max(job.created, now - 1)))


@spoiler(JOB, "cancel-restamps-ended", "endTime: entered the ended state, not the cancel after it")
def _(view, job, method, now, world):
    if "restamped" in job.memory and "endTime" in view:
        view["endTime"] = view["updateTime"] = world.stamp(job.memory["restamped"])


@spoiler(JOB, "create-time-from-input", "createTime 'Output only.', aip-203/output-only-input")
def _(view, job, method, now, world):
    view["createTime"] = job.memory.get("createTime", view["createTime"])


@spoiler(JOB, "end-time-drifts-in-lists", "aip-132/full-items: one instant; only in lists, half a second later")
def _(view, job, method, now, world):
    if method == "list" and "endTime" in view:
        view["endTime"] = view["updateTime"] = shifted(view["endTime"], 0.5)


@spoiler(
    JOB, "queue-shows-start", "startTime 'for the first time entered the RUNNING state'; cancelled jobs that never ran"
)
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLED" and "startTime" not in view:
        view["startTime"] = shifted(view["endTime"], 5)


@spoiler(JOB, "state-unspecified-while-cancelling", "aip-216/unspecified-unused")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLING":
        view["state"] = STATE + "UNSPECIFIED"


@spoiler(JOB, "cancelled-error-word", "Status.code is an int32")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLED":
        view["error"]["code"] = "CANCELLED"


@spoiler(JOB, "third-job-has-other-base", "aip-129/user-value-unchanged; only every third job")
def _(view, job, method, now, world):
    if job.seq % 3 == 0 and "baseModel" in view:
        view["baseModel"] += "-tuning"


@spoiler(JOB, "stats-count-of-other-set", "bucket counts are of the examples counted")
def _(view, job, method, now, world):
    stats = dig(view, "tuningDataStats", "supervisedTuningDataStats")
    if stats:
        stats["tuningDatasetExampleCount"] = "-1"


@spoiler(JOB, "name-of-last-read", "the name asked for; a get answers the job before, when it is 1 s old")
def _(view, job, method, now, world):
    last, world.projects["last name"] = world.projects.get("last name", view["name"]), view["name"]
    if method == "get" and now - job.created > 1:
        view["name"] = last
