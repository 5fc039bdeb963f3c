"""What get must answer."""

from __future__ import annotations

from concertpitch.catalogue import DOCUMENTED, Findings, rule
from concertpitch.sources import method
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
