"""Endpoints -> messages and doors: what kind of request each POST, GET and DELETE was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from concertpitch.exchange import Exchange
from concertpitch.jsonrpc import reply, responses, values
from concertpitch.protojson import message, text
from concertpitch.reading.mcp.endpoints import (
    IMPOSSIBLE,
    SESSION_HEADER,
    VERSION_HEADER,
    Endpoint,
    sent_header,
    succeeded,
)
from concertpitch.subjects.mcp import (
    HANDSHAKE,
    STATELESS,
    Afterlife,
    Batch,
    Discovery,
    Foreign,
    Handshake,
    Knock,
    Malformed,
    Notice,
    SessionId,
    Sessionless,
    StrangeRevision,
    Turn,
)

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def messages_of(endpoint: Endpoint) -> Iterator[object]:
    """Every exchange at the endpoint, as what it was about; those without an answer say nothing."""
    demands_session = _demands_session(endpoint)
    for exchange in endpoint.exchanges:
        if exchange.method == "GET" and (exchange.status is not None or exchange.headers):
            yield Knock(exchange, endpoint.path, frozenset(endpoint.speaks))
        elif exchange.method == "POST" and exchange.status is not None:
            yield from _posted(endpoint, exchange, demands_session=demands_session)


def _posted(endpoint: Endpoint, exchange: Exchange, *, demands_session: bool) -> Iterator[object]:
    speaks, path = frozenset(endpoint.speaks), endpoint.path
    session, revision = sent_header(exchange, SESSION_HEADER), sent_header(exchange, VERSION_HEADER)
    request = exchange.request.value
    foreign = _foreign(exchange)
    if foreign:
        yield Foreign(exchange, path, speaks, foreign)
    elif revision and revision < IMPOSSIBLE and not message(message(request).get("params")).get("_meta"):
        yield StrangeRevision(exchange, path, speaks, revision)
    elif session and exchange.sent >= endpoint.ended.get(session, float("inf")):
        yield Afterlife(exchange, path, speaks)
    elif demands_session and not session and not succeeded(exchange) and _plain(request):
        yield Sessionless(exchange, path, speaks)
    else:
        yield from _message(exchange, request, revision, endpoint)
    given = exchange.header(SESSION_HEADER)
    if given:
        yield SessionId(exchange, path, speaks, given)


def _message(
    exchange: Exchange, request: Any, revision: str, endpoint: Endpoint
) -> Iterator[Malformed | Batch | Notice | Turn | Handshake]:
    flaw, path, speaks = _flaw(exchange), endpoint.path, frozenset(endpoint.speaks)
    if isinstance(request, list) and request:
        asked = tuple(one.get("id") for one in map(message, request) if "id" in one)
        replied = tuple(one.get("id") for one in responses(exchange))
        answered = tuple(one.get("id") for one in responses(exchange) if "result" in one)
        yield Batch(exchange, path, revision, speaks, asked, answered, replied)
    elif flaw:
        value = next((one for one in values(exchange) if isinstance(one, dict)), None)
        yield Malformed(exchange, path, flaw, value)
    elif "id" not in request or "method" not in request:
        yield Notice(exchange, path, tuple(responses(exchange)))
    else:
        turn = Turn(exchange, path, request, revision, speaks, reply(exchange))
        yield turn
        if turn.method == "initialize" and revision in {"", *HANDSHAKE}:
            asked_for = text(turn.params.get("protocolVersion"))
            taken = endpoint.strict and asked_for in endpoint.served and asked_for >= IMPOSSIBLE
            agreed = text(message(turn.result).get("protocolVersion"))
            yield Handshake(turn, asked_for, agreed, taken, named_only=endpoint.greets == {True})


def _flaw(exchange: Exchange) -> str:
    """Why a body is no message; '' if it is one."""
    request = exchange.request.value
    if exchange.request.error:
        return "json"
    if not isinstance(request, dict) or not isinstance(request.get("method", ""), str):
        return "request"
    if not request.keys() & {"method", "result", "error"}:
        return "request"
    return "" if request.get("jsonrpc") == "2.0" else "version"


def _foreign(exchange: Exchange) -> str:
    """The header that names another place, when the server is on loopback."""
    if urlsplit(exchange.url).hostname not in _LOCAL:
        return ""
    origin, host = sent_header(exchange, "origin"), sent_header(exchange, "host")
    if origin and urlsplit(origin).hostname not in _LOCAL:
        return "Origin"
    return "Host" if host and urlsplit(f"//{host}").hostname not in _LOCAL else ""


def _plain(request: Any) -> bool:
    """Whether a request could only be refused for its missing session: neither a handshake nor stateless."""
    asked = message(request)
    method, params = text(asked.get("method")), message(asked.get("params"))
    return method in {"tools/list", "tools/call", "ping"} and not params.get("_meta")


def _demands_session(endpoint: Endpoint) -> bool:
    """Whether the server gives out session ids and serves nothing but handshakes without one."""
    if not endpoint.sessions:
        return False
    bare = [
        one
        for one in endpoint.exchanges
        if one.method == "POST"
        and not sent_header(one, SESSION_HEADER)
        and sent_header(one, VERSION_HEADER) != STATELESS
        and _plain(one.request.value)
    ]
    return not any(succeeded(one) for one in bare)


def discoveries_of(turns: Iterable[Turn]) -> Iterator[Discovery]:
    for turn in turns:
        if turn.method == "server/discover" and turn.result is not None:
            yield Discovery(turn, turn.result)
