"""Runs programs side by side, in children of one process that has done the slow imports once for all of them.

`together.py MODULE,MODULE... < runs.json`: each run is {"program", "arguments", "snippet", "environment", "output"}:
the program's file, its arguments, the folder of its snippet, what to add to the environment, and where standard output
and standard error go. Exits 1 when a program failed.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

AT_ONCE = 6
"""They mostly wait, but not so many of them that they wait for each other."""


def child(run: dict[str, Any]) -> None:
    """Begin a program."""
    if os.fork():
        return
    output = os.open(run["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
    os.environ.update(run["environment"])
    sys.argv = [run["program"], *run["arguments"]]
    sys.path[:0] = [str(Path(run["program"]).parent), run["snippet"]]
    status = 1
    try:
        runpy.run_path(run["program"], run_name="__main__")
        status = 0
    except BaseException:  # noqa: BLE001 - this process ends here, whatever happened
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    runs = json.load(sys.stdin)
    for module in sys.argv[1].split(","):
        importlib.import_module(module)
    statuses = []
    for number, run in enumerate(runs):
        if number >= AT_ONCE:
            statuses.append(os.wait()[1])
        child(run)
    statuses += [os.wait()[1] for _ in runs[:AT_ONCE]]
    sys.exit(any(statuses))
