"""JSON-RPC messages inside exchanges, whether the answer is one JSON value or a stream of events.

Rule 1: readers are lenient and never raise; whether a message is well formed is a rule's business.
Sources: jsonrpc.org/specification; the event stream format of the HTML standard.
"""

from __future__ import annotations

import re
from typing import Any

from concertpitch.exchange import Exchange, Reading, read_json
from concertpitch.protojson import message

EVENT_STREAM = "text/event-stream"
_LINES = re.compile(r"\r\n|\n|\r")


def values(exchange: Exchange) -> list[Any]:
    """The JSON values of an answer: the body's, or one per event of a stream."""
    return [one.value for one in _readings(exchange) if not one.error]


def duplicates(exchange: Exchange) -> list[str]:
    """The names that stand twice in one object of an answer's JSON."""
    return [name for one in _readings(exchange) for name in one.duplicates]


def resumable(exchange: Exchange) -> bool:
    """Whether an answer is a stream with an event that has an id, after which a client may ask for the rest."""
    lines = _LINES.split(exchange.body.decode("utf-8", "replace"))
    return exchange.media_type == EVENT_STREAM and any(line.startswith("id:") for line in lines)


def _readings(exchange: Exchange) -> list[Reading]:
    if exchange.media_type != EVENT_STREAM:
        return [exchange.answer]
    return [read_json(data.encode()) for data in _events(exchange.body.decode("utf-8", "replace"))]


def _events(stream: str) -> list[str]:
    """The data of each event."""
    events: list[str] = []
    data: list[str] = []
    for line in [*_LINES.split(stream), ""]:
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value.removeprefix(" "))
        elif not line and data:
            events.append("\n".join(data))
            data = []
    return events


def responses(exchange: Exchange) -> list[dict[str, Any]]:
    """The response messages of an answer; arrays are taken apart, what a server asks or notifies is left out."""
    flat = [item for value in values(exchange) for item in (value if isinstance(value, list) else [value])]
    return [item for item in map(message, flat) if "method" not in item and ("result" in item or "error" in item)]


def reply(exchange: Exchange) -> dict[str, Any] | None:
    """The response to the one request that was posted: the one with its id, else the first; None without one."""
    found = responses(exchange)
    asked = message(exchange.request.value).get("id")
    return next((one for one in found if same_id(one.get("id"), asked)), found[0] if found else None)


def same_id(one: Any, other: Any) -> bool:
    """Whether two ids are the same JSON value: 1 is neither "1" nor true."""
    return bool(one == other) and type(one) is type(other)
