"""What a caller of any create is free to do: spellings, output-only members."""

from __future__ import annotations

from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.sources import aip
from concertpitch.sources import protojson as proto
from concertpitch.subjects import Create

_BAD_REQUEST = 400


def _differs_by(spelling: str) -> Any:
    """A refused body that equals an accepted one but for one freedom of spelling."""

    def applies(create: Create) -> bool:
        other = create.alike
        return (
            spelling in create.request.spelling
            and not create.request.faults
            and (
                create.accepted
                or (
                    create.call.status == _BAD_REQUEST
                    and other is not None
                    and create.request.spelling - other.request.spelling == {spelling}
                )
            )
        )

    return applies


def _refused(create: Create, what: str) -> Findings:
    if not create.accepted:
        yield f"a create with {what} was answered {create.call.status}, the same without was accepted"


@rule(
    "create/accepts-snake-case",
    CONVENTION,
    on=Create,
    when=_differs_by("snake"),
    cite=proto("Field names", says="Parsers accept both the lowerCamelCase name"),
    probe="spellings",
)
def accepts_snake_case(create: Create) -> Findings:
    """Create accepts members under their proto names (snake_case)."""
    yield from _refused(create, "snake_case members")


@rule(
    "create/accepts-int64-number",
    CONVENTION,
    on=Create,
    when=_differs_by("int64-number"),
    cite=proto("Representation of each type", says="Either numbers or strings are"),
    probe="spellings",
)
def accepts_int64_number(create: Create) -> Findings:
    """Create accepts a 64-bit integer as a JSON number."""
    yield from _refused(create, "an integer as a number")


@rule(
    "create/accepts-int64-string",
    CONVENTION,
    on=Create,
    when=_differs_by("int64-string"),
    cite=proto("Representation of each type", says="Either numbers or strings are"),
    probe="spellings",
)
def accepts_int64_string(create: Create) -> Findings:
    """Create accepts a 64-bit integer as a string."""
    yield from _refused(create, "an integer as a string")


@rule(
    "create/accepts-exponent",
    ADVISED,
    on=Create,
    when=_differs_by("int64-exponent"),
    cite=proto("Representation of each type", says="Exponent notation (such as <code>1e2</code>) is"),
    probe="spellings",
)
def accepts_exponent(create: Create) -> Findings:
    """Create accepts an integer in exponent notation (parsers of other make often do not, so this only warns)."""
    yield from _refused(create, "an integer in exponent notation")


@rule(
    "create/accepts-integral-float",
    ADVISED,
    on=Create,
    when=_differs_by("int64-float"),
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="spellings",
)
def accepts_integral_float(create: Create) -> Findings:
    """Create accepts 2.0 where an integer belongs, because it fits (other parsers often do not, so this only warns)."""
    yield from _refused(create, "an integer with a zero fraction")


@rule(
    "create/accepts-enum-number",
    CONVENTION,
    on=Create,
    when=_differs_by("enum-number"),
    cite=proto("Representation of each type", says="accept both enum names and integer values."),
    probe="spellings",
)
def accepts_enum_number(create: Create) -> Findings:
    """Create accepts an enum by its number."""
    yield from _refused(create, "an enum as a number")


@rule(
    "create/accepts-null",
    ADVISED,
    on=Create,
    when=_differs_by("null"),
    cite=proto("Null values", says="Parsers accept `null` as a legal value for any field"),
    probe="spellings",
)
def accepts_null(create: Create) -> Findings:
    """Create takes null as unset (a real client once had to stop sending it, so this only warns)."""
    yield from _refused(create, "null members")


@rule(
    "create/accepts-output-only",
    CONVENTION,
    on=Create,
    when=_differs_by("output-only"),
    cite=aip(203, "Output only", says="**must** clear out any value in this field and **must not** throw an error"),
    probe="spellings",
)
def accepts_output_only(create: Create) -> Findings:
    """Create does not refuse output-only members."""
    yield from _refused(create, "output-only members")


@rule(
    "create/same-display-name-twice",
    CONVENTION,
    on=Create,
    when=lambda create: (
        create.alike is not None
        and not create.request.faults
        and not create.request.spelling - (create.alike.request.spelling if create.alike else set())
        and bool(create.display_name)
        and create.alike.call.exchange.before(create.call.exchange)
    ),
    cite=aip(140, "Display names", says="**should not** have a uniqueness"),
    probe="spellings",
)
def same_display_name_twice(create: Create) -> Findings:
    """Two resources may have the same display name."""
    if create.refused:
        yield f"the second create with the same body was answered {create.call.status}"
