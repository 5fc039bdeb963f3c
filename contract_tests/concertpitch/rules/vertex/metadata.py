"""The generic metadata that Vertex puts into its long-running operations."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, DOCUMENTED, Findings, rule
from concertpitch.protojson import integer, items, message, precedes
from concertpitch.sources import google, vertex
from concertpitch.subjects import Operation, OperationChange

_METADATA = "GenericOperationMetadata"
_MAX_FAILURES, _MAX_RPC_CODE = 20, 16


@rule(
    "operation/finish-time-is-fixed",
    DOCUMENTED,
    on=OperationChange,
    when=lambda change: (
        change.before.done and change.after.done and None not in (change.before.update_time, change.after.update_time)
    ),
    cite=vertex(
        _METADATA,
        "updateTime",
        says="If the operation has finished (successfully or not), this is the finish time.",
    ),
    probe="operations",
)
def finish_time_is_fixed(change: OperationChange) -> Findings:
    """The updateTime of a done operation is when it finished, and stays so."""
    if change.before.update_time != change.after.update_time:
        before, after = change.before.times["updateTime"], change.after.times["updateTime"]
        yield f"{change.after.name} was done; its updateTime was {before} and is now {after}"


@rule(
    "operation/few-partial-failures",
    ADVISED,
    on=Operation,
    when=lambda operation: bool(operation.times),
    cite=vertex(_METADATA, "partialFailures", says="This field should never exceed 20 entries."),
    probe="operations",
)
def few_partial_failures(operation: Operation) -> Findings:
    """An operation lists at most 20 partial failures."""
    failures = items(operation.times.get("partialFailures"))
    if len(failures) > _MAX_FAILURES:
        yield f"{operation.name} lists {len(failures)} partial failures"


@rule(
    "operation/partial-failure-code-is-rpc",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: bool(operation.times),
    cite=google("RpcStatus", "code", says="should be an enum value of google.rpc.Code"),
    probe="operations",
)
def partial_failure_code_is_rpc(operation: Operation) -> Findings:
    """The code of a partial failure is a google.rpc.Code from 1 to 16, not an HTTP status."""
    for failure in items(operation.times.get("partialFailures")):
        code = integer(message(failure).get("code"))
        if code is not None and not 0 <= code <= _MAX_RPC_CODE:
            yield f"{operation.name}: a partial failure has the code {code}"


@rule(
    "operation/times-ordered",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: None not in (operation.create_time, operation.update_time),
    cite=vertex(_METADATA, "updateTime", says="Time when the operation was updated for the last time."),
    probe="operations",
)
def times_ordered(operation: Operation) -> Findings:
    """An operation was not updated before it was created."""
    if precedes(operation.times["updateTime"], operation.times["createTime"]):
        yield f"{operation.name}: updateTime {operation.times['updateTime']} is before createTime"


@rule(
    "operation/create-time-stays",
    DOCUMENTED,
    on=OperationChange,
    when=lambda change: None not in (change.before.create_time, change.after.create_time),
    cite=vertex(_METADATA, "createTime", says="Time when the operation was created."),
    probe="operations",
)
def create_time_stays(change: OperationChange) -> Findings:
    """The createTime of an operation never changes."""
    if change.before.create_time != change.after.create_time:
        yield f"{change.after.name}: createTime was {change.before.times['createTime']} and is another now"


@rule(
    "operation/update-time-never-falls",
    DOCUMENTED,
    on=OperationChange,
    when=lambda change: None not in (change.before.update_time, change.after.update_time),
    cite=vertex(_METADATA, "updateTime", says="Time when the operation was updated for the last time."),
    probe="operations",
)
def update_time_never_falls(change: OperationChange) -> Findings:
    """The updateTime of an operation never goes back."""
    if precedes(change.after.times["updateTime"], change.before.times["updateTime"]):
        yield f"{change.after.name}: updateTime went back to {change.after.times['updateTime']}"
