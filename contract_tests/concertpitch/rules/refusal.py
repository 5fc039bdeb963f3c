"""What must be refused, and how an error is written."""

from __future__ import annotations

import re
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Cite, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import advice, aip, records, rpc, vertex
from concertpitch.sources import protojson as proto
from concertpitch.subjects import Aftermath, Cancellation, Creation, OperationCall, Page, Refusal, Retrieval

_NOT_FOUND, _FORBIDDEN, _BAD_REQUEST, _INTERNAL = 404, 403, 400, 500
_STATUS = {
    "CANCELLED": 499,
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "UNKNOWN": 500,
    "INTERNAL": 500,
    "DATA_LOSS": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_MAPPED = frozenset(_STATUS.values())
_OF_HTTP = frozenset({405, 408, 411, 413, 414, 415, 431})
"""Refusals of the HTTP layer, which no google.rpc.Code maps to and no document forbids."""
_LEAK = re.compile(
    r"Traceback \(most recent call last\)|\bFile \"[^\"]+\", line \d+|^\s+at [\w.$]+\([\w.]+:\d+\)|goroutine \d+ \[",
    re.MULTILINE,
)

# ---- how an error is written


def _structured(refusal: Refusal) -> bool:
    return bool(refusal.error)


@rule(
    "refuse/envelope",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: refusal.call.status in _MAPPED and refusal.call.served,
    cite=aip(193, "HTTP/1.1+JSON representation", says="`code` field in the JSON is an HTTP status code,"),
    probe="refusals",
)
def envelope(refusal: Refusal) -> Findings:
    """An error is `{"error": {"code", "message", "status"}}` in JSON."""
    answer = refusal.call.exchange.answer
    where = f"the {refusal.call.status} of {refusal.call.method}"
    if answer.error:
        yield f"{where}: {answer.error}"
    elif not isinstance(answer.value, dict) or not isinstance(answer.value.get("error"), dict):
        shape = ", ".join(sorted(answer.value)) if isinstance(answer.value, dict) else type(answer.value).__name__
        yield f"{where} holds no error object but: {shape or 'nothing'}"
    else:
        lacking = [name for name in ("code", "message", "status") if not refusal.error.get(name)]
        if lacking:
            yield f"{where} has an error without {', '.join(lacking)}"


@rule(
    "refuse/json-media-type",
    CONVENTION,
    on=Refusal,
    when=_structured,
    cite=Cite("Google API system parameters", "Definitions", "Supported values are json (default)"),
    probe="refusals",
)
def json_media_type(refusal: Refusal) -> Findings:
    """An error in JSON says that it is `application/json`."""
    if refusal.call.exchange.media_type != "application/json":
        yield f"an error came with Content-Type '{refusal.call.exchange.header('content-type')}'"


@rule(
    "refuse/code-is-http-status",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: _structured(refusal) and "code" in refusal.error,
    cite=aip(193, "HTTP/1.1+JSON representation", says="`code` field in the JSON is an HTTP status code,"),
    probe="refusals",
)
def code_is_http_status(refusal: Refusal) -> Findings:
    """error.code is the HTTP status."""
    if refusal.error["code"] != refusal.call.status:
        yield f"HTTP {refusal.call.status} says error.code {refusal.error['code']!r}"


@rule(
    "refuse/status-is-canonical",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(text(refusal.error.get("status"))),
    cite=aip(193, "Guidance", says="API error occurs, and **must** use the canonical error codes defined in"),
    probe="refusals",
)
def status_is_canonical(refusal: Refusal) -> Findings:
    """error.status is the name of a google.rpc.Code."""
    if refusal.error["status"] not in _STATUS:
        yield f"error.status is '{refusal.error['status']}'"


@rule(
    "refuse/status-fits-http",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: refusal.error.get("status") in _STATUS and refusal.call.status not in _OF_HTTP,
    cite=rpc("Code", says="HTTP Mapping: 499 Client Closed Request"),
    probe="refusals",
)
def status_fits_http(refusal: Refusal) -> Findings:
    """error.status and the HTTP status are a pair that google.rpc.Code defines."""
    status = refusal.error["status"]
    if _STATUS[status] != refusal.call.status:
        yield f"HTTP {refusal.call.status} says {status}, which maps to {_STATUS[status]}"


@rule(
    "refuse/status-is-mapped",
    ADVISED,
    on=Refusal,
    cite=rpc("Code", says="HTTP Mapping"),
    probe="refusals",
)
def status_is_mapped(refusal: Refusal) -> Findings:
    """An HTTP error status is one that a google.rpc.Code maps to."""
    if refusal.call.status not in _MAPPED | _OF_HTTP:
        yield f"{refusal.call.method} answered {refusal.call.status}, which no google.rpc.Code maps to"


@rule(
    "refuse/detail-types-once",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(refusal.details),
    cite=aip(193, "Status.details", says="Each type of detail payload **must** be included at most once."),
    probe="refusals",
)
def detail_types_once(refusal: Refusal) -> Findings:
    """Each type of detail stands at most once in error.details."""
    types = [text(detail.get("@type")) for detail in refusal.details]
    for repeated in sorted({name for name in types if name and types.count(name) > 1}):
        yield f"error.details holds {repeated} {types.count(repeated)} times"


@rule(
    "refuse/details-have-type",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(refusal.details),
    cite=proto("Any", says='object with an additional `"@type"` field inserted'),
    probe="refusals",
)
def details_have_type(refusal: Refusal) -> Findings:
    """Each detail of an error says its `@type`."""
    for detail in refusal.details:
        if not text(detail.get("@type")):
            yield f"a detail has no @type but {', '.join(sorted(detail)) or 'nothing'}"


@rule(
    "refuse/leaks-nothing",
    ADVISED,
    on=Refusal,
    when=lambda refusal: bool(refusal.call.exchange.body),
    cite=advice("An error is for the caller, who has no use for the code of the server."),
    probe="refusals",
)
def leaks_nothing(refusal: Refusal) -> Findings:
    """An error shows no stack trace of the server."""
    shown = _shown(refusal)
    found = _LEAK.search(shown)
    if found:
        yield f"the {refusal.call.status} of {refusal.call.method} shows '{found[0].strip()}'"


def _shown(refusal: Refusal) -> str:
    """The error's text with its line breaks, whether it came as JSON or not."""
    parts = [text(refusal.error.get("message")), refusal.call.exchange.body.decode("utf-8", "replace")]
    parts += [text(detail.get("detail")) for detail in refusal.details]
    return "\n".join(parts)


@rule(
    "refuse/client-fault-is-not-5xx",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(refusal.client_fault),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def client_fault_is_not_5xx(refusal: Refusal) -> Findings:
    """What is the client's fault is answered 4xx, never as an internal error."""
    if refusal.call.status in {_INTERNAL, 502}:
        yield f"{refusal.client_fault} was answered {refusal.call.status}"


# ---- what must be refused: names


@rule(
    "refuse/unknown-job",
    CONVENTION,
    on=Retrieval,
    when=lambda get: (
        not get.known
        and get.lookalike
        and get.call.served
        and get.call.status < _INTERNAL
        and not get.shows_another
        and (get.absent or get.job is None)
    ),
    cite=aip(
        193,
        "Permission Denied",
        says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP",
    ),
    probe="refusals",
)
def unknown_job(get: Retrieval) -> Findings:
    """A get of a job that does not exist answers 404."""
    if get.call.status not in {_NOT_FOUND, _FORBIDDEN, 401, 429}:
        yield f"a get of a job that does not exist was answered {get.call.status}"


@rule(
    "refuse/cancel-unknown-job",
    CONVENTION,
    on=Cancellation,
    when=lambda cancel: not cancel.known and cancel.lookalike and cancel.call.served and cancel.call.status < _INTERNAL,
    cite=aip(
        193,
        "Permission Denied",
        says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP",
    ),
    probe="refusals",
)
def cancel_unknown_job(cancel: Cancellation) -> Findings:
    """A cancel of a job that does not exist answers 404."""
    if cancel.call.status not in {_NOT_FOUND, _FORBIDDEN, 401, 429}:
        yield f"a cancel of a job that does not exist was answered {cancel.call.status}"


@rule(
    "refuse/unknown-operation",
    CONVENTION,
    on=OperationCall,
    when=lambda it: (
        not it.given
        and it.lookalike
        and it.call.method == "tuningJobs.operations.get"
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


# ---- what must be refused: bodies


def _wrong_only(fault: str) -> Any:
    return lambda creation: not creation.unreadable and creation.request.only(fault) and _judgeable(creation)


def _judgeable(creation: Creation) -> bool:
    """Accepted, or refused for what it says; a quota or an outage proves nothing."""
    return creation.accepted or creation.refused


@rule(
    "refuse/malformed-json",
    CONVENTION,
    on=Creation,
    when=lambda creation: creation.unreadable and _judgeable(creation),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def malformed_json(creation: Creation) -> Findings:
    """A body that is no JSON is refused."""
    if creation.accepted:
        yield f"a body that is no JSON was answered {creation.call.status}"


@rule(
    "refuse/missing-dataset",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: (
        _wrong_only("missing")(creation)
        and any(path.endswith("trainingDatasetUri") for path in creation.request.missing)
    ),
    cite=vertex("SupervisedTuningSpec", "trainingDatasetUri", says="Required."),
    probe="refusals",
)
def missing_dataset(creation: Creation) -> Findings:
    """A tuning spec without a training dataset is refused."""
    if creation.accepted:
        yield "a tuning spec without trainingDatasetUri was accepted"


@rule(
    "refuse/empty-dataset",
    CONVENTION,
    on=Creation,
    when=lambda creation: (
        _wrong_only("empty")(creation) and any(path.endswith("trainingDatasetUri") for path in creation.request.empty)
    ),
    cite=aip(203, "Required", says="values, and therefore setting a required field to a falsy value yields an"),
    probe="refusals",
)
def empty_dataset(creation: Creation) -> Findings:
    """An empty training dataset is refused like a missing one."""
    if creation.accepted:
        yield 'trainingDatasetUri "" was accepted'


@rule(
    "refuse/missing-required",
    CONVENTION,
    on=Creation,
    when=lambda creation: (
        _wrong_only("missing")(creation)
        and not any(path.endswith("trainingDatasetUri") for path in creation.request.missing)
    ),
    cite=aip(203, "Required", says="provided as part of the request, and failure to do so **must** cause an error"),
    probe="refusals",
)
def missing_required(creation: Creation) -> Findings:
    """A required member missing in an optional message that is sent is refused."""
    if creation.accepted:
        yield f"a body without {', '.join(creation.request.missing)} was accepted"


@rule(
    "refuse/two-source-models",
    CONVENTION,
    on=Creation,
    when=lambda creation: _wrong_only("both")(creation) and "source_model" in creation.request.both,
    cite=vertex("TuningJob", "preTunedModel", says="The pre-tuned model for continuous tuning."),
    probe="refusals",
)
def two_source_models(creation: Creation) -> Findings:
    """Both members of the oneof source_model in one request are refused."""
    if creation.accepted:
        yield "baseModel and preTunedModel together were accepted"


@rule(
    "refuse/two-tuning-specs",
    CONVENTION,
    on=Creation,
    when=lambda creation: _wrong_only("both")(creation) and "tuning_spec" in creation.request.both,
    cite=vertex("TuningJob", "preferenceOptimizationSpec", says="Tuning Spec for Preference Optimization."),
    probe="refusals",
)
def two_tuning_specs(creation: Creation) -> Findings:
    """Two tuning specs in one request (oneof tuning_spec) are refused."""
    if creation.accepted:
        yield "two tuning specs together were accepted"


def _held(creation: Creation, path: str) -> Any:
    """What the answer shows at a path of the request."""
    held: Any = creation.job.body if creation.job else {}
    for step in re.split(r"[.\[\]]+", path.rstrip("]")):
        held = message(held).get(_camel(step))
    return held


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


@rule(
    "refuse/unknown-enum-name",
    DOCUMENTED,
    on=Creation,
    when=_wrong_only("bad_enum"),
    cite=vertex("SupervisedHyperParameters", "adapterSize", says="Adapter size for tuning."),
    probe="refusals",
)
def unknown_enum_name(creation: Creation) -> Findings:
    """An enum name that no document names is refused (a parser set to ignore unknown values may drop it)."""
    for path in creation.request.bad_enum:
        if creation.accepted and _held(creation, path) is not None:
            yield f"{path} with an unknown enum value was accepted and kept"


@rule(
    "refuse/non-numeric-int64",
    CONVENTION,
    on=Creation,
    when=_wrong_only("bad_integer"),
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="refusals",
)
def non_numeric_int64(creation: Creation) -> Findings:
    """A text that is no number is refused where an integer belongs."""
    if creation.accepted:
        yield f"{', '.join(creation.request.bad_integer)} with a text that is no number was accepted"


@rule(
    "refuse/fractional-int64",
    CONVENTION,
    on=Creation,
    when=_wrong_only("fraction"),
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="refusals",
)
def fractional_int64(creation: Creation) -> Findings:
    """A number with a fraction is refused where an integer belongs."""
    if creation.accepted:
        yield f"{', '.join(creation.request.fraction)} with a fraction was accepted"


@rule(
    "refuse/wrong-json-type",
    CONVENTION,
    on=Creation,
    when=_wrong_only("bad_type"),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def wrong_json_type(creation: Creation) -> Findings:
    """A JSON value of the wrong type (a string for an object, an array for a string) is refused."""
    if creation.accepted:
        yield f"{', '.join(creation.request.bad_type) or 'the body'} of the wrong JSON type was accepted"


@rule(
    "refuse/unknown-field",
    OBSERVED,
    on=Creation,
    when=_wrong_only("unknown"),
    cite=records("2 errors of the same front end", says="Invalid JSON payload received. Unknown name"),
    probe="refusals",
)
def unknown_field(creation: Creation) -> Findings:
    """A member that no document names is refused (an implementation may choose to ignore it, so this only warns)."""
    if creation.accepted:
        yield f"the unknown members {', '.join(creation.request.unknown)} were accepted"


@rule(
    "refuse/stores-nothing",
    CONVENTION,
    on=Aftermath,
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def stores_nothing(after: Aftermath) -> Findings:
    """A create that is refused leaves no job behind."""
    if after.stored:
        yield f"the create was answered {after.creation.call.status}, and {after.stored.shown} is listed all the same"


# ---- what must be refused: lists


@rule(
    "refuse/bad-page-token",
    CONVENTION,
    on=Page,
    when=lambda page: not page.token_known and page.call.status < _INTERNAL,
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="paging",
)
def bad_page_token(page: Page) -> Findings:
    """A page token that the service never gave does not answer jobs as if it were absent."""
    if page.call.succeeded and page.jobs:
        yield f"the made-up page token '{page.token}' was answered with {len(page.jobs)} jobs"


@rule(
    "refuse/negative-page-size",
    CONVENTION,
    on=Page,
    when=lambda page: page.size is not None and page.size < 0 and page.token_known and page.call.status < _INTERNAL,
    cite=aip(158, "Guidance", says="If the user specifies a negative value for `page_size`, the API **must**"),
    probe="paging",
)
def negative_page_size(page: Page) -> Findings:
    """A negative pageSize is refused."""
    if page.call.succeeded:
        yield f"pageSize={page.size} was accepted"


@rule(
    "refuse/non-numeric-page-size",
    CONVENTION,
    on=Page,
    when=lambda page: (
        bool(page.call.query.get("pageSize"))
        and page.size is None
        and page.token_known
        and page.call.status < _INTERNAL
    ),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="paging",
)
def non_numeric_page_size(page: Page) -> Findings:
    """A pageSize that is no number is refused."""
    if page.call.succeeded:
        yield f"pageSize={page.call.query['pageSize']} was accepted"
