"""Exchanges -> subjects. The one place that knows how traffic becomes something a rule can judge.

Rule 1: everything is derived from the exchanges alone, so recorded traffic is judged like live traffic.
Rule 2: what cannot be told for certain (order of overlapping requests, walks that were disturbed) makes no
subject, so that silence never convicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from concertpitch.exchange import Exchange
from concertpitch.reading.calls import calls_of, unrouted_of
from concertpitch.reading.cancels import cancellations_of, reads_of, retrievals_of
from concertpitch.reading.creations import aftermaths_of, creations_of, first_reads_of, kept_of, names_of
from concertpitch.reading.jobs import changes_of, jobs_of, sameness_of, stats_of, trails_of
from concertpitch.reading.lists import pages_of, walks_of
from concertpitch.reading.operations import (
    operation_calls_of,
    operation_changes_of,
    operation_lists_of,
    operations_of,
    outcomes_of,
    rebases_of,
)
from concertpitch.reading.refusals import refusals_of
from concertpitch.reading.values import values_of
from concertpitch.subjects import Cancellation
from concertpitch.surfaces import Surface


def subjects_of(exchanges: Sequence[Exchange], surface: Surface, base_path: str = "") -> Iterator[object]:
    """Everything the rules of `surface` can judge in these exchanges.

    `base_path` is the path of the target's base URL, without a slash at its end.
    """
    calls = calls_of(exchanges, surface, base_path)
    yield from calls
    yield from unrouted_of(exchanges, calls, surface, base_path)
    yield from values_of(calls, surface.schemas)
    jobs = jobs_of(calls, surface.schemas)
    yield from jobs
    yield from changes_of(jobs)
    yield from sameness_of(jobs)
    yield from stats_of(jobs)
    yield from trails_of(jobs, calls)
    creations = creations_of(calls, jobs, surface.schemas)
    yield from creations
    yield from first_reads_of(creations, calls)
    yield from kept_of(creations, jobs)
    yield from names_of(creations)
    pages = pages_of(calls, jobs)
    yield from pages
    walks = list(walks_of(pages, calls, jobs))
    yield from walks
    yield from aftermaths_of(creations, walks)
    retrievals = list(retrievals_of(calls, jobs, walks))
    yield from retrievals
    yield from reads_of(retrievals)
    cancels = list(cancellations_of(calls, jobs))
    yield from cancels
    operations = operations_of(calls)
    yield from operations
    yield from operation_changes_of(operations, calls)
    operation_calls = list(operation_calls_of(calls, operations))
    yield from operation_calls
    yield from operation_lists_of(calls, operations)
    yield from outcomes_of(operations, calls)
    yield from rebases_of(calls, surface.schemas)
    single = [one for one in cancels if isinstance(one, Cancellation)]
    yield from refusals_of(calls, creations, pages, [*retrievals, *single], operation_calls)
