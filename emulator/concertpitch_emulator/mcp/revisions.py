"""The revisions of the Model Context Protocol that are spoken here, and how a request says which one it means.

Source: modelcontextprotocol.io/specification. Up to 2025-11-25 a client negotiates with `initialize`; since
2026-07-28 every request says its revision in `_meta` and in headers. It must not know any method's result.
"""

from __future__ import annotations

from typing import Any

BATCHING = "2025-03-26"
"""The one revision with batches; also what a request without `MCP-Protocol-Version` is taken to speak."""

HANDSHAKE = (BATCHING, "2025-06-18", "2025-11-25")
NEWEST_HANDSHAKE = HANDSHAKE[-1]
STATELESS = "2026-07-28"
ALL = (*HANDSHAKE, STATELESS)

VERSION_HEADER = "mcp-protocol-version"
METHOD_HEADER = "mcp-method"
NAME_HEADER = "mcp-name"

VERSION_META = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_META = "io.modelcontextprotocol/clientCapabilities"
SERVER_META = "io.modelcontextprotocol/serverInfo"


def negotiated(asked: str) -> str:
    """The revision that `initialize` answers: the one asked for, else the newest that has a handshake."""
    return asked if asked in HANDSHAKE else NEWEST_HANDSHAKE


def meta(params: Any) -> dict[str, Any]:
    """The `_meta` of a request's params; empty where there is none."""
    found = params.get("_meta") if isinstance(params, dict) else None
    return found if isinstance(found, dict) else {}


def spoken(header: str | None, params: Any) -> str:
    """The revision a message means; what no revision knows is given back as it was sent."""
    if header is not None:
        return header
    return STATELESS if VERSION_META in meta(params) else BATCHING
