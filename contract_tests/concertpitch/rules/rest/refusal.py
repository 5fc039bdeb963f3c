"""What must be refused, whatever the resource."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, OBSERVED, Findings, rule
from concertpitch.protojson import camel, message
from concertpitch.sources import aip, records, rpc
from concertpitch.sources import protojson as proto
from concertpitch.subjects import Aftermath, Create, Page

_NOT_FOUND, _INTERNAL = 404, 500
_ELSEWHERE = frozenset({404, 405, 409, 410, 412})
"""Statuses that speak of other resources, or of what was there before."""
_PLAIN = frozenset({"missing", "bad_enum", "bad_integer", "fraction", "bad_type", "too_large"})
"""Mistakes that stand in the body and nowhere else."""
_OWN_RULE = ("trainingDatasetUri", "tuningTask", "trainingData", "evaluationConfig.outputConfig")
"""Required members with a sentence of their own, and so a rule of their own."""


def judgeable(create: Create) -> bool:
    """Accepted, or refused for what it says; a quota or an outage proves nothing."""
    return create.accepted or create.refused


def wrong_only(fault: str) -> Callable[[Create], bool]:
    """Creates whose one kind of mistake is `fault`."""
    return lambda create: not create.unreadable and create.request.only(fault) and judgeable(create)


def _held(create: Create, path: str) -> Any:
    """What is known of the resource at a path of the request."""
    held: Any = create.held
    for step in re.split(r"[.\[\]]+", path.rstrip("]")):
        held = message(held).get(camel(step))
    return held


@rule(
    "refuse/malformed-json",
    CONVENTION,
    on=Create,
    when=lambda create: create.unreadable and judgeable(create),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def malformed_json(create: Create) -> Findings:
    """A body that is no JSON is refused."""
    if create.accepted:
        yield f"a body that is no JSON was answered {create.call.status}"


@rule(
    "refuse/missing-required",
    CONVENTION,
    on=Create,
    when=lambda create: (
        wrong_only("missing")(create) and not any(path.endswith(_OWN_RULE) for path in create.request.missing)
    ),
    cite=aip(203, "Required", says="provided as part of the request, and failure to do so **must** cause an error"),
    probe="refusals",
)
def missing_required(create: Create) -> Findings:
    """A required member missing in an optional message that is sent is refused."""
    if create.accepted:
        yield f"a body without {', '.join(create.request.missing)} was accepted"


@rule(
    "refuse/unknown-enum-name",
    CONVENTION,
    on=Create,
    when=wrong_only("bad_enum"),
    cite=proto("JSON Options", says="fields by default but may provide an option to ignore unknown fields in"),
    probe="refusals",
)
def unknown_enum_name(create: Create) -> Findings:
    """An enum name that no document names is refused (a parser set to ignore unknown values may drop it)."""
    for path in create.request.bad_enum:
        if create.accepted and _held(create, path) is not None:
            yield f"{path} with an unknown enum value was accepted and kept"


@rule(
    "refuse/non-numeric-int64",
    CONVENTION,
    on=Create,
    when=wrong_only("bad_integer"),
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="refusals",
)
def non_numeric_int64(create: Create) -> Findings:
    """A text that is no number is refused where an integer belongs."""
    if create.accepted:
        yield f"{', '.join(create.request.bad_integer)} with a text that is no number was accepted"


@rule(
    "refuse/fractional-int64",
    CONVENTION,
    on=Create,
    when=wrong_only("fraction"),
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="refusals",
)
def fractional_int64(create: Create) -> Findings:
    """A number with a fraction is refused where an integer belongs."""
    if create.accepted:
        yield f"{', '.join(create.request.fraction)} with a fraction was accepted"


@rule(
    "refuse/integer-out-of-range",
    CONVENTION,
    on=Create,
    when=wrong_only("too_large"),
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="refusals",
)
def integer_out_of_range(create: Create) -> Findings:
    """An integer beyond the range of its type is refused."""
    if create.accepted:
        yield f"{', '.join(create.request.too_large)} beyond the range of its type was accepted"


@rule(
    "refuse/wrong-json-type",
    CONVENTION,
    on=Create,
    when=wrong_only("bad_type"),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def wrong_json_type(create: Create) -> Findings:
    """A JSON value of the wrong type (a string for an object, an array for a string) is refused."""
    if create.accepted:
        yield f"{', '.join(create.request.bad_type) or 'the body'} of the wrong JSON type was accepted"


@rule(
    "refuse/unknown-field",
    OBSERVED,
    on=Create,
    when=wrong_only("unknown"),
    cite=records("2 errors of the same front end", says="Invalid JSON payload received. Unknown name"),
    probe="refusals",
)
def unknown_field(create: Create) -> Findings:
    """A member that no document names is refused (an implementation may choose to ignore it, so this only warns)."""
    if create.accepted:
        yield f"the unknown members {', '.join(create.request.unknown)} were accepted"


def _may_be_gone(create: Create) -> bool:
    """Whether what is created beneath a model was refused since the model may have been deleted."""
    return create.call.status == _NOT_FOUND and "tunedModelsId" in create.call.path


@rule(
    "refuse/wrong-body-is-400",
    ADVISED,
    on=Create,
    when=lambda create: (
        create.refused
        and create.open
        and not create.unreadable
        and bool(create.request.faults & _PLAIN)
        and not _may_be_gone(create)
    ),
    cite=aip(203, "Required", says="provided as part of the request, and failure to do so **must** cause an error"),
    probe="refusals",
)
def wrong_body_is_400(create: Create) -> Findings:
    """What is wrong in a body is not told as something missing or in the way elsewhere (usually 400, so this warns)."""
    if create.call.status in _ELSEWHERE:
        faults = ", ".join(sorted(create.request.faults)).replace("_", " ")
        yield f"a body with members that are: {faults} was answered {create.call.status}"


@rule(
    "refuse/stores-nothing",
    CONVENTION,
    on=Aftermath,
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def stores_nothing(after: Aftermath) -> Findings:
    """A create that is refused leaves nothing behind."""
    if after.stored:
        yield f"the create was answered {after.create.call.status}, and {after.stored.shown} is listed all the same"


@rule(
    "refuse/bad-page-token",
    CONVENTION,
    on=Page,
    when=lambda page: not page.token_known and page.call.status < _INTERNAL,
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="paging",
)
def bad_page_token(page: Page) -> Findings:
    """A page token that the service never gave does not answer items as if it were absent."""
    if page.call.succeeded and page.items:
        yield f"the made-up page token '{page.token}' was answered with {len(page.items)} items"


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
    ADVISED,
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
    """A pageSize that is no number is refused (some parsers of queries take it for absent: warns)."""
    if page.call.succeeded:
        yield f"pageSize={page.call.query['pageSize']} was accepted"


@rule(
    "refuse/wrong-scalar-type",
    ADVISED,
    on=Create,
    when=wrong_only("bad_scalar"),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def wrong_scalar_type(create: Create) -> Findings:
    """A number or boolean for a string, and the reverse, is refused (some ProtoJSON parsers convert it: warns)."""
    if create.accepted:
        yield f"{', '.join(create.request.bad_scalar)} of the wrong JSON type was accepted"


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
    if page.call.succeeded and not page.items:
        yield f"the made-up page token '{page.token}' was answered with an empty page"
