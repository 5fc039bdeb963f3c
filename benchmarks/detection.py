"""What Concertpitch and `schemathesis run` find on the same faulty servers, side by side in one run.

    python benchmarks/detection.py                       a seeded sample of faults
    python benchmarks/detection.py --all                 every fault
    python benchmarks/detection.py --seeds 0 1 2         Concertpitch only: faults that not every seed finds
    python benchmarks/detection.py --honest 200          Concertpitch only: alarms on as many seeds of both servers

The faults are those of tests/servers/plain.py, a server that was written from the documents, and of the emulator.
Schemathesis runs all its phases on the generated document of vertex_v1; what it reports on the honest server too, the
same check on the same operation, is a false alarm and finds nothing. Prints Markdown; nothing here fails a build.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from concertpitch.embedded import TOKEN, emulator
from concertpitch_emulator.faults import FAULTS
from concertpitch_models import documents

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT / "tests/servers"))
import plain_choices  # noqa: E402 - a folder of scripts, not a package
import plain_faults  # noqa: E402
import score  # noqa: E402

FAILING = ("DOCUMENTED", "CONVENTION")
JOBS = "/v1/projects/concertpitch/locations/us-central1/tuningJobs"
ENDED = re.compile("JOB_STATE_(SUCCEEDED|FAILED|CANCELLED|EXPIRED|PARTIALLY_SUCCEEDED)")
HTTP = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE) /\S+")


@dataclass(frozen=True)
class Server:
    """A server to judge: 'plain' or 'emulator', with its switches or faults, the token it demands and a seed."""

    kind: str
    name: str
    switches: tuple[str, ...] = ()
    token: str = ""
    seed: int = 0

    @contextmanager
    def serving(self) -> Iterator[str]:
        if self.kind == "emulator":
            with emulator(seed=self.seed, faults=self.switches, token=self.token) as url:
                yield url
            return
        command = [sys.executable, str(score.SERVER), *self.switches]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            try:
                yield (process.stdout.readline() if process.stdout else "").strip()
            finally:
                process.kill()


@dataclass
class Tally:
    """One tool on one server: what it reported, what that cost, and the jobs it left running."""

    reported: set[str] = field(default_factory=set)
    warned: set[str] = field(default_factory=set)
    requests: int = 0
    seconds: float = 0.0
    left: int = 0
    ended: bool = True


def running(url: str, token: str) -> int:
    """Jobs of the first thousand that have not ended; 0 where the server's own fault hides them."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    count, page = 0, ""
    try:
        for _ in range(100):
            query = f"?pageSize=100{page}"
            with urlopen(Request(f"{url}{JOBS}{query}", headers=headers), timeout=5) as answer:
                body = json.load(answer)
            count += sum(not ENDED.fullmatch(str(job.get("state"))) for job in body.get("tuningJobs", []))
            if not body.get("nextPageToken"):
                break
            page = f"&pageToken={body['nextPageToken']}"
    except (OSError, ValueError, AttributeError, TypeError):
        return count
    return count


def concertpitch(server: Server, seed: int, profile: str, limit: float) -> Tally:
    with server.serving() as url, tempfile.TemporaryDirectory() as folder:
        command = [str(BIN / "concertpitch"), "check", "--surface", "vertex", "--target", url, "--profile", profile]
        command += ["--seed", str(seed), "--report-dir", folder]
        own = os.environ | ({"CONCERTPITCH_TOKEN": server.token} if server.token else {})
        tally = Tally()
        tally.seconds, done = timed(command, limit, Path(folder), own)
        verdicts = Path(folder) / "verdicts.json"
        report: dict[str, Any] = json.loads(verdicts.read_text()) if verdicts.exists() else {}
        for rule in report.get("rules", []):
            if rule["verdict"] == "BROKEN":
                (tally.reported if rule["level"] in FAILING else tally.warned).add(rule["id"])
        tally.requests, tally.ended = report.get("summary", {}).get("requests", 0), done
        tally.left = running(url, server.token)
    return said("concertpitch", server, tally)


