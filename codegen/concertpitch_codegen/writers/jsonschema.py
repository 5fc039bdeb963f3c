"""JSON Schema 2020-12 from a `Document`; OpenAPI 3.1 uses the same schemas.

Owns the shape of each schema and of `schemas.json`. Responses are lenient, so no property is ever `required`, and
what prose limits is not limited; field behaviour stands under `x-google-field-behavior`, limits of prose under
`x-concertpitch-text-limits`, for those who judge requests. Must not know source
formats.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.document import (
    Alias,
    Anything,
    Array,
    Behavior,
    Definition,
    Document,
    Enum,
    Evidence,
    Map,
    Message,
    Note,
    Origin,
    Ref,
    Scalar,
    Schema,
)
from concertpitch_codegen.textlimits import text_limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What OpenAPI 3.0 has too, under the same name and with the same meaning, beside what is read.
_KEYWORDS = frozenset({
    "allOf", "anyOf", "const", "discriminator", "enum", "example", "externalDocs", "maxItems", "maxLength",
    "maxProperties", "minItems", "minLength", "minProperties", "multipleOf", "not", "oneOf", "title", "type",
    "uniqueItems", "xml",
})  # fmt: skip
_NULLABLE = "x-google-nullable"  # as OpenAPI 3.0's `nullable` is kept
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(components: dict[str, Any], surface: str) -> dict[str, Any]:
    """Turn the component schemas of an OpenAPI document into one JSON Schema with the same names."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:concertpitch:{surface}",
        "$defs": _moved(components, "#/components/schemas/", "#/$defs/"),
    }


def definition_schema(definition: Definition, document: Document, prefix: str) -> dict[str, Any]:
    """Write one named schema; `prefix` is where its neighbours stand, such as ``#/components/schemas/``."""
    match definition:
        case Message():
            written = _message(definition, document, prefix)
        case Enum():
            written = _enum(definition)
        case Alias():
            written = element_schema(definition.schema, document, prefix)
    if definition.description:
        written["description"] = definition.description
    written["x-concertpitch-source"] = _source(definition.origin, document)
    return written | notes(definition.notes)


def element_schema(schema: Schema, document: Document | None, prefix: str) -> dict[str, Any]:
    """Write a schema in place, with all that stands beside a `$ref` too, as JSON Schema 2020-12 allows."""
    written = _type(schema, document, prefix)
    if schema.description:
        written["description"] = schema.description
    if schema.deprecated:
        written["deprecated"] = True
    if schema.limits:
        written |= _limits(schema)
    if schema.extras:
        written |= _extras(schema.extras)
        if written.pop(_NULLABLE, None):
            written = _or_null(written)
    if schema.behaviors:
        written |= _behaviors(tuple([(fact.behavior, fact.evidence) for fact in schema.behaviors]))
    if schema.description and (said := text_limits(schema)):
        written["x-concertpitch-text-limits"] = {each.name: each.value for each in said}
    return written | notes(schema.notes) if schema.notes else written


@lru_cache  # a document has few combinations, each thousands of times
def _behaviors(facts: tuple[tuple[Behavior, Evidence], ...]) -> dict[str, Any]:
    """Write field behaviour, and how the documents state it."""
    evidence: dict[str, set[str]] = {}
    for behavior, by in facts:
        evidence.setdefault(behavior.value, set()).add(by.value)
    written: dict[str, Any] = {}
    if Behavior.OUTPUT_ONLY in evidence:
        written["readOnly"] = True
    if Behavior.INPUT_ONLY in evidence:
        written["writeOnly"] = True
    written["x-google-field-behavior"] = sorted(evidence)
    written["x-concertpitch-evidence"] = {key: sorted(by) for key, by in sorted(evidence.items())}
    return written


