"""Turns -> lists of tools, the tools in them, and calls of tools, each with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from concertpitch.protojson import items, message, text
from concertpitch.reading.mcp.endpoints import Endpoint
from concertpitch.subjects import Call
from concertpitch.subjects.mcp import Tool, ToolCall, ToolList, Toolsets, Turn

_LOCATION = r"projects/[^/]+/locations/[^/]+"
_NAMES = {
    "get_tuning_job": ("name", re.compile(rf"{_LOCATION}/tuningJobs/[^/]+")),
    "cancel_tuning_job": ("name", re.compile(rf"{_LOCATION}/tuningJobs/[^/]+")),
    "get_operation": ("name", re.compile(rf"{_LOCATION}/(?:tuningJobs/[^/]+/)?operations/[^/]+")),
    "list_tuning_jobs": ("parent", re.compile(_LOCATION)),
}
"""The argument that names what a documented tool works on, and its form."""


def listings_of(turns: Iterable[Turn]) -> Iterator[ToolList | Tool]:
    """Every page of tools, and every tool once per endpoint."""
    asked: dict[tuple[str, str], ToolList] = {}
    told: set[str] = set()
    for turn in turns:
        if turn.method != "tools/list" or turn.result is None or not isinstance(turn.result.get("tools"), list):
            continue
        tools = [message(tool) for tool in items(turn.result.get("tools"))]
        key = (turn.revision, text(turn.params.get("cursor")))
        page = ToolList(turn, tuple(text(tool.get("name")) for tool in tools), asked.get(key))
        asked.setdefault(key, page)
        yield page
        for tool in tools:
            if repr(tool) not in told:
                told.add(repr(tool))
                yield Tool(turn, tool)


def toolsets_of(lists: list[ToolList]) -> Iterator[Toolsets]:
    if lists:
        yield Toolsets(tuple(lists))


def tool_calls_of(turns: Iterable[Turn], endpoint: Endpoint, calls: Iterable[Call]) -> list[ToolCall]:
    """Every tools/call, with the reason why it cannot succeed."""
    of_tools = [turn for turn in turns if turn.method == "tools/call"]
    known = _names_shown(of_tools, calls)
    found = []
    for turn in of_tools:
        entry = endpoint.tools.get(text(turn.params.get("name")), {})
        found.append(ToolCall(turn, entry, _mistake(turn, endpoint.tools, known)))
    return found


def _mistake(turn: Turn, tools: dict[str, dict[str, Any]], known: set[str]) -> str:
    tool = turn.params.get("name")
    if not isinstance(tool, str):
        return "nameless"
    if tools and tool not in tools:
        return "tool"
    if tool not in _NAMES:
        return ""
    argument, form = _NAMES[tool]
    value = message(turn.params.get("arguments")).get(argument)
    if value in (None, ""):
        return "missing"
    if not isinstance(value, str) or not form.fullmatch(value):
        return "malformed"
    return "unknown" if argument == "name" and value.rpartition("/")[2] not in known else ""


def _names_shown(turns: Iterable[Turn], calls: Iterable[Call]) -> set[str]:
    """The last segments of the names that lists and creates showed, and of what REST read with success.

    What a get over MCP shows proves nothing: a server that answers any name would make all names known.
    """
    shown: set[str] = set()
    for call in calls:
        body = message(call.exchange.answer.value)
        if call.succeeded:
            listed = [*items(body.get("tuningJobs")), *items(body.get("operations")), body]
            shown |= {text(message(one).get("name")) for one in listed}
    for turn in turns:
        if turn.params.get("name") == "list_tuning_jobs":
            value = ToolCall(turn, {}, "").value
            shown |= {text(message(one).get("name")) for one in items(value.get("tuningJobs"))}
    return {name.rpartition("/")[2] for name in shown} - {""}
