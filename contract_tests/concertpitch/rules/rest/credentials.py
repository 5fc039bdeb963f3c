"""What callers without valid credentials are told by a target that demands them.

WWW-Authenticate is optional: RFC 9110 demands it of a 401, Google's front ends do not always send it, and no document
of these APIs names it.
"""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.exchange import REDACTED
from concertpitch.sources import advice, aip, rpc
from concertpitch.subjects import Admission, Presented

_BAD_REQUEST, _UNAUTHENTICATED, _DENIED, _NOT_FOUND = 400, 401, 403, 404
_REFUSED = frozenset({_UNAUTHENTICATED, _DENIED})
_UNIDENTIFIED = rpc("Code.PERMISSION_DENIED", says="used if the caller can not be identified (use `UNAUTHENTICATED`")


def _told(admission: Admission, statuses: frozenset[int]) -> Findings:
    if admission.call.status not in statuses:
        yield f"{admission.call.method} with {admission.presented} was answered {admission.call.status}"


@rule(
    "auth/none-is-refused",
    CONVENTION,
    on=Admission,
    when=lambda it: it.judged and it.presented is Presented.NONE and it.sound,
    cite=_UNIDENTIFIED,
    probe="credentials",
)
def none_is_refused(it: Admission) -> Findings:
    """A call without credentials is answered 401 or 403 by every method, if by one."""
    yield from _told(it, _REFUSED)


@rule(
    "auth/malformed-is-refused",
    CONVENTION,
    on=Admission,
    when=lambda it: it.judged and it.presented is Presented.MALFORMED and it.sound,
    cite=_UNIDENTIFIED,
    probe="credentials",
)
def malformed_is_refused(it: Admission) -> Findings:
    """A call with an Authorization header that cannot be read is answered 401 or 403 (or 400, RFC 6750 3.1)."""
    yield from _told(it, _REFUSED | {_BAD_REQUEST})


@rule(
    "auth/wrong-token-is-refused",
    CONVENTION,
    on=Admission,
    when=lambda it: it.judged and it.presented is Presented.WRONG and it.sound,
    cite=_UNIDENTIFIED,
    probe="credentials",
)
def wrong_token_is_refused(it: Admission) -> Findings:
    """A call with a bearer token that nobody gave is answered 401 or 403."""
    yield from _told(it, _REFUSED)


@rule(
    "auth/before-validation",
    CONVENTION,
    on=Admission,
    when=lambda it: it.judged and it.presented is Presented.NONE and it.twin.status == _BAD_REQUEST,
    cite=aip(211, "Guidance", says="Services **must** check authorization before validating any request, to ensure"),
    probe="credentials",
)
def before_validation(it: Admission) -> Findings:
    """A wrong request without credentials is told about the credentials, not about what is wrong with it."""
    yield from _told(it, _REFUSED)


@rule(
    "auth/before-existence",
    CONVENTION,
    on=Admission,
    when=lambda it: it.judged and it.presented is Presented.NONE and it.twin.status == _NOT_FOUND,
    cite=aip(193, "Permission Denied", says="`PERMISSION_DENIED` (HTTP 403). Permission **must** be checked prior to"),
    probe="credentials",
)
def before_existence(it: Admission) -> Findings:
    """Whether a resource exists is not told to a caller without credentials: no 404 in the place of 401 or 403."""
    yield from _told(it, _REFUSED)


@rule(
    "auth/tells-no-token",
    ADVISED,
    on=Admission,
    when=lambda it: not it.call.succeeded,
    cite=advice("Credentials of one caller are not for another to read."),
    probe="credentials",
)
def tells_no_token(it: Admission) -> Findings:
    """The refusal of a stranger does not hold the credentials of the run."""
    if REDACTED.encode() in it.call.exchange.body:
        yield f"the {it.call.status} of {it.call.method} with {it.presented} holds the run's own credentials"


@rule(
    "auth/unidentified-is-401",
    ADVISED,
    on=Admission,
    when=lambda it: it.presented is Presented.NONE and it.call.status in _REFUSED,
    cite=_UNIDENTIFIED,
    probe="credentials",
)
def unidentified_is_401(it: Admission) -> Findings:
    """A caller without credentials is told 401 rather than 403 (front ends differ, so this only warns)."""
    if it.call.status == _DENIED:
        yield f"{it.call.method} with {it.presented} was answered 403, which is for callers that are known"
