"""Long-running operations, and rebaseTunedModel, which starts them."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import integer, message, text
from concertpitch.sources import aip, google, lro, method, vertex
from concertpitch.sources import protojson as proto
from concertpitch.subjects.vertex import Operation, OperationCall, OperationChange, OperationsPage, Outcome, Rebase

_NAME = re.compile(r"(.+/)?operations/[^/]+")
_TUNING_JOB = "type.googleapis.com/google.cloud.aiplatform.{version}.TuningJob"
_SLACK = 2.5
"""Seconds a wait may take beyond its timeout: a slow machine and a polling server are no breach."""


@rule(
    "rebase/answers-operation",
    DOCUMENTED,
    on=Rebase,
    when=lambda rebase: rebase.call.succeeded,
    cite=method("rebaseTunedModel", part="response/$ref", says="GoogleLongrunningOperation"),
    probe="operations",
)
def answers_operation(rebase: Rebase) -> Findings:
    """RebaseTunedModel answers a long-running operation."""
    body = message(rebase.call.exchange.answer.value)
    if "/operations/" not in "/" + text(body.get("name")):
        yield f"rebaseTunedModel answered {', '.join(sorted(body))} with the name '{body.get('name')}'"


@rule(
    "refuse/missing-tuned-model-ref",
    DOCUMENTED,
    on=Rebase,
    when=lambda rebase: rebase.request.only("missing") and rebase.call.served and rebase.call.status < 500,  # noqa: PLR2004
    cite=method("rebaseTunedModel", part="request/$ref", says="GoogleCloudAiplatformV1RebaseTunedModelRequest"),
    probe="operations",
)
def missing_tuned_model_ref(rebase: Rebase) -> Findings:
    """A rebase without tunedModelRef is refused."""
    if rebase.call.succeeded:
        yield f"a rebase without {', '.join(rebase.request.missing)} was accepted"


@rule(
    "refuse/two-tuned-model-refs",
    CONVENTION,
    on=Rebase,
    when=lambda rebase: rebase.request.only("both") and rebase.call.served and rebase.call.status < 500,  # noqa: PLR2004
    cite=vertex("TunedModelRef", "tuningJob", says="Support migration from tuning job list page"),
    probe="operations",
)
def two_tuned_model_refs(rebase: Rebase) -> Findings:
    """Two members of the oneof tuned_model_ref in one request are refused."""
    if rebase.call.succeeded:
        yield f"a rebase with two members of {', '.join(rebase.request.both)} was accepted"


@rule(
    "rebase/of-unknown-job",
    CONVENTION,
    on=Rebase,
    when=lambda rebase: bool(rebase.stranger) and rebase.call.served and rebase.call.status < 500,  # noqa: PLR2004
    cite=aip(193, "Permission Denied", says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP"),
    probe="operations",
)
def of_unknown_job(rebase: Rebase) -> Findings:
    """A rebase of a job that does not exist makes nothing: it is refused, or its operation ends in an error."""
    if rebase.last and rebase.last.done and "response" in rebase.last.body:
        yield f"the rebase of {rebase.stranger}, which does not exist, is done and has a response"


@rule(
    "rebase/makes-a-job",
    DOCUMENTED,
    on=Outcome,
    cite=method("rebaseTunedModel", says="The rebase operation creates a new tuning job"),
    probe="operations",
)
def makes_a_job(outcome: Outcome) -> Findings:
    """The job that a rebase made can be read."""
    if outcome.read.status == 404:  # noqa: PLR2004
        yield f"{outcome.operation.name} is done, and its job was answered 404"


@rule(
    "operation/name-format",
    DOCUMENTED,
    on=Operation,
    cite=google("LongrunningOperation", "name", says="ending with `operations/{unique_id}`"),
    probe="operations",
)
def name_format(operation: Operation) -> Findings:
    """An operation's name ends with `operations/{unique_id}`."""
    if not _NAME.fullmatch(operation.name):
        yield f"an operation is named '{operation.name}'"


@rule(
    "operation/returns-the-one-asked",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: operation.call.method == "tuningJobs.operations.get" and bool(operation.name),
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
    "operation/response-type",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: bool(message(operation.body.get("response")).get("@type")),
    cite=method("rebaseTunedModel", says="The rebase operation creates a new tuning job and a new tuned model."),
    probe="operations",
)
def response_type(operation: Operation) -> Findings:
    """A rebase resolves to a TuningJob of the version that was called (clients refuse another)."""
    found = operation.body["response"]["@type"]
    version = operation.exchange.path.partition("/projects/")[0].rpartition("/")[2]
    if found != _TUNING_JOB.format(version=version):
        yield f"{operation.name}: response has the type {found}"


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
    when=lambda it: it.given and not it.deleted and it.call.method == "tuningJobs.operations.get" and it.first,
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
    "operation/cancelled-has-code-1",
    DOCUMENTED,
    on=OperationChange,
    when=lambda change: change.cancelled and change.after.done and "error" in change.after.body,
    cite=method("operations.cancel", says="Operation.error value with a google.rpc.Status.code of `1`"),
    probe="operations",
)
def cancelled_has_code_1(change: OperationChange) -> Findings:
    """A cancelled operation has error.code 1."""
    code = integer(message(change.after.body["error"]).get("code"))
    if code != 1:
        yield f"{change.after.name} was cancelled and has error.code {code}"


@rule(
    "operation/wait-honours-timeout",
    DOCUMENTED,
    on=OperationCall,
    when=lambda it: it.call.method == "tuningJobs.operations.wait" and it.timeout is not None and it.call.succeeded,
    cite=method("operations.wait", says="is done or reaches at most a specified timeout"),
    probe="operations",
)
def wait_honours_timeout(it: OperationCall) -> Findings:
    """A wait answers at its timeout at the latest."""
    took = it.call.exchange.answered - it.call.exchange.sent
    if it.timeout is not None and took > it.timeout + _SLACK:
        yield f"a wait with timeout={it.timeout:g}s was answered after {took:.1f} s"


@rule(
    "operation/deleted-is-gone",
    CONVENTION,
    on=OperationCall,
    when=lambda it: it.given and it.deletion_answered and it.call.method == "tuningJobs.operations.get",
    cite=aip(
        121, "Strong Consistency", says="Following a successful delete that is the latest mutation on a resource, a get"
    ),
    probe="operations",
)
def deleted_is_gone(it: OperationCall) -> Findings:
    """An operation whose delete was answered with success cannot be read any more."""
    if it.call.succeeded:
        yield f"{it.name} was deleted, and a get answered {it.call.status}"


_METADATA = "GenericOperationMetadata"


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
    if (operation.update_time or 0) < (operation.create_time or 0):
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
    if (change.after.update_time or 0) < (change.before.update_time or 0):
        yield f"{change.after.name}: updateTime went back to {change.after.times['updateTime']}"
