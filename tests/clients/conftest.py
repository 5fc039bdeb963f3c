"""Runs the programs of the Python clients in their throw-away environments.

It must not know what any program says, nor what is expected of it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
PAGE = HERE.parents[1] / "docs" / "clients.md"
SLOW_IMPORTS = {
    "genai": "google.genai",
    "google": "google.cloud.aiplatform_v1,google.cloud.aiplatform_v1beta1,vertexai.tuning.sft",
    "retired": "google.genai,google.generativeai",
}
"""What the programs of an environment import once for all of them."""
PATIENCE = 400
_RUN = re.compile(r"((?:tunedModels|operations)/|tuningJobs/(?=\d)|after )[\w.-]+")
"""What is another one in every run: ids, seconds."""

_Made = TypeVar("_Made")
Told = dict[str, Any]
"""Program and arguments -> the facts it printed, or what it said before it failed."""


def made(what: str, make: Callable[[Any], _Made]) -> _Made:
    """What `make` makes of environments.py: a failure where it cannot be made, and a skip only where that was said."""
    spec = importlib.util.spec_from_file_location("environments", HERE / "environments.py")
    assert spec
    assert spec.loader
    environments = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(environments)
    try:
        return make(environments)
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        trouble = f"{what} cannot be installed: {' '.join(str(error).split())[:300]}"
    if os.environ.get("CONCERTPITCH_OFFLINE") == "1":
        pytest.skip(f"CONCERTPITCH_OFFLINE=1, and {trouble}")
    pytest.fail(f"{trouble}. Set CONCERTPITCH_OFFLINE=1 to do without them.", pytrace=False)


def python_of(name: str) -> Path:
    """The interpreter of an environment."""
    return made(f"the clients of {name}", lambda environments: environments.python(name))


@pytest.fixture(scope="session")
def prepared() -> Callable[[str, Callable[[Any], _Made]], _Made]:
    """What `made` gives, for what is no interpreter."""
    return made


@pytest.fixture(scope="session")
def interpreter() -> Callable[[str], Path]:
    return python_of


@pytest.fixture(scope="session")
def blocks() -> dict[str, str]:
    """The copy-paste blocks of the page, by the word after `python`."""
    return dict(re.findall(r"^```python (\w+)\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE))


@dataclass(frozen=True)
class Judged:
    """How `concertpitch judge` ended, what it and the client said, and what each rule found."""

    status: int
    said: str
    found: dict[str, list[str]]


class Together:
    """Programs of one environment, run side by side, each twice: at a base URL of its own, and judged.

    `command` runs them; `runs` is what it reads; `told` is what came of the runs that were not judged.
    """

    def __init__(self, environment: str, folder: Path, blocks: Mapping[str, str], programs: Sequence[str]) -> None:
        self.programs = programs
        self.command = [str(python_of(environment)), str(PROGRAMS / "together.py"), SLOW_IMPORTS[environment]]
        self._folder = folder
        for name, block in blocks.items():
            (folder / name).mkdir()
            (folder / name / "snippet.py").write_text(block)

    def runs(self, urls: Sequence[str]) -> str:
        alone = [self._run(program, program, url) for program, url in zip(self.programs, urls, strict=True)]
        judged = [self._run(program, f"{program} judged", "") for program in self.programs]
        return json.dumps([run for pair in zip(alone, judged, strict=True) for run in pair])

    def _run(self, program: str, output: str, url: str) -> dict[str, Any]:
        name, *arguments = program.split()
        return {
            "program": str(PROGRAMS / f"{name}.py"),
            "arguments": arguments,
            "snippet": str(self._folder / name),
            "environment": {"CONCERTPITCH_BASE_URL": url} if url else {},
            "output": str(self._output(output)),
        }

    def told(self) -> Told:
        found: Told = {}
        for program in self.programs:
            said = self._output(program).read_text()
            try:
                found[program] = json.loads(said.splitlines()[-1])
            except (ValueError, IndexError):
                found[program] = said[-3000:]
        return found

    def _output(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '-')}.txt"


@pytest.fixture
def together(tmp_path: Path, blocks: Mapping[str, str]) -> Callable[..., Together]:
    def make(environment: str, programs: Sequence[str]) -> Together:
        return Together(environment, tmp_path, blocks, programs)

    return make


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., Judged]:
    def run(command: Sequence[str], *options: str, **more: Any) -> Judged:
        report = tmp_path / "report"
        gate = [sys.executable, "-m", "concertpitch", "judge", "--report-dir", str(report), *options, "--", *command]
        done = subprocess.run(gate, capture_output=True, text=True, check=False, timeout=PATIENCE, **more)
        rules = json.loads((report / "verdicts.json").read_text())["rules"] if report.exists() else []
        found = {rule["id"]: _messages(rule) for rule in rules if rule["findings"]}
        return Judged(done.returncode, done.stdout + done.stderr, found)

    return run


def _messages(rule: Mapping[str, Any]) -> list[str]:
    """What a rule found, without the ids and durations of this run."""
    return sorted({_RUN.sub(r"\1ID", finding["message"]) for finding in rule["findings"]})
