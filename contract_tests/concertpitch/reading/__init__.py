"""Exchanges -> subjects. The one place that knows how traffic becomes something a rule can judge.

Rule 1: everything is derived from the exchanges alone, so recorded traffic is judged like live traffic.
Rule 2: what cannot be told for certain (order of overlapping requests, walks that were disturbed) makes no
subject, so that silence never convicts.
Rule 3: what a network, a proxy or a quota answered in the place of the API (`Exchange.trouble`) makes no subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from concertpitch.exchange import Exchange
from concertpitch.reading.calls import calls_of, unrouted_of
from concertpitch.reading.client import client_subjects
from concertpitch.reading.credentials import admissions_of, apart, presented
from concertpitch.reading.gemini import gemini_subjects
from concertpitch.reading.mcp import mcp_subjects
from concertpitch.reading.refusals import refusals_of
from concertpitch.reading.values import values_of
from concertpitch.reading.vertex import intrusions_of, vertex_subjects
from concertpitch.reading.vertex.elsewhere import cancelled_elsewhere
from concertpitch.reading.vertex.sights import sights_of as vertex_sights
from concertpitch.subjects import Call
from concertpitch.subjects.sights import Sights
from concertpitch.subjects.vertex import Trail
from concertpitch.surfaces import CLIENT, Surface, every_surface

_OF_SURFACE: Mapping[str, Callable[[list[Call], Surface], Iterator[object]]] = {
    "vertex": vertex_subjects,
    "gemini": gemini_subjects,
}

_OF_STRANGERS: Mapping[str, Callable[[list[Call], list[Call]], Iterator[object]]] = {"vertex": intrusions_of}
"""What a surface can tell of the calls of strangers, beside the run's own."""
_SIGHTS_OF: Mapping[str, Callable[[Iterable[object], Surface], Sights]] = {"vertex": vertex_sights}


def subjects_of(exchanges: Sequence[Exchange], surface: Surface, base_path: str = "") -> Iterator[object]:
    """Everything the rules of `surface` can judge in these exchanges.

    `base_path` is the path of the target's base URL, without a slash at its end.
    """
    if surface == CLIENT:
        yield from client_subjects(exchanges, every_surface(), base_path)
        return
    exchanges = [one for one in exchanges if one.trouble is None]
    if surface.name == "mcp":
        yield from mcp_subjects(exchanges, surface, base_path)
        return
    calls = calls_of(exchanges, surface, base_path)
    yield from calls
    yield from unrouted_of(exchanges, calls, surface, base_path)
    yield from values_of(calls, surface.schemas)
    own, strangers = apart(calls)
    yield from admissions_of(own, strangers)
    yield from refusals_of(strangers, {call.exchange.number: presented(call.exchange) for call in strangers})
    if surface.name in _OF_STRANGERS:
        yield from _OF_STRANGERS[surface.name](own, strangers)
    unclear = cancelled_elsewhere(exchanges)
    for subject in _OF_SURFACE[surface.name](own, surface):
        if not (isinstance(subject, Trail) and subject.sightings[0].key[2] in unclear):
            yield subject


def sights_of(subjects: Iterable[object], surface: Surface) -> Sights:
    """The states and transitions that subjects show; empty for a surface without a lifecycle."""
    read = _SIGHTS_OF.get(surface.name)
    return read(subjects, surface) if read else Sights()
