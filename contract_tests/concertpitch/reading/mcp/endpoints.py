"""Exchanges -> endpoints: what each endpoint showed of itself in the whole run.

Which revisions it answered in, which session ids it gave and ended, and which tools it lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.jsonrpc import reply
from concertpitch.protojson import items, message, text
from concertpitch.subjects.mcp import STATELESS

ENDPOINTS = ("/mcp/generate", "/mcp/tuning")
VERSION_HEADER = "mcp-protocol-version"
SESSION_HEADER = "mcp-session-id"
IMPOSSIBLE = "2000-01-01"
"""MCP began in 2024: no revision is older than this."""
_OK, _BAD_REQUEST = range(200, 300), 400


@dataclass
class Endpoint:
    """One endpoint, its exchanges in the order they were sent, and what the server said of itself there."""

    path: str
    exchanges: list[Exchange]
    speaks: set[str] = field(default_factory=set)
    served: set[str] = field(default_factory=set)
    """The revisions in the headers of requests that were answered with a result."""
    greets: set[bool] = field(default_factory=set)
    """Whether an initialize was answered that had a revision in its header, and whether one without was."""
    strict: bool = False
    """Whether a request was refused whose header names a revision that cannot be."""
    sessions: set[str] = field(default_factory=set)
    ended: dict[str, float] = field(default_factory=dict)
    """Session ids that a DELETE ended, with the moment of its answer."""
    tools: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists_whole: bool = False
    """Whether some list of tools came to its end, so that a tool which is not in `tools` is not there."""


def sent_header(exchange: Exchange, name: str) -> str:
    """A header of the request, or ''."""
    return next((value for key, value in exchange.request_headers if key.lower() == name), "")


def succeeded(exchange: Exchange) -> bool:
    return exchange.status in _OK


def endpoints_of(exchanges: Sequence[Exchange], base_path: str) -> list[Endpoint]:
    found = []
    for path in ENDPOINTS:
        own = sorted((one for one in exchanges if one.path == base_path + path), key=lambda one: one.sent)
        if any(succeeded(one) for one in own):
            endpoint = Endpoint(path, own)
            for exchange in own:
                _note(endpoint, exchange)
            found.append(endpoint)
    return found


def _note(endpoint: Endpoint, exchange: Exchange) -> None:
    revision = sent_header(exchange, VERSION_HEADER)
    endpoint.strict |= exchange.status == _BAD_REQUEST and "" < revision < IMPOSSIBLE
    if not succeeded(exchange):
        return
    session = sent_header(exchange, SESSION_HEADER)
    if exchange.method == "DELETE" and session:
        endpoint.ended[session] = exchange.answered
    request = message(exchange.request.value)
    result = message(message(reply(exchange)).get("result"))
    if request.get("method") == "initialize" and text(result.get("protocolVersion")):
        endpoint.speaks.add(text(result["protocolVersion"]))
        endpoint.greets.add(bool(revision))
        endpoint.sessions.update(filter(None, [exchange.header(SESSION_HEADER)]))
    if request.get("method") == "server/discover" and result:
        endpoint.speaks.update(text(one) for one in items(result.get("supportedVersions")))
    if revision == STATELESS and "resultType" in result:
        endpoint.speaks.add(STATELESS)
    if request.get("method") in {"tools/list", "ping"} and "result" in message(reply(exchange)):
        endpoint.served.add(revision)
    if request.get("method") == "tools/list":
        endpoint.tools |= {text(tool.get("name")): tool for tool in map(message, items(result.get("tools")))}
        endpoint.lists_whole |= "tools" in result and not result.get("nextCursor")
