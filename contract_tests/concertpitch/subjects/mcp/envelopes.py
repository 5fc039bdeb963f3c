"""What a request of revision 2026-07-28 says of itself in `_meta` and headers, and what is wrong with that.

Source: MCP 2026-07-28, basic (_meta) and streamable-http (Standard Request Headers, Value Encoding).
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import message
from concertpitch.subjects.mcp.revisions import STATELESS

_VERSION = "io.modelcontextprotocol/protocolVersion"
_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"
_START, _END = "=?base64?", "?="


def flaw(exchange: Exchange, request: dict[str, Any]) -> str:
    """'meta' (a member is missing), 'mismatch' (a header is missing or unlike the body), 'version', or ''."""
    sent = {name.lower(): value for name, value in exchange.request_headers}
    params = message(request.get("params"))
    meta = message(params.get("_meta"))
    if not {_VERSION, _CAPABILITIES} <= meta.keys():
        return "meta"
    version = meta[_VERSION]
    name = params.get("name") if request.get("method") == "tools/call" else None
    if (
        sent.get("mcp-protocol-version") != version
        or sent.get("mcp-method") != request.get("method")
        or (name is not None and decoded(sent.get("mcp-name", "")) != name)
    ):
        return "mismatch"
    return "" if version == STATELESS else "version"


def is_encoded(value: str) -> bool:
    return value.startswith(_START) and value.endswith(_END)


def decoded(value: str) -> str:
    """A header value as it was meant; what cannot be decoded stays as it is."""
    if not is_encoded(value):
        return value
    try:
        return base64.b64decode(value[len(_START) : -len(_END)], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return value
