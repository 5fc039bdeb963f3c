"""Calls -> gets and cancels of jobs, with what was known of the job before and seen after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from concertpitch.reading.vertex.jobs import by_key
from concertpitch.subjects import Call
from concertpitch.subjects.vertex import Cancellation, Cancels, Job, JobKey, Reads, Retrieval, Walk

_MAKING = frozenset({"tuningJobs.create", "tuningJobs.rebaseTunedModel"})


class Acquaintance:
    """Which jobs the target has shown, and since when."""

    def __init__(self, jobs: list[Job]) -> None:
        self._since: dict[JobKey, float] = {}
        for job in jobs:
            self._since[job.key] = min(job.exchange.answered, self._since.get(job.key, float("inf")))
        self._forms = {form(job_id) for _, _, job_id in self._since}

    def known(self, call: Call) -> bool:
        """Whether the job had been shown before the call left."""
        return self._since.get(_key(call), float("inf")) <= call.exchange.sent

    def may_exist(self, name: str, call: Call) -> bool:
        """Whether a job of this name may exist when the call leaves: it was shown, or is not written like those."""
        job_id = name.rpartition("/")[2]
        if not name or form(job_id) not in self._forms:
            return True
        return any(key[2] == job_id and since <= call.exchange.sent for key, since in self._since.items())

    def lookalike(self, call: Call) -> bool:
        """Whether the id is written like the ids of jobs that exist: as long, of the same kinds of characters."""
        return form(call.path["tuningJobsId"]) in self._forms


def retrievals_of(calls: list[Call], jobs: list[Job], walks: list[Walk]) -> Iterator[Retrieval]:
    """Every get call."""
    met = Acquaintance(jobs)
    shown = {job.exchange.number: job for job in jobs if job.source == "get"}
    writes = [call for call in calls if call.method in _MAKING]
    cancelled: set[JobKey] = set()
    read: dict[JobKey, float] = {}
    for call in calls:
        if call.method == "tuningJobs.cancel":
            cancelled.add(_key(call))
        if call.method == "tuningJobs.get":
            job = shown.get(call.exchange.number)
            kept = _key(call) not in cancelled and read.get(_key(call), float("inf")) <= call.exchange.sent
            yield Retrieval(call, met.known(call), met.lookalike(call), _absent(call, walks, writes), job, kept)
            if job:
                read.setdefault(_key(call), call.exchange.answered)


def reads_of(retrievals: list[Retrieval]) -> Iterator[Reads]:
    """The gets of each job that the target had shown before."""
    grouped: dict[JobKey, list[Call]] = defaultdict(list)
    for get in retrievals:
        if get.known:
            grouped[_key(get.call)].append(get.call)
    for calls in grouped.values():
        yield Reads(tuple(calls))


def _absent(call: Call, walks: list[Walk], writes: list[Call]) -> bool:
    """Whether the last whole walk before the call did not show the job, and nothing can have made it since."""
    earlier = [
        walk
        for walk in walks
        if walk.whole
        and walk.pages[0].call.parent == call.parent
        and walk.pages[-1].call.exchange.before(call.exchange)
    ]
    if not earlier or _key(call) in {job.key for job in earlier[-1].jobs}:
        return False
    began = earlier[-1].pages[0].call.exchange.sent
    return not any(write.exchange.answered > began and write.exchange.sent < call.exchange.answered for write in writes)


def cancellations_of(calls: list[Call], jobs: list[Job]) -> Iterator[Cancellation | Cancels]:
    """Every cancel call, then those that succeeded together."""
    met = Acquaintance(jobs)
    sightings = by_key(jobs)
    gets = [call for call in calls if call.method == "tuningJobs.get" and not call.succeeded]
    answered = []
    for call in calls:
        if call.method != "tuningJobs.cancel":
            continue
        seen = sightings.get(_key(call), [])
        before = [job for job in seen if job.exchange.before(call.exchange)]
        after = tuple(job for job in seen if call.exchange.before(job.exchange))
        repeated = any(
            _key(one) == _key(call) and one.exchange.sent < call.exchange.answered
            for one in calls
            if one.method == call.method and one is not call
        )
        gone = tuple(get for get in gets if _key(get) == _key(call) and call.exchange.before(get.exchange))
        cancellation = Cancellation(
            call, met.known(call), met.lookalike(call), repeated, before[-1] if before else None, after, gone
        )
        yield cancellation
        if call.succeeded and after and before and before[-1].alive:
            answered.append(cancellation)
    if answered:
        yield Cancels(tuple(answered))


def _key(call: Call) -> JobKey:
    return (*call.parent, call.path["tuningJobsId"])


def form(job_id: str) -> str:
    """How an id is written: its length and the kinds of its characters."""
    if job_id.isdigit() and len(job_id) < 8:  # noqa: PLR2004 - counted ids: any number is well formed
        return "9"
    return "".join("9" if char.isdigit() else "a" if char.isalpha() else char for char in job_id)
