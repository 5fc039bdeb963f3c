"""Exchanges -> what the rules of the MCP surface judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from concertpitch.exchange import Exchange
from concertpitch.reading.calls import calls_of
from concertpitch.reading.mcp.cancels import spared_of
from concertpitch.reading.mcp.endpoints import ENDPOINTS, endpoints_of
from concertpitch.reading.mcp.messages import discoveries_of, messages_of
from concertpitch.reading.mcp.outsiders import apart, outsiders_of
from concertpitch.reading.mcp.tools import (
    listings_of,
    next_pages_of,
    tool_calls_of,
    toolsets_of,
    walks_of,
    with_crashes,
)
from concertpitch.reading.mcp.twins import twins_of
from concertpitch.subjects.mcp import ToolList, Turn
from concertpitch.surfaces import Surface

__all__ = ["ENDPOINTS", "mcp_subjects"]


def mcp_subjects(exchanges: Sequence[Exchange], surface: Surface, base_path: str) -> Iterator[object]:
    """Everything the rules of MCP can judge: messages by endpoint, and twins with the calls of REST beside them."""
    own, strange = apart(exchanges)
    calls = calls_of(own, surface, base_path)
    tool_calls = []
    walks = []
    for endpoint in endpoints_of(own, base_path):
        yield from outsiders_of(endpoint, strange)
        messages = list(messages_of(endpoint))
        yield from messages
        turns = [one for one in messages if isinstance(one, Turn)]
        yield from discoveries_of(turns)
        listings = list(listings_of(turns))
        yield from listings
        walks.append(walks_of(turns, [one for one in listings if isinstance(one, ToolList)]))
        yield from walks[-1]
        tool_calls += tool_calls_of(turns, endpoint, calls)
    yield from toolsets_of(walks)
    tool_calls = with_crashes(tool_calls)
    yield from tool_calls
    yield from next_pages_of(tool_calls)
    yield from twins_of(tool_calls, calls)
    yield from spared_of(tool_calls, calls)
