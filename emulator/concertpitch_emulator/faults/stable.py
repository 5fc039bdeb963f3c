"""Lies about what stays the same, told by what two looks at a job show."""

from __future__ import annotations

from typing import Any

from concertpitch_emulator.clock import stamp
from concertpitch_emulator.faults.telling import ENDED, SPECS, JobHook, in_state, looks, without
from concertpitch_emulator.hooks import Fault, JobView

_MILLISECOND = 1_000
# Less than the shortest wait or run at any speed that a client can follow.
_WOBBLE = 500
_AHEAD = 100 * _MILLISECOND
_STARTED = ("RUNNING", "SUCCEEDED", "FAILED", "EXPIRED")


def _earlier_create(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    job["createTime"] = stamp(view.record.timeline.created - looks(view.record) * _MILLISECOND)
    return job


def _wobbling_start(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.started is not None:
        job["startTime"] = stamp(view.phase.started - looks(view.record) % _WOBBLE)
    return job


def _wobbling_end(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.ended is not None:
        job["endTime"] = stamp(view.phase.ended - looks(view.record) % _WOBBLE)
    return job


def _falling_update(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    ahead = max(0, _AHEAD - looks(view.record) * _WOBBLE)
    job["updateTime"] = stamp(view.phase.updated + ahead)
    return job


def _new_display_name(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.record.named_by_server:
        job["tunedModelDisplayName"] = f"{view.record.base_model}-{view.call.service.source.uuid()}"
    return job


def _pinned_base_model(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    if "baseModel" in job:
        job["baseModel"] += "@002"
    return job


def _copied_dataset(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    for spec in SPECS:
        if "trainingDatasetUri" in job.get(spec, {}):
            uri = job[spec]["trainingDatasetUri"]
            job[spec]["trainingDatasetUri"] = uri.replace("gs://", "gs://copy-of-")
    return job


def _after_the_end(change: JobHook) -> JobHook:
    def hook(job: dict[str, Any], view: JobView) -> dict[str, Any]:
        return change(job, view) if view.phase.state in ENDED else job

    return hook


def _doubled_epochs(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    for spec in SPECS:
        sent = view.record.spec.get(spec, {}).get("hyperParameters", {}).get("epochCount")
        if sent is not None:
            job[spec]["hyperParameters"]["epochCount"] = str(2 * int(sent))
    return job


def _new_model(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "tunedModel" in job:
        model = f"{view.record.parent}/models/{view.call.service.source.resource_id()}@1"
        job["tunedModel"]["model"] = model
    return job


def _other_error(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "error" in job and looks(view.record) % 2:
        job["error"]["code"] = 14
    return job


FAULTS = (
    Fault(
        id="stable/create-time-moves",
        lie="createTime is a millisecond earlier at each look.",
        breaks="stable/create-time",
        job=_earlier_create,
    ),
    Fault(
        id="stable/start-time-moves",
        lie="startTime differs at each look.",
        breaks="stable/start-time",
        job=_wobbling_start,
    ),
    Fault(
        id="stable/end-time-moves",
        lie="endTime differs at each look.",
        breaks="stable/end-time",
        job=_wobbling_end,
    ),
    Fault(
        id="stable/update-time-falls",
        lie="updateTime is earlier at the next look.",
        breaks="stable/update-time-never-falls",
        job=_falling_update,
    ),
    Fault(
        id="stable/start-time-vanishes",
        lie="A job that was started and cancelled has no startTime any more.",
        breaks="stable/start-time",
        job=in_state("CANCELLING", "CANCELLED", change=without("startTime")),
    ),
    Fault(
        id="stable/display-name-changes",
        lie="A display name the server made is made anew for each look.",
        breaks="stable/display-name",
        job=_new_display_name,
    ),
    Fault(
        id="stable/base-model-changes",
        lie="baseModel gets a version once the job runs.",
        breaks="stable/base-model",
        job=in_state(*_STARTED, change=_pinned_base_model),
    ),
    Fault(
        id="stable/dataset-changes",
        lie="trainingDatasetUri leads elsewhere once the job runs.",
        breaks="stable/datasets",
        job=in_state(*_STARTED, change=_copied_dataset),
    ),
    Fault(
        id="stable/labels-vanish",
        lie="Labels are gone once the job has ended.",
        breaks="stable/labels",
        job=_after_the_end(without("labels")),
    ),
    Fault(
        id="stable/description-vanishes",
        lie="The description is gone once the job has ended.",
        breaks="stable/description",
        job=_after_the_end(without("description")),
    ),
    Fault(
        id="stable/hyperparameters-change",
        lie="An epochCount that was sent is doubled once the job runs.",
        breaks="stable/sent-hyperparameters",
        job=in_state(*_STARTED, change=_doubled_epochs),
    ),
    Fault(
        id="stable/model-changes",
        lie="The tuned model has a new id at each look.",
        breaks="stable/tuned-model",
        job=_new_model,
    ),
    Fault(
        id="stable/error-changes",
        lie="The error code of a failed job alternates.",
        breaks="stable/error",
        job=in_state("FAILED", change=_other_error),
    ),
)
