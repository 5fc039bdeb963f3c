"""The operation that creates a tuned model: its metadata and its result."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Cite, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, gemini, gemini_enum, gemini_method, google, records
from concertpitch.subjects import OperationCall, OperationsPage
from concertpitch.subjects.gemini import Lag, Progress, ProgressChange, Result

_METADATA = re.compile(r".*/google\.ai\.generativelanguage\.(\w+)\.CreateTunedModelMetadata")
_RESPONSE = re.compile(r".*/google\.ai\.generativelanguage\.(\w+)\.TunedModel")
_NAME = re.compile(r"tunedModels/[^/]+")
_OWNED = re.compile(r"(tunedModels/[^/]+)/operations/[^/]+")
_NOT_FOUND = 404
_CREATES = "ModelService.CreateTunedModel"


def _created(progress: Progress) -> bool:
    """Whether it was read off the create answer, whose version is certain."""
    return progress.operation.call.method == "tunedModels.create"


@rule(
    "tuning-operation/name-under-model",
    OBSERVED,
    on=Progress,
    when=lambda progress: bool(progress.name),
    cite=records("7 of 7 operations", says="tunedModels/{id}/operations/{12 base36}"),
    probe="cohort",
)
def name_under_model(progress: Progress) -> Findings:
    """An operation that creates a tuned model is named under that model."""
    if not progress.owner:
        yield f"the operation is named '{progress.name}'"


@rule(
    "tuning-operation/has-metadata",
    OBSERVED,
    on=Progress,
    cite=records("7 of 7 operations", says="metadata with totalSteps and tunedModel"),
    probe="cohort",
)
def has_metadata(progress: Progress) -> Findings:
    """An operation tells which tuned model it creates, and in how many steps."""
    lacking = [name for name in ("tunedModel", "totalSteps") if not progress.metadata.get(name)]
    if lacking:
        yield f"{progress.name}: the metadata has no {' and no '.join(lacking)}"


@rule(
    "tuning-operation/metadata-type",
    DOCUMENTED,
    on=Progress,
    when=lambda progress: bool(text(progress.operation.metadata.get("@type"))),
    cite=gemini_method(_CREATES, part="operation/metadata", says="CreateTunedModelMetadata"),
    probe="cohort",
)
def metadata_type(progress: Progress) -> Findings:
    """The metadata is a CreateTunedModelMetadata of the version that create was called at (clients refuse another)."""
    found = progress.operation.metadata["@type"]
    match = _METADATA.fullmatch(found)
    if match is None or (_created(progress) and match[1] != progress.operation.version):
        yield f"{progress.name}: metadata has the type {found}"


@rule(
    "tuning-operation/response-type",
    DOCUMENTED,
    on=Progress,
    when=lambda progress: bool(text(progress.operation.response.get("@type"))),
    cite=gemini_method(_CREATES, part="operation/response", says="TunedModel"),
    probe="operations",
)
def response_type(progress: Progress) -> Findings:
    """The operation resolves to a TunedModel, of the version that its metadata is of (clients refuse another)."""
    found = progress.operation.response["@type"]
    match = _RESPONSE.fullmatch(found)
    metadata = _METADATA.fullmatch(text(progress.operation.metadata.get("@type")))
    if match is None or (metadata and match[1] != metadata[1]):
        yield f"{progress.name}: response has the type {found}"


@rule(
    "tuning-operation/model-name-format",
    DOCUMENTED,
    on=Progress,
    when=lambda progress: bool(progress.model_name),
    cite=gemini("CreateTunedModelMetadata", "tunedModel", says="Name of the tuned model associated with the tuning"),
    probe="cohort",
)
def model_name_format(progress: Progress) -> Findings:
    """The metadata names the tuned model by its resource name."""
    if not _NAME.fullmatch(progress.model_name):
        yield f"{progress.name}: metadata.tunedModel is '{progress.model_name}'"


@rule(
    "tuning-operation/names-its-model",
    DOCUMENTED,
    on=Progress,
    when=lambda progress: bool(
        _NAME.fullmatch(progress.model_name) and (progress.owner or progress.operation.response.get("name"))
    ),
    cite=gemini("CreateTunedModelMetadata", "tunedModel", says="Name of the tuned model associated with the tuning"),
    probe="cohort",
)
def names_its_model(progress: Progress) -> Findings:
    """Name, metadata and response of an operation speak of one tuned model."""
    told = {progress.model_name, progress.owner, text(progress.operation.response.get("name"))} - {""}
    if len({name.rpartition("/")[2] for name in told}) > 1:
        yield f"{progress.name} speaks of {' and of '.join(sorted(told))}"


@rule(
    "tuning-operation/listed-under-its-model",
    DOCUMENTED,
    on=OperationsPage,
    when=lambda page: any(map(_OWNED.fullmatch, page.names)),
    cite=Cite(
        "generativelanguage.v1beta.protos",
        "/messages/google.longrunning.ListOperationsRequest/fields/name/comment",
        "The name of the operation's parent resource.",
    ),
    probe="operations",
)
def listed_under_its_model(page: OperationsPage) -> Findings:
    """The list of a tuned model's operations shows none that is named under another model."""
    parent = page.call.resource.removesuffix("/operations")
    for name in page.names:
        owned = _OWNED.fullmatch(name)
        if owned and owned[1] != parent:
            yield f"the list of the operations of {parent} shows {name}"
            return


