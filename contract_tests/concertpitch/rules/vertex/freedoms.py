"""What a caller of create is free to do: spellings, output-only members, limits."""

from __future__ import annotations

from typing import Any

from concertpitch import protojson
from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, vertex
from concertpitch.sources import protojson as proto
from concertpitch.subjects.vertex import Creation

_BAD_REQUEST = 400
_NEVER_NEW = frozenset({"JOB_STATE_EXPIRED", "JOB_STATE_PAUSED"})
"""States that no new job is in by itself; any other may be the server's own."""
_MAX_LABEL = 64
_MAX_DISPLAY_NAME = 128


def _differs_by(spelling: str) -> Any:
    """A refused body that equals an accepted one but for one freedom of spelling."""

    def applies(creation: Creation) -> bool:
        other = creation.alike
        return (
            spelling in creation.request.spelling
            and not creation.request.faults
            and (
                creation.accepted
                or (
                    creation.call.status == _BAD_REQUEST
                    and other is not None
                    and creation.request.spelling - other.request.spelling == {spelling}
                )
            )
        )

    return applies


def _refused(creation: Creation, what: str) -> Findings:
    if not creation.accepted:
        yield f"a create with {what} was answered {creation.call.status}, the same without was accepted"


@rule(
    "create/accepts-snake-case",
    CONVENTION,
    on=Creation,
    when=_differs_by("snake"),
    cite=proto("Field names", says="Parsers accept both the lowerCamelCase name"),
    probe="spellings",
)
def accepts_snake_case(creation: Creation) -> Findings:
    """Create accepts members under their proto names (snake_case)."""
    yield from _refused(creation, "snake_case members")


@rule(
    "create/accepts-int64-number",
    CONVENTION,
    on=Creation,
    when=_differs_by("int64-number"),
    cite=proto("Representation of each type", says="Either numbers or strings are"),
    probe="spellings",
)
def accepts_int64_number(creation: Creation) -> Findings:
    """Create accepts a 64-bit integer as a JSON number."""
    yield from _refused(creation, "epochCount as a number")


@rule(
    "create/accepts-int64-string",
    CONVENTION,
    on=Creation,
    when=_differs_by("int64-string"),
    cite=proto("Representation of each type", says="Either numbers or strings are"),
    probe="spellings",
)
def accepts_int64_string(creation: Creation) -> Findings:
    """Create accepts a 64-bit integer as a string."""
    yield from _refused(creation, "epochCount as a string")


@rule(
    "create/accepts-exponent",
    ADVISED,
    on=Creation,
    when=_differs_by("int64-exponent"),
    cite=proto("Representation of each type", says="Exponent notation (such as <code>1e2</code>) is"),
    probe="spellings",
)
def accepts_exponent(creation: Creation) -> Findings:
    """Create accepts an integer in exponent notation (parsers of other make often do not, so this only warns)."""
    yield from _refused(creation, "epochCount in exponent notation")


@rule(
    "create/accepts-integral-float",
    ADVISED,
    on=Creation,
    when=_differs_by("int64-float"),
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="spellings",
)
def accepts_integral_float(creation: Creation) -> Findings:
    """Create accepts 2.0 where an integer belongs, because it fits (other parsers often do not, so this only warns)."""
    yield from _refused(creation, "epochCount with a zero fraction")


@rule(
    "create/accepts-enum-number",
    CONVENTION,
    on=Creation,
    when=_differs_by("enum-number"),
    cite=proto("Representation of each type", says="accept both enum names and integer values."),
    probe="spellings",
)
def accepts_enum_number(creation: Creation) -> Findings:
    """Create accepts an enum by its number."""
    yield from _refused(creation, "adapterSize as a number")


@rule(
    "create/accepts-null",
    ADVISED,
    on=Creation,
    when=_differs_by("null"),
    cite=proto("Null values", says="Parsers accept `null` as a legal value for any field"),
    probe="spellings",
)
def accepts_null(creation: Creation) -> Findings:
    """Create takes null as unset (a real client once had to stop sending it, so this only warns)."""
    yield from _refused(creation, "null members")


