"""The road from pinned slices to the files under generated/, in memory.

Owns the order of the steps and the count of what went in against what came out. Must not write files, nor
decide what a file looks like.
"""

from __future__ import annotations

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from typing import TYPE_CHECKING

from concertpitch_codegen.align import align
from concertpitch_codegen.counting import check_counts
from concertpitch_codegen.jsontext import dump, parse
from concertpitch_codegen.merge import merge
from concertpitch_codegen.overlaid import overlaid
from concertpitch_codegen.overlay import Overlay
from concertpitch_codegen.readers.formats import read, revision
from concertpitch_codegen.slicing import cut
from concertpitch_codegen.validation import validate
from concertpitch_codegen.writers.client import write_client, write_service
from concertpitch_codegen.writers.jsonschema import json_schema
from concertpitch_codegen.writers.models import warm_up, write_models
from concertpitch_codegen.writers.openapi import openapi
from concertpitch_codegen.writers.pages import write_pages
from concertpitch_codegen.writers.templates import render

if TYPE_CHECKING:
    from concertpitch_codegen.document import Document
    from concertpitch_codegen.problems import Problem
    from concertpitch_codegen.sources.files import Inputs

PACKAGE = "concertpitch_models"


def build(inputs: list[Inputs]) -> dict[str, bytes]:
    """Make every generated file, by its path below generated/concertpitch_models/; one process a surface."""
    made = build_runtime()
    warm_up()
    # The processes are short-lived: collecting garbage costs them a sixth of their time.
    with ProcessPoolExecutor(max_workers=os.cpu_count(), initializer=gc.disable) as pool:
        for files_ in pool.map(build_surface, sorted(inputs, key=_size, reverse=True)):
            made |= files_
    surfaces = [
        {
            "id": each.surface.id,
            "documents": [
                {"id": name, "revision": revision(parse(data, name))} for name, data in each.documents.items()
            ],
        }
        for each in inputs
    ]
    return made | {"documents.py": render("documents.py.jinja", surfaces=surfaces)}


def build_surface(inputs: Inputs) -> dict[str, bytes]:
    """Make the files of one surface. Raises `DocumentError` when a document or an overlay is at fault."""
    surface = inputs.surface
    files_ = build_files(merged(inputs)[0], surface.namespaces, PACKAGE)
    return {f"{surface.id}/{name}": data for name, data in files_.items()}


def build_files(document: Document, namespaces: tuple[str, ...], package: str) -> dict[str, bytes]:
    """Make the files of one document; `package` is where the shared `runtime` can be imported from."""
    written = openapi(document)
    check_counts(document, written)
    schemas = json_schema(written["components"]["schemas"], document.id)
    validate(document.id, written, schemas)
    return {
        "__init__.py": render("surface_init.py.jinja", title=document.title, version=document.version),
        "client.py": write_client(document, namespaces, package),
        "service.py": write_service(document, namespaces, package),
        "models.py": write_models(schemas, namespaces, package),
        "openapi.json": dump(written),
        "schemas.json": dump(schemas),
        **{f"pages/{name}": page for name, page in write_pages(document).items()},
    }


def merged(inputs: Inputs) -> tuple[Document, list[Problem]]:
    """Read the documents of a surface, merge them, bring in the overlays, and cut what was selected.

    The first says what there is. Give also where they contradict each other.
    """
    first, *others = [_read(inputs, each, data) for each, data in inputs.documents.items()]
    overlays = [Overlay(each, parse(data, each)) for each, data in inputs.overlays.items()]
    document, conflicts = merge(first, others)
    document = overlaid(document, overlays)
    if inputs.surface.select == ("*",):
        return document, conflicts
    return cut(document, inputs.surface.select).document, conflicts


def _read(inputs: Inputs, name: str, data: bytes) -> Document:
    raw = parse(data, name)
    document = read(raw, name)
    return align(document, inputs.surface.namespaces[0]) if "openapi" in raw else document


def _size(inputs: Inputs) -> int:
    """Weigh a surface, so that the longest work begins first."""
    return sum(map(len, inputs.documents.values()))


def build_runtime() -> dict[str, bytes]:
    """Copy the modules that all surfaces share."""
    return {
        f"runtime/{entry.name}": entry.read_bytes()
        for entry in (files("concertpitch_codegen") / "runtime").iterdir()
        if entry.name.endswith(".py")
    }