@rule(
    "tuning-operation/done-model-is-readable",
    CONVENTION,
    on=Result,
    when=lambda result: bool(result.progress.operation.response),
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="operations",
)
def done_model_is_readable(result: Result) -> Findings:
    """The tuned model can be read when its operation is done."""
    if result.read.status == _NOT_FOUND:
        yield f"{result.progress.name} is done, and its tuned model was answered 404"


@rule(
    "tuning-operation/done-model-has-ended",
    DOCUMENTED,
    on=Result,
    when=lambda result: result.model is not None,
    cite=google("LongrunningOperation", "done", says="If `true`, the operation is completed"),
    probe="operations",
)
def done_model_has_ended(result: Result) -> Findings:
    """A tuned model whose operation is done is not CREATING any more."""
    if result.model and result.model.state == "CREATING":
        yield f"{result.progress.name} is done, and {result.model.shown} is CREATING"


@rule(
    "tuning-operation/failed-model-is-not-active",
    DOCUMENTED,
    on=Result,
    when=lambda result: (
        result.model is not None
        and bool(result.progress.operation.body.get("error"))
        and not result.progress.operation.response
    ),
    cite=gemini_enum("TunedModel.State", "FAILED", says="The model failed to be created."),
    probe="operations",
)
def failed_model_is_not_active(result: Result) -> Findings:
    """A tuned model whose operation ended in an error is not ACTIVE."""
    if result.model and result.model.state == "ACTIVE":
        yield f"{result.progress.name} ended in an error, and {result.model.shown} is ACTIVE"


@rule(
    "tuning-operation/response-model-is-not-failed",
    DOCUMENTED,
    on=Result,
    when=lambda result: (
        result.model is not None
        and bool(result.progress.operation.response)
        and not result.progress.operation.body.get("error")
    ),
    cite=gemini_enum("TunedModel.State", "FAILED", says="The model failed to be created."),
    probe="operations",
)
def response_model_is_not_failed(result: Result) -> Findings:
    """A tuned model whose operation ended with a response has not FAILED."""
    if result.model and result.model.state == "FAILED":
        yield f"{result.progress.name} ended with a response, and {result.model.shown} is FAILED"


@rule(
    "tuning-operation/response-agrees-with-get",
    CONVENTION,
    on=Result,
    when=lambda result: (
        result.model is not None and bool(message(result.progress.operation.response).get("createTime"))
    ),
    cite=aip(133, "Guidance", says="message **must** be a `google.longrunning.Operation` which resolves to the"),
    probe="operations",
)
def response_agrees_with_get(result: Result) -> Findings:
    """The response of an operation is the tuned model that get shows."""
    response, held = result.progress.operation.response, result.model.body if result.model else {}
    for name in ("createTime", "baseModel"):
        if name in response and name in held and response[name] != held[name]:
            yield f"{result.progress.name}: the response has {name} {response[name]}, get shows {held[name]}"


