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


def child(run: dict[str, Any]) -> int:
    """The process id of the program, which has begun."""
    process = os.fork()
    if process:
        return process
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
    for module in filter(None, sys.argv[1].split(",")):
        importlib.import_module(module)
    children = [child(run) for run in runs]
    sys.exit(any([os.waitpid(process, 0)[1] for process in children]))
