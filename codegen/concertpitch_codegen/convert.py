"""One document of any format as OpenAPI 3.1 or JSON Schema, without a checkout.

Owns the steps from a user's document to a written text. Must not know formats, nor print anything.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from concertpitch_codegen.contradictions import contradictions
from concertpitch_codegen.counting import check_counts
from concertpitch_codegen.document import RPC_ONLY
from concertpitch_codegen.jsontext import dump, parse, write_atomically
from concertpitch_codegen.problems import CodegenError, DocumentError
from concertpitch_codegen.readers.formats import cut_source, read
from concertpitch_codegen.slicing import Slice, cut
from concertpitch_codegen.sources.where import load
from concertpitch_codegen.validation import validate
from concertpitch_codegen.writers.jsonschema import DIALECT, json_schema
from concertpitch_codegen.writers.openapi import openapi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.document import Document
    from concertpitch_codegen.problems import Problem


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document as it was named, as it stands, and as it was read."""

    raw: dict[str, Any]
    document: Document


def load_document(where: str) -> Loaded:
    """Read a file or a URL: JSON or, by its ending, YAML, or `.proto` files with all they import.

    Raises `CodegenError` or `DocumentError`.
    """
    if Path(where).is_dir() or urlsplit(where).path.endswith(".proto"):
        # The compiler is slow to import, and few documents are protos.
        from concertpitch_codegen.sources.protofiles import load_protos  # noqa: PLC0415

        package, raw = load_protos(where)
        return Loaded(raw, read(raw, package))
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
    written = _checked(document)
    counted = f"{len(document.operations)} operations, {document.named()} schemas in and out"
    if pathless := document.extras.get(RPC_ONLY):
        counted += f"; without an HTTP rule, so only named under {RPC_ONLY}: {', '.join(pathless)}"
    made = written if to == "openapi" else json_schema(written["components"]["schemas"], document.id)
    return dump(made), counted, contradictions(document)


def convert_all(places: tuple[str, ...], to: str, out: Path) -> Iterator[tuple[str, bool, list[str]]]:
    """Write each document as `out/<its name>.<to>.json`, on all cores.

    Yield for each, in the order given, its place, whether it was written, and what there is to say of it.
    """
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - one document needs no other process

    names = [Path(place).name.removesuffix(".json") for place in places]
    if twice := {name for name in names if names.count(name) > 1}:
        raise CodegenError(f"two documents have the name {min(twice)}; convert them into folders of their own")
    targets = {place: out / f"{name}.{to}.json" for place, name in zip(places, names, strict=True)}
    # The largest first, so that no core is left with one at the end.
    largest = sorted(places, key=lambda place: (-_bytes(place), place))
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        jobs = {place: pool.submit(_convert_to, place, to, targets[place]) for place in largest}
        yield from ((place, *jobs[place].result()) for place in places)


def _convert_to(place: str, to: str, target: Path) -> tuple[bool, list[str]]:
    try:
        text, counted, found = convert(place, to)
    except DocumentError as error:
        return False, list(map(str, error.problems))
    except CodegenError as error:
        return False, [str(error)]
    write_atomically(target, text)
    return True, [*(f"contradiction: {each}" for each in found), counted]


def _bytes(place: str) -> int:
    path = Path(place)
    return path.stat().st_size if path.is_file() else 0


def cut_document(where: str, select: tuple[str, ...]) -> tuple[Slice, bytes]:
    """Cut a document; give the slice with its reasons, and as a document.

    That has the format of the one it is cut from, but of protos it is OpenAPI 3.1: no `.proto` file says what it says.
    """
    loaded = load_document(where)
    part = cut(loaded.document, select)
    if "discoveryVersion" in loaded.raw or "openapi" in loaded.raw:
        return part, dump(cut_source(loaded.raw, part.document))
    return part, dump(_checked(part.document))


def _checked(document: Document) -> dict[str, Any]:
    """Write OpenAPI 3.1. Raises `DocumentError` where something is lost or invalid."""
    written = openapi(document)
    check_counts(document, written)
    validate(document.id, written, {"$schema": DIALECT, "$defs": written["components"]["schemas"]})
    return written
