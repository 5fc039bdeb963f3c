"""An MCP client that says exactly what it is told to, and the REST lab beside it that makes the jobs to look at.

Rule 1: it keeps what a client must keep (session id, negotiated revision) and sends it unless a probe says otherwise.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from concertpitch import __version__
from concertpitch.exchange import Exchange
from concertpitch.jsonrpc import EVENT_STREAM, reply
from concertpitch.lab import Lab
from concertpitch.probes.vertex.lab import VertexLab
from concertpitch.protojson import items, message, text
from concertpitch.subjects.mcp import HANDSHAKE, NEWEST_HANDSHAKE, STATELESS

ENDPOINTS = ("/mcp/generate", "/mcp/tuning")
_CLIENT = {"name": "concertpitch", "version": __version__}
_ACCEPT = "application/json, text/event-stream"
_META = "io.modelcontextprotocol/"
_SUCCESS, _BAD_REQUEST = range(200, 300), 400
_KNOWN = frozenset({"", *HANDSHAKE, STATELESS})
_MOST_PAGES = 50
"""Of a list of tools: longer ones are not read to their end."""


@dataclass(frozen=True)
class Line:
    """How one endpoint is talked to: the revision spoken there ('' when none was agreed on), and the session's id."""

    endpoint: str
    revision: str = ""
    session: str = ""

    @property
    def headers(self) -> dict[str, str]:
        named = {"mcp-protocol-version": self.revision, "mcp-session-id": self.session}
        return {name: value for name, value in named.items() if value}


@dataclass
class McpLab(Lab):
    """A lab that knows MCP. `lines` has the served endpoints, each in the newest revision that it agreed to."""

    rest: VertexLab = field(init=False)
    lines: list[Line] = field(default_factory=list)
    tools: set[str] = field(default_factory=set)
    """Names of the tools that some endpoint lists."""
    stateless: list[str] = field(default_factory=list)
    """Endpoints that speak the revision without a handshake."""
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.rest = VertexLab(self.settings, self.transport, self.run_id)

    def http(
        self,
        verb: str,
        endpoint: str,
        content: bytes = b"",
        *,
        probe: str,
        headers: Mapping[str, str] | None = None,
        accept: str = _ACCEPT,
        stranger: Mapping[str, str] | None = None,
    ) -> Exchange:
        """`stranger` are headers sent in the place of the run's own credentials."""
        sending = {"accept": accept, **(headers or {}), **(stranger or {})}
        return self.transport.send(
            verb, endpoint, body=content, headers=sending, probe=probe, authorize=stranger is None
        )

    def post(
        self,
        line: Line,
        value: Any,
        *,
        probe: str,
        headers: Mapping[str, str] | None = None,
        stranger: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Post a JSON value in a session as it stands."""
        content, sending = json.dumps(value).encode(), line.headers | dict(headers or {})
        return self.http("POST", line.endpoint, content, probe=probe, headers=sending, stranger=stranger)

    def request(self, method: str, params: Any = None, message_id: Any = None) -> dict[str, Any]:
        """A request message; it gets the next number where no id is given."""
        number = next(self._ids) if message_id is None else message_id
        return {"jsonrpc": "2.0", "id": number, "method": method} | ({} if params is None else {"params": params})

    def ask(self, line: Line, method: str, params: Any = None, *, probe: str) -> Exchange:
        """Post a well-formed request in the way of the line's revision."""
        if line.revision == STATELESS:
            return self.ask_stateless(line.endpoint, method, params, probe=probe)
        return self.post(line, self.request(method, params), probe=probe)

    def ask_stateless(
        self,
        endpoint: str,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        probe: str,
        headers: Mapping[str, str | None] | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> Exchange:
        """Post a request of 2026-07-28; `headers` and `meta` replace what it needs, None leaves a header out."""
        given = dict(params or {})
        needed: dict[str, str | None] = {"mcp-protocol-version": STATELESS, "mcp-method": method}
        if isinstance(given.get("name"), str):
            needed["mcp-name"] = given["name"]
        sent = {name: value for name, value in (needed | dict(headers or {})).items() if value is not None}
        body = self.request(method, {"_meta": self.meta() if meta is None else meta, **given})
        return self.post(Line(endpoint), body, probe=probe, headers=sent)

    @staticmethod
    def meta(revision: str = STATELESS) -> dict[str, Any]:
        """The `_meta` that every request of 2026-07-28 carries."""
        return {
            f"{_META}protocolVersion": revision,
            f"{_META}clientInfo": _CLIENT,
            f"{_META}clientCapabilities": {},
        }

    def initialize(self, endpoint: str, revision: str, *, probe: str, named: bool = False) -> Line | None:
        """Agree on a revision and say so; None when there was no agreement. `named`: the header names it already."""
        params = {"protocolVersion": revision, "capabilities": {}, "clientInfo": _CLIENT}
        line = Line(endpoint, revision if named else "")
        exchange = self.post(line, self.request("initialize", params), probe=probe)
        agreed = text(message(message(reply(exchange)).get("result")).get("protocolVersion"))
        if not agreed:
            return None
        line = Line(endpoint, agreed, exchange.header("mcp-session-id"))
        self.post(line, {"jsonrpc": "2.0", "method": "notifications/initialized"}, probe=probe)
        return line

    def connect(self, endpoint: str, *, probe: str) -> Exchange:
        """Find out how an endpoint wants to be talked to; the answer to a list of tools asked in that way."""
        line = self.initialize(endpoint, NEWEST_HANDSHAKE, probe=probe)
        discovered = self.ask_stateless(endpoint, "server/discover", probe=probe)
        supported = items(message(message(reply(discovered)).get("result")).get("supportedVersions"))
        listed = self.ask_stateless(endpoint, "tools/list", probe=probe) if STATELESS not in supported else discovered
        if STATELESS in supported or "resultType" in _listed(listed):
            self.stateless.append(endpoint)
        line = line or self.initialize(endpoint, NEWEST_HANDSHAKE, probe=probe, named=True)
        line = line or Line(endpoint, STATELESS if endpoint in self.stateless else "")
        exchange = self.ask(line, "tools/list", probe=probe)
        if line.revision not in _KNOWN and exchange.status == _BAD_REQUEST:  # what was agreed on is refused
            line = replace(line, revision="")
            exchange = self.ask(line, "tools/list", probe=probe)
        shown = message(exchange.answer.value).keys() if exchange.status in _SUCCESS else set()
        if _listed(exchange) or shown & {"result", "tools"} or (exchange.media_type == EVENT_STREAM and exchange.body):
            self.lines.append(line)
            self._walk(line, exchange, probe=probe)
        return exchange

    def _walk(self, line: Line, exchange: Exchange, *, probe: str) -> None:
        """Note the tools of a page and of all that follow it."""
        followed: set[str] = set()
        while True:
            page = _listed(exchange)
            self.tools |= {text(message(tool).get("name")) for tool in items(page.get("tools"))}
            cursor = text(page.get("nextCursor"))
            if not cursor or cursor in followed or len(followed) == _MOST_PAGES:
                return
            followed.add(cursor)
            exchange = self.ask(line, "tools/list", {"cursor": cursor}, probe=probe)

    def call(self, line: Line, tool: str, arguments: Mapping[str, Any], *, probe: str) -> Exchange:
        return self.ask(line, "tools/call", {"name": tool, "arguments": dict(arguments)}, probe=probe)


def _listed(exchange: Exchange) -> dict[str, Any]:
    """The result of tools/list, empty where there is none."""
    return message(message(reply(exchange)).get("result"))
