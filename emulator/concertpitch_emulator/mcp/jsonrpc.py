"""JSON-RPC 2.0 messages: read from a body, refused, and answered. It must not know MCP methods or HTTP frameworks.

Source: jsonrpc.org/specification. MCP is stricter in two things: an id is a string or an integer, never null,
and params are an object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022


@dataclass(eq=False)
class Refused(Exception):
    """A message that is answered with an error. `kind` is a word for the emulator's own use."""

    code: int
    message: str
    kind: str
    data: Any = None

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Message:
    """One message from a client. `id` is None for a notification, a response, or an id that cannot be used."""

    id: str | int | None
    method: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def expects_answer(self) -> bool:
        return self.id is not None


def parse(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        raise Refused(PARSE_ERROR, "Parse error: the body is not JSON.", "parse") from None


def read(value: Any) -> Message:
    """The message in a JSON value; a client's response counts as a notification without a method."""
    if not isinstance(value, dict):
        raise Refused(INVALID_REQUEST, "Invalid request: a message is an object.", "envelope")
    if value.get("jsonrpc") != "2.0":
        raise Refused(INVALID_REQUEST, 'Invalid request: jsonrpc must be "2.0".', "envelope")
    if "method" not in value and ("result" in value or "error" in value):
        return Message(None, "")
    if not isinstance(value.get("method"), str):
        raise Refused(INVALID_REQUEST, "Invalid request: method must be a string.", "envelope")
    if "id" in value and usable_id(value) is None:
        raise Refused(INVALID_REQUEST, "Invalid request: id must be a string or an integer.", "envelope")
    params = value.get("params", {})
    if not isinstance(params, dict):
        raise Refused(INVALID_PARAMS, "Invalid params: params must be an object.", "params")
    return Message(usable_id(value), value["method"], params)


def usable_id(value: Any) -> str | int | None:
    """The id of a message as far as one can be read."""
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def result(message: Message, value: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": message.id, "result": value}


def error(message_id: str | int | None, refused: Refused) -> dict[str, Any]:
    body: dict[str, Any] = {"code": refused.code, "message": refused.message}
    if refused.data is not None:
        body["data"] = refused.data
    return {"jsonrpc": "2.0", "id": message_id, "error": body}
