"""`generated.lock.json`: from which inputs, by which generator, what was generated.

Owns the digests that let `generate` see in milliseconds that nothing changed. `check` does not trust them.
Must not know what the files hold.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.jsontext import dump, parse, sha256
from concertpitch_codegen.problems import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

NAME = "generated.lock.json"
TOOLS = ("datamodel-code-generator", "jinja2")


def stamp(inputs: Mapping[str, bytes], outputs: Mapping[str, bytes]) -> bytes:
    """Write the stamp for these files; the stamp itself is not among the outputs."""
    return dump({**_made_from(inputs), "outputs": {name: sha256(data) for name, data in outputs.items()}})


def outputs_of(target: Path) -> dict[str, str]:
    """Give the sha256 of each file the last run wrote; nothing where there is no readable stamp."""
    return {name: str(digest) for name, digest in _read(target).get("outputs", {}).items()}


def is_current(target: Path, inputs: Mapping[str, bytes]) -> bool:
    """Say whether the files in `target` are those that these inputs and this generator make."""
    written = _read(target)
    outputs = written.pop("outputs", {})
    return written == _made_from(inputs) and all(
        (target / name).is_file() and sha256((target / name).read_bytes()) == digest for name, digest in outputs.items()
    )


def _made_from(inputs: Mapping[str, bytes]) -> dict[str, Any]:
    generator = files("concertpitch_codegen")
    sources = sorted(_walk(generator, ""))
    return {
        "inputs": {name: sha256(data) for name, data in inputs.items()},
        "generator": sha256("".join(f"{name} {digest}\n" for name, digest in sources).encode()),
        "tools": {name: version(name) for name in TOOLS},
    }


def _walk(directory: Traversable, prefix: str) -> list[tuple[str, str]]:
    """Digest the generator's own modules, templates and data."""
    found: list[tuple[str, str]] = []
    for entry in directory.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".py", ".jinja", ".jinja2", ".json")):
            found.append((prefix + entry.name, sha256(entry.read_bytes())))
    return found


def _read(target: Path) -> dict[str, Any]:
    try:
        return parse((target / NAME).read_bytes(), NAME)
    except (OSError, DocumentError):
        return {}
