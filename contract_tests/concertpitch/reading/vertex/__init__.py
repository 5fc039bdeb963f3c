"""Calls of Vertex tuningJobs -> what its rules judge."""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.reading.creates import aftermaths_of
from concertpitch.reading.operations import operation_calls_of, operation_changes_of, operation_lists_of, operations_of
from concertpitch.reading.refusals import refusals_of
from concertpitch.reading.retrievals import reads_of
from concertpitch.reading.vertex.cancels import cancellations_of, may_fail_when_cancelled, retrievals_of
from concertpitch.reading.vertex.creations import (
    attempts_of,
    creations_of,
    intrusions_of,
    job_names_of,
    job_reads_of,
    kept_of,
)
from concertpitch.reading.vertex.filters import filtered_of
from concertpitch.reading.vertex.jobs import changes_of, jobs_of, makers_of, sameness_of, stats_of, told_of, trails_of
from concertpitch.reading.vertex.lists import job_pages_of, job_walks_of
from concertpitch.reading.vertex.mistakes import mistakes_of
from concertpitch.reading.vertex.operations import START, orphans_of, outcomes_of, rebases_of, without_project
from concertpitch.subjects import Call
from concertpitch.subjects.vertex import Cancellation
from concertpitch.surfaces import Surface

__all__ = ["intrusions_of", "vertex_subjects"]


def vertex_subjects(calls: list[Call], surface: Surface) -> Iterator[object]:
    """Everything beyond calls, answers and values that the rules of Vertex can judge in these calls."""
    jobs = jobs_of(calls, surface.schemas)
    yield from told_of(jobs)
    yield from changes_of(jobs)
    yield from sameness_of(jobs)
    yield from stats_of(jobs)
    yield from makers_of(jobs)
    yield from trails_of(jobs, calls)
    creations = creations_of(calls, jobs, surface.schemas)
    yield from creations
    yield from job_reads_of(creations, calls)
    yield from kept_of(creations, jobs)
    yield from job_names_of(creations)
    yield from attempts_of(creations)
    pages = job_pages_of(calls, jobs)
    yield from pages
    walks = list(job_walks_of(pages, calls, jobs))
    yield from walks
    yield from aftermaths_of(creations, walks)
    yield from filtered_of(walks, jobs, creations)
    retrievals = list(retrievals_of(calls, jobs, walks))
    yield from retrievals
    yield from reads_of(retrievals)
    cancels = list(cancellations_of(calls, jobs))
    yield from cancels
    operations = operations_of(calls, START)
    yield from operations
    yield from operation_changes_of(operations, calls, may_fail=may_fail_when_cancelled(jobs, calls))
    operation_calls = list(operation_calls_of(calls, operations, START))
    yield from operation_calls
    yield from operation_lists_of(calls, operations, START, without_project)
    yield from outcomes_of(operations, calls)
    yield from orphans_of(calls, jobs)
    rebases = list(rebases_of(calls, surface.schemas, jobs, operations))
    yield from rebases
    single = [one for one in cancels if isinstance(one, Cancellation)]
    yield from refusals_of(calls, mistakes_of(creations, pages, [*retrievals, *single], operation_calls, rebases))
