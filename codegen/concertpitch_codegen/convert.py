"""One document of any format as OpenAPI 3.1 or JSON Schema, without a checkout.

Owns the steps from a user's document to a written text. Must not know formats, nor print anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from concertpitch_codegen.contradictions import contradictions
from concertpitch_codegen.counting import check_counts
from concertpitch_codegen.jsontext import dump, parse
from concertpitch_codegen.problems import refuse
from concertpitch_codegen.readers.discovery_slice import cut_source
from concertpitch_codegen.readers.formats import read
from concertpitch_codegen.slicing import Slice, cut
from concertpitch_codegen.sources.where import load
from concertpitch_codegen.validation import validate
from concertpitch_codegen.writers.jsonschema import json_schema
from concertpitch_codegen.writers.openapi import openapi

if TYPE_CHECKING:
    from concertpitch_codegen.document import Document
    from concertpitch_codegen.problems import Problem


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document as it was named, as it stands, and as it was read."""

    raw: dict[str, Any]
    document: Document


def load_document(where: str) -> Loaded:
    """Read a file or a URL, JSON or, by its ending, YAML. Raises `CodegenError` or `DocumentError`."""
    name, data = load(where)
    if urlsplit(where).path.endswith((".yaml", ".yml")):
        # The parser is slow to import, and few documents are YAML.
        from concertpitch_codegen.yamltext import parse_yaml  # noqa: PLC0415

        raw = parse_yaml(data, name)
    else:
        raw = parse(data, name)
    return Loaded(raw, read(raw, name))


def convert(where: str, to: str) -> tuple[bytes, str, list[Problem]]:
    """Write a document as `openapi` or `jsonschema`.

    Give the text, what was counted, and its contradictions.
    """
    document = load_document(where).document
    written = openapi(document)
    check_counts(document, written)
    schemas = json_schema(written["components"]["schemas"], document.id)
    validate(document.id, written, schemas)
    counted = f"{len(document.operations)} operations, {document.named()} schemas in and out"
    return dump(written if to == "openapi" else schemas), counted, contradictions(document)


def cut_document(where: str, select: tuple[str, ...]) -> tuple[Slice, bytes]:
    """Cut a Discovery document; give the slice with its reasons, and it as a Discovery document."""
    loaded = load_document(where)
    if "discoveryVersion" not in loaded.raw:
        raise refuse(loaded.document.id, "is not a Discovery document; only these can be cut into documents")
    part = cut(loaded.document, select)
    return part, dump(cut_source(loaded.raw, part.document))
