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
from pathlib import Path
from typing import Any

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
PATIENCE = 180

Told = dict[str, Any]
"""Program and arguments -> the facts it printed, or what it said before it failed."""


def python_of(name: str) -> Path:
    """The interpreter of an environment; made if need be, and a skip where it cannot be made offline."""
    spec = importlib.util.spec_from_file_location("environments", HERE / "environments.py")
    assert spec
    assert spec.loader
    environments = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(environments)
    try:
        return environments.python(name)
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        trouble = f"the clients of {name} cannot be installed: {str(error)[:300]}"
    if os.environ.get("CONCERTPITCH_OFFLINE") == "1":
        pytest.skip(f"CONCERTPITCH_OFFLINE=1, and {trouble}")
    pytest.fail(f"{trouble}. Set CONCERTPITCH_OFFLINE=1 to do without them.", pytrace=False)


@pytest.fixture(scope="session")
def interpreter() -> Callable[[str], Path]:
    return python_of


@pytest.fixture(scope="session")
def blocks() -> dict[str, str]:
    """The copy-paste blocks of the page, by the word after `python`."""
    return dict(re.findall(r"^```python (\w+)\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE))


class Together:
    """Programs of one environment: `command` runs all of them side by side, `runs` is what it reads, `told` what came."""

    def __init__(self, environment: str, folder: Path, blocks: Mapping[str, str], programs: Sequence[str]) -> None:
        self.programs = programs
        self.command = [str(python_of(environment)), str(PROGRAMS / "together.py"), SLOW_IMPORTS[environment]]
        self._folder = folder
        for name, block in blocks.items():
            (folder / name).mkdir()
            (folder / name / "snippet.py").write_text(block)

    def runs(self, urls: Sequence[str]) -> str:
        """One run a program, at its base URL; without URLs it is the environment that says where."""
        pairs = zip(self.programs, urls or [""] * len(self.programs), strict=True)
        return json.dumps([self._run(*program.split(), url=url) for program, url in pairs])

    def _run(self, name: str, *arguments: str, url: str) -> dict[str, Any]:
        return {
            "program": str(PROGRAMS / f"{name}.py"),
            "arguments": arguments,
            "snippet": str(self._folder / name),
            "environment": {"CONCERTPITCH_BASE_URL": url} if url else {},
            "output": str(self._output(" ".join([name, *arguments]))),
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

    def _output(self, program: str) -> Path:
        return self._folder / f"{program.replace(' ', '-')}.txt"


@pytest.fixture
def together(tmp_path: Path, blocks: Mapping[str, str]) -> Callable[..., Together]:
    def make(environment: str, programs: Sequence[str]) -> Together:
        return Together(environment, tmp_path, blocks, programs)

    return make
