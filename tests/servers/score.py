"""Runs `concertpitch check` on every choice, on seeds of choices and on every fault, and prints what it got wrong.

A false alarm is a run on honest choices that does not exit 0 or has a broken DOCUMENTED or CONVENTION rule; a miss is
a run on a fault that exits 0. Run `python tests/servers/score.py [choices] [seeds] [faults] [NAME ...]`.
Owns the runs and the score; knows nothing of rules.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import plain_choices
import plain_faults

SERVER = Path(__file__).with_name("plain.py")
SUITE = Path(sys.executable).with_name("concertpitch")
TOKEN = "let-me-in"
WITH_AUTH = ["--choice", "auth"]
# What a fault needs to be seen at all.
NEEDS = {
    "failed-retries": ["--choice", "life-failing"],
    "failed-error-500": ["--choice", "life-failing"],
    "failed-error-text": ["--choice", "life-failing"],
    "auth-ignores-token": WITH_AUTH,
    "auth-forgets-lists": WITH_AUTH,
    "auth-is-403": WITH_AUTH,
    "auth-after-validation": WITH_AUTH,
}


@dataclass(frozen=True)
class Run:
    """One judged server: what it was, how the suite ended and what it found."""

    label: str
    honest: bool
    exit_code: int
    broken: dict[str, str]
    warned: tuple[str, ...]
    seconds: float
    requests: int
    tail: str

    @property
    def wrong(self) -> str:
        if not self.requests:
            return "NO RUN"
        if self.honest:
            return "FALSE ALARM" if self.exit_code or self.broken else ""
        return "" if self.exit_code == 1 and self.broken else "MISS"


def judge(label: str, switches: list[str], *, honest: bool, profile: str, seed: int = 0, limit: float = 240) -> Run:
    """Starts the server, runs the suite on it once and stops it."""
    server = subprocess.Popen([sys.executable, str(SERVER), *switches], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as folder:
            command = [str(SUITE), "check", "--surface", "vertex", "--target", url, "--profile", profile]
            command += ["--report-dir", folder, "--seed", str(seed)]
            token = {"CONCERTPITCH_TOKEN": TOKEN} if {"auth", "auth-403"} & set(switches) else {}
            try:
                run = subprocess.run(
                    command, capture_output=True, text=True, timeout=limit, check=False, env=os.environ | token
                )
            except subprocess.TimeoutExpired:
                return Run(label, honest, -1, {}, (), limit, 0, "the suite did not end")
            verdicts = Path(folder) / "verdicts.json"
            report: dict[str, Any] = json.loads(verdicts.read_text("utf-8")) if verdicts.exists() else {}
    finally:
        server.kill()
        server.wait()
    broken, warned = {}, []
    for rule in report.get("rules", []):
        if rule["verdict"] == "BROKEN" and rule["level"] in ("DOCUMENTED", "CONVENTION"):
            broken[rule["id"]] = json.dumps(rule["findings"][:1], ensure_ascii=False)[:700]
        elif rule["verdict"] == "BROKEN":
            warned.append(rule["id"])
    summary = report.get("summary", {})
    tail = (run.stdout + run.stderr)[-600:]
    return Run(
        label,
        honest,
        run.returncode,
        broken,
        tuple(warned),
        summary.get("seconds", 0),
        summary.get("requests", 0),
        tail,
    )


def main() -> int:
    choices, faults = plain_choices.CHOICES, plain_faults.all_faults()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="choices, seeds, faults, or names of them; default: all")
    parser.add_argument("--profile", default="exercise", choices=["exercise", "exhaust"])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--parallel", type=int, default=2)
    asked = parser.parse_args()
    named = set(asked.names or ["choices", "seeds", "faults"])
    plans: list[tuple[str, list[str], bool, int]] = []
    plans += [(name, ["--choice", name], True, 0) for name in choices if named & {"choices", name}]
    if "seeds" in named:
        seeds = range(asked.first_seed, asked.first_seed + asked.seeds)
        plans += [
            (f"seed {seed}: {' '.join(sorted(plain_choices.drawn(seed)))}", ["--seed", str(seed)], True, seed)
            for seed in seeds
        ]
    plans += [(name, ["--fault", name, *NEEDS.get(name, [])], False, 0) for name in faults if named & {"faults", name}]
    wrong = 0
    with ThreadPoolExecutor(asked.parallel) as pool:
        runs = pool.map(
            lambda plan: judge(plan[0], plan[1], honest=plan[2], profile=asked.profile, seed=plan[3]), plans
        )
        for run in runs:
            wrong += bool(run.wrong)
            found = ", ".join(run.broken) or "-"
            sys.stdout.write(f"{run.wrong or 'ok':12}{run.seconds:6.1f} s {run.requests:5}  {run.label}: {found}")
            sys.stdout.write(f"  (warned: {', '.join(run.warned)})\n" if run.warned else "\n")
            if run.wrong in ("FALSE ALARM", "NO RUN"):
                sys.stdout.writelines(f"    {rule}: {evidence}\n" for rule, evidence in run.broken.items())
                if not run.broken:
                    sys.stdout.write(f"    exit {run.exit_code}: {run.tail}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{wrong} wrong of {len(plans)}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
