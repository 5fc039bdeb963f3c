"""The HTTP face of MCP: one POST with a message (or, where the revision has them, a batch) and one JSON answer.

The server of the official `mcp` package is not used: it always speaks one of its own revisions in its own way, and
a lie must be able to change any single promise, down to the bytes of an id, without touching another. Streamable
HTTP without sessions and streams is short enough to be written here; the official clients are the tests.

It must not know what a method answers.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from concertpitch_emulator.mcp import jsonrpc, revisions, stateless
from concertpitch_emulator.mcp.hooks import Hooks, Post, Reply
from concertpitch_emulator.mcp.jsonrpc import INVALID_REQUEST, METHOD_NOT_FOUND, Message, Refused
from concertpitch_emulator.protojson import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from concertpitch_emulator.mcp.methods import Methods

ENDPOINTS = ("/mcp/generate", "/mcp/tuning")

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LOCAL_NAMES = {"localhost"}
_LONGEST_BATCH = 100
"""More messages in one body would keep everybody else waiting for seconds."""


class Endpoint:
    """Both endpoints; they serve the same tools, with a `token` to those only who bear it."""

    def __init__(self, methods: Methods, hooks: Hooks, token: str = "") -> None:
        self._methods = methods
        self._token = token
        self._hooks = hooks
        self._lore: dict[str, Any] = {}

    def routes(self) -> list[Route]:
        return [Route(path, self._serve, methods=_VERBS) for path in ENDPOINTS]

    async def _serve(self, request: Request) -> Response:
        try:
            content = await _content(request)
        except ClientDisconnect:
            content = b""
        host = (request.scope.get("server") or ("", 0))[0]
        headers = {name.lower(): value for name, value in request.headers.items()}
        post = Post(request.method, request.url.path, headers, content, _is_local(host), self._lore)
        post.stranger = bool(self._token) and headers.get("authorization") != f"Bearer {self._token}"
        post = self._hooks.hears(post)
        reply = self._hooks.replies(self._answer(post), post)
        return Response(reply.content, reply.status, headers=reply.headers)

    def _answer(self, post: Post) -> Reply:
        refusals: list[tuple[str, bool, Callable[[], Reply]]] = [
            (
                "host",
                post.local and not _is_local(_host("//" + post.headers.get("host", ""))),
                lambda: _forbidden(421, "Host"),
            ),
            ("origin", not _same_place(post), lambda: _forbidden(403, "Origin")),
            ("token", post.stranger, lambda: Reply(401, headers={"www-authenticate": "Bearer"})),
            ("verb", post.verb != "POST", lambda: Reply(405, headers={"allow": "POST"})),
            ("size", len(post.content) > MAX_BYTES, lambda: Reply(413)),
        ]
        for kind, wrong, reply in refusals:
            if wrong and not self._hooks.forgives(kind):
                return reply()
        revision = post.headers.get(revisions.VERSION_HEADER)
        try:
            value = jsonrpc.parse(post.content)
            if isinstance(value, list):
                return self._batch(value, revision or revisions.BATCHING, post)
        except Refused as refused:
            return _json(400, jsonrpc.error(None, refused))
        answer, status = self._one(value, post)
        return Reply(202) if answer is None else _json(status, answer)

    def _batch(self, values: list[Any], revision: str, post: Post) -> Reply:
        if revision != revisions.BATCHING and not self._hooks.forgives("batch"):
            raise Refused(INVALID_REQUEST, f"Invalid request: revision {revision[:40]} has no batches.", "batch")
        if not values:
            raise Refused(INVALID_REQUEST, "Invalid request: the batch is empty.", "empty-batch")
        if len(values) > _LONGEST_BATCH:
            text = f"Invalid request: the batch has more than {_LONGEST_BATCH} messages."
            raise Refused(INVALID_REQUEST, text, "long-batch")
        answers = [self._one(value, post)[0] for value in values]
        answers = [answer for answer in answers if answer is not None]
        return _json(200, answers) if answers else Reply(202)

    def _one(self, value: Any, post: Post) -> tuple[dict[str, Any] | None, int]:
        """The answer to one message, None where none is due, and the HTTP status that goes with it."""
        message = Message(jsonrpc.usable_id(value), "")
        try:
            message = jsonrpc.read(value)
            revision = self._revision(message, post)
            if not message.expects_answer:
                return None, 202
            answer, status = jsonrpc.result(message, self._methods.result(message, revision, post)), 200
        except Refused as refused:
            answer, status = jsonrpc.error(message.id, refused), _status(refused, post)
        return self._hooks.says(answer, message, post), status

    def _revision(self, message: Message, post: Post) -> str:
        """The revision a message is to be answered in; raises `Refused` where it breaks that revision's rules."""
        revision = revisions.spoken(post.headers.get(revisions.VERSION_HEADER), message.params)
        if revision in revisions.HANDSHAKE:
            return revision
        violations: Iterable[Refused] = ()
        if revision != revisions.STATELESS and revisions.VERSION_META not in revisions.meta(message.params):
            violations = [stateless.unsupported(revision)]
        elif message.expects_answer:
            violations = stateless.violations(message, post.headers)
        for violation in violations:
            if not self._hooks.forgives(violation.kind):
                raise violation
        return revision if revision in revisions.ALL else revisions.NEWEST_HANDSHAKE


def _status(refused: Refused, post: Post) -> int:
    """The handshake revisions leave the status of an error open, except for what is no request at all."""
    if post.headers.get(revisions.VERSION_HEADER) not in (None, *revisions.HANDSHAKE):
        return 404 if refused.code == METHOD_NOT_FOUND else 400
    return 400 if refused.code in {INVALID_REQUEST, jsonrpc.HEADER_MISMATCH} else 200


def _json(status: int, value: Any) -> Reply:
    return Reply(status, orjson.dumps(value), {"content-type": "application/json"})


def _forbidden(status: int, header: str) -> Reply:
    refused = Refused(INVALID_REQUEST, f"The header {header} names another place than this server.", "rebinding")
    return _json(status, jsonrpc.error(None, refused))


def _same_place(post: Post) -> bool:
    """Whether a browser's page of this machine, or no browser, sent the request."""
    origin = post.headers.get("origin")
    return not post.local or origin is None or _is_local(_host(origin))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in _LOCAL_NAMES


async def _content(request: Request) -> bytes:
    """The body, as far as it is not too long."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            break
    return bytes(content)
