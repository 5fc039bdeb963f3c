"""Measures codegen side by side with datamodel-code-generator, in one run on one machine: ratios count.

    python benchmarks/codegen.py [--peer-client]     the peer's client of a whole API takes minutes, so only on request

Takes the documents of google-api-python-client with pip. Prints a Markdown table. Nothing here fails a build.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

NEW, OLD = "2.202.0", "2.201.0"  # of google-api-python-client
BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]
RUNS = 3
# As a user has it, whose Python keeps what it compiled.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
CONVERSION = """
import gc, sys, time
from concertpitch_codegen import validation
from concertpitch_codegen.convert import convert
gc.disable()  # as the command does
began = time.process_time()
convert(sys.argv[1], "openapi")
print(time.process_time() - began)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall and processor seconds, and megabytes at its peak."""

    wall: float
    processor: float
    peak: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.processor:.2f} s of processor, {self.peak:.0f} MB)"


def run(*words: str | Path, cwd: Path = ROOT) -> Run:
    began = time.monotonic()
    process = subprocess.Popen(
        list(map(str, words)), cwd=cwd, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, words))} exits {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(*words: str | Path) -> Run:
    return sorted((run(*words) for _ in range(RUNS)), key=lambda each: each.wall)[RUNS // 2]


def documents(folder: Path, package: str) -> Path:
    """Unpack the documents of one version of the package."""
    run(
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        folder,
        f"google-api-python-client=={package}",
    )
    target = folder / package
    target.mkdir()
    with zipfile.ZipFile(next(folder.glob(f"*-{package}-*.whl"))) as wheel:
        for name in wheel.namelist():
            if "/discovery_cache/documents/" in name and name.endswith(".json") and not name.endswith("/index.json"):
                (target / Path(name).name).write_bytes(wheel.read(name))
    return target


def lines(paths: Iterable[Path]) -> int:
    return sum(path.read_bytes().count(b"\n") for path in paths)


def peer(folder: Path, document: Path, *more: str | Path) -> Run:
    """Let datamodel-code-generator write pydantic models, formatted by itself, its quickest way."""
    folder.mkdir()
    return run(
        BIN / "datamodel-codegen", "--input", document, "--input-file-type", "openapi", "--output", "models.py",
        "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin", "--disable-timestamp",
        *more, cwd=folder,
    )  # fmt: skip


PARSE = """
import importlib, sys, time
body = open(sys.argv[1], "rb").read()
readers, best = [], []
for folder, module, name, method in (each.split(":") for each in sys.argv[2:]):
    sys.path[:0] = [folder]
    readers.append(getattr(getattr(importlib.import_module(module), name), method))
    best.append(9.0)
for _ in range(60):
    for index, read in enumerate(readers):
        began = time.process_time()
        read(body)
        best[index] = min(best[index], time.process_time() - began)
