"""The count of what went in against what came out.

Owns the one rule peers break most: a converter that loses something says so and fails. Must not know formats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_codegen.document import Message
from concertpitch_codegen.problems import DocumentError, Problem

if TYPE_CHECKING:
    from concertpitch_codegen.document import Document


def check_counts(document: Document, written: dict[str, Any]) -> None:
    """Compare what was read with what was written. Raises `DocumentError` when anything was lost."""
    operations = {
        operation["operationId"]
        for item in written["paths"].values()
        for verb, operation in item.items()
        if verb != "parameters"
    }
    schemas = written["components"]["schemas"]
    lost = [
        (each.origin.pointer, f"the operation {each.id} was lost")
        for each in document.operations.values()
        if each.id not in operations
    ]
    for name, definition in document.definitions.items():
        if name not in schemas:
            lost.append((definition.origin.pointer, f"the schema {name} was lost"))
        elif isinstance(definition, Message):
            fields = definition.fields.keys() - schemas[name].get("properties", {}).keys()
            lost += [(definition.fields[key].origin.pointer, f"the field {key} was lost") for key in fields]
    if lost:
        raise DocumentError(Problem(document.id, place, message) for place, message in lost)
