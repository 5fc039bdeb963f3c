"""Lies about what stays the same, told by what two looks at a job show."""

from __future__ import annotations

import uuid
from typing import Any

from concertpitch_emulator.clock import SECOND, stamp
from concertpitch_emulator.faults.telling import ENDED, SPECS, JobHook, aged, in_state, without
from concertpitch_emulator.vertex.hooks import Fault, JobView

_STARTED = ("RUNNING", "SUCCEEDED", "FAILED", "EXPIRED")
_TENTH = SECOND // 10

# What moves does so when the state changes, or once a while after the end: a get and a list at the same time
# still agree, and no second promise is broken.


def _steps(view: JobView) -> int:
    """0 while the job waits, 1 once it has started, 2 once it has ended."""
    return (view.phase.started is not None) + (view.phase.ended is not None)


def _earlier_create(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    job["createTime"] = stamp(view.record.timeline.created - _steps(view) * SECOND)
    return job


def _earlier_start(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.started is not None and view.phase.ended is not None:
        job["startTime"] = stamp((view.record.timeline.created + view.phase.started) // 2)
    return job


def _earlier_end(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.ended is not None and aged(view):
        job["endTime"] = stamp(((view.phase.started or view.record.timeline.created) + view.phase.ended) // 2)
    return job


def _falling_update(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.ended is not None and not aged(view):
        job["updateTime"] = stamp(view.phase.ended + _TENTH)
    return job


def _other_experiment(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "experiment" in job and view.phase.state in ENDED:
        job["experiment"] = f"{job['experiment'][:-1]}{(int(job['experiment'][-1]) + 5) % 10}"
    return job


def _other_display_name(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.record.named_by_server:
        made = uuid.uuid5(uuid.NAMESPACE_URL, f"{view.record.name} {_steps(view)}")
        job["tunedModelDisplayName"] = f"{view.record.base_model}-{made}"
    return job


def _pinned_base_model(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    if "baseModel" in job:
        job["baseModel"] += "@002"
    return job


def _bare(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    return {name: value for name, value in job.items() if name not in SPECS}


def _copied_dataset(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    for spec in SPECS:
        if "trainingDatasetUri" in job.get(spec, {}):
            uri = job[spec]["trainingDatasetUri"]
            job[spec]["trainingDatasetUri"] = uri.replace("gs://", "gs://copy-of-")
    return job


def _renamed(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if _steps(view) > 0 and "name" in job:
        parts = job["name"].split("/")
        job["name"] = "/".join(["projects", "the-same-project", *parts[2:]])
    return job


def _other_rate(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    for spec in SPECS:
        sent = view.record.spec.get(spec, {}).get("hyperParameters", {})
        held = job.get(spec, {}).get("hyperParameters", {})
        if _steps(view) > 1 and "learningRateMultiplier" in held and "learningRateMultiplier" not in sent:
            held["learningRateMultiplier"] = 4.0
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


def _no_hyperparameters(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    for spec in SPECS:
        job.get(spec, {}).pop("hyperParameters", None)
    return job


def _other_model(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "tunedModel" in job and aged(view):
        # The endpoint's id is as good as any, and no other model has it.
        job["tunedModel"]["model"] = f"{view.record.parent}/models/{view.record.endpoint_id}@1"
    return job


def _other_endpoint(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "endpoint" in job.get("tunedModel", {}):
        view.record.marks["endpoints"] = shown = view.record.marks.get("endpoints", 0) + 1
        job["tunedModel"]["endpoint"] += str(shown)
    return job


def _other_error(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "error" in job and aged(view):
        job["error"]["code"] = 14
    return job


def _counted_error(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    view.record.marks["told"] = view.record.marks.get("told", 0) + 1
    job["error"]["message"] += f" (read {view.record.marks['told']} times)"
    return job


def _forgotten_statistics(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if aged(view):
        job.pop("tuningDataStats", None)
    return job


FAULTS = (
    Fault(
        id="stable/statistics-vanish",
        lie="A while after the end, a job is shown without its statistics.",
        breaks=("stable/statistics",),
        job=_forgotten_statistics,
    ),
    Fault(
        id="stable/create-time-moves",
        lie="createTime is a second earlier with each step of the job.",
        breaks=("stable/create-time",),
        job=_earlier_create,
    ),
    Fault(
        id="stable/start-time-moves",
        lie="startTime is earlier once the job has ended.",
        breaks=("stable/start-time",),
        job=_earlier_start,
    ),
    Fault(
        id="stable/end-time-moves",
        lie="endTime is earlier a while after the end.",
        breaks=("stable/end-time",),
        job=_earlier_end,
    ),
    Fault(
        id="stable/update-time-falls",
        lie="updateTime of an ended job falls a while after the end.",
        breaks=("stable/update-time-never-falls",),
        job=_falling_update,
    ),
    Fault(
        id="stable/start-time-vanishes",
        lie="A job that was started and did not succeed has no startTime any more.",
        breaks=("stable/start-time",),
        job=in_state("CANCELLING", "CANCELLED", "FAILED", "EXPIRED", change=without("startTime")),
    ),
    Fault(
        id="stable/experiment-changes",
        lie="The experiment is another once the job has ended.",
        breaks=("stable/experiment",),
        job=_other_experiment,
    ),
    Fault(
        id="stable/display-name-changes",
        lie="A display name the server made is another with each step of the job.",
        breaks=("stable/display-name",),
        job=_other_display_name,
    ),
    Fault(
        id="stable/name-changes",
        lie="A job's name shows the project by its id once it runs.",
        breaks=("stable/name",),
        job=_renamed,
    ),
    Fault(
        id="stable/key-vanishes",
        lie="An ended job does not show its encryption key.",
        breaks=("stable/encryption",),
        job=_after_the_end(without("encryptionSpec")),
    ),
    Fault(
        id="stable/made-hyperparameters-change",
        lie="Hyperparameters that the server chose are others after the end.",
        breaks=("stable/hyperparameters-set",),
        job=_other_rate,
    ),
    Fault(
        id="stable/base-model-changes",
        lie="baseModel gets a version once the job runs.",
        breaks=("stable/base-model",),
        job=in_state(*_STARTED, change=_pinned_base_model),
    ),
    Fault(
        id="stable/dataset-changes",
        lie="trainingDatasetUri leads elsewhere once the job runs.",
        breaks=("stable/datasets",),
        job=in_state(*_STARTED, change=_copied_dataset),
    ),
    Fault(
        id="stable/spec-vanishes",
        lie="A job that was cancelled does not show its tuning spec.",
        breaks=("stable/datasets",),
        job=in_state("CANCELLING", "CANCELLED", change=_bare),
    ),
    Fault(
        id="stable/labels-vanish",
        lie="Labels are gone once the job has ended.",
        breaks=("stable/labels",),
        job=_after_the_end(without("labels")),
    ),
    Fault(
        id="stable/description-vanishes",
        lie="The description is gone once the job has ended.",
        breaks=("stable/description",),
        job=_after_the_end(without("description")),
    ),
    Fault(
        id="stable/hyperparameters-change",
        lie="An epochCount that was sent is doubled once the job runs.",
        breaks=("stable/sent-hyperparameters", "stable/hyperparameters-set"),
        job=in_state(*_STARTED, change=_doubled_epochs),
    ),
    Fault(
        id="stable/hyperparameters-vanish",
        lie="An ended job does not show its hyperparameters.",
        breaks=("stable/sent-hyperparameters",),
        job=_after_the_end(_no_hyperparameters),
    ),
    Fault(
        id="stable/model-changes",
        lie="The tuned model is another a while after the end.",
        breaks=("stable/tuned-model",),
        job=_other_model,
    ),
    Fault(
        id="stable/endpoint-changes",
        lie="The endpoint of a tuned model is another at every read.",
        breaks=("stable/outcome",),
        job=_other_endpoint,
    ),
    Fault(
        id="stable/error-changes",
        lie="The error code of a failed job is another a while after the end.",
        breaks=("stable/error",),
        job=in_state("FAILED", change=_other_error),
    ),
    Fault(
        id="stable/error-counts",
        lie="The error of a failed job says how often it was read.",
        breaks=("stable/outcome",),
        also=("cancel/ended-job-unchanged",),
        job=in_state("FAILED", change=_counted_error),
    ),
)