def schemathesis(server: Server, seed: int, examples: int, limit: float) -> Tally:
    with server.serving() as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "openapi.json").write_text(json.dumps(documents.openapi("vertex_v1")))
        command = [str(BIN / "schemathesis"), "run", "openapi.json", "--url", url, "--seed", str(seed)]
        command += ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(examples)]
        command += ["--continue-on-failure", "--report", "ndjson", "--report-ndjson-path", "events.ndjson"]
        command += ["-H", f"Authorization: Bearer {server.token}"] if server.token else []
        tally = Tally()
        tally.seconds, tally.ended = timed(command, limit, folder, os.environ)
        events = folder / "events.ndjson"
        for line in events.read_text("utf-8", "replace").splitlines() if events.exists() else ():
            read_event(line, tally)
        tally.left = running(url, server.token)
    return said("schemathesis", server, tally)


def said(tool: str, server: Server, tally: Tally) -> Tally:
    """Say on stderr that a run is over: the whole takes long."""
    line = f"{tool} {server.kind} {server.name}: {tally.requests} requests, {tally.seconds:.0f} s, {tally.left} left"
    print(line, sorted(tally.reported), "" if tally.ended else "(cut off)", file=sys.stderr, flush=True)
    return tally


def read_event(line: str, tally: Tally) -> None:
    """Count the requests and note the failed checks of one line of schemathesis's event report."""
    try:
        event = json.loads(line)
    except ValueError:
        return
    for _, scenario in event.items() if isinstance(event, dict) else ():
        recorder = scenario.get("recorder") if isinstance(scenario, dict) else None
        if not isinstance(recorder, dict):
            continue
        tally.requests += len(recorder.get("interactions") or {})
        where = str(recorder.get("label", ""))
        for checks in (recorder.get("checks") or {}).values():
            for check in checks:
                if check.get("status") == "failure" or check.get("failure_info"):
                    tally.reported.add(f"{check.get('name')} {where}")


def timed(command: list[str], limit: float, folder: Path, environment: Any) -> tuple[float, bool]:
    """Wall seconds, and whether the tool came to its end in time."""
    began = time.monotonic()
    try:
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return limit, False
    return time.monotonic() - began, True


