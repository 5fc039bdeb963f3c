"""Lies of the endpoint itself: who is let in, with which verb, revision and session."""

from __future__ import annotations

import secrets

import orjson

from concertpitch_emulator.faults.mcp.telling import Replies
from concertpitch_emulator.mcp.hooks import Fault, Post, Reply
from concertpitch_emulator.mcp.revisions import ALL, HANDSHAKE, VERSION_HEADER

_SESSION = "mcp-session-id"


def _get_is_json(reply: Reply, post: Post) -> Reply:
    return Reply(200, b"{}", {"content-type": "application/json"}) if post.verb == "GET" else reply


def _origin_400(reply: Reply, _post: Post) -> Reply:
    if reply.status == 403:  # noqa: PLR2004
        reply.status = 400
    return reply


def _forget_strange_revision(post: Post) -> Post:
    if post.headers.get(VERSION_HEADER) not in ALL and b"io.modelcontextprotocol" not in post.content:
        post.headers.pop(VERSION_HEADER, None)
    return post


def _method(post: Post) -> str:
    """The method of the one message that was posted; '' for anything else."""
    try:
        value = orjson.loads(post.content)
    except orjson.JSONDecodeError:
        return ""
    return str(value.get("method", "")) if isinstance(value, dict) else ""


def _with_session(reply: Reply, post: Post, session: str) -> Reply:
    if _method(post) == "initialize":
        reply.headers = {**reply.headers, _SESSION: session}
    return reply


def _session_with_space(reply: Reply, post: Post) -> Reply:
    return _with_session(reply, post, "session 1")


def _session_demanded(reply: Reply, post: Post) -> Reply:
    handshake_era = post.headers.get(VERSION_HEADER) in {None, *HANDSHAKE} and b"protocolVersion" not in post.content
    if handshake_era and _method(post) in {"tools/list", "tools/call"} and _SESSION not in post.headers:
        return Reply(404)
    return _with_session(reply, post, secrets.token_hex(8))


def _any_bearer(post: Post) -> Post:
    post.stranger = post.stranger and len(post.headers.get("authorization", "").split()) < 2  # noqa: PLR2004
    return post


def _denied(*, known: bool) -> Replies:
    """403 in the place of 401, for callers with a header Authorization or without."""

    def replies(reply: Reply, post: Post) -> Reply:
        if reply.status == 401 and ("authorization" in post.headers) is known:  # noqa: PLR2004
            reply.status = 403
        return reply

    return replies


def _session_survives(reply: Reply, post: Post) -> Reply:
    return Reply(200) if post.verb == "DELETE" else _with_session(reply, post, secrets.token_hex(8))


FAULTS = [
    Fault(
        id="mcp/get-is-json",
        lie="A GET is answered with JSON.",
        breaks=("mcp/get-stream-or-405",),
        replies=_get_is_json,
    ),
    Fault(
        id="mcp/foreign-origin-served",
        lie="Web pages from elsewhere are served on loopback.",
        breaks=("mcp/foreign-origin-refused",),
        forgives=frozenset({"origin"}),
    ),
    Fault(
        id="mcp/foreign-origin-400",
        lie="Web pages from elsewhere are refused with 400.",
        breaks=("mcp/foreign-origin-403",),
        replies=_origin_400,
    ),
    Fault(
        id="mcp/foreign-host-served",
        lie="Requests for another host are served on loopback.",
        breaks=("mcp/foreign-host-refused",),
        forgives=frozenset({"host"}),
    ),
    Fault(
        id="mcp/strange-revision-served",
        lie="A header with a revision that does not exist is overlooked.",
        breaks=("mcp/strange-revision-400",),
        hears=_forget_strange_revision,
    ),
    Fault(
        id="mcp/session-with-space",
        lie="Session ids have a space in them.",
        breaks=("mcp/session-id-visible",),
        replies=_session_with_space,
    ),
    Fault(
        id="mcp/sessionless-404",
        lie="A session is demanded, and its absence answered 404.",
        breaks=("mcp/session-missing-400",),
        replies=_session_demanded,
    ),
    Fault(
        id="mcp/session-survives",
        lie="A session that was ended goes on.",
        breaks=("mcp/session-gone-404",),
        replies=_session_survives,
    ),
    Fault(
        id="mcp/any-token",
        lie="Whatever stands after the name of the scheme is taken as a token.",
        breaks=("mcp/wrong-token-refused",),
        hears=_any_bearer,
    ),
    Fault(
        id="mcp/wrong-token-403",
        lie="A wrong token is 403.",
        breaks=("mcp/wrong-token-401",),
        replies=_denied(known=True),
    ),
    Fault(
        id="mcp/nobody-403",
        lie="A call without credentials is 403.",
        breaks=("mcp/no-credentials-401",),
        replies=_denied(known=False),
    ),
]
