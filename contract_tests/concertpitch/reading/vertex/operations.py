"""Calls -> long-running operations and calls on their names."""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.protojson import items, message, text
from concertpitch.reading.vertex.cancels import Acquaintance, form
from concertpitch.schema import Schemas, read_request
from concertpitch.subjects import Call
from concertpitch.subjects.vertex import Job, Operation, OperationCall, OperationChange, OperationsPage, Outcome, Rebase

_NEXT = "nextPageToken"
_SHOWING = frozenset({"tuningJobs.rebaseTunedModel", "tuningJobs.operations.get", "tuningJobs.operations.wait"})


def operations_of(calls: list[Call]) -> list[Operation]:
    """Every operation an answer shows; a job in its place is for another rule."""
    found = []
    for call in calls:
        body = message(call.exchange.answer.value)
        if not call.succeeded:
            continue
        if call.method in _SHOWING and body and "state" not in body:
            found.append(Operation(call.exchange, call, body))
        elif call.method == "tuningJobs.operations.list":
            found += [Operation(call.exchange, call, message(item)) for item in items(body.get("operations"))]
    return found


def operation_changes_of(operations: list[Operation], calls: list[Call]) -> Iterator[OperationChange]:
    """Consecutive sightings of the same operation that did not overlap."""
    cancelled = {
        _name(call): call.exchange.answered
        for call in reversed(calls)
        if call.method == "tuningJobs.operations.cancel" and call.succeeded
    }
    last: dict[str, Operation] = {}
    for operation in operations:
        name = operation.name
        before = last.get(name)
        if before and before.exchange.before(operation.exchange):
            asked = cancelled.get(name, float("inf")) <= operation.exchange.sent
            yield OperationChange(before, operation, asked)
        if name:
            last[name] = operation


def operation_calls_of(calls: list[Call], operations: list[Operation]) -> Iterator[OperationCall]:
    """Calls on an operation's name, with whether the target had given that name before."""
    since: dict[str, float] = {}
    for operation in operations:
        if operation.call.method == "tuningJobs.rebaseTunedModel" and operation.name:
            since.setdefault(operation.name, operation.exchange.answered)
    forms = {form(name.rpartition("/")[2]) for name in since}
    deleted: dict[str, float] = {}
    gone: dict[str, float] = {}
    read: set[str] = set()
    for call in calls:
        if not call.method.startswith("tuningJobs.operations.") or call.method.endswith(".list"):
            continue
        name, sent = _name(call), call.exchange.sent
        given = since.get(name, float("inf")) <= sent
        yield OperationCall(
            call,
            name,
            given,
            first=name not in read,
            deleted=deleted.get(name, float("inf")) <= sent,
            lookalike=form(call.path["operationsId"]) in forms,
            deletion_answered=gone.get(name, float("inf")) <= sent,
        )
        if call.method.endswith(".get") and given:
            read.add(name)
        if call.method.endswith(".delete"):
            deleted.setdefault(name, sent)
            if call.succeeded:
                gone.setdefault(name, call.exchange.answered)


def operation_lists_of(calls: list[Call], operations: list[Operation]) -> Iterator[OperationsPage]:
    """Lists of one parent's operations that are whole, with the operations that were started there before."""
    deleted = {_name(call) for call in calls if call.method == "tuningJobs.operations.delete"}
    for call in calls:
        body = message(call.exchange.answer.value)
        if call.method == "tuningJobs.operations.list" and call.succeeded and not call.query and not body.get(_NEXT):
            project, location = call.parent
            parent = f"projects/{project}/locations/{location}/tuningJobs/{call.path['tuningJobsId']}"
            expected = {
                operation.name
                for operation in operations
                if operation.call.method == "tuningJobs.rebaseTunedModel"
                and _without_project(operation.name).startswith(_without_project(parent) + "/")
                and operation.exchange.before(call.exchange)
                and operation.name not in deleted
            }
            shown = {text(message(item).get("name")) for item in items(body.get("operations"))}
            yield OperationsPage(call, frozenset(shown), frozenset(expected))


def _without_project(name: str) -> str:
    """A name without its project, which may be written as an id or as a number."""
    return name.partition("/locations/")[2]


def outcomes_of(operations: list[Operation], calls: list[Call]) -> Iterator[Outcome]:
    """The first get of each job that a done operation's response names."""
    gets = [call for call in calls if call.method == "tuningJobs.get"]
    told: set[str] = set()
    for operation in operations:
        name = text(message(operation.body.get("response")).get("name"))
        place = _without_project(name)
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
    met = Acquaintance(jobs)
    last = {operation.name: operation for operation in operations}
    for call in calls:
        if call.method == "tuningJobs.rebaseTunedModel" and call.route.request is not None:
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


def _name(call: Call) -> str:
    """The operation's name, as the path spells it."""
    path = call.path
    job = f"/tuningJobs/{path['tuningJobsId']}" if "tuningJobsId" in path else ""
    return f"projects/{path['projectsId']}/locations/{path['locationsId']}{job}/operations/{path['operationsId']}"
