"""Measures Concertpitch side by side with its peer, in one run on one machine: ratios count, seconds do not.

    python benchmarks/run.py [--setup]      --setup also measures `make setup` from nothing (two minutes)

Prints a Markdown table. Nothing here fails a build.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from concertpitch.embedded import emulator
from concertpitch_models import documents

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
RUNS = 3


def timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def command(*words: str, cwd: Path = ROOT) -> Callable[[], subprocess.CompletedProcess[str]]:
    return lambda: subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)


def median(work: Callable[[], object]) -> float:
    return statistics.median(timed(work) for _ in range(RUNS))


def suite(target: str, folder: Path, profile: str) -> tuple[float, int]:
    """Seconds of the run without start-up, and requests."""
    command(
        str(BIN / "concertpitch"),
        "check",
        "--surface",
        "vertex",
        "--target",
        target,
        "--profile",
        profile,
        "--report-dir",
        str(folder),
    )()
    summary = json.loads((folder / "verdicts.json").read_text())["summary"]
    return summary["seconds"], summary["requests"]


def own_traffic(folder: Path) -> tuple[float, int]:
    """Wall seconds and requests of the probes and the state machine; waiting for jobs and schemathesis left out."""
    entries = json.loads((folder / "trace.har").read_text())["log"]["entries"]
    seconds, requests = 0.0, 0
    for probe in ("spellings", "limits", "refusals", "parameters", "parallel", "isolation", "paging", "explore"):
        mine = [entry for entry in entries if entry["_probe"] == probe]
        starts = [datetime.fromisoformat(entry["startedDateTime"]).timestamp() for entry in mine]
        ends = [start + entry["time"] / 1000 for start, entry in zip(starts, mine, strict=True)]
        seconds += max(ends) - min(starts)
        requests += len(mine)
    return seconds, requests


def schemathesis(target: str, folder: Path) -> tuple[float, int]:
    """Seconds and requests that `schemathesis run` reports for the same document and emulator."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(documents.openapi("vertex_v1")))
    done = command(
        str(BIN / "schemathesis"), "run", str(path), "--url", target, "--max-examples", "40", "--seed", "1",
        "--report", "har", "--report-har-path", str(folder / "peer.har"), cwd=folder,
    )()  # fmt: skip
    entries = json.loads((folder / "peer.har").read_text())["log"]["entries"]
    return float(re.findall(r" in ([\d.]+)s", done.stdout)[-1]), len(entries)


def ready() -> float:
    """Seconds from starting the emulator's process until it says that it is ready."""
    began = time.monotonic()
    with emulator():
        return time.monotonic() - began


def setup() -> float:
    with tempfile.TemporaryDirectory() as empty:
        command("git", "clone", "-q", str(ROOT), empty)()
        return timed(command("make", "setup", cwd=Path(empty)))


def main() -> None:
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with emulator() as target:
            seconds, requests = suite(target, folder, "exhaust")
            rows.append(("`check` on the emulator, exhaust", f"{seconds:.1f} s, {requests} requests", "< 30 s"))
            spent, sent = own_traffic(folder)
        with emulator() as target:
            peer_seconds, peer_requests = schemathesis(target, folder)
        ours, theirs = sent / spent, peer_requests / peer_seconds
        rows.append(("own probes and state machine", f"{ours:.0f} requests/s", ""))
        rows.append(("`schemathesis run`, same document and emulator", f"{theirs:.0f} requests/s", ""))
        rows.append(("ratio", f"{ours / theirs:.1f}", ">= 3"))
    rows.append(("`concertpitch --help`", f"{median(command(str(BIN / 'concertpitch'), '--help')):.2f} s", "< 0.3 s"))
    rows.append(("emulator ready", f"{statistics.median(ready() for _ in range(RUNS)):.2f} s", "< 1 s"))
    codegen = str(BIN / "concertpitch-codegen")
    rows.append(("`generate`, nothing changed", f"{median(command(codegen, 'generate')):.2f} s", "< 0.5 s"))
    stamp = ROOT / "generated" / "concertpitch_models" / "generated.lock.json"

    def anew() -> None:
        stamp.unlink(missing_ok=True)
        command(codegen, "generate")()

    rows.append(("`generate` from scratch", f"{median(anew):.2f} s", "< 2 s"))
    if "--setup" in sys.argv:
        rows.append(("`make setup` from nothing", f"{setup():.0f} s", "< 180 s"))
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {RUNS} runs, medians\n")
    print("| what | measured | aim |\n| --- | --- | --- |")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    if shutil.which("git"):
        main()
