"""Lies about how a job's state moves, told by what two looks at it show."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.calls import reply
from concertpitch_emulator.clock import SECOND
from concertpitch_emulator.errors import ApiError
from concertpitch_emulator.faults.telling import JobHook, aged
from concertpitch_emulator.vertex import rendering
from concertpitch_emulator.vertex.hooks import Fault, JobView

if TYPE_CHECKING:
    from concertpitch_emulator.calls import Reply
    from concertpitch_emulator.vertex.calls import Call

_NEVER = 10 * 365 * 86_400 * SECOND

_RESULTS = ("tunedModel", "tuningDataStats")
_END = ("endTime", "error")


def _shown_as(job: dict[str, Any], state: str, *drop: str) -> dict[str, Any]:
    job["state"] = f"JOB_STATE_{state}"
    return {name: value for name, value in job.items() if name not in drop}


def _then(state: str, next_state: str, *drop: str) -> JobHook:
    """The job leaves an end state a while after it was reached.

    A cancel meets what is shown: the end is left alone before, and the job is cancelled after.
    """

    def hook(job: dict[str, Any], view: JobView) -> dict[str, Any]:
        marks = view.record.marks
        if view.phase.state != f"JOB_STATE_{state}" or not aged(view) or "left-alone" in marks:
            return job
        if "cancelled" in marks:
            error = {"endTime": job["updateTime"], "error": rendering.CANCELLED_ERROR}
            return {**_shown_as(job, "CANCELLED", *drop), **error}
        return _shown_as(job, next_state, *drop)

    return hook


def _cancel_again(error: ApiError, call: Call) -> ApiError | Reply:
    """Cancel of a job that has ended, by what it shows."""
    if error.kind != "cancel-ended" or call.job is None:
        return error
    phase = call.job.timeline.at(call.now)
    if not aged(JobView(call.job, phase, call.now, call)) or "left-alone" in call.job.marks:
        call.job.marks["left-alone"] = True
        return error
    if "cancelled" in call.job.marks:
        return error
    call.job.marks["cancelled"] = True
    return reply(HTTPStatus.OK, {})


def _instead_of_cancelled(state: str, *drop: str) -> JobHook:
    def hook(job: dict[str, Any], view: JobView) -> dict[str, Any]:
        return _shown_as(job, state, *drop) if view.phase.state == "JOB_STATE_CANCELLED" else job

    return hook


def _preference_expires(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    return _instead_of_cancelled("EXPIRED", "error")(job, view) if "preferenceOptimizationSpec" in job else job


def _cancelled_succeeds(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    job = _then("CANCELLED", "SUCCEEDED", "error")(job, view)
    if job.get("state") == "JOB_STATE_SUCCEEDED":
        job.setdefault("tunedModel", rendering.tuned_model(view.record, deployed=True))
    return job


def _cancelling_runs(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.state == "JOB_STATE_CANCELLED" and not aged(view, whiles=4):
        return _shown_as(job, "RUNNING", *_END)
    return job


def _running_pends_again(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.phase.state != "JOB_STATE_RUNNING":
        return job
    timeline = view.record.timeline
    quarter = (timeline.ended - timeline.started) // 4
    # Statistics that come and go would be a second lie.
    state = "PENDING" if timeline.started + quarter <= view.now < timeline.ended - quarter else "RUNNING"
    return _shown_as(job, state, "tuningDataStats")


def _never_starts(body: Any, call: Call) -> Any:
    if call.method == "tuningJobs.create" and call.job is not None:
        timeline = call.job.timeline
        timeline.started = timeline.processed = timeline.ended = call.now + _NEVER
    return body


FAULTS = (
    Fault(
        id="life/succeeded-runs-again",
        lie="A job that succeeded runs again after a while.",
        breaks=("life/ended-stays-ended",),
        job=_then("SUCCEEDED", "RUNNING", *_END),
        refusal=_cancel_again,
    ),
    Fault(
        id="life/cancelled-succeeds",
        lie="A cancelled job has succeeded after a while.",
        breaks=("life/ended-stays-ended", "job/ran-has-start-time"),
        also=("filter/shows-all-matching", "filter/shows-only-matching"),
        job=_cancelled_succeeds,
    ),
    Fault(
        id="life/failed-becomes-pending",
        lie="A failed job waits again after a while.",
        breaks=("life/ended-stays-ended",),
        also=("life/no-way-back",),
        job=_then("FAILED", "PENDING", *_END, *_RESULTS),
        refusal=_cancel_again,
    ),
    Fault(
        id="life/cancelling-runs",
        lie="A job that is being cancelled runs again before it is cancelled.",
        breaks=("life/cancelling-only-ends", "job/ran-has-start-time"),
        job=_cancelling_runs,
    ),
    Fault(
        id="life/cancelling-expires",
        lie="A job that was being cancelled has expired.",
        breaks=("life/cancelling-only-ends",),
        also=("filter/shows-only-matching",),
        job=_instead_of_cancelled("EXPIRED", "error"),
    ),
    Fault(
        id="life/cancelling-preference-expires",
        lie="A preference optimization that was being cancelled has expired.",
        breaks=("life/cancelling-only-ends",),
        also=("filter/shows-only-matching",),
        job=_preference_expires,
    ),
    Fault(
        id="life/cancelling-forever",
        lie="A job that is being cancelled never ends.",
        breaks=("life/cancelling-resolves",),
        job=_instead_of_cancelled("CANCELLING", *_END),
    ),
    Fault(
        id="life/running-pends-again",
        lie="A running job waits again before it goes on.",
        breaks=("life/no-way-back",),
        job=_running_pends_again,
    ),
    Fault(
        id="life/never-starts",
        lie="Jobs wait for ever.",
        breaks=("life/job-is-executed",),
        answer=_never_starts,
    ),
)
