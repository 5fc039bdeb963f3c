"""Calls -> long-running operations and calls on their names, whatever the operations do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from concertpitch.protojson import integer, items, message, text
from concertpitch.reading.retrievals import form
from concertpitch.subjects import Call, Operation, OperationCall, OperationChange, OperationsPage

_NEXT = "nextPageToken"
_SHOWING = ("operations.get", "operations.wait")
_LISTING, _CANCELLING, _DELETING = "operations.list", "operations.cancel", "operations.delete"
_OF_THE_CALLER = frozenset({3, 5, 9})
"""INVALID_ARGUMENT, NOT_FOUND and FAILED_PRECONDITION of google.rpc.Code."""

Place = Callable[[str], str]
"""A name without what may be written in several ways, so that names can be compared."""


def operations_of(calls: list[Call], start: str) -> list[Operation]:
    """Every operation an answer shows; a resource in its place is for another rule. `start` makes new ones."""
    found = []
    for call in calls:
        body = message(call.exchange.answer.value)
        if not call.succeeded:
            continue
        if call.method == start or call.method.endswith(_SHOWING):
            if body and "state" not in body:
                found.append(Operation(call.exchange, call, body))
        elif call.method.endswith(_LISTING):
            found += [Operation(call.exchange, call, message(item)) for item in items(body.get("operations"))]
    return found


def operation_changes_of(
    operations: list[Operation], calls: list[Call], *, may_fail: bool = False
) -> Iterator[OperationChange]:
    """Consecutive sightings of the same operation that did not overlap; `may_fail`: what is cancelled may fail here.

    So it may where operations fail that nobody cancelled, for no fault of the caller.
    """
    cancelled = {
        call.resource: call.exchange.answered
        for call in reversed(calls)
        if call.method.endswith(_CANCELLING) and call.succeeded
    }
    last: dict[str, Operation] = {}
    fail = may_fail or any(_fails(one) for one in operations if one.name not in cancelled)
    for operation in operations:
        name = operation.name
        before = last.get(name)
        if before and before.exchange.before(operation.exchange):
            asked = cancelled.get(name, float("inf")) <= operation.exchange.sent
            yield OperationChange(before, operation, asked, fail)
        if name:
            last[name] = operation


def _fails(operation: Operation) -> bool:
    error = operation.body.get("error")
    return operation.done and error is not None and integer(message(error).get("code")) not in _OF_THE_CALLER


def operation_calls_of(
    calls: list[Call], operations: list[Operation], start: str, removing: str = ""
) -> Iterator[OperationCall]:
    """Calls on an operation's name, with whether the target had given that name before.

    `removing` is the method, if there is one, that deletes what operations are for, and them with it.
    """
    since: dict[str, float] = {}
    for operation in operations:
        if operation.call.method == start and operation.name:
            since.setdefault(operation.name, operation.exchange.answered)
    forms = {form(name.rpartition("/")[2]) for name in since}
    done = {one.name: one.exchange.answered for one in reversed(operations) if one.done}
    deleted: dict[str, float] = {}
    elsewhere = any(call.succeeded and call.method.endswith("operations.get") for call in calls)
    kept = any(call.succeeded and ".operations." in call.method for call in calls)
    working = {call.method for call in calls if call.succeeded}
    gone: dict[str, float] = {}
    read: set[tuple[str, str]] = set()
    for call in calls:
        if call.method == removing:
            deleted.setdefault(call.resource, call.exchange.sent)
        if ".operations." not in call.method or call.method.endswith(_LISTING):
            continue
        name, sent = call.resource, call.exchange.sent
        given = since.get(name, float("inf")) <= sent
        parent = name.rpartition("/operations/")[0]
        yield OperationCall(
            call,
            name,
            given,
            first=(call.method, name) not in read,
            deleted=min(deleted.get(name, float("inf")), deleted.get(parent, float("inf"))) <= call.exchange.answered,
            lookalike=form(name.rpartition("/")[2]) in forms,
            promised=kept and (call.served or (call.route.promised and not elsewhere)),
            deletion_answered=gone.get(name, float("inf")) <= sent,
            works=call.method in working,
            done=done.get(name, float("inf")) <= sent,
        )
        if call.method.endswith(".get") and given:
            read.add((call.method, name))
        if call.method.endswith(_DELETING):
            deleted.setdefault(name, sent)
            if call.succeeded:
                gone.setdefault(name, call.exchange.answered)


def operation_lists_of(
    calls: list[Call], operations: list[Operation], start: str, place: Place
) -> Iterator[OperationsPage]:
    """Lists of one parent's operations; whole ones with the operations that were started there before."""
    deleted = {call.resource for call in calls if call.method.endswith(_DELETING)}
    for call in calls:
        body = message(call.exchange.answer.value)
        if call.method.endswith(_LISTING) and call.succeeded:
            whole = not call.query and not body.get(_NEXT)
            expected = {
                operation.name
                for operation in operations
                if whole
                and operation.call.method == start
                and place(operation.name).startswith(place(call.resource) + "/")
                and operation.exchange.before(call.exchange)
                and operation.name not in deleted
            }
            names = tuple(text(message(item).get("name")) for item in items(body.get("operations")))
            yield OperationsPage(call, names, frozenset(expected))
