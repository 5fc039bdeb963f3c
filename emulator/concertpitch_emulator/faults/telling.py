"""Small ways of telling lies, shared by the families; it must not know any fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import SECOND
from concertpitch_emulator.identity import project_number

if TYPE_CHECKING:
    from concertpitch_emulator.calls import Reply
    from concertpitch_emulator.errors import ApiError
    from concertpitch_emulator.vertex.calls import Call
    from concertpitch_emulator.vertex.hooks import JobView
    from concertpitch_emulator.vertex.records import JobRecord
    from concertpitch_emulator.vertex.service import TuningService

JobHook = Callable[[dict[str, Any], "JobView"], dict[str, Any]]
RefusalHook = Callable[["ApiError", "Call"], "ApiError | Reply"]

# At speed 1.
_A_WHILE = 60 * SECOND

TIMES = ("createTime", "startTime", "endTime", "updateTime")
SPECS = ("supervisedTuningSpec", "preferenceOptimizationSpec")
STATS = ("supervisedTuningDataStats", "preferenceOptimizationDataStats")
SHOWS_JOBS = frozenset({"tuningJobs.create", "tuningJobs.get", "tuningJobs.list"})
ENDED = frozenset({"JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED"})


def changed(name: str, change: Callable[[Any], Any]) -> JobHook:
    """A job hook that changes one member where it is present."""

    def hook(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
        if name in job:
            job[name] = change(job[name])
        return job

    return hook


def without(name: str) -> JobHook:
    """A job hook that leaves one member out."""

    def hook(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
        job.pop(name, None)
        return job

    return hook


def hyperparameter(name: str, change: Callable[[Any], Any]) -> JobHook:
    """A job hook that changes one hyperparameter where it is present."""

    def hook(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
        for spec in SPECS:
            values = job.get(spec, {}).get("hyperParameters", {})
            if name in values:
                values[name] = change(values[name])
        return job

    return hook


def in_model(change: Callable[[dict[str, Any]], None]) -> JobHook:
    """A job hook that changes the tuned model where there is one."""

    def hook(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
        if "tunedModel" in job:
            change(job["tunedModel"])
        return job

    return hook


def in_stats(change: Callable[[dict[str, Any]], None]) -> JobHook:
    """A job hook that changes the statistics of whichever kind there are."""

    def hook(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
        for name in STATS:
            if name in job.get("tuningDataStats", {}):
                change(job["tuningDataStats"][name])
        return job

    return hook


def in_state(*states: str, change: JobHook) -> JobHook:
    """The hook, for jobs in one of the states only (names without JOB_STATE_)."""
    wanted = {f"JOB_STATE_{state}" for state in states}

    def hook(job: dict[str, Any], view: JobView) -> dict[str, Any]:
        return change(job, view) if view.phase.state in wanted else job

    return hook


def last_segment(name: str) -> str:
    return name.rpartition("/")[2]


def aged(view: JobView, whiles: int = 1) -> bool:
    """Whether a while, or more of them, has passed since the job ended; until then a poller can see its honest end."""
    ended = view.phase.ended
    return ended is not None and view.now >= ended + whiles * _A_WHILE / view.call.service.config.speed


def find(service: TuningService, project: str, job_id: str) -> JobRecord | None:
    """The job of that id in any location of the project."""
    number = project_number(project)
    jobs = service.store.all_jobs()
    return next((job for job in jobs if job.id == job_id and job.parent.project == number), None)
