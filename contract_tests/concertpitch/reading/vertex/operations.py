"""Calls -> rebases, and the jobs that their operations made."""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.protojson import message, text
from concertpitch.reading.vertex.cancels import acquaintance_of
from concertpitch.schema import Schemas, read_request
from concertpitch.subjects import Call, Operation
from concertpitch.subjects.vertex import Job, Orphan, Outcome, Rebase

START = "tuningJobs.rebaseTunedModel"


def without_project(name: str) -> str:
    """A name without its project, which may be written as an id or as a number."""
    return name.partition("/locations/")[2]


def outcomes_of(operations: list[Operation], calls: list[Call]) -> Iterator[Outcome]:
    """The first get of each job that a done operation's response names."""
    gets = [call for call in calls if call.method == "tuningJobs.get"]
    told: set[str] = set()
    for operation in operations:
        name = text(message(operation.body.get("response")).get("name"))
        place = without_project(name)
        later = (
            call
            for call in gets
            if operation.exchange.before(call.exchange)
            and place == f"{call.parent[1]}/tuningJobs/{call.path['tuningJobsId']}"
        )
        first = next(later, None) if operation.done and name not in told else None
        if first is not None:
            told.add(name)
            yield Outcome(operation, first)


def rebases_of(calls: list[Call], schemas: Schemas, jobs: list[Job], operations: list[Operation]) -> Iterator[Rebase]:
    """Every rebaseTunedModel call with a readable body."""
    met = acquaintance_of(jobs)
    last = {operation.name: operation for operation in operations}
    for call in calls:
        if call.method == START and call.route.request is not None:
            reading = call.exchange.request
            if reading.error is None or not call.exchange.request_body.strip():
                request = read_request(schemas, call.route.request, reading.value or {})
                referred = text(message(request.canonical.get("tunedModelRef")).get("tuningJob"))
                started = text(message(call.exchange.answer.value).get("name"))
                yield Rebase(
                    call,
                    request,
                    stranger="" if met.may_exist(referred, call) else referred,
                    last=last.get(started) if call.succeeded else None,
                )


def orphans_of(calls: list[Call], jobs: list[Job]) -> Iterator[Orphan]:
    """The first sight of each job after the operation that is named beneath it was deleted."""
    cancelled = {
        (call.resource if "/operations/" in call.resource else call.path["tuningJobsId"]): call.exchange.sent
        for call in reversed(calls)
        if call.method.endswith(".cancel") and call.path.get("tuningJobsId")
    }
    for call in calls:
        if call.method == "tuningJobs.operations.delete" and call.succeeded and "tuningJobsId" in call.path:
            job_id = call.path["tuningJobsId"]
            asked = min(cancelled.get(one, float("inf")) for one in (job_id, call.resource))
            later = (job for job in jobs if job.key[2] == job_id and call.exchange.before(job.exchange))
            first = next(later, None)
            if first is not None and first.exchange.answered <= asked:
                yield Orphan(call, first)
