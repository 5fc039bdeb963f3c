"""Lies about which members a job has in which state, and how they agree with each other."""

from __future__ import annotations

from typing import Any

from concertpitch_emulator.clock import HOUR, stamp
from concertpitch_emulator.faults.telling import ENDED, JobHook, changed, in_model, in_state, without
from concertpitch_emulator.vertex import rendering
from concertpitch_emulator.vertex.hooks import Fault, JobView


def _put(**members: Any) -> JobHook:
    def hook(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
        return {**job, **members}

    return hook


def _error_code(code: int) -> JobHook:
    def hook(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
        if "error" in job:
            job["error"]["code"] = code
        return job

    return hook


def _planned_end(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    job["endTime"] = stamp(view.record.timeline.ended)
    return job


def _started_at_create(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.state == "JOB_STATE_PENDING":
        job["startTime"] = stamp(view.record.timeline.started)
    return job


def _started_before_created(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "startTime" in job:
        job["startTime"] = stamp(view.record.timeline.created - HOUR)
    return job


def _ended_before_started(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "endTime" in job and "startTime" in job:
        job["endTime"] = stamp(view.record.timeline.created)
    return job


def _updated_before_created(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.state not in ENDED:
        job["updateTime"] = stamp(view.record.timeline.created - HOUR)
    return job


def _updated_tomorrow(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    job["updateTime"] = stamp(view.record.timeline.created + 24 * HOUR)
    return job


def _never_updated(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    return {**job, "updateTime": stamp(view.record.timeline.created)}


def _model_while_pending(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    return {**job, "tunedModel": rendering.tuned_model(view.record, deployed=True)}


def _two_models(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    name = f"{view.record.parent}/models/{view.record.endpoint_id}@1"
    if "preTunedModel" in job:
        return {**job, "baseModel": view.record.base_model}
    return {**job, "preTunedModel": {"tunedModelName": name, "baseModel": view.record.base_model}}


def _two_specs(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    dataset = rendering.tuning_spec(job).get("trainingDatasetUri", "")
    spec = {"trainingDatasetUri": dataset}
    return {"supervisedTuningSpec": spec, "preferenceOptimizationSpec": spec, **job}


def _checkpoints_always(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "endpoint" in job.get("tunedModel", {}):
        job["tunedModel"]["checkpoints"] = rendering.checkpoints(view.record)
    return job


def _same_checkpoint_ids(model: dict[str, Any]) -> None:
    for checkpoint in model.get("checkpoints", ()):
        checkpoint["checkpointId"] = "1"


FAULTS = (
    Fault(
        id="job/no-state",
        lie="Jobs are shown without their state.",
        breaks=("job/has-state", "create/shows-state"),
        job=without("state"),
    ),
    Fault(
        id="job/state-unspecified",
        lie="A job that waits is in JOB_STATE_UNSPECIFIED.",
        breaks=("job/has-state", "create/shows-state"),
        job=in_state("PENDING", change=_put(state="JOB_STATE_UNSPECIFIED")),
    ),
    Fault(
        id="job/unknown-state",
        lie="A job that succeeded is in a state no document has.",
        breaks=("wire/enum-is-documented",),
        job=in_state("SUCCEEDED", change=_put(state="JOB_STATE_COMPLETED")),
    ),
    Fault(
        id="job/american-state",
        lie="CANCELLING and CANCELLED are spelt with one L.",
        breaks=("wire/enum-is-documented", "wire/enum-is-not-misspelt"),
        job=changed("state", lambda state: state.replace("LL", "L")),
    ),
    Fault(
        id="job/updated-tomorrow",
        lie="updateTime is a day after createTime, from the beginning.",
        breaks=("job/times-not-in-future",),
        job=_updated_tomorrow,
    ),
    Fault(
        id="job/no-create-time",
        lie="Jobs are shown without createTime.",
        breaks=("job/has-create-time",),
        job=without("createTime"),
    ),
    Fault(
        id="job/error-on-succeeded",
        lie="A job that succeeded carries an error.",
        breaks=("job/error-only-when-failed-or-cancelled",),
        job=in_state("SUCCEEDED", change=_put(error={"code": 2, "message": "There were warnings."})),
    ),
    Fault(
        id="job/error-while-running",
        lie="A running job carries an error.",
        breaks=("job/error-only-when-failed-or-cancelled",),
        job=in_state("RUNNING", change=_put(error={"code": 14, "message": "A worker was replaced."})),
    ),
    Fault(
        id="job/cancelled-without-error",
        lie="A cancelled job carries no error.",
        breaks=("job/cancelled-has-code-1",),
        job=in_state("CANCELLED", change=without("error")),
    ),
    Fault(
        id="job/cancelled-code-499",
        lie="The error code of a cancelled job is an HTTP status.",
        breaks=("job/cancelled-has-code-1", "job/error-code-is-rpc"),
        job=in_state("CANCELLED", change=_error_code(499)),
    ),
    Fault(
        id="job/error-code-500",
        lie="The error code of a failed job is an HTTP status.",
        breaks=("job/error-code-is-rpc",),
        job=in_state("FAILED", change=_error_code(500)),
    ),
    Fault(
        id="job/failed-without-error",
        lie="A failed job carries no error.",
        breaks=("job/failed-has-error",),
        job=in_state("FAILED", change=without("error")),
    ),
    Fault(
        id="job/end-time-early",
        lie="A running job has an endTime.",
        breaks=("job/end-time-only-when-ended",),
        job=in_state("RUNNING", change=_planned_end),
    ),
    Fault(
        id="job/no-end-time",
        lie="Jobs that have ended are shown without endTime.",
        breaks=("job/ended-has-end-time",),
        job=without("endTime"),
    ),
    Fault(
        id="job/start-time-at-create",
        lie="A job that waits has a startTime, from the answer to create on.",
        breaks=("create/not-started-yet", "stable/start-time"),
        job=_started_at_create,
    ),
    Fault(
        id="job/no-start-time",
        lie="Jobs that have run are shown without startTime.",
        breaks=("job/ran-has-start-time",),
        job=without("startTime"),
    ),
    Fault(
        id="job/start-before-create",
        lie="startTime is an hour before createTime.",
        breaks=("job/start-not-before-create",),
        job=_started_before_created,
    ),
    Fault(
        id="job/end-before-start",
        lie="endTime is before startTime.",
        breaks=("job/end-not-before-start",),
        job=_ended_before_started,
    ),
    Fault(
        id="job/update-before-create",
        lie="updateTime of a job that goes on is an hour before createTime.",
        breaks=("job/update-not-before-create",),
        job=_updated_before_created,
    ),
    Fault(
        id="job/update-before-end",
        lie="updateTime stays at createTime for ever.",
        breaks=("job/update-not-before-end",),
        job=_never_updated,
    ),
    Fault(
        id="job/succeeded-without-model",
        lie="A job that succeeded has no tunedModel.",
        breaks=("job/succeeded-has-model",),
        job=in_state("SUCCEEDED", change=without("tunedModel")),
    ),
    Fault(
        id="job/model-while-pending",
        lie="A job has a tunedModel from the answer to create on.",
        breaks=("job/no-results-while-pending",),
        job=in_state("PENDING", "RUNNING", change=_model_while_pending),
    ),
    Fault(
        id="job/two-models",
        lie="Jobs show both baseModel and preTunedModel.",
        breaks=("job/one-source-model",),
        job=_two_models,
    ),
    Fault(
        id="job/two-specs",
        lie="Jobs show both supervisedTuningSpec and preferenceOptimizationSpec.",
        breaks=("job/one-tuning-spec",),
        job=_two_specs,
    ),
    Fault(
        id="job/checkpoints-despite-last-only",
        lie="Checkpoints are shown though only the last one was asked for.",
        breaks=("job/checkpoints-only-if-enabled",),
        job=_checkpoints_always,
    ),
    Fault(
        id="job/checkpoints-repeat",
        lie="All checkpoints have the same id.",
        breaks=("job/checkpoint-ids-differ",),
        job=in_model(_same_checkpoint_ids),
    ),
)
