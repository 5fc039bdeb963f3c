"""What get must answer."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.sources import aip, method
from concertpitch.subjects.vertex import JobRetrieval


@rule(
    "get/returns-the-job-asked",
    DOCUMENTED,
    on=JobRetrieval,
    when=lambda get: bool(get.shown),
    cite=method("get", says="Gets a tuning job."),
    probe="watch",
)
def returns_the_job_asked(get: JobRetrieval) -> Findings:
    """A get answers the job that was asked for."""
    if get.shows_another:
        yield f"asked for {get.asked}, got {get.shown}"


@rule(
    "get/job-stays",
    CONVENTION,
    on=JobRetrieval,
    when=lambda get: get.kept,
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="watch",
)
def job_stays(get: JobRetrieval) -> Findings:
    """A job that a get showed can be read again: no method deletes jobs."""
    if get.call.status in {404, 410}:
        yield f"a get of {get.asked} was answered {get.call.status}, an earlier one had shown it"
