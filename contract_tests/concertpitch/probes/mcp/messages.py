"""Messages right and wrong: handshakes, ids, notifications, batches, and what is no message."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

from concertpitch.probes.mcp.lab import Line, McpLab
from concertpitch.probes.together import at_once
from concertpitch.subjects.mcp import BATCHING, HANDSHAKE, NEWEST_HANDSHAKE, STATELESS

UNKNOWN_REVISION = "1999-01-01"
_STRANGE_METHOD = "concertpitch/nothing"
_TOGETHER = 4


def handshakes(lab: McpLab) -> None:
    """Every revision with a handshake, twice the newest and once one that nobody knows; a ping and a list in each."""
    for known in lab.lines:
        for revision in (*HANDSHAKE, UNKNOWN_REVISION, NEWEST_HANDSHAKE):
            line = lab.initialize(known.endpoint, revision, probe="handshake")
            if line is not None:
                lab.ask(line, "ping", probe="handshake")
                lab.ask(line, "tools/list", probe="handshake")
                if line.revision != revision != UNKNOWN_REVISION:
                    lab.ask(replace(line, revision=revision), "tools/list", probe="handshake")


def ids(lab: McpLab) -> None:
    """Requests with ids of every kind, each answered with success and with an error."""
    for line in lab.lines:
        if line.revision == STATELESS:
            continue
        for message_id in (0, 7, -1, "0", "seven", "é", " padded ", "concertpitch-" + "long-" * 8):
            for method in ("tools/list", _STRANGE_METHOD):
                lab.post(line, lab.request(method, {}, message_id), probe="messages")


def at_the_same_moment(lab: McpLab) -> None:
    """Requests that are under way together, each with an id of its own."""
    for line in [one for one in lab.lines if one.revision != STATELESS][:1]:
        asked = [lab.request("tools/list", None, f"at-once-{number}") for number in range(_TOGETHER)]
        at_once([partial(lab.post, line, one, probe="messages") for one in asked])


def notices(lab: McpLab) -> None:
    """Messages that ask for no answer."""
    for line in lab.lines:
        if line.revision == STATELESS:
            continue
        for method in ("notifications/initialized", "notifications/cancelled", "notifications/concertpitch"):
            params = {"requestId": 4242, "reason": "never asked"} if method.endswith("cancelled") else {}
            lab.post(line, {"jsonrpc": "2.0", "method": method, "params": params}, probe="messages")


def malformed(lab: McpLab) -> None:
    """Bodies that are no JSON, no request, or no JSON-RPC 2.0."""
    for line in lab.lines:
        for content in (b"{", b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"', b"\x80"):
            lab.http("POST", line.endpoint, content, probe="messages", headers=line.headers)
        for value in (
            {"jsonrpc": "2.0", "id": 1, "method": 1},
            {"jsonrpc": "2.0", "id": 1},
            "tools/list",
            {"jsonrpc": "1.0", "id": 1, "method": "tools/list"},
            {"id": 1, "method": "tools/list"},
        ):
            lab.post(line, value, probe="messages")


def batches(lab: McpLab) -> None:
    """Two requests and a notification in one POST, in each revision that the endpoint agrees to."""
    for known in lab.lines:
        for revision in (BATCHING, NEWEST_HANDSHAKE):
            line = lab.initialize(known.endpoint, revision, probe="messages")
            if line is not None:
                _batch(lab, line)


def _batch(lab: McpLab, line: Line) -> None:
    notice = {"jsonrpc": "2.0", "method": "notifications/concertpitch"}
    requests = [lab.request("tools/list"), notice, lab.request("ping", None, "second")]
    for batch in (requests, [*requests, lab.request(_STRANGE_METHOD)]):
        lab.http("POST", line.endpoint, json.dumps(batch).encode(), probe="messages", headers=line.headers)
