"""Places where a document contradicts itself: a default that its own limits forbid.

Owns those findings; such a document can still be used, so they are told, not raised. Must not know formats.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.document import Alias, Enum, Message, Ref, Schema
from concertpitch_codegen.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.document import Document


def contradictions(document: Document) -> list[Problem]:
    """List what a document says and breaks itself."""
    return sorted(problem for schema in _schemas(document) for problem in _broken(schema, document))


def _schemas(document: Document) -> Iterator[Schema]:
    for operation in document.operations.values():
        yield from (each.schema for each in operation.parameters)
    for definition in document.definitions.values():
        if isinstance(definition, Message):
            yield from definition.fields.values()
        elif isinstance(definition, Alias):
            yield definition.schema


def _broken(schema: Schema, document: Document) -> Iterator[Problem]:
    if "default" not in schema.limits:
        return
    default = schema.limits["default"]
    for sentence in _forbidding(default, schema, document):
        yield Problem(schema.origin.document, schema.origin.pointer, f"has the default {default!r}, {sentence}")


def _forbidding(default: Any, schema: Schema, document: Document) -> Iterator[str]:
    limits = schema.limits
    if isinstance(default, str) and "pattern" in limits and not _matches(limits["pattern"], default):
        yield f"which its pattern {limits['pattern']} forbids"
    if isinstance(default, int | float) and not isinstance(default, bool):
        if default < limits.get("minimum", default):
            yield f"which is below its minimum {limits['minimum']}"
        if default > limits.get("maximum", default):
            yield f"which is above its maximum {limits['maximum']}"
    definition = document.definitions.get(schema.type.name) if isinstance(schema.type, Ref) else None
    if isinstance(definition, Enum) and default not in {each.name for each in definition.values}:
        yield "which is not one of its constants"


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return True
