"""Cancels over MCP -> what became of jobs that had ended, and of those that nobody asked to cancel.

Rule 1: only jobs that this run made are bystanders, and only until anybody asks to cancel them, over REST or MCP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from concertpitch.exchange import Exchange
from concertpitch.protojson import message, text
from concertpitch.subjects import Call
from concertpitch.subjects.mcp import Bystander, EndedTwin, ToolCall
from concertpitch.subjects.vertex.jobs import ENDED

_MAKING = ("tuningJobs.create", "tuningJobs.rebaseTunedModel")


def spared_of(tool_calls: Iterable[ToolCall], calls: Iterable[Call]) -> Iterator[EndedTwin | Bystander]:
    cancels = [one for one in tool_calls if one.tool == "cancel_tuning_job" and not one.mistake]
    reads: dict[str, list[Call]] = defaultdict(list)
    asked: dict[str, list[Exchange]] = defaultdict(list)
    made: set[str] = set()
    for call in sorted(calls, key=lambda one: one.exchange.sent):
        if call.method == "tuningJobs.get" and call.succeeded and _state(call):
            reads[call.path["tuningJobsId"]].append(call)
        elif call.method == "tuningJobs.cancel":
            asked[call.path["tuningJobsId"]].append(call.exchange)
        elif call.method in _MAKING and call.succeeded:
            made.add(text(message(call.exchange.answer.value).get("name")).rpartition("/")[2])
    for one in cancels:
        asked[_job(one)].append(one.turn.exchange)
    for one in cancels:
        yield from _ended(one, reads[_job(one)])
        for job_id in sorted(made & reads.keys() - {_job(one)}):
            yield from _bystander(one, reads[job_id], asked[job_id])


def _ended(cancel: ToolCall, reads: list[Call]) -> Iterator[EndedTwin]:
    before, after = _next_to(cancel, reads)
    if before and after and _state(before) in ENDED:
        yield EndedTwin(before.exchange, cancel, after[0].exchange)


def _bystander(cancel: ToolCall, reads: list[Call], asked: list[Exchange]) -> Iterator[Bystander]:
    before, after = _next_to(cancel, reads)
    until = min((one.sent for one in asked), default=float("inf"))
    after = [one for one in after if one.exchange.answered <= until]
    if before and after and _state(before) not in ENDED:
        yield Bystander(before.exchange, cancel, after[-1].exchange, _state(after[-1]))


def _next_to(cancel: ToolCall, reads: list[Call]) -> tuple[Call | None, list[Call]]:
    """The last read before a cancel, and all after it."""
    exchange = cancel.turn.exchange
    before = [one for one in reads if one.exchange.before(exchange)]
    return (before[-1] if before else None), [one for one in reads if exchange.before(one.exchange)]


def _job(cancel: ToolCall) -> str:
    return text(cancel.arguments.get("name")).rpartition("/")[2]


def _state(call: Call) -> str:
    return text(message(call.exchange.answer.value).get("state"))
