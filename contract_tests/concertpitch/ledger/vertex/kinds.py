"""Facts that a Discovery document states in its schemas, not in sentences: types, formats, read-only members.

Owns the classes and the rules that judge each. They are counted, not listed: the wire rules look at every value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from concertpitch.ledger.documents import load, schemas
from concertpitch.ledger.entries import Entry, Standing

_WIRE = {
    "message": ("wire/message-is-object", "wire/no-duplicate-keys", "wire/lower-camel-case"),
    "array": ("wire/repeated-is-array", "wire/no-nulls"),
    "map": ("wire/map-is-object",),
    "boolean": ("wire/boolean-is-boolean",),
    "integer int32": ("wire/int32-is-number",),
    "number double": ("wire/double-is-number",),
    "number float": ("wire/double-is-number",),
    "string": ("wire/string-is-string",),
    "string enum": ("wire/enum-is-name", "wire/enum-keeps-prefix", "wire/enum-is-documented"),
    "string int64": ("wire/int64-is-string",),
    "string google-datetime": ("wire/timestamp-is-utc", "wire/timestamp-digits"),
    "readOnly": ("create/accepts-output-only", "create/ignores-output-only"),
}
_SILENT = {
    "any": "A value of any type has none to keep.",
    "string byte": "Only parts of a conversation hold bytes, and no recorded job shows any.",
    "string google-duration": "Only parts of a conversation hold durations, and no recorded job shows any.",
    "deprecated": "A deprecated member may still be shown, or not.",
}


def entries(document: str) -> Iterator[Entry]:
    """One entry a kind, in alphabetical order."""
    loaded = load(document)
    counts: Counter[str] = Counter()
    for name in schemas(document):
        for schema in loaded["schemas"][name].get("properties", {}).values():
            counts.update(_kinds(schema))
    for kind, count in sorted(counts.items()):
        says = f"{count} members: {kind}"
        rules, why = _WIRE.get(kind, ()), _SILENT.get(kind, "")
        standing = Standing.RULED if rules else Standing.SILENT if why else Standing.OPEN
        yield Entry(document, "/schemas", says, standing, rules, why)


def _kinds(schema: dict[str, Any]) -> Iterator[str]:
    """The kind of a member, those of what it holds, and its marks."""
    yield from (mark for mark in ("readOnly", "deprecated") if schema.get(mark))
    declared = schema.get("type", "")
    if "$ref" in schema:
        yield "message"
    elif "enum" in schema:
        yield "string enum"
    elif declared == "array":
        yield "array"
        yield from _kinds(schema["items"])
    elif declared == "object" and "additionalProperties" in schema:
        yield "map" if schema["additionalProperties"].get("type") != "any" else "any"
    elif declared in {"object", "any", ""}:
        yield "any"
    else:
        yield f"{declared} {schema.get('format', '')}".strip()
