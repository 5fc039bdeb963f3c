"""`generated/` on disk: write what was built, or say how it differs.

Owns the comparison of files and the removal of what is no longer generated. Must not know how files are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_codegen import stamp
from concertpitch_codegen.meanings import check_meanings, new_meanings
from concertpitch_codegen.problems import CodegenError
from concertpitch_codegen.sources.config import load_sources
from concertpitch_codegen.sources.files import read_inputs
from concertpitch_codegen.sources.lock import disagreements, load_lock
from concertpitch_codegen.trees import recover_tree, replace_tree

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.document import Document
    from concertpitch_codegen.problems import Problem
    from concertpitch_codegen.sources.files import Inputs


@dataclass(frozen=True, slots=True)
class Change:
    """One file of generated/ that is not what it should be: `missing`, `differs` or `left over`."""

    path: str
    what: str


def generate(root: Path, *, accept_new_meanings: bool = False) -> list[Change]:
    """Bring generated/ up to date; give what was changed, nothing when it was up to date already.

    Raises `CodegenError`, and writes nothing, when a class would keep its name and change its meaning.
    """
    target = _target(root)
    recover_tree(target)
    inputs = _inputs(root)
    texts = _input_bytes(root, inputs)
    if stamp.is_current(target, texts):
        return []
    files = _build(inputs, texts)
    changes = _compare(root, files)
    if not accept_new_meanings:
        check_meanings(_new_meanings(target, files, changes))
    gone = [each.path for each in changes if each.what == "left over"]
    replace_tree(target, {each.path: files[each.path] for each in changes if each.path not in gone}, gone)
    return changes


def check(root: Path) -> tuple[list[str], list[Change]]:
    """Regenerate in memory.

    Give in sentences the disagreements of lock and documents, or else the classes that keep their name and change their
    meaning; and how generated/ and the documents disagree.
    """
    specs = root / "specs"
    sources, pins = load_sources(specs), load_lock(specs)
    stale = [
        sentence for each in sources.documents.values() for sentence in disagreements(specs, each, pins.get(each.id))
    ]
    if stale:
        return stale, []
    inputs = _inputs(root)
    files = _build(inputs, _input_bytes(root, inputs))
    # The stamp speaks of the generator too, whose every edit would count as drift.
    changes = [change for change in _compare(root, files) if change.path != stamp.NAME]
    return _new_meanings(_target(root), files, changes), changes


def conflicts(root: Path) -> list[Problem]:
    """List where the documents of one surface contradict each other; the first of them holds."""
    from concertpitch_codegen.build import merged  # noqa: PLC0415 - slow to import

    return sorted({problem for inputs in _inputs(root) for problem in merged(inputs)[1]})


def surface_document(root: Path, surface: str) -> Document:
    """Read the merged documents of one surface. Raises `CodegenError` for one that is not listed."""
    from concertpitch_codegen.build import merged  # noqa: PLC0415 - slow to import

    for inputs in _inputs(root):
        if inputs.surface.id == surface:
            return merged(inputs)[0]
    listed = ", ".join(each.surface.id for each in _inputs(root))
    raise CodegenError(f"there is no surface {surface!r}; there are {listed}")


def _target(root: Path) -> Path:
    return root / "generated" / "concertpitch_models"


def _inputs(root: Path) -> list[Inputs]:
    specs = root / "specs"
    return read_inputs(specs, load_sources(specs), load_lock(specs))


def _input_bytes(root: Path, inputs: list[Inputs]) -> dict[str, bytes]:
    texts = {"specs/sources.toml": (root / "specs" / "sources.toml").read_bytes()}
    for each in inputs:
        texts |= {f"specs/documents/{name}.json": data for name, data in each.documents.items()}
        texts |= {f"specs/overlays/{name}": data for name, data in each.overlays.items()}
    return dict(sorted(texts.items()))


def _build(inputs: list[Inputs], texts: dict[str, bytes]) -> dict[str, bytes]:
    from concertpitch_codegen.build import build  # noqa: PLC0415 - slow to import, and mostly not needed

    files = build(inputs)
    return {**files, stamp.NAME: stamp.stamp(texts, files)}


def _new_meanings(target: Path, files: dict[str, bytes], changes: list[Change]) -> list[str]:
    """Say which classes of generated/ keep their name and change their meaning."""
    return [
        sentence
        for each in changes
        if each.what == "differs" and each.path.endswith("/models.py")
        for sentence in new_meanings((target / each.path).read_text(encoding="utf-8"), files[each.path].decode())
    ]


def _compare(root: Path, files: dict[str, bytes]) -> list[Change]:
    """Compare byte by byte, with what the last run wrote too, so that a file nobody makes any more goes."""
    target = _target(root)
    changes = [
        Change(name, "differs" if (target / name).exists() else "missing")
        for name, data in sorted(files.items())
        if not (target / name).is_file() or (target / name).read_bytes() != data
    ]
    left = sorted(name for name in stamp.outputs_of(target) if name not in files and (target / name).exists())
    return changes + [Change(name, "left over") for name in left]
