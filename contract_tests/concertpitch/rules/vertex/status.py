"""google.rpc.Status inside jobs."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, OBSERVED, Findings, rule
from concertpitch.protojson import items, message, text
from concertpitch.sources import protojson, records
from concertpitch.subjects.vertex import Job


@rule(
    "job/error-has-message",
    OBSERVED,
    on=Job,
    when=lambda job: job.error is not None,
    cite=records("1 of 1 failed jobs", says="error with code and message"),
    probe="watch",
)
def error_has_message(job: Job) -> Findings:
    """A job's error says in words what went wrong."""
    if not text((job.error or {}).get("message")):
        yield f"{job.shown}: error has the code {job.error_code} and no message"


@rule(
    "job/error-details-have-type",
    CONVENTION,
    on=Job,
    when=lambda job: job.error is not None,
    cite=protojson("Any", says='object with an additional `"@type"` field inserted'),
    probe="watch",
)
def error_details_have_type(job: Job) -> Findings:
    """Each detail of a job's error, if it has any, says its `@type`."""
    for detail in items((job.error or {}).get("details")):
        if not text(message(detail).get("@type")):
            yield f"{job.shown}: error.details holds {detail} without @type"
