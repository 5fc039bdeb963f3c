"""What must be refused."""

from __future__ import annotations

import re
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import message
from concertpitch.sources import aip, records, rpc, vertex
from concertpitch.sources import protojson as proto
from concertpitch.subjects.vertex import (
    Aftermath,
    Cancellation,
    Creation,
    Intrusion,
    OperationCall,
    Page,
    Retrieval,
)

_NOT_FOUND, _FORBIDDEN, _INTERNAL = 404, 403, 500


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
    "refuse/wrong-scalar-type",
    ADVISED,
    on=Creation,
    when=_wrong_only("bad_scalar"),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def wrong_scalar_type(creation: Creation) -> Findings:
    """A number or boolean for a string, and the reverse, is refused (some ProtoJSON parsers convert it: warns)."""
    if creation.accepted:
        yield f"{', '.join(creation.request.bad_scalar)} of the wrong JSON type was accepted"


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


@rule(
    "auth/creates-nothing",
    CONVENTION,
    on=Intrusion,
    cite=aip(211, "Guidance", says="Services **must** check authorization before validating any request, to ensure"),
    probe="credentials",
)
def creates_nothing(intrusion: Intrusion) -> Findings:
    """A create that is refused for want of credentials makes no job."""
    if intrusion.shown:
        yield f"a create without credentials was answered {intrusion.call.status}, and its job is listed all the same"


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
    "refuse/bad-page-token-is-told",
    ADVISED,
    on=Page,
    when=lambda page: not page.token_known and page.call.status < _INTERNAL,
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="paging",
)
def bad_page_token_is_told(page: Page) -> Findings:
    """A page token that the service never gave is refused, not taken for the end (no clause says so: warns)."""
    if page.call.succeeded and not page.jobs:
        yield f"the made-up page token '{page.token}' was answered with an empty page"


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
