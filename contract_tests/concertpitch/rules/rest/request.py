"""How any request must be taken, right or wrong."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, Findings, rule
from concertpitch.sources import rpc
from concertpitch.subjects import Refusal, Unrouted

_BAD_REQUEST, _INTERNAL = 400, 500


@rule(
    "request/no-internal-error",
    ADVISED,
    on=Refusal,
    when=lambda refusal: not refusal.client_fault,
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
    if status < _BAD_REQUEST:
        yield f"{unrouted.exchange.method} {unrouted.exchange.path} was answered {status}"
