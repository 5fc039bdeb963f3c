"""A generated directory is replaced as a whole, whenever the writer is killed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from concertpitch_codegen.trees import recover_tree, replace_tree

if TYPE_CHECKING:
    from pathlib import Path

OLD = {"client.py": b"old", "pages/A.md": b"old", "pages/gone.md": b"old"}
NEW = {"client.py": b"new", "pages/A.md": b"new", "pages/B.md": b"new"}
MINE = {"mine.py": b"mine"}


def files(target: Path) -> dict[str, bytes]:
    return {str(each.relative_to(target)): each.read_bytes() for each in target.rglob("*") if each.is_file()}


def replace_and_die(target: Path, step: int) -> bool:
    """Replace in a process that is gone at its nth call of the file system; say whether it came to its end."""
    child = os.fork()
    if not child:
        left = step

        def count(event: str, _: object) -> None:
            nonlocal left
            if event.startswith(("os.", "shutil.", "open")):
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(count)
        replace_tree(target, NEW, ["pages/gone.md"])
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer is killed in a process forked from this one")
def test_killed_at_any_moment_nothing_is_half_written(tmp_path: Path) -> None:
    seen = set()
    for step in range(1000):
        target = tmp_path / str(step) / "acme"
        for name, data in (OLD | MINE).items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(data)
        done = replace_and_die(target, step)
        if target.exists():
            assert files(target) in (OLD | MINE, NEW | MINE)
        recover_tree(target)
        assert files(target) in (OLD | MINE, NEW | MINE)
        assert [each.name for each in target.parent.iterdir()] == ["acme"]
        seen.add(files(target)["client.py"])
        if done:
            break
    assert seen == {b"old", b"new"}
    assert files(target) == NEW | MINE


def test_a_failed_replacement_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "acme"
    replace_tree(target, OLD, [])
    with pytest.raises(FileNotFoundError):
        replace_tree(target, NEW, ["never.md"])
    assert files(target) == OLD
    assert [each.name for each in tmp_path.iterdir()] == ["acme"]


def test_of_a_link_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "acme")
    (tmp_path / "acme").mkdir()
    replace_tree(tmp_path / "link", NEW, [])
    assert (tmp_path / "link").is_symlink()
    assert files(tmp_path / "acme") == NEW
