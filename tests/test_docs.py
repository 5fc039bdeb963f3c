"""What the pages say is true: commands exist, tables agree, nothing names what it must not."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest
from concertpitch.cli import main
from concertpitch.reports.catalogue import as_markdown
from concertpitch.run import Result
from concertpitch.verdicts import Kind
from concertpitch_codegen.cli import main as codegen

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def commands(group: click.Command) -> list[click.Command]:
    return list(group.commands.values()) if isinstance(group, click.Group) else []


@pytest.mark.parametrize("command", [*commands(main), *commands(codegen)], ids=lambda command: command.name)
def test_every_command_has_help(command: click.Command) -> None:
    assert command.help
    assert all(option.help or option.name for option in command.params)


def test_readme_names_every_command() -> None:
    for command in commands(main):
        assert f"concertpitch {command.name}" in README


def test_readme_uses_options_that_exist() -> None:
    known = {
        flag for command in [*commands(main), *commands(codegen)] for option in command.params for flag in option.opts
    }
    known |= {"--concertpitch-target", "--concertpitch-surface", "--pyargs"}
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    assert used <= known


def test_readme_explains_every_verdict_and_exit_code() -> None:
    assert all(f"| {kind} |" in README for kind in Kind)
    assert all(f"| {code} |" in README for code in range(4))
    assert "exit_code" in Result.__dict__


def test_the_rules_page_is_up_to_date() -> None:
    assert (ROOT / "docs/rules.md").read_text() == as_markdown()


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text()):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_nothing_names_a_machine_or_a_registry() -> None:
    hosts = [("pypi", "org"), ("pythonhosted", "org"), ("registry.npmjs", "org")]
    forbidden = "|".join([*(rf"{name}\.{domain}" for name, domain in hosts), r"/(root|home/[a-z]+)/"])
    found = subprocess.run(
        ["git", "grep", "-nIE", forbidden, "--", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
