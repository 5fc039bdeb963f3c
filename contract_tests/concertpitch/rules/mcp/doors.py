"""The endpoint itself: verbs, foreign places, revisions in headers, sessions."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.jsonrpc import EVENT_STREAM
from concertpitch.sources import advice, mcp
from concertpitch.subjects.mcp import (
    NEWEST_HANDSHAKE,
    STRUCTURED,
    Afterlife,
    Foreign,
    Knock,
    SessionId,
    Sessionless,
    StrangeRevision,
)

_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND, _NOT_ALLOWED = 400, 403, 404, 405
_VISIBLE = re.compile(r"[\x21-\x7e]+")


@rule(
    "mcp/get-stream-or-405",
    CONVENTION,
    on=Knock,
    when=lambda knock: knock.status not in {_BAD_REQUEST, 401, 403},
    cite=mcp(
        "transports, Listening",
        says="this HTTP GET, or else return HTTP 405 Method Not Allowed, indicating that the server",
    ),
    probe="doors",
)
def get_stream_or_405(knock: Knock) -> Findings:
    """A GET opens an event stream or is answered 405."""
    if knock.status != _NOT_ALLOWED and knock.exchange.media_type != EVENT_STREAM:
        yield f"a GET of {knock.endpoint} was answered {knock.status} as {knock.exchange.media_type or 'nothing'}"


@rule(
    "mcp/foreign-origin-refused",
    CONVENTION,
    on=Foreign,
    when=lambda foreign: foreign.header == "Origin",
    cite=mcp(
        "transports, Security Warning",
        says="If the `Origin` header is present and invalid, servers **MUST** respond with HTTP 403 Forbidden.",
    ),
    probe="doors",
)
def foreign_origin_refused(foreign: Foreign) -> Findings:
    """A server on loopback refuses requests of web pages from elsewhere."""
    if foreign.status < _BAD_REQUEST:
        yield f"a request with a foreign Origin at {foreign.endpoint} was answered {foreign.status}"


@rule(
    "mcp/foreign-origin-403",
    CONVENTION,
    on=Foreign,
    when=lambda foreign: (
        foreign.header == "Origin" and NEWEST_HANDSHAKE in foreign.speaks and foreign.status >= _BAD_REQUEST
    ),
    cite=mcp(
        "transports, Security Warning",
        says="If the `Origin` header is present and invalid, servers **MUST** respond with HTTP 403 Forbidden.",
    ),
    probe="doors",
)
def foreign_origin_403(foreign: Foreign) -> Findings:
    """A server of revision 2025-11-25 that refuses a foreign Origin answers 403."""
    if foreign.status != _FORBIDDEN:
        yield f"a request with a foreign Origin at {foreign.endpoint} was answered {foreign.status}"


@rule(
    "mcp/foreign-host-refused",
    ADVISED,
    on=Foreign,
    when=lambda foreign: foreign.header == "Host",
    cite=advice("a server on loopback that checks no Host can be reached by DNS rebinding"),
    probe="doors",
)
def foreign_host_refused(foreign: Foreign) -> Findings:
    """A server on loopback refuses requests for another host (the conformance suite of MCP asks for it)."""
    if foreign.status < _BAD_REQUEST:
        yield f"a request with a foreign Host at {foreign.endpoint} was answered {foreign.status}"


@rule(
    "mcp/strange-revision-400",
    CONVENTION,
    on=StrangeRevision,
    when=lambda strange: bool(strange.speaks & set(STRUCTURED)),
    cite=mcp(
        "transports, Protocol Version Header",
        says="`MCP-Protocol-Version`, it **MUST** respond with `400 Bad Request`.",
    ),
    probe="doors",
)
def strange_revision_400(strange: StrangeRevision) -> Findings:
    """A header MCP-Protocol-Version that nobody knows is answered 400."""
    if strange.status != _BAD_REQUEST:
        yield f"MCP-Protocol-Version {strange.header} at {strange.endpoint} was answered {strange.status}"


@rule(
    "mcp/session-id-visible",
    CONVENTION,
    on=SessionId,
    cite=mcp(
        "transports, Session Management",
        says="The session ID **MUST** only contain visible ASCII characters (ranging from 0x21 to",
    ),
    probe="sessions",
)
def session_id_visible(session: SessionId) -> Findings:
    """A session id holds visible ASCII characters only."""
    if not _VISIBLE.fullmatch(session.value):
        yield f"{session.endpoint} gave out the session id {session.value!r}"


@rule(
    "mcp/session-missing-400",
    ADVISED,
    on=Sessionless,
    cite=mcp(
        "transports, Session Management",
        says="Servers that require a session ID **SHOULD** respond to requests without an",
    ),
    probe="sessions",
)
def session_missing_400(sessionless: Sessionless) -> Findings:
    """A server that demands a session id answers 400 without one."""
    if sessionless.status != _BAD_REQUEST:
        yield f"a request without a session at {sessionless.endpoint} was answered {sessionless.status}"


@rule(
    "mcp/session-gone-404",
    CONVENTION,
    on=Afterlife,
    cite=mcp(
        "transports, Session Management",
        says="The server **MAY** terminate the session at any time, after which it **MUST** respond",
    ),
    probe="sessions",
)
def session_gone_404(afterlife: Afterlife) -> Findings:
    """A request in a session that was ended is answered 404."""
    if afterlife.status != _NOT_FOUND:
        yield f"a request in an ended session at {afterlife.endpoint} was answered {afterlife.status}"
