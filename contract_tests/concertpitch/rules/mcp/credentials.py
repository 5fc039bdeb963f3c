"""What callers without valid credentials are told at an endpoint that demands them.

WWW-Authenticate is not judged: since 2025-11-25 a well-known address may take its place.
"""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.sources import mcp
from concertpitch.subjects import Presented
from concertpitch.subjects.mcp import Outsider

_BAD_REQUEST, _UNAUTHORIZED = 400, 401
_CITE = mcp(
    "authorization, Token Handling",
    says="error handling requirements. Invalid or expired tokens **MUST** receive a HTTP 401",
)


def _answered(outsider: Outsider) -> str:
    return f"{outsider.method} at {outsider.endpoint} with {outsider.presented} was answered {outsider.status}"


@rule(
    "mcp/wrong-token-refused",
    CONVENTION,
    on=Outsider,
    when=lambda outsider: outsider.presented is not Presented.NONE,
    cite=_CITE,
    probe="credentials",
)
def wrong_token_refused(outsider: Outsider) -> Findings:
    """An endpoint that demands credentials answers nobody whose credentials it cannot know with a success."""
    if outsider.status < _BAD_REQUEST:
        yield _answered(outsider)


@rule(
    "mcp/wrong-token-401",
    CONVENTION,
    on=Outsider,
    when=lambda outsider: outsider.presented is Presented.WRONG and outsider.bearer and outsider.status >= _BAD_REQUEST,
    cite=_CITE,
    probe="credentials",
)
def wrong_token_401(outsider: Outsider) -> Findings:
    """A bearer token that nobody gave is answered 401, where bearer tokens are taken."""
    if outsider.status != _UNAUTHORIZED:
        yield _answered(outsider)


@rule(
    "mcp/no-credentials-401",
    ADVISED,
    on=Outsider,
    when=lambda outsider: outsider.presented is Presented.NONE,
    cite=_CITE,
    probe="credentials",
)
def no_credentials_401(outsider: Outsider) -> Findings:
    """A caller without credentials is told 401 rather than 403 (the clause speaks of tokens, so this warns)."""
    if outsider.status != _UNAUTHORIZED:
        yield _answered(outsider)
