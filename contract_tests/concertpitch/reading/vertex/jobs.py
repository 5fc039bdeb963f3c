"""Calls -> the jobs they show, and the same job seen twice in real-time order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import items, message, text
from concertpitch.reading.sights import pairs_of
from concertpitch.reading.values import as_key
from concertpitch.schema import Node, Schemas, read_answer
from concertpitch.subjects import Call
from concertpitch.subjects.vertex import Change, Distribution, Job, JobKey, Makers, Sameness, Stats, Trail


def is_job(body: object) -> bool:
    """Whether an answer shows a job at all: an Operation or a bare `{}` in its place is for other rules."""
    return isinstance(body, dict) and "/operations/" not in text(body.get("name")) and bool(body.keys() - {"done"})


def last_segment(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


def jobs_of(calls: Iterable[Call], schemas: Schemas) -> list[Job]:
    """Every job shown by a create, get or list answer, in the order the requests left.

    A get that shows another job than the one asked for is left out: it says nothing of either.
    """
    found = []
    read: dict[tuple[str, str | bytes], dict[str, Any]] = {}

    def add(exchange: Exchange, source: str, key: JobKey, node: Node, body: dict[str, Any]) -> None:
        shown = node.name, as_key(body)  # lists show the same job again and again: it is read once
        if shown not in read:
            read[shown] = read_answer(schemas, node, body)
        found.append(Job(exchange, source, key, read[shown]))

    for call in calls:
        body = call.exchange.answer.value
        if not call.succeeded:
            continue
        if call.method == "tuningJobs.list":
            of = schemas.node(schemas.members(call.route.response)["tuningJobs"].schema["items"])
            for item in items(message(body).get("tuningJobs")):
                if is_job(item):
                    add(call.exchange, "list", (*call.parent, last_segment(text(item.get("name")))), of, item)
        elif call.method in {"tuningJobs.create", "tuningJobs.get"} and is_job(body):
            source = call.method.rpartition(".")[2]
            named = last_segment(text(body.get("name")))
            asked = call.path.get("tuningJobsId", named)
            if named in {asked, ""}:
                add(call.exchange, source, (*call.parent, asked), call.route.response, body)
    return found


def by_key(jobs: Iterable[Job]) -> dict[JobKey, list[Job]]:
    """Jobs with an id, grouped, in the order they were read; without names that were given to two jobs."""
    grouped: dict[JobKey, list[Job]] = defaultdict(list)
    for job in jobs:
        if job.key[2]:
            grouped[job.key].append(job)
    return {key: sightings for key, sightings in grouped.items() if not _given_twice(sightings)}


def _given_twice(sightings: list[Job]) -> bool:
    """Whether a create answered this name although it had been given, or seen, before."""
    created = [job for job in sightings if job.source == "create"]
    return len(created) > 1 or any(one.exchange.before(created[0].exchange) for one in sightings if created)


def told_of(jobs: Iterable[Job]) -> Iterator[Job]:
    """The first of the sights of each job that show the same in the same kind of answer: one verdict does for all."""
    told = set()
    for job in jobs:
        shown = (job.key, job.source, id(job.body))  # equal texts were read into one object
        if shown not in told:
            told.add(shown)
            yield job


def changes_of(jobs: Iterable[Job]) -> Iterator[Change]:
    """Each sighting of a job with the latest one that was answered before its request left.

    Of pairs that show the same before and the same after in the same kinds of answers, the first does for all.
    """
    for sightings in by_key(jobs).values():
        told = set()
        for change in (Change(before, after) for before, after in pairs_of(sightings)):
            before, after = change.before, change.after
            shown = (before.source, id(before.body), after.source, id(after.body), change.lagging)
            if shown not in told:
                told.add(shown)
                yield change


def sameness_of(jobs: Iterable[Job]) -> Iterator[Sameness]:
    """The last listing of each ended job that lies between two gets of it, both in the same ended state."""
    for sightings in by_key(jobs).values():
        reads = [job for job in sightings if job.source == "get" and job.ended]
        for listed in (job for job in reversed(sightings) if job.source == "list" and reads):
            before = next((job for job in reads if job.exchange.before(listed.exchange)), None)
            after = next((job for job in reads if listed.exchange.before(job.exchange)), None)
            if before and after and before.state == after.state:
                yield Sameness(before, listed, after)
                break


def trails_of(jobs: Iterable[Job], calls: Iterable[Call]) -> Iterator[Trail]:
    """The trail of every job that a create answer of this run shows."""
    asked: dict[JobKey, float] = {}
    for call in calls:
        if call.method == "tuningJobs.cancel":
            asked.setdefault((*call.parent, call.path["tuningJobsId"]), call.exchange.sent)
    mine = {
        key: sightings for key, sightings in by_key(jobs).items() if any(job.source == "create" for job in sightings)
    }
    paces = _paces(sightings for key, sightings in mine.items() if key not in asked)
    for key, sightings in mine.items():
        moment = asked.get(key, float("inf"))
        untouched = tuple(job for job in sightings if job.exchange.answered <= moment)
        yield Trail(tuple(sightings), untouched, key in asked, max(paces, default=None))


def _paces(trails: Iterable[list[Job]]) -> list[float]:
    """Seconds that jobs took from their first sight to their end, of those that were watched if any was.

    A job that nobody looked at while it ended may have ended long before it was seen so.
    """
    watched, every = [], []
    for sightings in trails:
        end = next((index for index, job in enumerate(sightings) if job.ended), 0)
        if end:
            took = sightings[end].exchange.sent - sightings[0].exchange.sent
            unseen = sightings[end].exchange.sent - sightings[end - 1].exchange.sent
            every.append(took)
            watched += [took] if unseen <= took / 2 else []
    return watched or every


def makers_of(jobs: Iterable[Job]) -> Iterator[Makers]:
    """Each model that gets of ended jobs show, with the jobs that were tuned from a base model and show it.

    Jobs are told apart by their ids, for one may be shown beneath several parents.
    """
    found: dict[str, dict[str, Job]] = defaultdict(dict)
    for job in jobs:
        model = text(job.tuned_model.get("model"))
        if (
            model
            and job.ended
            and job.source == "get"
            and job.body.get("baseModel")
            and "preTunedModel" not in job.body
        ):
            found[model].setdefault(job.key[2], job)
    for model, made in found.items():
        yield Makers(model, tuple(made.values()))


def stats_of(jobs: Iterable[Job]) -> Iterator[Stats | Distribution]:
    """The statistics of each job, once per job and content, and the distributions in them."""
    told: set[tuple[JobKey, str | bytes]] = set()
    for job in jobs:
        holder = message(job.body.get("tuningDataStats"))
        for kind, body in holder.items():
            key = (job.key, as_key(body))
            if not isinstance(body, dict) or key in told:
                continue
            told.add(key)
            stats = Stats(job, kind, body)
            yield stats
            for name, inner in body.items():
                if name.endswith("Distribution") and isinstance(inner, dict):
                    yield Distribution(stats, f"{kind}.{name}", inner)
