"""Turns -> lists of tools, the tools in them, and calls of tools, each with what is wrong with it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from concertpitch.protojson import integer, items, message, text
from concertpitch.reading.failures import always, many
from concertpitch.reading.mcp.endpoints import SESSION_HEADER, Endpoint, sent_header
from concertpitch.subjects import Call
from concertpitch.subjects.mcp import NextPage, Tool, ToolCall, ToolList, Toolsets, ToolWalk, Turn

_NOT_FOUND = 404
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


def walks_of(turns: Iterable[Turn], pages: Iterable[ToolList]) -> list[ToolWalk]:
    """Every first page of tools with those that follow it, as far as its cursors were followed."""
    asked = [turn for turn in turns if turn.method == "tools/list"]
    read = {id(page.turn): page for page in pages}
    return [_walk(turn, asked, read) for turn in asked if id(turn) in read and "cursor" not in turn.params]


def _walk(first: Turn, asked: list[Turn], read: Mapping[int, ToolList]) -> ToolWalk:
    pages, turn = [read[id(first)]], first
    while not pages[-1].is_last:
        cursor = message(turn.result).get("nextCursor")
        after = asked[asked.index(turn) + 1 :]
        found = next((one for one in after if _continues(one, turn, cursor)), None)
        if found is None or id(found) not in read:
            return ToolWalk(tuple(pages), found if found is not None and found.error is not None else None)
        turn = found
        pages.append(read[id(turn)])
    return ToolWalk(tuple(pages), None)


def _continues(turn: Turn, before: Turn, cursor: Any) -> bool:
    """Whether a request goes on where another one stopped, in the same revision and session."""
    return (
        isinstance(cursor, str)
        and turn.params.get("cursor") == cursor
        and turn.revision == before.revision
        and sent_header(turn.exchange, SESSION_HEADER) == sent_header(before.exchange, SESSION_HEADER)
    )


def toolsets_of(walks: Iterable[list[ToolWalk]]) -> Iterator[Toolsets]:
    """A whole walk of every endpoint, if each has one: a tool may stand on a page that nobody asked for."""
    whole = [next((walk for walk in of_endpoint if walk.whole), None) for of_endpoint in walks if of_endpoint]
    found = [walk for walk in whole if walk is not None]
    if found and len(found) == len(whole):
        yield Toolsets(tuple(found))


def tool_calls_of(turns: Iterable[Turn], endpoint: Endpoint, calls: Iterable[Call]) -> list[ToolCall]:
    """Every tools/call, with the reason why it cannot succeed."""
    of_tools = [turn for turn in turns if turn.method == "tools/call"]
    known = _names_shown(of_tools, calls)
    denied = {
        call.resource: call.exchange.answered
        for call in sorted(calls, key=lambda one: one.exchange.answered, reverse=True)
        if call.method.endswith(".get") and call.status == _NOT_FOUND
    }
    found = []
    for turn in of_tools:
        entry = endpoint.tools.get(text(turn.params.get("name")), {})
        found.append(ToolCall(turn, entry, _mistake(turn, endpoint, known, denied)))
    return found


def with_crashes(calls: Sequence[ToolCall]) -> list[ToolCall]:
    """The calls, with which mistakes are answered as internal errors: the same call always, or many calls."""
    same: dict[str, list[int | None]] = defaultdict(list)
    alike: dict[str, list[int | None]] = defaultdict(list)
    for call in calls:
        same[repr(call.turn.params)].append(call.turn.exchange.status)
        alike[call.mistake].append(call.turn.exchange.status)
    return [replace(call, crashes=always(same[repr(call.turn.params)]) or many(alike[call.mistake])) for call in calls]


def next_pages_of(calls: Iterable[ToolCall]) -> Iterator[NextPage]:
    """Pages of list_tuning_jobs that were asked with a token of an earlier page of the same parent and filter."""
    given: dict[tuple[str, str, str], ToolCall] = {}
    for call in calls:
        if call.tool != "list_tuning_jobs" or not call.shows:
            continue
        parent, found = text(call.arguments.get("parent")), text(call.arguments.get("filter"))
        before = given.get((parent, found, text(call.arguments.get("pageToken"))))
        if before is not None:
            yield NextPage(before, call)
        token = text(call.value.get("nextPageToken"))
        if token:
            given[parent, found, token] = call


def _mistake(turn: Turn, endpoint: Endpoint, known: set[str], denied: Mapping[str, float]) -> str:
    tool = turn.params.get("name")
    if not isinstance(tool, str):
        return "nameless"
    if endpoint.lists_whole and endpoint.tools and tool not in endpoint.tools:
        return "tool"
    if tool not in _NAMES:
        return ""
    argument, form = _NAMES[tool]
    value = message(turn.params.get("arguments")).get(argument)
    if not isinstance(value, str) or not form.fullmatch(value):
        return "missing" if value in (None, "") else "malformed"
    if argument == "parent":
        return "negative" if (integer(message(turn.params.get("arguments")).get("pageSize")) or 0) < 0 else ""
    unknown = value.rpartition("/")[2] not in known or denied.get(value, float("inf")) <= turn.exchange.sent
    return "unknown" if unknown else ""


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
