"""The committed files that generation starts from, read and checked against the lock.

Owns their place in `specs/`. Must not know what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_codegen.jsontext import sha256
from concertpitch_codegen.problems import CodegenError
from concertpitch_codegen.sources.lock import slice_path

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.sources.config import Surface
    from concertpitch_codegen.sources.lock import Pin


@dataclass(frozen=True, slots=True)
class Inputs:
    """One surface and the bytes it is made from, by the names in sources.toml."""

    surface: Surface
    documents: dict[str, bytes]
    overlays: dict[str, bytes]


def read_inputs(specs: Path, surfaces: dict[str, Surface], pins: dict[str, Pin]) -> list[Inputs]:
    """Read the inputs of all surfaces.

    Raises `CodegenError` for a file that is missing or not the locked one.
    """
    return [
        Inputs(
            each,
            {name: _read_slice(specs, name, pins) for name in each.documents},
            {name: _read_overlay(specs, name) for name in each.overlays},
        )
        for each in surfaces.values()
    ]


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