@rule(
    "create/accepts-output-only",
    CONVENTION,
    on=Creation,
    when=_differs_by("output-only"),
    cite=aip(203, "Output only", says="**must** clear out any value in this field and **must not** throw an error"),
    probe="spellings",
)
def accepts_output_only(creation: Creation) -> Findings:
    """Create does not refuse output-only members."""
    yield from _refused(creation, "output-only members")


@rule(
    "create/ignores-output-only",
    CONVENTION,
    on=Creation,
    when=lambda creation: creation.job is not None and bool(creation.request.output_only),
    cite=aip(203, "Output only", says="**must** clear out any value in this field"),
    probe="spellings",
)
def ignores_output_only(creation: Creation) -> Findings:
    """Create does not adopt output-only members from the caller."""
    for path, sent in creation.request.output_only.items():
        held: Any = creation.job.body if creation.job else {}
        for step in path.split("."):
            held = message(held).get(protojson.camel(step))
        if path != "name" and held == sent and not (path == "state" and sent not in _NEVER_NEW):
            yield f"{path} was adopted from the request: {sent}"


@rule(
    "create/ignores-name",
    CONVENTION,
    on=Creation,
    when=lambda creation: creation.job is not None and "name" in creation.request.output_only,
    cite=aip(133, "User-specified IDs", says="The `name` field on the resource **must** be ignored."),
    probe="spellings",
)
def ignores_name(creation: Creation) -> Findings:
    """A name in the request does not become the job's name."""
    sent = text(creation.request.output_only["name"]).rpartition("/")[2]
    if creation.job and creation.job.name.rpartition("/")[2] == sent:
        yield f"the job took its name from the request: {creation.job.name}"


@rule(
    "create/same-display-name-twice",
    CONVENTION,
    on=Creation,
    when=lambda creation: (
        creation.alike is not None
        and not creation.request.faults
        and not creation.request.spelling - (creation.alike.request.spelling if creation.alike else set())
        and bool(creation.sent.get("tunedModelDisplayName"))
        and creation.alike.call.exchange.before(creation.call.exchange)
    ),
    cite=aip(140, "Display names", says="**should not** have a uniqueness"),
    probe="spellings",
)
def same_display_name_twice(creation: Creation) -> Findings:
    """Two jobs may have the same display name."""
    if creation.refused:
        yield f"the second create with the same body was answered {creation.call.status}"


def _labels_within(creation: Creation) -> bool:
    labels = message(creation.sent.get("labels"))
    return all(
        key[:1].isalpha() and len(key) <= _MAX_LABEL and len(text(value)) <= _MAX_LABEL for key, value in labels.items()
    )


def _ordinary_labels(creation: Creation) -> bool:
    labels = message(creation.sent.get("labels"))
    return all(
        f"{key}{value}".isascii() and f"{key}{value}".islower() and len(value) < _MAX_LABEL
        for key, value in labels.items()
    )


@rule(
    "create/accepts-128-characters",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: (
        not creation.request.faults
        and (creation.accepted or (creation.refused and creation.akin is not None))
        and _MAX_LABEL < len(text(creation.sent.get("tunedModelDisplayName"))) <= _MAX_DISPLAY_NAME
        and _ordinary_labels(creation)
    ),
    cite=vertex("TuningJob", "tunedModelDisplayName", says="The name can be up to 128 characters long"),
    probe="limits",
)
def accepts_128_characters(creation: Creation) -> Findings:
    """A display name of up to 128 characters (code points, of any script) is accepted."""
    if not creation.accepted:
        length = len(creation.sent["tunedModelDisplayName"])
        yield f"a display name of {length} characters was answered {creation.call.status}"


@rule(
    "create/limits-count-code-points",
    CONVENTION,
    on=Creation,
    when=lambda creation: (
        not creation.request.faults
        and (creation.accepted or (creation.refused and creation.akin is not None))
        and _labels_within(creation)
        and any(not text(value).isascii() for value in message(creation.sent.get("labels")).values())
    ),
    cite=aip(
        210,
        "Length units",
        says="All string field length limits defined in API comments **must** be measured",
    ),
    probe="limits",
)
def limits_count_code_points(creation: Creation) -> Findings:
    """A label value of up to 64 characters is accepted, whatever it takes in bytes."""
    if not creation.accepted:
        yield f"international labels of 64 characters were answered {creation.call.status}"
