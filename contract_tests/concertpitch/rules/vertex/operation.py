"""rebaseTunedModel, the operations it starts, and what only operations of tuning jobs can do."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, DOCUMENTED, Cite, Findings, rule
from concertpitch.protojson import integer, message, text
from concertpitch.sources import aip, google, method, vertex
from concertpitch.subjects import Operation, OperationCall, OperationChange, OperationsPage
from concertpitch.subjects.vertex import Orphan, Outcome, Rebase

_TUNING_JOB = "google.cloud.aiplatform.{version}.TuningJob"
_METADATA = (
    "google.cloud.aiplatform.{version}.RebaseTunedModelOperationMetadata",
    "google.cloud.aiplatform.{version}.GenericOperationMetadata",
)
_SETTLED = ("name", "baseModel", "tunedModelDisplayName", "description", "labels")
"""What no method changes in a job, whatever it goes through, and is written in one way only."""
_SLACK = 2.5
"""Seconds a wait may take beyond its timeout: a slow machine and a polling server are no breach."""


def _packed(type_url: object) -> str:
    """The message that a type URL names: what follows its last slash, of which it has one; any host may precede it."""
    return text(type_url).rpartition("/")[2] if "/" in text(type_url) else ""


def _not_empty(it: OperationCall, verb: str) -> Findings:
    held = message(it.call.exchange.answer.value)
    if held:
        yield f"a {verb} of {it.name} was answered with {', '.join(sorted(held))}"


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
    when=lambda rebase: (
        (rebase.request.only("missing") or rebase.request.only("empty"))
        and rebase.call.served
        and rebase.call.status < 500  # noqa: PLR2004
    ),
    cite=method("rebaseTunedModel", part="request/$ref", says="GoogleCloudAiplatformV1RebaseTunedModelRequest"),
    probe="operations",
)
def missing_tuned_model_ref(rebase: Rebase) -> Findings:
    """A rebase without tunedModelRef, or with nothing in it, is refused."""
    if rebase.call.succeeded:
        if rebase.request.missing:
            yield f"a rebase without {', '.join(rebase.request.missing)} was accepted"
        else:
            yield f"a rebase with nothing in {', '.join(rebase.request.empty)} was accepted"


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
    "operation/response-agrees-with-get",
    DOCUMENTED,
    on=Outcome,
    when=lambda outcome: text(message(outcome.read.exchange.answer.value).get("name")).endswith(
        f"/{outcome.read.path['tuningJobsId']}"
    ),
    cite=method("rebaseTunedModel", says="The rebase operation creates a new tuning job and a new tuned model."),
    probe="operations",
)
def response_agrees_with_get(outcome: Outcome) -> Findings:
    """The job in the response of a done operation is the one that a get of its name shows."""
    told, read = outcome.operation.response, message(outcome.read.exchange.answer.value)
    for member in _SETTLED[1:]:
        if member in told and member in read and told[member] != read[member]:
            yield f"{outcome.operation.name}: response.{member} is {told[member]}, a get shows {read[member]}"
    models = [text(message(job.get("tunedModel")).get("model")) for job in (told, read)]
    if all(models) and told.get("state") == read.get("state") and models[0] != models[1]:
        yield f"{outcome.operation.name}: response.tunedModel.model is {models[0]}, a get shows {models[1]}"


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
    if _packed(found) != _TUNING_JOB.format(version=version):
        yield f"{operation.name}: response has the type {found}"


@rule(
    "operation/response-is-the-job",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: text(message(operation.body.get("response")).get("@type")).endswith(".TuningJob"),
    cite=method("rebaseTunedModel", says="The rebase operation creates a new tuning job and a new tuned model."),
    probe="operations",
)
def response_is_the_job(operation: Operation) -> Findings:
    """The response of a rebase is the job itself, with its name, and no object around it."""
    if not text(operation.body["response"].get("name")):
        held = sorted(operation.body["response"].keys() - {"@type"})
        yield f"{operation.name}: response has no name but {', '.join(held) or 'nothing'}"


@rule(
    "operation/metadata-type",
    DOCUMENTED,
    on=Operation,
    when=lambda operation: bool(text(operation.metadata.get("@type"))),
    cite=Cite(
        "aiplatform.v1.protos",
        "/methods/google.cloud.aiplatform.v1.GenAiTuningService.RebaseTunedModel/operation/metadata",
        "google.cloud.aiplatform.v1.RebaseTunedModelOperationMetadata",
    ),
    probe="operations",
)
def metadata_type(operation: Operation) -> Findings:
    """The metadata of a rebase is its own or the generic message (Discovery has this one only), of that version."""
    found = operation.metadata["@type"]
    if _packed(found) not in {name.format(version=operation.version) for name in _METADATA}:
        yield f"{operation.name}: metadata has the type {found}"


@rule(
    "operation/cancelled-has-code-1",
    DOCUMENTED,
    on=OperationChange,
    when=lambda change: (
        change.cancelled
        and not change.may_fail
        and not change.before.done
        and change.after.done
        and "error" in change.after.body
    ),
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
    "operation/wait-returns-what-is-done",
    DOCUMENTED,
    on=OperationCall,
    when=lambda it: (
        it.call.method == "tuningJobs.operations.wait"
        and it.done
        and it.call.succeeded
        and (it.timeout or 0.0) > _SLACK
    ),
    cite=method("operations.wait", says="If the operation is already done, the latest state is immediately returned."),
    probe="operations",
)
def wait_returns_what_is_done(it: OperationCall) -> Findings:
    """A wait for an operation that is done does not sit out its timeout."""
    took = it.call.exchange.answered - it.call.exchange.sent
    if it.timeout is not None and took >= it.timeout:
        yield f"{it.name} is done, and a wait with timeout={it.timeout:g}s was answered after {took:.1f} s"


@rule(
    "operation/wait-finds-what-is-done",
    DOCUMENTED,
    on=OperationCall,
    when=lambda it: it.call.method == "tuningJobs.operations.wait" and it.given and it.works and not it.deleted,
    cite=method("operations.wait", says="If the operation is already done, the latest state is immediately returned."),
    probe="operations",
)
def wait_finds_what_is_done(it: OperationCall) -> Findings:
    """A wait for an operation that is done answers it, as the waits before did."""
    if it.call.status in {404, 410}:
        yield f"a wait for {it.name}, which nobody deleted, was answered {it.call.status}"


@rule(
    "operation/wait-answers-operation",
    DOCUMENTED,
    on=OperationCall,
    when=lambda it: it.call.method == "tuningJobs.operations.wait" and it.given and it.call.succeeded,
    cite=method("operations.wait", part="response/$ref", says="GoogleLongrunningOperation"),
    probe="operations",
)
def wait_answers_operation(it: OperationCall) -> Findings:
    """A wait answers the operation as it is then, done or not."""
    shown = text(message(it.call.exchange.answer.value).get("name"))
    if shown.rpartition("/")[2] != it.name.rpartition("/")[2]:
        yield f"a wait for {it.name} was answered {f'with {shown}' if shown else 'without a name'}"


@rule(
    "operation/cancel-answers-empty",
    DOCUMENTED,
    on=OperationCall,
    when=lambda it: it.call.method == "tuningJobs.operations.cancel" and it.given and it.call.succeeded,
    cite=method("operations.cancel", part="response/$ref", says="GoogleProtobufEmpty"),
    probe="operations",
)
def cancel_answers_empty(it: OperationCall) -> Findings:
    """A cancel of an operation answers `{}`."""
    yield from _not_empty(it, "cancel")


@rule(
    "operation/response-stays",
    DOCUMENTED,
    on=OperationChange,
    when=lambda change: change.before.done and change.after.done and bool(change.before.response),
    cite=google("LongrunningOperation", "done", says="If `true`, the operation is completed"),
    probe="operations",
)
def response_stays(change: OperationChange) -> Findings:
    """The job in the response of a done operation keeps its name and what its caller set."""
    before, after = change.before.response, change.after.response
    for member in _SETTLED:
        if member in before and member in after and before[member] != after[member]:
            yield f"{change.after.name}: response.{member} was {before[member]} and is now {after[member]}"


@rule(
    "operation/delete-answers-empty",
    DOCUMENTED,
    on=OperationCall,
    when=lambda it: it.call.method == "tuningJobs.operations.delete" and it.given and it.call.succeeded,
    cite=method("operations.delete", part="response/$ref", says="GoogleProtobufEmpty"),
    probe="operations",
)
def delete_answers_empty(it: OperationCall) -> Findings:
    """A delete of an operation answers `{}`."""
    yield from _not_empty(it, "delete")


@rule(
    "operation/delete-leaves-the-job",
    DOCUMENTED,
    on=Orphan,
    cite=method("operations.delete", says="It does not cancel the operation."),
    probe="operations",
)
def delete_leaves_the_job(it: Orphan) -> Findings:
    """Deleting an operation does not cancel the job that it makes."""
    if it.job.short_state in {"CANCELLING", "CANCELLED"}:
        yield f"{it.job.shown} is {it.job.short_state} after its operation was deleted, and nobody cancelled it"


def _owner(name: str) -> str:
    """The id of the job that a name or a path is beneath, '' where it is beneath none."""
    return name.partition("/tuningJobs/")[2].partition("/")[0]


@rule(
    "operation/listed-beneath-its-job",
    CONVENTION,
    on=OperationsPage,
    when=lambda page: bool(_owner(page.call.resource)) and bool(page.names),
    cite=aip(122, "Guidance", says="All resource names defined by an API **must** be unique within that API."),
    probe="operations",
)
def listed_beneath_its_job(page: OperationsPage) -> Findings:
    """The list of a job's operations shows none whose name says that it is another job's."""
    for name in page.names:
        if _owner(name) not in {"", _owner(page.call.resource)}:
            yield f"the operations of the job {_owner(page.call.resource)} include {name}"


@rule(
    "operation/page-size-bound",
    CONVENTION,
    on=OperationsPage,
    when=lambda page: page.size > 0,
    cite=aip(158, "Guidance", says="field, allowing users to specify the maximum number of results to return."),
    probe="operations",
)
def page_size_bound(page: OperationsPage) -> Findings:
    """A page of operations holds at most pageSize of them."""
    if len(page.shown) > page.size:
        yield f"asked for at most {page.size} operations, the page holds {len(page.shown)}"


@rule(
    "refuse/act-on-unknown-operation",
    CONVENTION,
    on=OperationCall,
    when=lambda it: (
        not it.given and it.lookalike and it.call.method.endswith((".cancel", ".delete", ".wait")) and it.call.served
    ),
    cite=aip(193, "Permission Denied", says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP"),
    probe="operations",
)
def act_on_unknown_operation(it: OperationCall) -> Findings:
    """A cancel, a delete or a wait for an operation that does not exist does not succeed."""
    if it.call.succeeded:
        verb = it.call.method.rpartition(".")[2]
        yield f"a {verb} of an operation that does not exist was answered {it.call.status}"


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
