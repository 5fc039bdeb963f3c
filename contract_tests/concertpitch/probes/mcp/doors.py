"""The endpoint itself: verbs, foreign places, revisions in headers, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from concertpitch.exchange import Exchange
from concertpitch.jsonrpc import reply
from concertpitch.probes.mcp.lab import Line, McpLab
from concertpitch.probes.mcp.messages import UNKNOWN_REVISION
from concertpitch.probes.strangers import NOBODY, STRANGERS
from concertpitch.protojson import message
from concertpitch.subjects.mcp import NEWEST_HANDSHAKE, STATELESS

_ELSEWHERE = "evil.example.com"
_ORIGINS = (_ELSEWHERE, f"localhost.{_ELSEWHERE}", f"127.0.0.1.{_ELSEWHERE}")
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_SERVED = range(200, 300)


def verbs(lab: McpLab) -> None:
    """A GET, which opens a stream or is not allowed."""
    for line in lab.lines:
        lab.http("GET", line.endpoint, probe="doors", headers=line.headers, accept="text/event-stream")


def foreigners(lab: McpLab) -> None:
    """A request as a web page of another place would make it, through DNS rebinding to a server on loopback."""
    for line in lab.lines if urlsplit(lab.settings.target).hostname in _LOCAL else ():
        for foreign in (*({"origin": f"http://{place}"} for place in _ORIGINS), {"host": _ELSEWHERE}):
            _list(lab, line, probe="doors", headers=foreign)
        _list(lab, line, probe="doors", headers={"origin": f"http://{_ELSEWHERE}"}, method="tools/call")


def revisions(lab: McpLab) -> None:
    """A request with a revision that nobody knows, and the documented sample call: no handshake and no header."""
    for line in lab.lines:
        if line.revision != STATELESS:
            headers = {"mcp-protocol-version": UNKNOWN_REVISION}
            lab.post(line, lab.request("tools/list"), probe="doors", headers=headers)
        lab.post(Line(line.endpoint), lab.request("tools/list"), probe="doors")


def sessions(lab: McpLab) -> None:
    """A session of its own, ended, and used once more."""
    for known in lab.lines:
        line = lab.initialize(known.endpoint, NEWEST_HANDSHAKE, probe="doors")
        if line is not None and line.session:
            lab.http("DELETE", line.endpoint, probe="doors", headers=line.headers)
            lab.post(line, lab.request("tools/list"), probe="doors")


def outsiders(lab: McpLab) -> None:
    """Lists of tools asked for as nobody, with credentials that cannot be read, and with a token that nobody gave."""
    if not lab.transport.authorized:
        lab.missing["credentials"] = "the run has no credentials"
        return
    open_doors = 0
    for line in lab.lines:
        for stranger in STRANGERS:
            answered = _list(lab, line, probe="credentials", stranger=stranger)
            if stranger is NOBODY and answered.status in _SERVED and "result" in message(reply(answered)):
                open_doors += 1
                break
    if open_doors == len(lab.lines):
        lab.missing["credentials"] = "the target answers without credentials"


def _list(
    lab: McpLab,
    line: Line,
    *,
    probe: str,
    headers: Mapping[str, str] | None = None,
    stranger: Mapping[str, str] | None = None,
    method: str = "tools/list",
) -> Exchange:
    """Ask for the tools, or for what one of them does, in the way of the line's revision."""
    called = min(lab.tools, default="concertpitch_nothing") if method == "tools/call" else ""
    params: dict[str, Any] = {"name": called, "arguments": {}} if called else {}
    if line.revision != STATELESS:
        return lab.post(line, lab.request(method, params), probe=probe, headers=headers, stranger=stranger)
    needed = {"mcp-protocol-version": STATELESS, "mcp-method": method, **(headers or {})}
    needed |= {"mcp-name": called} if called else {}
    request = lab.request(method, {"_meta": lab.meta(), **params})
    return lab.post(line, request, probe=probe, headers=needed, stranger=stranger)
