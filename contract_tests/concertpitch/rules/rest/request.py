"""How any request must be taken, right or wrong."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, Cite, Findings, rule
from concertpitch.sources import aip, rpc
from concertpitch.subjects import Reads, Refusal, Retrieval, Unrouted

_BAD_REQUEST, _INTERNAL = 400, 500
_SYSTEM = frozenset({"alt", "$alt", "prettyPrint", "$prettyPrint", "$.xgafv", "quotaUser", "key"})
_NOT_UNDERSTOOD = frozenset({400, 405, 415, 422, 501})
_PATTERN = 3
"""Internal errors in a row that are no accident any more."""


@rule(
    "request/no-internal-error",
    ADVISED,
    on=Refusal,
    when=lambda refusal: not (refusal.client_fault and refusal.repeated),
    cite=rpc("Code", says="HTTP Mapping"),
    probe="watch",
)
def no_internal_error(refusal: Refusal) -> Findings:
    """No call is answered with an internal error (real services have them now and then, so this only warns)."""
    if refusal.call.status == _INTERNAL:
        yield f"{refusal.call.method} was answered 500"


@rule(
    "request/unrouted-is-refused",
    ADVISED,
    on=Unrouted,
    when=lambda unrouted: unrouted.exchange.method != "OPTIONS",
    cite=rpc("Code", says="HTTP Mapping: 501 Not Implemented"),
    probe="refusals",
)
def unrouted_is_refused(unrouted: Unrouted) -> Findings:
    """A path or verb that no document names is answered 4xx or 501 (no clause says which, so this only warns)."""
    status = unrouted.exchange.status or 0
    if status < _BAD_REQUEST or status == _INTERNAL:
        yield f"{unrouted.exchange.method} {unrouted.exchange.path} was answered {status}"


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
    "get/known-job-is-readable",
    CONVENTION,
    on=Reads,
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="watch",
)
def known_job_is_readable(reads: Reads) -> Findings:
    """A resource that was shown is not answered with an internal error again and again."""
    if reads.failures_in_a_row >= _PATTERN:
        yield f"{reads.failures_in_a_row} gets of {reads.calls[0].resource} in a row were answered 500"


@rule(
    "get/known-is-understood",
    CONVENTION,
    on=Retrieval,
    when=lambda get: get.known and not get.call.query,
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="watch",
)
def known_is_understood(get: Retrieval) -> Findings:
    """A plain get of a resource that was shown is never answered as if it made no sense."""
    if get.call.status in _NOT_UNDERSTOOD:
        yield f"{get.call.resource} had been shown, and a get was answered {get.call.status}"
