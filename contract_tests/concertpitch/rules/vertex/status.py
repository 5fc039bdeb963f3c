"""google.rpc.Status inside jobs and operations."""

from __future__ import annotations

from concertpitch.catalogue import OBSERVED, Findings, rule
from concertpitch.protojson import text
from concertpitch.sources import records
from concertpitch.subjects.vertex import Job

_CODES = range(1, 17)
"""google.rpc.Code without OK."""


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
