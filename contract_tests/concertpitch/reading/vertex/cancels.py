"""Calls -> gets and cancels of jobs, with what was known of the job before and seen after."""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.reading.retrievals import Acquaintance
from concertpitch.reading.vertex.jobs import by_key
from concertpitch.subjects import Call, Walk
from concertpitch.subjects.vertex import Cancellation, Cancels, Job, JobKey, JobRetrieval

_MAKING = frozenset({"tuningJobs.create", "tuningJobs.rebaseTunedModel"})


def acquaintance_of(jobs: list[Job]) -> Acquaintance:
    """Which jobs the target has shown, and since when."""
    return Acquaintance((job.key, job.key[2], job.exchange.answered) for job in jobs)


def retrievals_of(calls: list[Call], jobs: list[Job], walks: list[Walk]) -> Iterator[JobRetrieval]:
    """Every get call."""
    met = acquaintance_of(jobs)
    shown = {job.exchange.number: job for job in jobs if job.source == "get"}
    writes = [call for call in calls if call.method in _MAKING]
    cancelled: set[JobKey] = set()
    read: dict[JobKey, float] = {}
    places = {call.parent for call in calls if call.succeeded}
    homes = {job.name: job.key[0] for job in jobs if job.source == "create"}
    for call in calls:
        if call.method == "tuningJobs.cancel":
            cancelled.add(_key(call))
        if call.method == "tuningJobs.get":
            job, key = shown.get(call.exchange.number), _key(call)
            kept = key not in cancelled and read.get(key, float("inf")) <= call.exchange.sent
            absent = _absent(call, walks, writes) and not _told(call, calls)
            yield JobRetrieval(
                call,
                met.known(key, call),
                met.lookalike(_id(call)),
                absent,
                job,
                kept,
                open=call.parent in places,
                stray=bool(job and homes.get(job.name, key[0]) != key[0] and key[0] not in job.name.split("/")),
            )
            if job:
                read.setdefault(key, call.exchange.answered)


def _told(call: Call, calls: list[Call]) -> bool:
    """Whether any earlier answer, an operation's for instance, had named the job."""
    job_id = _id(call).encode()
    return any(job_id in one.exchange.body and one.exchange.before(call.exchange) for one in calls)


def _absent(call: Call, walks: list[Walk], writes: list[Call]) -> bool:
    """Whether the last whole walk before the call did not show the job, and nothing can have made it since."""
    earlier = [
        walk
        for walk in walks
        if walk.whole
        and walk.pages[0].call.parent == call.parent
        and walk.pages[-1].call.exchange.before(call.exchange)
    ]
    if not earlier or _key(call) in {item.key for item in earlier[-1].items}:
        return False
    began = earlier[-1].pages[0].call.exchange.sent
    return not any(write.exchange.answered > began and write.exchange.sent < call.exchange.answered for write in writes)


def may_fail_when_cancelled(jobs: list[Job], calls: list[Call]) -> bool:
    """Whether what is cancelled may fail here, as CANCELLING may go there too: jobs did, or none was seen CANCELLED."""
    ended: dict[JobKey, tuple[float, str]] = {}
    for job in jobs:
        if job.short_state in {"FAILED", "CANCELLED"}:
            ended.setdefault(job.key, (job.exchange.sent, job.short_state))
    after_cancel = {
        ended[_key(call)][1]
        for call in calls
        if call.method == "tuningJobs.cancel" and call.succeeded and _key(call) in ended
        if call.exchange.answered <= ended[_key(call)][0]
    }
    return after_cancel != {"CANCELLED"}


def cancellations_of(calls: list[Call], jobs: list[Job]) -> Iterator[Cancellation | Cancels]:
    """Every cancel call, then those that succeeded together."""
    met = acquaintance_of(jobs)
    sightings = by_key(jobs)
    gets = [call for call in calls if call.method == "tuningJobs.get" and not call.succeeded]
    places = {call.parent for call in calls if call.succeeded}
    answered = []
    asked = [call for call in calls if call.method == "tuningJobs.cancel"]
    for call in asked:
        seen = sightings.get(_key(call), [])
        before = [job for job in seen if job.exchange.before(call.exchange)]
        after = tuple(job for job in seen if call.exchange.before(job.exchange))
        repeated = any(
            _key(one) == _key(call) and one.exchange.sent < call.exchange.answered for one in asked if one is not call
        )
        gone = tuple(get for get in gets if _key(get) == _key(call) and call.exchange.before(get.exchange))
        cancellation = Cancellation(
            call,
            met.known(_key(call), call),
            met.lookalike(_id(call)),
            repeated,
            before[-1] if before else None,
            after,
            gone,
            call.parent in places,
        )
        yield cancellation
        if call.succeeded and after and before and before[-1].alive:
            answered.append(cancellation)
    if answered:
        yield Cancels(tuple(answered))


def _id(call: Call) -> str:
    return call.path["tuningJobsId"]


def _key(call: Call) -> JobKey:
    return (*call.parent, call.path["tuningJobsId"])
