"""The embedded emulator as a target: a process of its own, reached over HTTP like any other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from concertpitch.errors import TargetUnreachable, UsageError

TOKEN = "concertpitch-embedded"  # noqa: S105 - no secret: it opens the embedded emulator only
"""The credential that the embedded emulator demands of a run; made up, and worth nothing elsewhere."""
SPEED = 150.0
"""Times faster than real: a job of five minutes takes two seconds, each state long enough to be seen."""


@contextmanager
def emulator(*, speed: float = SPEED, seed: int = 0, faults: Sequence[str] = (), token: str = "") -> Iterator[str]:
    """Start the emulator on a free port and yield its base URL; it stops with this process at the latest.

    With a `token` it demands that token of every call.
    """
    command = [sys.executable, "-m", "concertpitch_emulator", "--port", "0", "--speed", str(speed)]
    command += ["--seed", str(seed), "--until-stdin-closes"]
    command += ["--require-token", token] if token else []
    for fault in faults:
        command += ["--fault", fault]
    with subprocess.Popen(  # noqa: S603 - our own module, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the run, which still needs its target to clean up
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if "http://" not in line:
                wrong = process.wait() == UsageError.exit_code
                raise (UsageError if wrong else TargetUnreachable)(
                    "the embedded emulator did not start, as it says above"
                )
            yield line.rsplit(" ", 1)[1].strip()
        finally:
            process.terminate()
