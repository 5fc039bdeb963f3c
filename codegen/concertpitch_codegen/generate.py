"""`generated/` on disk: write what was built, or say how it differs.

Owns the comparison of files and the removal of what is no longer generated. Must not know how files are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_codegen.build import build_index, build_surface, read_inputs
from concertpitch_codegen.jsontext import write_atomically
from concertpitch_codegen.sources.config import load_sources
from concertpitch_codegen.sources.lock import load_lock

if TYPE_CHECKING:
    from pathlib import Path


def build(root: Path) -> dict[str, bytes]:
    """Make every generated file in memory, by its path below generated/concertpitch_models/."""
    specs = root / "specs"
    sources, pins = load_sources(specs), load_lock(specs)
    inputs = read_inputs(specs, sources.surfaces, pins)
    files = build_index(inputs, pins)
    for each in inputs:
        files |= build_surface(each)
    return files


def generate(root: Path) -> list[str]:
    """Write what differs; give the paths that were written."""
    target = root / "generated" / "concertpitch_models"
    written = []
    for name, data in sorted(build(root).items()):
        path = target / name
        if not path.exists() or path.read_bytes() != data:
            write_atomically(path, data)
            written.append(name)
    return written
