"""Tool calls and REST calls -> twins: what a tool shows between two equal answers of REST.

Rule 1: a call that overlaps a REST read, or lies between two that differ, has no twin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import items, message, text
from concertpitch.subjects import Call
from concertpitch.subjects.mcp import (
    CancelTwin,
    FilterTwin,
    JobTwin,
    ListedTwin,
    ListTwin,
    OperationTwin,
    Reach,
    TokenTwin,
    ToolCall,
    Touched,
)
from concertpitch.subjects.vertex.jobs import ENDED

_PLAIN_QUERY = frozenset({"pageSize", "pageToken", "filter"})
_TARGETS = {
    "get_tuning_job": ("name", "tuningJobs.get", ""),
    "get_operation": ("name", "tuningJobs.operations.get", ""),
    "list_tuning_jobs": ("parent", "tuningJobs.list", "/tuningJobs"),
}
_NOT_THERE = frozenset({404, 410})
_REFUSED = 400
_Key = tuple[str, tuple[tuple[str, str], ...]]


def twins_of(tool_calls: Iterable[ToolCall], calls: Sequence[Call]) -> Iterator[object]:
    reads: dict[_Key, list[Call]] = defaultdict(list)
    missing: dict[str, list[Call]] = defaultdict(list)
    refused: dict[_Key, Call] = {}
    for call in sorted(calls, key=lambda one: one.exchange.sent):
        name = call.exchange.path.partition("/projects/")[2]
        if call.exchange.method == "GET" and call.succeeded and not call.exchange.answer.error:
            reads[name, tuple(sorted(call.exchange.query))].append(call)
        elif call.exchange.method == "GET" and call.status in _NOT_THERE:
            missing[name].append(call)
        elif call.exchange.method == "GET" and call.status == _REFUSED:
            refused.setdefault((name, tuple(sorted(call.exchange.query))), call)
    cancels: list[CancelTwin] = []
    asked = {call.path["tuningJobsId"]: call.exchange for call in reversed(calls) if call.method == "tuningJobs.cancel"}
    for tool_call in tool_calls:
        if tool_call.tool == "cancel_tuning_job":
            cancels += _cancelled(tool_call, reads, missing)
        elif tool_call.tool in _TARGETS:
            yield from _read(tool_call, reads)
            yield from _bad_token(tool_call, reads, refused)
    alone = [one for one in cancels if not _asked_over_rest(one, asked)]
    failed = len(alone) > 1 and all(one.call.failed for one in alone)
    yield from (replace(one, always_failed=failed and one in alone) for one in cancels)


def _asked_over_rest(twin: CancelTwin, asked: Mapping[str, Exchange]) -> bool:
    """Whether this run may have asked REST to cancel the job before it was seen at rest."""
    first = asked.get(text(twin.call.arguments.get("name")).rpartition("/")[2])
    return first is not None and first.sent < twin.after.answered


def _read(tool_call: ToolCall, reads: dict[_Key, list[Call]]) -> Iterator[object]:
    argument, method, suffix = _TARGETS[tool_call.tool]
    given = {name: value for name, value in tool_call.arguments.items() if name != argument}
    if not given.keys() <= _PLAIN_QUERY:
        return
    name = text(tool_call.arguments.get(argument)).removeprefix("projects/") + suffix
    around = _around(tool_call, reads[_key(name, given)])
    if around is None or around[0].method != method:
        return
    if tool_call.tool == "get_tuning_job":
        yield Touched(around[0].exchange, tool_call, around[1].exchange)
    if around[0].exchange.answer.value != around[1].exchange.answer.value:
        return
    reach = Reach(around[0].exchange, tool_call, around[1].exchange)
    if "filter" in given:  # which a tool need not take
        yield from _filtered(reach, _whole_before(tool_call, name, reads))
        return
    yield reach
    rest, mcp = message(around[0].exchange.answer.value), tool_call.value
    if not tool_call.shows:
        return
    if tool_call.tool == "list_tuning_jobs":
        yield from _listed(reach, rest, mcp, _whole_before(tool_call, name, reads))
    else:
        kind = JobTwin if tool_call.tool == "get_tuning_job" else OperationTwin
        yield kind(reach, name.rpartition("/")[2], rest, mcp)


def _key(name: str, given: dict[str, Any]) -> _Key:
    return name, tuple(sorted((key, str(value)) for key, value in given.items()))


def _takes(tool_call: ToolCall, argument: str) -> bool:
    """Whether a tool is listed with that argument."""
    return argument in message(message(tool_call.entry.get("inputSchema")).get("properties"))


def _filtered(reach: Reach, whole: Call | None) -> Iterator[FilterTwin]:
    """The names that a filter let through, where REST is seen to leave some out."""
    rest, mcp = message(reach.before.answer.value), reach.call.value
    if not reach.call.shows or not _takes(reach.call, "filter") or whole is None or rest.get("nextPageToken"):
        return
    ours, theirs = frozenset(_by_name(rest)), frozenset(_by_name(mcp))
    left_out = frozenset(_by_name(message(whole.exchange.answer.value))) - ours
    if left_out and ours:
        yield FilterTwin(reach, left_out, frozenset() if mcp.get("nextPageToken") else ours - theirs, theirs)


def _bad_token(tool_call: ToolCall, reads: dict[_Key, list[Call]], refused: dict[_Key, Call]) -> Iterator[TokenTwin]:
    given = {name: value for name, value in tool_call.arguments.items() if name != "parent"}
    if tool_call.tool != "list_tuning_jobs" or not _takes(tool_call, "pageToken") or "pageToken" not in given:
        return
    name = text(tool_call.arguments.get("parent")).removeprefix("projects/") + "/tuningJobs"
    rest = refused.get(_key(name, given))
    without = reads[_key(name, {key: value for key, value in given.items() if key != "pageToken"})]
    if rest is not None and without and rest.exchange.before(tool_call.turn.exchange):
        yield TokenTwin(rest.exchange, tool_call)


def _listed(
    reach: Reach, rest: dict[str, Any], mcp: dict[str, Any], whole: Call | None
) -> Iterator[ListedTwin | ListTwin]:
    ours, theirs = _by_name(rest), _by_name(mcp)
    for name in sorted(ours.keys() & theirs.keys()):
        yield ListedTwin(reach, name.rpartition("/")[2], ours[name], theirs[name])
    if mcp.get("nextPageToken") or reach.call.arguments.get("pageToken") or reach.call.arguments.get("filter"):
        return
    if not rest.get("nextPageToken"):
        yield ListTwin(reach, None, frozenset(ours), frozenset(theirs))
    elif whole is not None:  # no job is ever removed: what was listed then is there now, and maybe more
        known = frozenset(_by_name(message(whole.exchange.answer.value)))
        yield ListTwin(reach, whole.exchange, known | theirs.keys(), frozenset(theirs))


def _whole_before(tool_call: ToolCall, name: str, reads: dict[_Key, list[Call]]) -> Call | None:
    """The latest whole list of all jobs that REST had answered before a call."""
    found = [
        one
        for (path, query), of_query in reads.items()
        if path == name and not {"filter", "pageToken"} & {key for key, _ in query}
        for one in of_query
        if one.exchange.before(tool_call.turn.exchange) and not message(one.exchange.answer.value).get("nextPageToken")
    ]
    return max(found, key=lambda one: one.exchange.sent, default=None)


def _by_name(page: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {text(job.get("name")): job for job in map(message, items(page.get("tuningJobs")))}


def _around(tool_call: ToolCall, reads: list[Call]) -> tuple[Call, Call] | None:
    """The latest read before a call and the first one after it."""
    exchange = tool_call.turn.exchange
    before = next((one for one in reversed(reads) if one.exchange.before(exchange)), None)
    after = next((one for one in reads if exchange.before(one.exchange)), None)
    return (before, after) if before and after else None


def _cancelled(
    tool_call: ToolCall, reads: dict[_Key, list[Call]], missing: dict[str, list[Call]]
) -> Iterator[CancelTwin]:
    name = text(tool_call.arguments.get("name")).removeprefix("projects/")
    exchange, own = tool_call.turn.exchange, reads[name, ()]
    before = next((one for one in reversed(own) if one.exchange.before(exchange)), None)
    after = next((one for one in own if exchange.before(one.exchange) and _state(one) in ENDED), None)
    after = next((one for one in missing[name] if exchange.before(one.exchange)), after)
    if before and after and _state(before) and _state(before) not in ENDED:
        yield CancelTwin(before.exchange, tool_call, after.exchange, _state(after))


def _state(call: Call) -> str:
    return text(message(call.exchange.answer.value).get("state"))
