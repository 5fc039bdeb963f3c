"""Facts that the Gemini API's protos state in their fields: types and shapes.

Owns the kinds and the rules that judge each. They are counted, not listed: the wire rules look at every value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from concertpitch.ledger.documents import load
from concertpitch.ledger.entries import Entry, Standing
from concertpitch.ledger.gemini.scope import names

_WIRE = {
    "list": ("wire/repeated-is-array", "wire/no-nulls"),
    "message": ("wire/message-is-object", "wire/no-duplicate-keys", "wire/lower-camel-case"),
    "google.protobuf.Timestamp": ("wire/timestamp-is-utc", "wire/timestamp-digits"),
    "google.protobuf.Any": ("operation/any-has-type", "refuse/details-have-type"),
    "google.protobuf.FieldMask": ("patch/only-what-the-mask-names", "patch/unknown-path"),
    "enum": ("wire/enum-is-name", "wire/enum-is-documented"),
    "bool": ("wire/boolean-is-boolean",),
    "float": ("wire/double-is-number",),
    "int32": ("wire/int32-is-number",),
    "int64": ("wire/int64-is-string",),
    "string": ("wire/string-is-string",),
}


def entries(document: str) -> Iterator[Entry]:
    """One entry a kind, in alphabetical order."""
    messages = load(document)["messages"]
    counts: Counter[str] = Counter()
    for name in sorted(names(document) & messages.keys()):
        for field in messages[name]["fields"].values():
            counts.update(_kinds(field))
    for kind, count in sorted(counts.items()):
        rules = _WIRE.get(kind, ())
        yield Entry(
            document, "/messages", f"{count} members: {kind}", Standing.RULED if rules else Standing.OPEN, rules
        )


def _kinds(field: dict[str, Any]) -> Iterator[str]:
    if "shape" in field:
        yield field["shape"]
    known = field.get("refers_to", "")
    yield known if known.startswith("google.protobuf.") else field["type"]
