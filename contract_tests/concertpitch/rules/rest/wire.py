"""How answers are written: JSON, and ProtoJSON's form for every kind of value."""

from __future__ import annotations

import re

from concertpitch.catalogue import CONVENTION, OBSERVED, Cite, Findings, rule
from concertpitch.protojson import SPECIAL_DOUBLES, camel, text
from concertpitch.protojson import message as protojson_object
from concertpitch.schema import family
from concertpitch.sources import aip, protojson, rpc
from concertpitch.subjects import Answer, Boolean, Double, Enum, Int32, Int64, Map, Message, Repeated, String, Timestamp

_OK = 200
_TYPES = "Representation of each type"
UPPER_SNAKE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
_DOUBLED = re.compile(r"([A-Z])\1+")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)")


@rule(
    "wire/success-is-200",
    CONVENTION,
    on=Answer,
    cite=rpc("Code.OK", says="HTTP Mapping: 200 OK"),
    probe="cohort",
)
def success_is_200(answer: Answer) -> Findings:
    """A call that succeeds answers HTTP 200, no other 2xx status."""
    if answer.call.status != _OK:
        yield f"{answer.call.method} answered {answer.call.status}"


@rule(
    "wire/json-body",
    CONVENTION,
    on=Answer,
    cite=protojson("Empty", says="An empty JSON object"),
    probe="cohort",
)
def json_body(answer: Answer) -> Findings:
    """A successful answer holds a JSON object, `{}` where there is nothing to say."""
    body = answer.call.exchange.answer
    if not answer.call.exchange.body.strip():
        yield f"{answer.call.method} answered {answer.call.status} with an empty body"
    elif body.error is None and not isinstance(body.value, dict):
        yield f"{answer.call.method} answered a {type(body.value).__name__}, not a JSON object"


@rule(
    "wire/strict-json",
    CONVENTION,
    on=Answer,
    when=lambda answer: bool(answer.call.exchange.body.strip()),
    cite=Cite("RFC 8259", "8.1 Character Encoding", "MUST be encoded using UTF-8"),
    probe="cohort",
)
def strict_json(answer: Answer) -> Findings:
    """A body is JSON in UTF-8, without bare NaN or Infinity."""
    body = answer.call.exchange.answer
    if body.error:
        yield f"{answer.call.method}: {body.error}"
    for constant in body.constants:
        yield f"{answer.call.method}: the body holds the literal {constant}"


@rule(
    "wire/json-media-type",
    CONVENTION,
    on=Answer,
    cite=Cite("Google API system parameters", "Definitions", "Supported values are json (default)"),
    probe="cohort",
)
def json_media_type(answer: Answer) -> Findings:
    """An answer says that it is `application/json`."""
    if answer.call.exchange.media_type != "application/json":
        yield f"{answer.call.method} answered with Content-Type '{answer.call.exchange.header('content-type')}'"


@rule(
    "wire/no-duplicate-keys",
    CONVENTION,
    on=Answer,
    cite=protojson("Duplicate values", says="Serializers must never serialize the same field multiple times"),
    probe="cohort",
)
def no_duplicate_keys(answer: Answer) -> Findings:
    """No object of an answer names a member twice."""
    for name in answer.call.exchange.answer.duplicates:
        yield f"{answer.call.method}: the member '{name}' stands twice in one object"


@rule(
    "wire/lower-camel-case",
    CONVENTION,
    on=Message,
    cite=protojson(_TYPES, says="Keys are serialized as lowerCamelCase of field name"),
    probe="cohort",
)
def lower_camel_case(message: Message) -> Findings:
    """Members are named in lowerCamelCase, never by their proto names."""
    known = message.members
    for name in protojson_object(message.value):
        if "_" in name and name not in known and camel(name) in known:
            yield f"{message.at}: the member {camel(name)} is written '{name}'"


@rule(
    "wire/no-nulls",
    CONVENTION,
    on=Message,
    cite=protojson("Null values", says="Serializers should not emit `null` values."),
    probe="cohort",
)
def no_nulls(message: Message) -> Findings:
    """An unset member is left out, not printed as null."""
    for name, value in protojson_object(message.value).items():
        if value is None and name in message.members:
            yield f"{message.at}: the member {name} is null"


@rule(
    "wire/message-is-object",
    CONVENTION,
    on=Message,
    cite=protojson(_TYPES, says="Keys are serialized as lowerCamelCase of field name"),
    probe="cohort",
)
def message_is_object(message: Message) -> Findings:
    """A message is a JSON object."""
    if not isinstance(message.value, dict):
        yield f"{message.at} is {message.shown}, not an object"


@rule(
    "wire/map-is-object",
    CONVENTION,
    on=Map,
    cite=protojson(_TYPES, says="All keys are converted to strings (object keys in JSON can only be strings)."),
    probe="cohort",
)
def map_is_object(value: Map) -> Findings:
    """A map is a JSON object with its keys as names."""
    if not isinstance(value.value, dict):
        yield f"{value.at} is {value.shown}, not an object"


@rule(
    "wire/repeated-is-array",
    CONVENTION,
    on=Repeated,
    cite=protojson(_TYPES, says="repeated V"),
    probe="paging",
)
def repeated_is_array(value: Repeated) -> Findings:
    """A repeated member is a JSON array, also when it holds one item."""
    if not isinstance(value.value, list):
        yield f"{value.at} is {value.shown}, not an array"


