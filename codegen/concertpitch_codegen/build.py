"""The road from pinned slices to the files under generated/, in memory.

Owns the order of the steps and the count of what went in against what came out. Must not write files, nor
decide what a file looks like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.document import Document, Enum
from concertpitch_codegen.jsontext import dump, parse
from concertpitch_codegen.problems import DocumentError, Problem
from concertpitch_codegen.readers import discovery
from concertpitch_codegen.sources.fetch import read_slice
from concertpitch_codegen.writers.jsonschema import json_schema
from concertpitch_codegen.writers.openapi import openapi
from concertpitch_codegen.writers.templates import render

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.sources.config import Surface
    from concertpitch_codegen.sources.lock import Pin


@dataclass(frozen=True, slots=True)
class Inputs:
    """One surface and the bytes it is made from."""

    surface: Surface
    document: bytes


def read_inputs(specs: Path, surfaces: dict[str, Surface], pins: dict[str, Pin]) -> list[Inputs]:
    """Read what `build_surface` needs, checked against the lock."""
    return [Inputs(each, read_slice(specs, each.document, pins)) for each in surfaces.values()]


def build_surface(inputs: Inputs) -> dict[str, bytes]:
    """Make the files of one surface, by their path below concertpitch_models/."""
    surface = inputs.surface
    document = discovery.read(parse(inputs.document, surface.document), surface.document)
    written = openapi(document)
    check_counts(document, written)
    return {
        f"{surface.id}/openapi.json": dump(written),
        f"{surface.id}/schemas.json": dump(json_schema(written["components"]["schemas"], surface.id)),
    }


def build_index(inputs: list[Inputs], pins: dict[str, Pin]) -> dict[str, bytes]:
    """Make the files that name all surfaces."""
    rows = [
        {
            "id": each.surface.id,
            "document": each.surface.document,
            "revision": pins[each.surface.document].revision,
        }
        for each in inputs
    ]
    return {"documents.py": render("documents.py.jinja", surfaces=rows)}


def check_counts(document: Document, written: dict[str, Any]) -> None:
    """Compare what was read with what was written. Raises `DocumentError` when anything was lost."""
    operations = {
        operation["operationId"]
        for item in written["paths"].values()
        for verb, operation in item.items()
        if verb != "parameters"
    }
    schemas = written["components"]["schemas"]
    problems = [
        Problem(document.id, document.operations[name].origin.pointer, f"the operation {name} was lost")
        for name in set(document.operations) - operations
    ]
    problems += [
        Problem(document.id, document.definitions[name].origin.pointer, f"the schema {name} was lost")
        for name in set(document.definitions) - set(schemas)
    ]
    for name, definition in document.definitions.items():
        if isinstance(definition, Enum) or name not in schemas:
            continue
        fields = set(getattr(definition, "fields", {}))
        problems += [
            Problem(document.id, definition.origin.pointer, f"the field {field} was lost")
            for field in fields - set(schemas[name].get("properties", {}))
        ]
    if problems:
        raise DocumentError(problems)
