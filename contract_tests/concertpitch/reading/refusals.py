"""Calls -> refusals, each with what is wrong with its request as far as the documents tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from concertpitch.subjects import Call, Refusal

_FIRST_ERROR = 400


def refusals_of(calls: list[Call], mistakes: Mapping[int, str]) -> Iterator[Refusal]:
    """Every answer of 400 and above; `mistakes` leads from the number of an exchange to what it asked wrongly."""
    for call in calls:
        if call.status >= _FIRST_ERROR:
            yield Refusal(call, mistakes.get(call.exchange.number, ""))
