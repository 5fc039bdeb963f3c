"""Lists of jobs -> pages and walks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields

from concertpitch.reading.lists import Surroundings, pages_of, walks_of
from concertpitch.subjects import Call, Listed, Page, Walk
from concertpitch.subjects.vertex import Job, JobPage

_METHOD = "tuningJobs.list"
_WRITES = frozenset({"tuningJobs.create", "tuningJobs.cancel", "tuningJobs.rebaseTunedModel"})


def job_pages_of(calls: Iterable[Call], jobs: Iterable[Job]) -> list[JobPage]:
    """Every list call in the order sent, with the page that had given the token it sent."""
    shown = defaultdict(list)
    for job in jobs:
        if job.source == "list":
            shown[job.exchange.number].append(job)
    homes = {job.name: (job.key[0], job.key[1]) for job in jobs if job.source == "create" and job.name}
    found = []
    for page in pages_of((call for call in calls if call.method == _METHOD), "tuningJobs", shown):
        listed = tuple(shown[page.call.exchange.number])
        strangers = tuple(job for job in listed if homes.get(job.name, page.call.parent) != page.call.parent)
        plain = {field.name: getattr(page, field.name) for field in fields(page)}
        found.append(JobPage(**plain, jobs=listed, strangers=strangers))
    return found


def job_walks_of(pages: Iterable[JobPage], calls: list[Call], jobs: list[Job]) -> Iterator[Walk]:
    """Walks of more than a glance."""
    created: dict[tuple[str, str], list[Job]] = defaultdict(list)
    confirmed: dict[tuple[str, ...], float] = {}
    for job in jobs:
        if job.source == "create" and job.key[2]:
            created[job.key[0], job.key[1]].append(job)
        if job.source == "get":
            confirmed.setdefault(job.key, job.exchange.answered)

    def expected(first: Page, began: float, _: float) -> tuple[Listed, ...]:
        return tuple(job for job in created[first.call.parent] if confirmed.get(job.key, float("inf")) <= began)

    yield from walks_of(
        pages,
        Surroundings(
            [call for call in calls if call.method in _WRITES],
            jobs,
            frozenset(job.key for made in created.values() for job in made),
            expected,
        ),
    )