@rule(
    "wire/string-is-string",
    CONVENTION,
    on=String,
    cite=protojson(_TYPES, says="string"),
    probe="cohort",
)
def string_is_string(value: String) -> Findings:
    """A string is a JSON string, also when it looks like a number."""
    if not isinstance(value.value, str):
        yield f"{value.at} is {value.shown}, not a string"


@rule(
    "wire/boolean-is-boolean",
    CONVENTION,
    on=Boolean,
    cite=protojson(_TYPES, says="true, false"),
    probe="cohort",
)
def boolean_is_boolean(value: Boolean) -> Findings:
    """A bool is `true` or `false`."""
    if not isinstance(value.value, bool):
        yield f"{value.at} is {value.shown}, not a boolean"


@rule(
    "wire/int64-is-string",
    CONVENTION,
    on=Int64,
    cite=protojson(_TYPES, says="JSON value will be a decimal string."),
    probe="cohort",
)
def int64_is_string(value: Int64) -> Findings:
    """A 64-bit integer is a decimal string."""
    if not (isinstance(value.value, str) and _DECIMAL.fullmatch(value.value)):
        yield f"{value.at} is {value.shown}, not a decimal string"


@rule(
    "wire/int32-is-number",
    CONVENTION,
    on=Int32,
    cite=protojson(_TYPES, says="JSON value will be a number."),
    probe="watch",
)
def int32_is_number(value: Int32) -> Findings:
    """A 32-bit integer is a JSON number without a fraction."""
    shown = value.value
    if isinstance(shown, bool) or not isinstance(shown, int | float) or shown % 1 != 0:
        yield f"{value.at} is {value.shown}, not a whole number"


@rule(
    "wire/double-is-number",
    CONVENTION,
    on=Double,
    cite=protojson(_TYPES, says="JSON value will be a number or one of the special string values"),
    probe="cohort",
)
def double_is_number(value: Double) -> Findings:
    """A double is a JSON number, or "NaN", "Infinity" or "-Infinity"."""
    shown = value.value
    if isinstance(shown, bool) or not (isinstance(shown, int | float) or text(shown) in SPECIAL_DOUBLES):
        yield f"{value.at} is {value.shown}, not a number"


@rule(
    "wire/enum-is-name",
    CONVENTION,
    on=Enum,
    when=lambda value: not value.numbers_asked,
    cite=aip(126, "Guidance", says="All enum values **must** use `UPPER_SNAKE_CASE`."),
    probe="cohort",
)
def enum_is_name(value: Enum) -> Findings:
    """An enum is printed as its UPPER_SNAKE_CASE name."""
    if not (isinstance(value.value, str) and UPPER_SNAKE.fullmatch(value.value)):
        yield f"{value.at} is {value.shown}, not the name of an enum value"


@rule(
    "wire/enum-is-documented",
    OBSERVED,
    on=Enum,
    when=lambda value: isinstance(value.value, str) and bool(UPPER_SNAKE.fullmatch(value.value)),
    cite=aip(216, "Breaking changes", says="APIs **may** add new states to an existing State enum"),
    probe="watch",
)
def enum_is_documented(value: Enum) -> Findings:
    """An enum value is one that the pinned document names (a newer one is legal, so this only warns)."""
    names = value.seen.node.schema["enum"]
    if value.value not in names and str(value.value).startswith(family(names)):
        yield f"{value.at} is {value.shown}, which the pinned document does not name"


@rule(
    "wire/enum-is-not-misspelt",
    CONVENTION,
    on=Enum,
    when=lambda value: isinstance(value.value, str) and bool(UPPER_SNAKE.fullmatch(value.value)),
    cite=protojson(_TYPES, says="The name of the enum value as specified in proto is used."),
    probe="watch",
)
def enum_is_not_misspelt(value: Enum) -> Findings:
    """An enum value is not one of the document's with a letter doubled or single (CANCELED is no new state)."""
    names = value.seen.node.schema["enum"]
    meant = next((name for name in names if _DOUBLED.sub(r"\1", name) == _DOUBLED.sub(r"\1", value.value)), value.value)
    if value.value not in names and meant != value.value:
        yield f"{value.at} is {value.shown}, the document spells it {meant}"


@rule(
    "wire/timestamp-is-utc",
    CONVENTION,
    on=Timestamp,
    cite=protojson(_TYPES, says="Generated output will always be Z-normalized"),
    probe="cohort",
)
def timestamp_is_utc(value: Timestamp) -> Findings:
    """A time is an RFC 3339 date and time in UTC that ends in Z."""
    if not (isinstance(value.value, str) and _UTC.fullmatch(value.value)):
        yield f"{value.at} is {value.shown}, not an RFC 3339 time ending in Z"


@rule(
    "wire/timestamp-digits",
    CONVENTION,
    on=Timestamp,
    when=lambda value: isinstance(value.value, str) and bool(_UTC.fullmatch(value.value)),
    cite=protojson(_TYPES, says="with 0, 3, 6 or 9 fractional digits"),
    probe="cohort",
)
def timestamp_digits(value: Timestamp) -> Findings:
    """The fraction of a second has 0, 3, 6 or 9 digits."""
    digits = len(str(value.value).partition(".")[2].rstrip("Z"))
    if digits not in {0, 3, 6, 9}:
        yield f"{value.at} is {value.shown}, with {digits} fractional digits"
