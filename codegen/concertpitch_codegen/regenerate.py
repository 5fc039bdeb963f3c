"""One step from what upstream publishes now to a change that can be reviewed: fetch, diff, generate, check.

Owns the order, the report, and that a failure on the way leaves specs/ and generated/ as they were. Must not do
any of the steps itself.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from concertpitch_codegen.diff.report import FORMATS
from concertpitch_codegen.diff.run import diff
from concertpitch_codegen.generate import check, conflicts, generate
from concertpitch_codegen.jsontext import write_atomically
from concertpitch_codegen.problems import CodegenError
from concertpitch_codegen.sources.fetch import fetch
from concertpitch_codegen.sources.packages import UnreachableError

if TYPE_CHECKING:
    from types import TracebackType

_GENERATED = Path("generated") / "concertpitch_models"
_WRITTEN = (Path("specs") / "documents", Path("specs") / "specs.lock.json", _GENERATED)


class _Untouched:
    """The files the steps write, put back as they were when one of the steps fails."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._before = self._read()

    def _read(self) -> dict[Path, bytes]:
        places = [self._root / each for each in _WRITTEN]
        files = [each for place in places for each in (place, *place.rglob("*")) if each.is_file()]
        return {each: each.read_bytes() for each in files if "__pycache__" not in each.parts}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            return
        now = self._read()
        for path in now.keys() - self._before.keys():
            path.unlink()
        for path, data in self._before.items():
            if now.get(path) != data:
                write_atomically(path, data)


def regenerate(root: Path, *, live: bool = False, accept_new_meanings: bool = False) -> str:
    """Do it all; give a report in Markdown: what was fetched, what changed for users of each surface, what was written.

    Raises `CodegenError` or `DocumentError`, and then nothing has changed.
    """
    with _Untouched(root), tempfile.TemporaryDirectory(prefix="concertpitch-") as directory:
        try:
            fetched = list(fetch(root / "specs", live=live))
        except UnreachableError as error:
            message = "the lock is not satisfied and what it needs cannot be reached; nothing was changed"
            raise CodegenError(f"{message}: {error}. Try again with network, or restore specs/") from None
        before = _published(root, Path(directory))
        written = generate(root, accept_new_meanings=accept_new_meanings)
        stale, wrong = check(root)
        if stale or wrong:
            found = [*stale, *(f"{each.path} {each.what}" for each in wrong)]
            raise CodegenError(f"what was generated does not check, nothing was changed: {'; '.join(found)}")
        parts = ["# Regenerated\n", "## Documents\n", *(f"- {each}" for each in fetched)]
        parts += [f"- conflict, the earlier document holds: {each}" for each in conflicts(root)]
        changed = {each.path for each in written}
        for surface, old in before.items():
            if f"{surface}/openapi.json" in changed and (new := root / _GENERATED / surface / "openapi.json").is_file():
                parts.append(f"\n{FORMATS['markdown'](diff(str(old), str(new), (), None)).rstrip()}")
        parts.append(f"\n## Files\n\n{len(written)} written or removed; specs/, its lock and generated/ agree.")
        return "\n".join(parts) + "\n"


def _published(root: Path, directory: Path) -> dict[str, Path]:
    """Keep what each surface said before, by its id."""
    kept = {}
    for path in sorted((root / _GENERATED).glob("*/openapi.json")):
        kept[path.parent.name] = directory / f"{path.parent.name}.json"
        kept[path.parent.name].write_bytes(path.read_bytes())
    return kept
