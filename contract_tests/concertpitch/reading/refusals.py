"""Calls -> refusals, each with what is wrong with its request as far as the documents tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from concertpitch.subjects import Call, Refusal

_FIRST_ERROR, _INTERNAL = 400, 500
_MANY = 3
"""Failures, and of how many requests one at least: real services have internal errors now and then."""


def refusals_of(calls: list[Call], mistakes: Mapping[int, str]) -> Iterator[Refusal]:
    """Every answer of 400 and above; `mistakes` leads from the number of an exchange to what it asked wrongly."""
    same: dict[tuple[str, str, bytes], list[int]] = defaultdict(list)
    alike: dict[str, list[int]] = defaultdict(list)
    for call in calls:
        same[_request(call)].append(call.status)
        alike[mistakes.get(call.exchange.number, "")].append(call.status)
    for call in calls:
        if call.status >= _FIRST_ERROR:
            mistake = mistakes.get(call.exchange.number, "")
            again = same[_request(call)]
            repeated = len(again) > 1 and min(again) >= _INTERNAL
            yield Refusal(call, mistake, repeated or _pattern(alike[mistake]))


def _request(call: Call) -> tuple[str, str, bytes]:
    return call.exchange.method, call.exchange.url, call.exchange.request_body


def _pattern(statuses: list[int]) -> bool:
    """Whether so many requests with one mistake failed that it is no accident."""
    failed = sum(status >= _INTERNAL for status in statuses)
    return failed >= _MANY and failed * _MANY >= len(statuses)