def servers(asked: argparse.Namespace) -> list[Server]:
    """The faulty servers to judge: a seeded sample, or all."""
    auth = {name: "let-me-in" for name in plain_faults.all_faults() if name.startswith("auth-")}
    plain = [
        Server("plain", name, ("--fault", name, *score.NEEDS.get(name, [])), auth.get(name, ""))
        for name in sorted(plain_faults.all_faults())
    ]
    emulated = [
        Server("emulator", name, (name,), TOKEN)
        for name, fault in sorted(FAULTS.items())
        if fault.surface == "vertex" and any(rule in FAILS for rule in fault.breaks)
    ]
    if asked.all:
        return plain + emulated
    draw = random.Random(asked.draw)
    return draw.sample(plain, asked.sample) + draw.sample(emulated, max(1, asked.sample // 3))


def _failing_rules() -> frozenset[str]:
    from concertpitch.rules import RULES  # noqa: PLC0415

    return frozenset(rule.id for rule in RULES.values() if rule.level.fails)


FAILS = _failing_rules()


def compare(asked: argparse.Namespace) -> None:
    faulty = servers(asked)
    honest = [Server("plain", "honest"), Server("emulator", "honest", (), TOKEN)]
    ours = partial(concertpitch, seed=0, profile=asked.profile, limit=asked.limit)
    peer = partial(schemathesis, seed=1, examples=asked.max_examples, limit=asked.limit)
    with ThreadPoolExecutor(asked.parallel) as pool:
        mine = list(pool.map(ours, honest + faulty))
        theirs = list(pool.map(peer, honest + faulty))
    alarms = {
        server.kind: (own.reported, other.reported) for server, own, other in zip(honest, mine, theirs, strict=False)
    }
    print("| fault | Concertpitch | schemathesis |\n| --- | --- | --- |")
    found = [0, 0, 0]
    for server, own, other in zip(faulty, mine[len(honest) :], theirs[len(honest) :], strict=True):
        new = other.reported - alarms[server.kind][1]
        words = ("found" if own.reported else "warned" if own.warned else "missed", "found" if new else "missed")
        found = [found[0] + bool(own.reported), found[1] + bool(new), found[2] + (words[0] == "warned")]
        cut = "" if other.ended else " (cut off)"
        print(f"| {server.kind} {server.name} | {words[0]} | {words[1]}{cut} |")
    print(f"\n| of {len(faulty)} faults | Concertpitch | schemathesis |\n| --- | --- | --- |")
    print(f"| found | {found[0]} (and {found[2]} warned of) | {found[1]} |")
    for title, values in (
        ("false alarms on two honest servers", lambda t: sum(len(one.reported) for one in t[: len(honest)])),
        ("requests", lambda t: sum(one.requests for one in t)),
        ("jobs left running", lambda t: sum(one.left for one in t)),
        ("seconds", lambda t: round(sum(one.seconds for one in t))),
        ("runs cut off", lambda t: sum(not one.ended for one in t)),
    ):
        print(f"| {title} | {values(mine)} | {values(theirs)} |")


def repeat(asked: argparse.Namespace) -> None:
    """The fault set with several seeds: which faults not every seed finds."""
    faulty = servers(asked)
    with ThreadPoolExecutor(asked.parallel) as pool:
        by_seed = {
            seed: [
                bool(tally.reported)
                for tally in pool.map(partial(concertpitch, seed=seed, profile="exhaust", limit=asked.limit), faulty)
            ]
            for seed in asked.seeds
        }
    for index, server in enumerate(faulty):
        found = [seed for seed, results in by_seed.items() if results[index]]
        if found and len(found) < len(by_seed):
            print(f"{server.kind} {server.name}: found by the seeds {found} only")
    for seed, results in by_seed.items():
        print(f"seed {seed}: {sum(results)} of {len(faulty)} found")


def honest(asked: argparse.Namespace) -> None:
    """Draws of the plain server's legal choices, and the emulator with as many seeds: which raise an alarm."""
    seeds = range(1, asked.honest + 1)
    drawn = []
    for seed in seeds:
        choices = plain_choices.drawn(seed)
        token = score.TOKEN if {"auth", "auth-403"} & choices else ""
        name = f"seed {seed}: {' '.join(sorted(choices))}"
        drawn.append(Server("plain", name, ("--seed", str(seed)), token, seed))
    drawn += [Server("emulator", f"seed {seed}", token=TOKEN, seed=seed) for seed in seeds]
    with ThreadPoolExecutor(asked.parallel) as pool:
        tallies = list(pool.map(lambda one: concertpitch(one, one.seed, asked.profile, asked.limit), drawn))
    alarms = 0
    for server, tally in zip(drawn, tallies, strict=True):
        if tally.reported or not tally.requests or not tally.ended:
            alarms += 1
            print(f"{server.kind} {server.name}: {', '.join(sorted(tally.reported)) or 'was not judged'}")
    print(f"{alarms} alarms on {len(drawn)} honest servers")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--sample", type=int, default=12, help="faults of the plain server; a third as many emulated")
    parser.add_argument("--draw", type=int, default=4, help="the seed of the sample")
    parser.add_argument("--seeds", type=int, nargs="+", default=[])
    parser.add_argument("--honest", type=int, default=0)
    parser.add_argument("--profile", default="exercise", choices=["exercise", "exhaust"])
    parser.add_argument("--max-examples", type=int, default=20)
    parser.add_argument("--limit", type=float, default=900.0, help="seconds after which a tool is cut off")
    parser.add_argument("--parallel", type=int, default=2)
    asked = parser.parse_args()
    (honest if asked.honest else repeat if asked.seeds else compare)(asked)


if __name__ == "__main__":
    main()
