"""The committed files that generation starts from, read and checked against the lock.

Owns their place in `specs/`. Must not know what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_codegen.jsontext import sha256
from concertpitch_codegen.problems import CodegenError
from concertpitch_codegen.sources.config import Source
from concertpitch_codegen.sources.lock import slice_path

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.sources.config import Sources, Surface
    from concertpitch_codegen.sources.lock import Pin


@dataclass(frozen=True, slots=True)
class Inputs:
    """One surface and the bytes it is made from, by the names in sources.toml."""

    surface: Surface
    documents: dict[str, bytes]
    overlays: dict[str, bytes]


def read_inputs(specs: Path, sources: Sources, pins: dict[str, Pin]) -> list[Inputs]:
    """Read the inputs of all surfaces; for a document that is served live only and not locked, its stand-in.

    Raises `CodegenError` for a file that is missing or not the locked one.
    """
    found = []
    for each in sources.surfaces.values():
        absent = {name: overlay for name in each.documents if (overlay := _stand_in(sources, name, pins))}
        documents = {name: _read_slice(specs, name, pins) for name in each.documents if name not in absent}
        if not documents:
            raise CodegenError(f"{each.id} is made of documents that are served live only: run fetch --live")
        overlays = {name: _read_overlay(specs, name) for name in (*absent.values(), *each.overlays)}
        found.append(Inputs(each, documents, overlays))
    return found


def _stand_in(sources: Sources, document: str, pins: dict[str, Pin]) -> str | None:
    source = sources.documents[document]
    return source.stand_in if isinstance(source, Source) and document not in pins else None


def _read_slice(specs: Path, document: str, pins: dict[str, Pin]) -> bytes:
    path = slice_path(specs, document)
    if document not in pins or not path.exists():
        raise CodegenError(f"{document} is not in specs/documents: run concertpitch-codegen fetch")
    data = path.read_bytes()
    if sha256(data) != pins[document].slice_sha256:
        raise CodegenError(f"{path.name} is not the locked slice: run concertpitch-codegen fetch, or restore it")
    return data


def _read_overlay(specs: Path, name: str) -> bytes:
    try:
        return (specs / "overlays" / name).read_bytes()
    except OSError:
        raise CodegenError(f"sources.toml names the overlay {name}, which is not in specs/overlays") from None
