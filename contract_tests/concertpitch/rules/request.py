"""What every method must take."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, Cite, Findings, rule
from concertpitch.subjects import Retrieval

_SYSTEM = frozenset({"alt", "$alt", "prettyPrint", "$prettyPrint", "$.xgafv", "quotaUser", "key"})
_BAD_REQUEST = 400


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
