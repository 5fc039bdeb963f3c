"""The generic metadata that Vertex puts into its long-running operations."""

from __future__ import annotations

from typing import Any

from concertpitch.catalogue import ADVISED, DOCUMENTED, Findings, rule
from concertpitch.protojson import instant, items, message
from concertpitch.sources import vertex
from concertpitch.subjects import Operation, OperationChange

_METADATA = "GenericOperationMetadata"
_MAX_FAILURES = 20


def _generic(operation: Operation) -> dict[str, Any]:
    return message(message(operation.body.get("metadata")).get("genericMetadata"))


def _updated(operation: Operation) -> int | None:
    return instant(_generic(operation).get("updateTime"))


@rule(
    "operation/update-not-before-create",
    DOCUMENTED,
    on=Operation,
    when=lambda one: _updated(one) is not None and instant(_generic(one).get("createTime")) is not None,
    cite=vertex(_METADATA, "createTime", says="Time when the operation was created."),
    probe="operations",
)
def update_not_before_create(operation: Operation) -> Findings:
    """An operation was not updated before it was created."""
    generic = _generic(operation)
    if (_updated(operation) or 0) < (instant(generic["createTime"]) or 0):
        yield f"{operation.name}: updateTime {generic['updateTime']} is before createTime {generic['createTime']}"


@rule(
    "operation/finish-time-is-fixed",
    DOCUMENTED,
    on=OperationChange,
    when=lambda change: (
        change.before.done and change.after.done and None not in (_updated(change.before), _updated(change.after))
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
    if _updated(change.before) != _updated(change.after):
        before, after = _generic(change.before)["updateTime"], _generic(change.after)["updateTime"]
        yield f"{change.after.name} was done; its updateTime was {before} and is now {after}"


@rule(
    "operation/few-partial-failures",
    ADVISED,
    on=Operation,
    when=lambda operation: bool(_generic(operation)),
    cite=vertex(_METADATA, "partialFailures", says="This field should never exceed 20 entries."),
    probe="operations",
)
def few_partial_failures(operation: Operation) -> Findings:
    """An operation lists at most 20 partial failures."""
    failures = items(_generic(operation).get("partialFailures"))
    if len(failures) > _MAX_FAILURES:
        yield f"{operation.name} lists {len(failures)} partial failures"
