"""Calls -> creations of jobs with what their requests say, and the first reads of the new jobs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from concertpitch.protojson import items, message, text
from concertpitch.reading.creates import creates_of, first_reads_of, names_of
from concertpitch.schema import Schemas
from concertpitch.subjects import Call, Create, FirstRead, Names
from concertpitch.subjects.vertex import Attempts, Creation, Intrusion, Job, JobKey, Kept

_CREATE, _DISPLAY_NAME = "tuningJobs.create", "tunedModelDisplayName"


def creations_of(calls: list[Call], jobs: list[Job], schemas: Schemas) -> list[Creation]:
    """Every create call in the order sent, each with the accepted ones before or after it that resemble it."""
    shown = {job.exchange.number: job for job in jobs if job.source == "create"}

    def make(create: Create) -> Creation:
        job = shown.get(create.call.exchange.number)
        return Creation(create.call, create.request, create.unreadable, job.body if job else {}, job=job)

    made = creates_of(calls, "tuningJobs.create", schemas, make)
    said = [_own_words(creation) for creation in made]
    everything = frozenset().union(*said)
    return [replace(creation, others=everything - own) for creation, own in zip(made, said, strict=True)]


def _own_words(creation: Creation) -> frozenset[tuple[str, str]]:
    """The labels and the description that a create sent."""
    sent = message(creation.call.exchange.request.value)
    said = {**message(sent.get("labels")), "": sent.get("description")}
    return frozenset((name, text(value)) for name, value in said.items() if text(value))


def job_reads_of(creations: list[Creation], calls: list[Call]) -> Iterator[FirstRead]:
    """The first get of each created job that left after the create was answered."""
    made = [(one, one.job.key, one.job.shown) for one in creations if one.job and one.job.named]
    gets = [((*call.parent, call.path["tuningJobsId"]), call) for call in calls if call.method == "tuningJobs.get"]
    return first_reads_of(made, gets)


def kept_of(creations: list[Creation], jobs: list[Job]) -> Iterator[Kept]:
    """The gets of each job created from a body that nothing was wrong with, one per state it was seen in.

    A name that two creates answered tells no job from the other.
    """
    given = Counter(creation.job.key for creation in creations if creation.job)
    made = {
        creation.job.key: creation
        for creation in creations
        if creation.job and creation.job.named and not creation.request.faults and given[creation.job.key] == 1
    }
    told: set[tuple[JobKey, str]] = set()
    for job in jobs:
        creation = made.get(job.key)
        if job.source == "get" and creation and (job.key, job.state) not in told:
            told.add((job.key, job.state))
            if creation.call.exchange.before(job.exchange):
                yield Kept(creation, job)


def job_names_of(creations: list[Creation]) -> Iterator[Names]:
    """The jobs created in each location."""
    return names_of((creation, creation.job.name) for creation in creations if creation.job and creation.job.name)


def attempts_of(creations: list[Creation]) -> Iterator[Attempts]:
    """Creates of the same body, which differ from an accepted one in what the caller may choose freely."""
    alike: dict[tuple[tuple[str, str], str], list[Creation]] = defaultdict(list)
    for creation in creations:
        if not creation.request.faults and not creation.unreadable:
            alike[creation.call.parent, json.dumps(creation.sent, sort_keys=True)].append(creation)
    for same in alike.values():
        yield Attempts(tuple(same), akin=same[0].akin is not None)


def intrusions_of(own: list[Call], strangers: list[Call]) -> Iterator[Intrusion]:
    """Each refused create of a stranger, with the lists after it and before the run used the same display name."""
    creates = [call for call in own if call.method == _CREATE]
    lists = [call for call in own if call.method == "tuningJobs.list" and call.succeeded]
    let_in = {_display_name(call) for call in strangers if call.method == _CREATE and call.succeeded}
    for call in strangers:
        name = _display_name(call)
        if call.method != _CREATE or call.status not in {401, 403} or name in {"", *let_in}:
            continue
        until = min((one.exchange.sent for one in creates if _display_name(one) == name), default=float("inf"))
        after = tuple(one for one in lists if call.exchange.before(one.exchange) and one.exchange.answered <= until)
        if after and call.parent == after[0].parent:
            shown = (one for one in after if name in _display_names(one))
            yield Intrusion(call, after, next(shown, None))


def _display_name(create: Call) -> str:
    return text(message(create.exchange.request.value).get(_DISPLAY_NAME))


def _display_names(listing: Call) -> set[str]:
    jobs = items(message(listing.exchange.answer.value).get("tuningJobs"))
    return {text(message(job).get(_DISPLAY_NAME)) for job in jobs}
