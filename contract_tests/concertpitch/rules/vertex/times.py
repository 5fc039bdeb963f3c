"""When a job was created, started, ended and updated: which times it may show, and in which order."""

from __future__ import annotations

from concertpitch.catalogue import DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import precedes
from concertpitch.sources import records, vertex
from concertpitch.subjects.vertex import Job

_WITH_END = frozenset({"JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED"})


@rule(
    "job/has-create-time",
    OBSERVED,
    on=Job,
    cite=records("6 of 6 jobs", says="createTime"),
    probe="cohort",
)
def has_create_time(job: Job) -> Findings:
    """A job shows when it was created."""
    if not job.body.get("createTime"):
        yield f"{job.shown} has no createTime"


_FUTURE = 6 * 3600 * 1_000_000_000
"""Nanoseconds ahead of the server's own clock that no run reaches, accelerated emulators included."""


@rule(
    "job/times-not-in-future",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.exchange.server_time is not None and job.create_time is not None,
    cite=vertex("TuningJob", "updateTime", says="Time when the TuningJob was most recently updated."),
    probe="cohort",
)
def times_not_in_future(job: Job) -> Findings:
    """A time that a job shows is not hours ahead of the Date header of the same answer."""
    now = job.exchange.server_time or 0
    for name, time in (
        ("createTime", job.create_time),
        ("startTime", job.start_time),
        ("endTime", job.end_time),
        ("updateTime", job.update_time),
    ):
        if time is not None and time > now + _FUTURE:
            yield f"{job.shown}: {name} is {job.body[name]}, the answer's Date is {job.exchange.header('date')}"


@rule(
    "job/end-time-only-when-ended",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.unended or job.state in _WITH_END,
    cite=vertex("TuningJob", "endTime", says="entered any of the following JobStates"),
    probe="watch",
)
def end_time_only_when_ended(job: Job) -> Findings:
    """A job that has an `endTime` is in a state that ends it."""
    if job.body.get("endTime") and job.state not in _WITH_END:
        yield f"{job.shown} is {job.short_state} and has endTime {job.body['endTime']}"


@rule(
    "job/ended-has-end-time",
    OBSERVED,
    on=Job,
    when=lambda job: job.state in _WITH_END and job.source == "get",
    cite=records("3 of 3 ended jobs", says="endTime"),
    probe="watch",
)
def ended_has_end_time(job: Job) -> Findings:
    """A job that has ended shows when."""
    if not job.body.get("endTime"):
        yield f"{job.shown} is {job.short_state} without an endTime"


_RAN = frozenset({"JOB_STATE_RUNNING", "JOB_STATE_UPDATING", "JOB_STATE_SUCCEEDED"})


@rule(
    "job/ran-has-start-time",
    OBSERVED,
    on=Job,
    when=lambda job: job.state in _RAN and job.source == "get",
    cite=records("2 of 2 succeeded jobs", says="startTime"),
    probe="watch",
)
def ran_has_start_time(job: Job) -> Findings:
    """A job that runs, is updated (which only running ones are), or ran to its end shows when it started."""
    if not job.body.get("startTime"):
        yield f"{job.shown} is {job.short_state} without a startTime"


@rule(
    "job/start-not-before-create",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.create_time is not None and job.start_time is not None,
    cite=vertex("TuningJob", "startTime", says="for the first time entered the `JOB_STATE_RUNNING` state"),
    probe="watch",
)
def start_not_before_create(job: Job) -> Findings:
    """A job does not start before it is created."""
    if precedes(job.body["startTime"], job.body["createTime"]):
        yield f"{job.shown}: startTime {job.body['startTime']} is before createTime {job.body['createTime']}"


@rule(
    "job/end-not-before-start",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.end_time is not None and (job.start_time or job.create_time) is not None,
    cite=vertex("TuningJob", "endTime", says="Time when the TuningJob entered any of the following JobStates"),
    probe="watch",
)
def end_not_before_start(job: Job) -> Findings:
    """A job does not end before it starts or is created."""
    for name in ("startTime", "createTime"):
        if precedes(job.body["endTime"], job.body.get(name)):
            yield f"{job.shown}: endTime {job.body['endTime']} is before {name} {job.body[name]}"
            return


@rule(
    "job/update-not-before-create",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.create_time is not None and job.update_time is not None,
    cite=vertex("TuningJob", "updateTime", says="Time when the TuningJob was most recently updated."),
    probe="cohort",
)
def update_not_before_create(job: Job) -> Findings:
    """A job was not updated before it was created."""
    if precedes(job.body["updateTime"], job.body["createTime"]):
        yield f"{job.shown}: updateTime {job.body['updateTime']} is before createTime {job.body['createTime']}"


@rule(
    "job/update-not-before-end",
    OBSERVED,
    on=Job,
    when=lambda job: job.ended and job.end_time is not None and job.update_time is not None,
    cite=records("3 of 3 ended jobs", says="endTime == updateTime"),
    probe="watch",
)
def update_not_before_end(job: Job) -> Findings:
    """An ended job was last updated when it ended, or later."""
    if precedes(job.body["updateTime"], job.body["endTime"]):
        yield f"{job.shown}: updateTime {job.body['updateTime']} is before endTime {job.body['endTime']}"
