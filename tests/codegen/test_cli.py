"""The command line: sentences, exit codes, no tracebacks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from concertpitch_codegen.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def test_check_says_that_all_agree(checkout: Path) -> None:
    result = CliRunner().invoke(main, ["check", "--root", str(checkout)])
    assert (result.exit_code, result.output) == (
        0,
        "specs/ agrees with its lock, generated/ agrees with specs/\n",
    )


def test_outside_a_checkout_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    for command in ("fetch", "generate", "check"):
        result = CliRunner().invoke(main, [command, "--root", str(tmp_path)])
        assert result.exit_code == 1
        assert "there is no specs/sources.toml" in result.output
        assert "pass --root" in result.output


def test_a_missing_slice_is_named(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    sources = (checkout / "specs/sources.toml").read_text()
    (tmp_path / "specs/sources.toml").write_text(sources)
    check = CliRunner().invoke(main, ["check", "--root", str(tmp_path)])
    assert check.exit_code == 1
    assert "aiplatform.v1 is not locked: run concertpitch-codegen fetch\n" in check.output
    generate = CliRunner().invoke(main, ["generate", "--root", str(tmp_path)])
    assert generate.exit_code == 1
    assert "run concertpitch-codegen fetch" in generate.output


def test_help_does_not_import_the_work() -> None:
    script = (
        "import sys; from concertpitch_codegen import cli;"
        "print({'jinja2', 'pydantic', 'httpx', 'jsonschema_rs', 'google.protobuf'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_reader_who_has_seen_enough_is_no_error(toy: dict[str, Any], tmp_path: Path) -> None:
    document = tmp_path / "toy.v1.json"
    document.write_text(json.dumps(toy))
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", "from concertpitch_codegen.cli import main; main()", "convert", str(document)]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert "pipe" not in done.stderr.lower()
