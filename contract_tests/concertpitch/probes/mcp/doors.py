"""The endpoint itself: verbs, foreign places, revisions in headers, sessions."""

from __future__ import annotations

from concertpitch.probes.mcp.lab import Line, McpLab
from concertpitch.probes.mcp.messages import UNKNOWN_REVISION
from concertpitch.subjects.mcp import NEWEST_HANDSHAKE, STATELESS

_ELSEWHERE = "evil.example.com"


def verbs(lab: McpLab) -> None:
    """A GET, which opens a stream or is not allowed."""
    for line in lab.lines:
        lab.http("GET", line.endpoint, probe="doors", headers=line.headers, accept="text/event-stream")


def foreigners(lab: McpLab) -> None:
    """A request as a web page of another place would make it, through DNS rebinding."""
    for line in lab.lines:
        for foreign in ({"origin": f"http://{_ELSEWHERE}"}, {"host": _ELSEWHERE}):
            if line.revision == STATELESS:
                headers = {"mcp-protocol-version": STATELESS, "mcp-method": "tools/list"} | foreign
                lab.post(line, lab.request("tools/list", {"_meta": lab.meta()}), probe="doors", headers=headers)
            else:
                lab.post(line, lab.request("tools/list"), probe="doors", headers=foreign)


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
