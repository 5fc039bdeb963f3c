"""What revision 2026-07-28 asks of every single request: `_meta`, and headers that repeat what the body says.

Source: basic/index (_meta), basic/versioning, basic/transports/streamable-http (Standard Request Headers).
It must not know what a method answers.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from concertpitch_emulator.mcp import revisions
from concertpitch_emulator.mcp.jsonrpc import HEADER_MISMATCH, INVALID_PARAMS, UNSUPPORTED_VERSION, Message, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ENCODED = ("=?base64?", "?=")


def unsupported(asked: object) -> Refused:
    """The refusal of a revision that nobody speaks here."""
    data = {"supported": list(revisions.ALL), "requested": asked}
    return Refused(UNSUPPORTED_VERSION, "Unsupported protocol version", "version", data)


def violations(message: Message, headers: Mapping[str, str]) -> Iterator[Refused]:
    """What is wrong with a request of this revision, the first thing first."""
    meta = revisions.meta(message.params)
    missing = [key for key in (revisions.VERSION_META, revisions.CAPABILITIES_META) if key not in meta]
    if missing:
        yield Refused(INVALID_PARAMS, f"Invalid params: _meta lacks {' and '.join(missing)}.", "meta")
    asked = meta.get(revisions.VERSION_META, revisions.STATELESS)
    if headers.get(revisions.VERSION_HEADER) != asked:
        yield _mismatch("MCP-Protocol-Version", "the revision in _meta")
    if headers.get(revisions.METHOD_HEADER) != message.method:
        yield _mismatch("Mcp-Method", "the method")
    name = message.params.get("name")
    if message.method == "tools/call" and name is not None and decoded(headers.get(revisions.NAME_HEADER)) != name:
        yield _mismatch("Mcp-Name", "the name of the tool")
    if asked != revisions.STATELESS:
        yield unsupported(asked)


def decoded(value: str | None) -> str | None:
    """A header value as it was meant: what HTTP cannot carry is sent as `=?base64?...?=`."""
    start, end = _ENCODED
    if value is None or not (value.startswith(start) and value.endswith(end)):
        return value
    try:
        return base64.b64decode(value[len(start) : -len(end)], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _mismatch(header: str, meant: str) -> Refused:
    return Refused(HEADER_MISMATCH, f"The header {header} is missing or differs from {meant}.", "header-mismatch")
