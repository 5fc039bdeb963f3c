"""A package of a user's own: chosen operations of any API, generated into their repository.

Owns its layout and its lock. The slice it was made from lies in it as `source.json`, so that `check` needs no
network. Must not know this project's own surfaces.
"""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import TYPE_CHECKING

from concertpitch_codegen import stamp
from concertpitch_codegen.build import build_files, build_runtime
from concertpitch_codegen.convert import load_document
from concertpitch_codegen.jsontext import canonical_sha256, dump, parse, sha256
from concertpitch_codegen.leftout import left_out
from concertpitch_codegen.meanings import check_meanings, new_meanings
from concertpitch_codegen.problems import CodegenError
from concertpitch_codegen.readers.formats import cut_source, read
from concertpitch_codegen.slicing import cut
from concertpitch_codegen.trees import recover_tree, replace_tree

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.document import Document
    from concertpitch_codegen.problems import Problem

SOURCE, LOCK = "source.json", "source.lock.json"
_NAMESPACE = re.compile(r"(Google[A-Z]\w*?(V\d+(?:alpha\d*|beta\d*|p\d+)*))[A-Z]")


def generate_package(
    where: str, select: tuple[str, ...], out: Path, package: str, *, accept_new_meanings: bool = False
) -> tuple[list[str], list[Problem]]:
    """Write the package `package` below `out`; give the paths that changed, and what its client leaves out.

    Raises `CodegenError`, and writes nothing, when a class would keep its name and change its meaning, or where a file
    that was not generated stands in the way.
    """
    target = _target(out, package)
    recover_tree(target)
    loaded = load_document(where)
    part = cut(loaded.document, select)
    source = dump(cut_source(loaded.raw, part.document))
    lock = {
        "document": loaded.document.id,
        "revision": loaded.document.revision,
        "canonical_sha256": canonical_sha256(loaded.raw),
        "package": package,
        "select": list(select),
        "reasons": dict(part.reasons),
    }
    files = _build(source, loaded.document.id, select, package) | {SOURCE: source, LOCK: dump(lock)}
    files[stamp.NAME] = stamp.stamp({SOURCE: source}, files)
    changed, gone = _changed(target, files), _left_over(target, files)
    if not (target / LOCK).is_file() and (foreign := [name for name in changed if (target / name).exists()]):
        raise CodegenError(f"{target / foreign[0]} was not generated: move it, or choose another --package")
    if not accept_new_meanings:
        check_meanings(_new_meanings(target, files))
    if changed or gone:
        replace_tree(target, {name: files[name] for name in changed}, gone)
    return changed, left_out(part.document)


def check_package(out: Path, package: str) -> tuple[list[str], list[str]]:
    """Regenerate from the package's own slice.

    Give in sentences the classes that keep their name and change their meaning, and the paths that differ. Raises
    `CodegenError` where there is no package.
    """
    target = _target(out, package)
    try:
        source, lock = (target / SOURCE).read_bytes(), parse((target / LOCK).read_bytes(), LOCK)
        document, select = str(lock["document"]), tuple(map(str, lock["select"]))
    except (OSError, KeyError, TypeError) as error:
        raise CodegenError(f"{target} holds no generated package ({error}): run generate --document first") from None
    files = _build(source, document, select, package)
    left = _left_over(target, {**files, SOURCE: b"", LOCK: b"", stamp.NAME: b""})
    locked = stamp.outputs_of(target)
    edited = [name for name in (SOURCE, LOCK) if sha256((target / name).read_bytes()) != locked.get(name)]
    return _new_meanings(target, files), [*edited, *_changed(target, files), *left]


def namespaces_of(document: Document) -> tuple[str, ...]:
    """Find the namespaces of the API's own version in its schema names, `GoogleCloudTranslationV3` for v3."""
    found = {
        match[1]
        for name in document.definitions
        if (match := _NAMESPACE.match(name)) and match[2].lower() == document.version.lower()
    }
    return tuple(sorted(found))


def _build(source: bytes, name: str, select: tuple[str, ...], package: str) -> dict[str, bytes]:
    part = cut(read(parse(source, name), name), select).document
    files = build_files(part, namespaces_of(part), package)
    return files | build_runtime() | {"py.typed": b""}


def _target(out: Path, package: str) -> Path:
    parts = package.split(".")
    if not all(part.isidentifier() and not iskeyword(part) for part in parts):
        raise CodegenError(f"{package!r} is not the name of a Python package")
    return out.joinpath(*parts)


def _new_meanings(target: Path, files: dict[str, bytes]) -> list[str]:
    """Say which classes of the package keep their name and change their meaning."""
    models = target / "models.py"
    if not models.is_file():
        return []
    return new_meanings(models.read_text(encoding="utf-8", errors="replace"), files["models.py"].decode())


def _changed(target: Path, files: dict[str, bytes]) -> list[str]:
    return sorted(
        name for name, data in files.items() if not (target / name).is_file() or (target / name).read_bytes() != data
    )


def _left_over(target: Path, files: dict[str, bytes]) -> list[str]:
    """List what an earlier run wrote and this one would not."""
    return sorted(name for name in stamp.outputs_of(target) if name not in files and (target / name).is_file())
