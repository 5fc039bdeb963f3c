"""google.rpc.Status inside jobs and operations."""

from __future__ import annotations

from concertpitch.catalogue import DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import integer, message, text
from concertpitch.sources import google, records
from concertpitch.subjects import Operation
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


@rule(
    "operation/error-code-is-rpc",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: bool(message(operation.body.get("error"))),
    cite=google("RpcStatus", "code", says="should be an enum value of google.rpc.Code"),
    probe="operations",
)
def error_code_is_rpc(operation: Operation) -> Findings:
    """An operation's error code is a google.rpc.Code from 1 to 16, not an HTTP status."""
    code = integer(message(operation.body.get("error")).get("code"))
    if code not in _CODES:
        yield f"{operation.name}: error.code is {code}"
