"""Exchanges -> subjects. The one place that knows how traffic becomes something a rule can judge.

Rule 1: everything is derived from the exchanges alone, so recorded traffic is judged like live traffic.
Rule 2: what cannot be told for certain (order of overlapping requests, walks that were disturbed) makes no
subject, so that silence never convicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from concertpitch.exchange import Exchange
from concertpitch.reading.calls import calls_of, unrouted_of
from concertpitch.reading.gemini import gemini_subjects
from concertpitch.reading.values import values_of
from concertpitch.reading.vertex import vertex_subjects
from concertpitch.subjects import Call
from concertpitch.surfaces import Surface

_OF_SURFACE: Mapping[str, Callable[[list[Call], Surface], Iterator[object]]] = {
    "vertex": vertex_subjects,
    "gemini": gemini_subjects,
}


def subjects_of(exchanges: Sequence[Exchange], surface: Surface, base_path: str = "") -> Iterator[object]:
    """Everything the rules of `surface` can judge in these exchanges.

    `base_path` is the path of the target's base URL, without a slash at its end.
    """
    calls = calls_of(exchanges, surface, base_path)
    yield from calls
    yield from unrouted_of(exchanges, calls, surface, base_path)
    yield from values_of(calls, surface.schemas)
    yield from _OF_SURFACE[surface.name](calls, surface)
