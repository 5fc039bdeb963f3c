"""A directory of generated files, replaced as a whole.

Owns that whoever looks at it, or kills the writer, finds what was there before or what is there after, and that
files of others in it stay. Must not know what the files hold.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from concertpitch_codegen.jsontext import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def replace_tree(target: Path, files: Mapping[str, bytes], gone: Iterable[str]) -> None:
    """Write `files`, by their paths below `target`, and remove those in `gone`: all of it or nothing.

    A copy of the directory is changed and takes its place. Raises `OSError`.
    """
    target = target.resolve()  # of a link, what it leads to
    made, before = _beside(target, "new"), _beside(target, "old")
    try:
        if target.is_dir():
            shutil.copytree(target, made, symlinks=True, copy_function=_link)
        for name in gone:
            (made / name).unlink()
        for name, data in files.items():
            write_atomically(made / name, data)
        if target.is_dir():
            target.rename(before)
        made.rename(target)
    finally:
        recover_tree(target)


def recover_tree(target: Path) -> None:
    """Clear away what a replacement that failed or was killed left; between its two renames, put the directory back."""
    target = target.resolve()
    before = _beside(target, "old")
    if before.is_dir() and not target.exists():
        before.rename(target)
    for each in (before, _beside(target, "new")):
        shutil.rmtree(each, ignore_errors=True)


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")


def _link(source: str, target: str) -> None:
    """Take over a file without copying it, where the file system can; nothing here writes into a file in place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