@rule(
    "tuning-operation/response-is-whole",
    CONVENTION,
    on=Result,
    when=lambda result: result.tuning is not None and result.model is not None and result.response is not None,
    cite=aip(133, "Guidance", says="message **must** be a `google.longrunning.Operation` which resolves to the"),
    probe="operations",
)
def response_is_whole(result: Result) -> Findings:
    """The response of an operation holds what was sent to create and get shows: names, description and source."""
    sent, held = (result.tuning.sent if result.tuning else {}), (result.model.body if result.model else {})
    shown = result.response.body if result.response else {}
    lacking = [name for name in ("displayName", "description") if sent.get(name) and held.get(name)]
    lacking = [name for name in lacking if name not in shown]
    source = {"baseModel", "tunedModelSource"}
    if source & held.keys() and not source & shown.keys():
        lacking.append("source model")
    if lacking:
        yield f"{result.progress.name}: the response has no {' and no '.join(lacking)}, which get shows"


@rule(
    "tuning-operation/type-stays",
    OBSERVED,
    on=ProgressChange,
    when=lambda change: bool(
        change.before.operation.metadata.get("@type") and change.after.operation.metadata.get("@type")
    ),
    cite=records("7 of 7 operations", says="@type carries the API version of the CREATE call"),
    probe="operations",
)
def type_stays(change: ProgressChange) -> Findings:
    """The type of the metadata is that of the create call, at whatever version it is read (clients refuse another)."""
    before, after = change.before.operation.metadata["@type"], change.after.operation.metadata["@type"]
    if before != after:
        yield f"{change.after.name}: metadata was a {before} and is a {after}"


@rule(
    "tuning-operation/readable-at-v1",
    ADVISED,
    on=OperationCall,
    when=lambda it: it.given and not it.deleted and it.first and it.call.method == "v1.tunedModels.operations.get",
    cite=gemini_method(_CREATES, says="Example: GET /v1/tunedModels/az2mb0bpw6i/operations/000-111-222"),
    probe="operations",
)
def readable_at_v1(it: OperationCall) -> Findings:
    """An operation can be read below /v1 (the example is all that says so, so this only warns)."""
    if it.call.status in {404, 405, 501}:
        yield f"/v1/{it.name} was answered {it.call.status}"


@rule(
    "tuning-operation/done-when-active",
    ADVISED,
    on=Lag,
    when=lambda lag: not lag.late,
    cite=gemini_enum("TunedModel.State", "ACTIVE", says="The model is ready to be used."),
    probe="operations",
)
def done_when_active(lag: Lag) -> Findings:
    """The operation of a tuned model that is ACTIVE is done (it may lag behind for a moment, so this only warns)."""
    if not lag.progress.operation.done:
        yield f"{lag.model.shown} is ACTIVE, and {lag.progress.name} is not done"


@rule(
    "tuning-operation/resolves",
    CONVENTION,
    on=Lag,
    when=lambda lag: lag.late or lag.resolved,
    cite=aip(133, "Guidance", says="message **must** be a `google.longrunning.Operation` which resolves to the"),
    probe="watch",
)
def resolves(lag: Lag) -> Findings:
    """The operation of a tuned model that has been ACTIVE for seconds is done."""
    if not lag.resolved:
        yield f"{lag.model.shown} has long been ACTIVE, and {lag.progress.name} is not done"


@rule(
    "tuning-operation/response-is-created",
    DOCUMENTED,
    on=Progress,
    when=lambda progress: bool(progress.operation.done and progress.operation.response.get("state")),
    cite=google("LongrunningOperation", "done", says="If `true`, the operation is completed"),
    probe="operations",
)
def response_is_created(progress: Progress) -> Findings:
    """The tuned model in the response of a done operation is not CREATING any more."""
    if progress.operation.response["state"] in ("CREATING", 1):  # it may be an object
        yield f"{progress.name} is done, and the model in its response is CREATING"
