"""The revisions of the Model Context Protocol, and what tells them apart for the rules."""

from __future__ import annotations

BATCHING = "2025-03-26"
HANDSHAKE = (BATCHING, "2025-06-18", "2025-11-25")
NEWEST_HANDSHAKE = HANDSHAKE[-1]
STATELESS = "2026-07-28"
STRUCTURED = (*HANDSHAKE[1:], STATELESS)
"""Revisions with structured content, output schemas and the MCP-Protocol-Version header."""
