"""`specs/specs.lock.json`: which bytes upstream published, and which slice of them is committed.

Owns the file's form and its comparison with the committed slices. Must not fetch anything.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.jsontext import dump, parse, sha256, write_atomically
from concertpitch_codegen.problems import CodegenError
from concertpitch_codegen.sources.config import Source

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.sources.config import AnySource

NAME = "specs.lock.json"


@dataclass(frozen=True, slots=True)
class Pin:
    """One document's line in the lock.

    `raw_sha256` is of the whole document's bytes (of protos: of the package), `canonical_sha256` of what it
    says without `etag` and `revision`, `slice_sha256` of the committed file. `counts` gives what was kept
    and what there was. `reasons` says why each definition is in the slice.
    """

    revision: str
    raw_sha256: str
    canonical_sha256: str
    source: dict[str, str]
    selection: dict[str, list[str]]
    counts: dict[str, list[int]]
    slice_sha256: str
    reasons: dict[str, str]


def slice_path(specs: Path, document: str) -> Path:
    return specs / "documents" / f"{document}.json"


def load_lock(specs: Path) -> dict[str, Pin]:
    """Read the lock; a missing file is an empty lock. Raises `CodegenError` when it cannot be understood."""
    path = specs / NAME
    if not path.exists():
        return {}
    raw = parse(path.read_bytes(), NAME)
    try:
        return {name: Pin(**pin) for name, pin in raw["documents"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise CodegenError(f"{NAME} cannot be understood ({error}): restore it, or delete it and fetch") from None


def write_lock(specs: Path, pins: dict[str, Pin]) -> None:
    documents: dict[str, Any] = {name: asdict(pin) for name, pin in sorted(pins.items())}
    write_atomically(specs / NAME, dump({"documents": documents}))


def disagreements(specs: Path, source: AnySource, pin: Pin | None) -> list[str]:
    """Say in sentences how sources.toml, the lock and the committed slice of one document disagree."""
    if pin is None and isinstance(source, Source) and source.stand_in:
        return []
    if pin is None:
        return [f"{source.id} is not locked: run concertpitch-codegen fetch"]
    path = slice_path(specs, source.id)
    if not path.exists():
        return [f"{source.id} is locked, its slice {path.name} is missing: run concertpitch-codegen fetch"]
    found = []
    if sha256(path.read_bytes()) != pin.slice_sha256:
        found.append(f"{source.id}: {path.name} is not the locked slice: run concertpitch-codegen fetch")
    if pin.selection != source.selection:
        found.append(f"{source.id}: the lock holds another selection: run concertpitch-codegen fetch")
    if "url" not in pin.source and pin.source != source.taken_from:
        found.append(f"{source.id}: the lock holds another package: run concertpitch-codegen fetch")
    return found