print(*(each * 1000 for each in best))
"""


def parse(body: Path, *models: tuple[Path, str, str, str]) -> list[float]:
    """Milliseconds of the quickest of sixty readings by each model, with the method its clients call, turn by turn."""
    named = [":".join(map(str, each)) for each in models]
    done = subprocess.run([sys.executable, "-c", PARSE, body, *named], capture_output=True, text=True, check=True)
    return list(map(float, done.stdout.split()))


def large_job(examples: int) -> dict[str, object]:
    """Make a tuning job whose statistics quote their examples, as real ones do; 3000 are 0.8 MB."""
    buckets = [{"count": float(each), "left": float(each), "right": each + 1.0} for each in range(examples // 4)]
    distribution = {"sum": "123456789012", "min": 0.5, "max": 99.25, "mean": 12.5, "p95": 90.0, "buckets": buckets}
    contents = [
        {
            "role": "user" if each % 2 else "model",
            "parts": [
                {"text": f"Example {each}: {'lorem ipsum dolor sit amet ' * 3}"},
                {"inlineData": {"mimeType": "image/png", "data": "aGVsbG8="}},
            ],
        }
        for each in range(examples)
    ]
    checkpoints = [{"checkpointId": str(each), "epoch": str(each), "step": str(each)} for each in range(examples // 4)]
    return {
        "name": "projects/p/locations/us-central1/tuningJobs/1",
        "state": "JOB_STATE_SUCCEEDED",
        "createTime": "2026-01-01T00:00:00.123456Z",
        "labels": {f"key{each}": f"value{each}" for each in range(64)},
        "supervisedTuningSpec": {
            "trainingDatasetUri": "gs://bucket/train.jsonl",
            "hyperParameters": {"epochCount": "5", "adapterSize": "ADAPTER_SIZE_FOUR"},
        },
        "tunedModel": {"model": "m", "endpoint": "e", "checkpoints": checkpoints},
        "tuningDataStats": {
            "supervisedTuningDataStats": {
                "tuningDatasetExampleCount": str(examples),
                "userInputTokenDistribution": distribution,
                "userOutputTokenDistribution": distribution,
                "userDatasetExamples": contents,
                "truncatedExampleIndices": list(map(str, range(examples))),
                "droppedExampleReasons": ["TOO_LONG"] * examples,
            }
        },
    }


def conversion(document: Path) -> float:
    """Processor seconds of the conversion alone: what a program pays that has imported the package. A median."""
    took = []
    for _ in range(RUNS):
        words = [sys.executable, "-c", CONVERSION, str(document)]
        done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=True)
        took.append(float(done.stdout))
    return sorted(took)[RUNS // 2]


def whole_api(folder: Path, document: Path) -> list[tuple[str, str, str]]:
    codegen = BIN / "concertpitch-codegen"
    converted = folder / "openapi.json"
    convert = median(codegen, "convert", document, "-o", converted)
    rows = [
        ("`convert`, whole aiplatform.v1, the conversion", f"{conversion(document):.2f} s of processor", "< 0.3 s"),
        ("the same, the whole command", str(convert), ""),
    ]
    ours = run(codegen, "generate", "--document", document, "--out", folder / "ours", "--package", "whole")
    written = lines((folder / "ours" / "whole" / name) for name in ("models.py", "client.py"))
    rows.append(("models and both clients of it", f"{ours}, {written} lines", "< 300 MB"))
    models = peer(folder / "models", converted)
    modelled = lines((folder / "models").glob("*.py"))
    rows.append(("the peer: models alone", f"{models}, {modelled} lines", ""))
    if "--peer-client" in sys.argv:
        options = ("--generate-client", "httpx2", "--client-output", "client", "--client-package", "peer")
        client = peer(folder / "peer", converted, *options, "--client-model-package", "models")
        theirs = lines((folder / "peer").rglob("*.py"))
        rows.append(("the peer: models and both clients", f"{client}, {theirs} lines", ""))
        ratios = f"{ours.processor / client.processor:.3f} of its time, {written / theirs:.3f} of its lines"
        rows.append(("ratio", ratios, "<= 0.2, <= 0.1"))
    return rows


def tuning_slice(folder: Path) -> list[tuple[str, str, str]]:
    package = ROOT / "generated" / "concertpitch_models" / "vertex_v1"
    peer(folder / "slice", package / "openapi.json")
    body = folder / "job.json"
    body.write_text(json.dumps(large_job(3000)))
    ours, theirs = parse(
        body,
        (ROOT / "generated", "concertpitch_models.vertex_v1.models", "TuningJob", "from_wire"),
        (folder / "slice", "models", "GoogleCloudAiplatformV1TuningJob", "model_validate_json"),
    )
    size = body.stat().st_size // 1024
    modules = ("concertpitch_models.vertex_v1.client", "pydantic")
    imports = [median(sys.executable, "-c", f"import {module} as m; getattr(m, 'BaseModel', 0)") for module in modules]
    return [
        (f"reading a TuningJob of {size} kB", f"{ours:.1f} ms, the peer's models {theirs:.1f} ms", "no slower"),
        ("importing the vertex client", f"{imports[0]}, pydantic alone {imports[1]}", "< 0.4 s"),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        new, old = documents(folder, NEW), documents(folder, OLD)
        codegen = BIN / "concertpitch-codegen"
        rows = whole_api(folder, new / "aiplatform.v1.json") + tuning_slice(folder)
        every = sorted(new.glob("*.json"))
        took = run(codegen, "convert", *every, "--out", folder / "all")
        rows.append((f"`convert` of all {len(every)} documents", str(took), "< 15 s"))
        pair = (old / "aiplatform.v1.json", new / "aiplatform.v1.json")
        rows.append(
            ("`diff` of two revisions of it", str(median(codegen, "diff", *pair, "--fail-on", "none")), "< 1 s")
        )
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]},", end=" ")
    print(f"datamodel-code-generator {version('datamodel-code-generator')}, google-api-python-client {NEW}\n")
    print("| what | measured | aim |\n| --- | --- | --- |")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