def _type(schema: Schema, document: Document | None, prefix: str) -> dict[str, Any]:
    kind = schema.type
    match kind:  # by class alone, which is much quicker than by members too
        case Scalar():
            return {"type": kind.json_type, "format": kind.format} if kind.format else {"type": kind.json_type}
        case Ref():
            return {"$ref": prefix + kind.name}
        case Array():
            return {"type": "array", "items": element_schema(kind.items, document, prefix)}
        case Map():
            return {"type": "object", "additionalProperties": element_schema(kind.values, document, prefix)}
        case Anything():
            return {}


def _extras(extras: Mapping[str, Any]) -> dict[str, Any]:
    return {key if key in _KEYWORDS else extension(key): value for key, value in extras.items()}


def _or_null(written: dict[str, Any]) -> dict[str, Any]:
    """Allow null as OpenAPI 3.1 says it."""
    if "$ref" in written:
        beside = {key: value for key, value in written.items() if key != "$ref"}
        return {"anyOf": [{"$ref": written["$ref"]}, {"type": "null"}], **beside}
    if isinstance(written.get("type"), str):
        written["type"] = [written["type"], "null"]
    if "enum" in written:
        written["enum"] = [*written["enum"], None]
    return written


def _limits(schema: Schema) -> dict[str, Any]:
    """Write limits; those of an int64, a string in JSON, cannot be JSON Schema's and go under `x-google-`."""
    as_string = isinstance(schema.type, Scalar) and schema.type.json_type == "string"
    return {
        f"x-google-{key}" if as_string and key in {"minimum", "maximum"} else key: value
        for key, value in schema.limits.items()
    }


def _message(message: Message, document: Document, prefix: str) -> dict[str, Any]:
    written: dict[str, Any] = {"type": "object"}
    if message.fields:
        written["properties"] = {
            name: element_schema(field, document, prefix) for name, field in message.fields.items()
        }
    if message.deprecated:
        written["deprecated"] = True
    if message.oneofs:
        written["x-google-oneof"] = {each.name: list(each.members) for each in message.oneofs}
        written["x-concertpitch-oneof-source"] = {
            each.name: {"document": each.origin.document, "pointer": each.origin.pointer} for each in message.oneofs
        }
    return written | _extras(message.extras)


def _enum(enum: Enum) -> dict[str, Any]:
    written: dict[str, Any] = {"type": "string", "enum": [value.name for value in enum.values]}
    if any(value.description for value in enum.values):
        written["x-google-enum-descriptions"] = [value.description or "" for value in enum.values]
    if any(value.deprecated for value in enum.values):
        written["x-google-enum-deprecated"] = [value.deprecated for value in enum.values]
    if enum.numbers_from:
        written["x-google-enum-numbers"] = {
            value.name: value.number for value in enum.values if value.number is not None
        }
        written["x-concertpitch-enum-numbers-source"] = {
            "document": enum.numbers_from.document,
            "pointer": enum.numbers_from.pointer,
        }
    return written


def _source(origin: Origin, document: Document) -> dict[str, str]:
    return {
        "document": origin.document,
        "pointer": origin.pointer,
        "revision": document.revision_of(origin),
    }


def notes(added: Iterable[Note]) -> dict[str, Any]:
    """Say which overlay changed something, whom it cites, and why."""
    told = [{"overlay": str(each.origin), "cite": each.cite, "says": each.says} for each in added]
    return {"x-concertpitch-overlay": told} if told else {}


def extension(key: str) -> str:
    """Name a member of a source that has no counterpart.

    ``supportsMediaUpload`` is ``x-google-supports-...``.
    """
    if key.startswith("x-"):
        return key
    return "x-google-" + "".join("-" + char.lower() if char.isupper() else char for char in key).lstrip("-$")


def _moved(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {
            key: new + item.removeprefix(old) if key == "$ref" and isinstance(item, str) else _moved(item, old, new)
            for key, item in value.items()
        }
    return [_moved(item, old, new) for item in value] if isinstance(value, list) else value
