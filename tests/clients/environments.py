"""Throw-away environments with real clients, pinned by hashes, made once per checkout in `.clients/`.

Python clients are installed by uv from `requirements/<name>.txt` (compiled from `<name>.in` by `make lock`),
JavaScript ones by npm from `npm/package-lock.json`, on the node that `requirements/node.txt` brings.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".clients"
UV = Path(sys.executable).with_name("uv")
_PATIENCE = 600


def python(name: str) -> Path:
    """The interpreter of the environment `requirements/<name>.txt`."""
    lock = HERE / "requirements" / f"{name}.txt"

    def build(folder: Path) -> None:
        _run([str(UV), "venv", "--quiet", "--python", sys.executable, str(folder)])
        interpreter = str(folder / "bin" / "python")
        _run([str(UV), "pip", "install", "--quiet", "--python", interpreter, "--require-hashes", "-r", str(lock)])

    return _made(name, lock.read_bytes(), build) / "bin" / "python"


def node() -> Path:
    """The node executable beside npm."""
    return python("node").with_name("node")


def modules() -> Path:
    """A folder whose `node_modules` holds the JavaScript clients."""
    package, lock = HERE / "npm" / "package.json", HERE / "npm" / "package-lock.json"

    def build(folder: Path) -> None:
        folder.mkdir(parents=True)
        for each in (package, lock):
            shutil.copy(each, folder)
        npm = node().with_name("npm")
        _run([str(npm), "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], folder, node().parent)

    return _made("npm", lock.read_bytes(), build)


def _made(name: str, content: bytes, build: Callable[[Path], None]) -> Path:
    """The folder of an environment, built under a lock if it is not there whole."""
    digest = hashlib.sha256(content + sys.version.encode()).hexdigest()[:12]
    folder, mark = CACHE / f"{name}-{digest}", CACHE / f"{name}-{digest}.whole"
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            build(folder)
            mark.touch()
    return folder


def _run(command: Sequence[str], folder: Path | None = None, first: Path | None = None) -> None:
    """Run an installer; its output is the error's message."""
    environment = None
    if first is not None:
        environment = os.environ | {"PATH": f"{first}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")
