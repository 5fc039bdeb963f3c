"""Calls -> refusals, each with what is wrong with its request as far as the documents tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from concertpitch.reading.failures import always, many
from concertpitch.subjects import Call, Refusal

_FIRST_ERROR = 400


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
            yield Refusal(call, mistake, always(same[_request(call)]) or many(alike[mistake]))


def _request(call: Call) -> tuple[str, str, bytes]:
    return call.exchange.method, call.exchange.url, call.exchange.request_body
