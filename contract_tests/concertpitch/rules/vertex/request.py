"""What every method must take, and what get must answer."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, DOCUMENTED, Cite, Findings, rule
from concertpitch.sources import aip, method
from concertpitch.subjects.vertex import Reads, Retrieval

_SYSTEM = frozenset({"alt", "$alt", "prettyPrint", "$prettyPrint", "$.xgafv", "quotaUser", "key"})
_BAD_REQUEST = 400
_PATTERN = 3
"""Internal errors in a row that are no accident any more."""


@rule(
    "request/system-parameters",
    CONVENTION,
    on=Retrieval,
    when=lambda get: get.known and bool(get.call.query) and get.call.query.keys() <= _SYSTEM,
    cite=Cite("Google API system parameters", "Definitions", "Supported values are json (default)"),
    probe="parameters",
)
def system_parameters(get: Retrieval) -> Findings:
    """System parameters (alt=json, prettyPrint, $.xgafv) are taken by every method."""
    if get.call.status == _BAD_REQUEST:
        yield f"a get with {', '.join(f'{name}={value}' for name, value in get.call.query.items())} was answered 400"


@rule(
    "get/returns-the-job-asked",
    DOCUMENTED,
    on=Retrieval,
    when=lambda get: bool(get.shown),
    cite=method("get", says="Gets a tuning job."),
    probe="watch",
)
def returns_the_job_asked(get: Retrieval) -> Findings:
    """A get answers the job that was asked for."""
    if get.shows_another:
        yield f"asked for {get.asked}, got {get.shown}"


@rule(
    "get/known-job-is-readable",
    CONVENTION,
    on=Reads,
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="watch",
)
def known_job_is_readable(reads: Reads) -> Findings:
    """A job that was shown is not answered with an internal error again and again."""
    if reads.failures_in_a_row >= _PATTERN:
        yield f"{reads.failures_in_a_row} gets of {reads.calls[0].path['tuningJobsId']} in a row were answered 500"


@rule(
    "get/job-stays",
    CONVENTION,
    on=Retrieval,
    when=lambda get: get.kept,
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="watch",
)
def job_stays(get: Retrieval) -> Findings:
    """A job that a get showed can be read again: no method deletes jobs."""
    if get.call.status in {404, 410}:
        yield f"a get of {get.asked} was answered {get.call.status}, an earlier one had shown it"
