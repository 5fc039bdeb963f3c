"""Long-running operations, whatever they do."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, google, lro, method
from concertpitch.sources import protojson as proto
from concertpitch.subjects import Operation, OperationCall, OperationChange, OperationsPage

_NAME = re.compile(r"(?!/|v\d\w*/|https?:)(.+/)?operations/[^/]+")
_NOT_FOUND, _FORBIDDEN, _INTERNAL, _MAX_RPC_CODE = 404, 403, 500, 16


@rule(
    "operation/name-format",
    DOCUMENTED,
    on=Operation,
    cite=google("LongrunningOperation", "name", says="ending with `operations/{unique_id}`"),
    probe="operations",
)
def name_format(operation: Operation) -> Findings:
    """An operation's name is a relative resource name that ends with `operations/{unique_id}`."""
    if not _NAME.fullmatch(operation.name):
        yield f"an operation is named '{operation.name}'"


@rule(
    "operation/returns-the-one-asked",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: operation.call.method.endswith("operations.get") and bool(operation.name),
    cite=method("operations.get", says="Gets the latest state of a long-running operation."),
    probe="operations",
)
def returns_the_one_asked(operation: Operation) -> Findings:
    """A get answers the operation that was asked for."""
    asked = operation.call.path["operationsId"]
    if operation.name.rpartition("/")[2] != asked:
        yield f"asked for the operation {asked}, got {operation.name}"


@rule(
    "operation/one-result",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: operation.done,
    cite=lro("Operation.result", says="If `done` == `true`, exactly one of `error` or `response` can be set."),
    probe="operations",
)
def one_result(operation: Operation) -> Findings:
    """A done operation does not have both a response and an error."""
    if "response" in operation.body and "error" in operation.body:
        yield f"{operation.name} is done and has both error and response"


@rule(
    "operation/no-result-before-done",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: not operation.done,
    cite=google(
        "LongrunningOperation",
        "done",
        says="If the value is `false`, it means the operation is still in progress.",
    ),
    probe="operations",
)
def no_result_before_done(operation: Operation) -> Findings:
    """An operation that is not done has neither response nor error."""
    held = [name for name in ("response", "error") if name in operation.body]
    if held:
        yield f"{operation.name} is not done and has {' and '.join(held)}"


@rule(
    "operation/done-has-result",
    ADVISED,
    on=Operation,
    when=lambda operation: operation.done,
    cite=google("LongrunningOperation", "done", says="and either `error` or `response` is available"),
    probe="operations",
)
def done_has_result(operation: Operation) -> Findings:
    """A done operation has its response or its error (some services do not provide the result: warns)."""
    if "response" not in operation.body and "error" not in operation.body:
        yield f"{operation.name} is done and has neither error nor response"


@rule(
    "operation/stays-done",
    DOCUMENTED,
    on=OperationChange,
    when=lambda change: change.before.done,
    cite=google("LongrunningOperation", "done", says="If `true`, the operation is completed"),
    probe="operations",
)
def stays_done(change: OperationChange) -> Findings:
    """An operation that is done stays done, with the same kind of result."""
    if not change.after.done:
        yield f"{change.after.name} was done and is not any more"
    elif ("error" in change.before.body) != ("error" in change.after.body):
        yield f"{change.after.name} is done and changed from one kind of result to the other"


@rule(
    "operation/any-has-type",
    CONVENTION,
    on=Operation,
    when=lambda operation: "metadata" in operation.body or "response" in operation.body,
    cite=proto("Any", says='object with an additional `"@type"` field inserted that contains the `type_url`'),
    probe="operations",
)
def any_has_type(operation: Operation) -> Findings:
    """Metadata and response of an operation say their `@type`."""
    for name in ("metadata", "response"):
        if name in operation.body and not text(message(operation.body[name]).get("@type")):
            yield f"{operation.name}: {name} has no @type"


@rule(
    "operation/readable",
    CONVENTION,
    on=OperationCall,
    when=lambda it: (
        it.given and not it.deleted and it.promised and it.call.method.endswith("operations.get") and it.first
    ),
    cite=aip(151, "Guidance", says="APIs with messages that return `Operation` **must** implement the"),
    probe="operations",
)
def readable(it: OperationCall) -> Findings:
    """An operation can be read under the name it was given."""
    if it.call.status in {404, 405, 501}:
        yield f"{it.name} was answered {it.call.status}"


@rule(
    "operation/listed",
    DOCUMENTED,
    on=OperationsPage,
    when=lambda page: bool(page.expected),
    cite=method("operations.list", says="Lists operations that match the specified filter in the request."),
    probe="operations",
)
def listed(page: OperationsPage) -> Findings:
    """The list of a parent's operations shows those that were started there."""
    for name in sorted(page.expected - page.shown):
        yield f"the list of its parent does not show {name}"


@rule(
    "operation/listed-once",
    CONVENTION,
    on=OperationsPage,
    when=lambda page: bool(page.expected),
    cite=aip(122, "Guidance", says="All resource names defined by an API **must** be unique within that API."),
    probe="operations",
)
def listed_once(page: OperationsPage) -> Findings:
    """The list of a parent's operations shows each of them once."""
    for name in sorted(page.shown):
        if name and page.names.count(name) > 1:
            yield f"the list of its parent shows {name} {page.names.count(name)} times"


@rule(
    "operation/error-code-is-rpc",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: bool(message(operation.body.get("error"))),
    cite=google("RpcStatus", "code", says="should be an enum value of google.rpc.Code"),
    probe="operations",
)
def error_code_is_rpc(operation: Operation) -> Findings:
    """An operation's error code is a google.rpc.Code from 1 to 16, not an HTTP status; none is the same as 0, OK."""
    if not 1 <= (operation.error_code or 0) <= _MAX_RPC_CODE:
        shown = "absent" if operation.error_code is None else operation.error_code
        yield f"{operation.name}: error.code is {shown}"


@rule(
    "refuse/unknown-operation",
    CONVENTION,
    on=OperationCall,
    when=lambda it: (
        not it.given
        and it.lookalike
        and it.call.method.endswith("operations.get")
        and it.call.served
        and it.call.status < _INTERNAL
    ),
    cite=aip(
        193,
        "Permission Denied",
        says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP",
    ),
    probe="operations",
)
def unknown_operation(it: OperationCall) -> Findings:
    """A get of an operation that does not exist answers 404."""
    if it.call.status not in {_NOT_FOUND, _FORBIDDEN, 401, 429}:
        yield f"a get of an operation that does not exist was answered {it.call.status}"
