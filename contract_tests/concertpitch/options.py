"""The options of `concertpitch check`, in groups as its help shows them. Nothing is decided here.

An option that was not given is None, so that a target's table in concertpitch.toml can speak before the defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from concertpitch import defaults

_Command = Callable[..., Any]
_FILE = click.Path(path_type=Path)
_GROUPS: dict[str, list[Callable[[_Command], _Command]]] = {
    "What is judged": [
        click.option(
            "--target",
            metavar="URL|NAME",
            help="Base URL (ends before /v1/projects), or a name in concertpitch.toml. "
            "[default: the embedded emulator]",
        ),
        click.option(
            "--surface", type=click.Choice([*defaults.SURFACES, "all"]), help="[default: every one that is served]"
        ),
        click.option("--api-version", metavar="VERSION", help="Of the surface's path. [default: its stable one]"),
        click.option("--project", metavar="ID", show_default=defaults.PROJECT, help="The project of the paths."),
        click.option("--location", metavar="ID", show_default=defaults.LOCATION, help="The location of the paths."),
        click.option("--config", type=_FILE, metavar="FILE", help="Targets and recipes. [default: concertpitch.toml]"),
    ],
    "What may be sent": [
        click.option(
            "--profile",
            type=click.Choice(["observe", "exercise", "exhaust"]),
            help="observe: read only; exercise: create and cancel; exhaust: explore too. "
            "[default: exhaust on loopback, observe elsewhere]",
        ),
        click.option("--quick", is_flag=True, default=None, help="Exercise every rule once; explore nothing."),
        click.option("--dry-run", is_flag=True, default=None, help="Print what would be sent, and send nothing."),
        click.option(
            "--max-jobs", type=click.IntRange(1), show_default=str(defaults.MAX_JOBS), help="Most jobs to create."
        ),
        click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="N", help="Most requests per second."),
        click.option("--base-model", metavar="NAME", show_default=defaults.BASE_MODEL, help="Of the jobs created."),
        click.option("--dataset", metavar="URI", help="The training dataset of the jobs created."),
        click.option("--seed", type=int, show_default="0", help="Repeats an exploration."),
        click.option("--fault", "faults", multiple=True, metavar="ID", help="Let the embedded emulator lie."),
    ],
    "How long": [
        click.option(
            "--deadline",
            type=click.FloatRange(0, min_open=True),
            metavar="SECONDS",
            help="For the whole run, its cleaning up included. [default: none]",
        ),
        click.option(
            "--patience",
            type=click.FloatRange(0),
            metavar="SECONDS",
            help="How long to wait for jobs. [default: 30 on loopback, 600 elsewhere]",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(0.1),
            metavar="SECONDS",
            show_default=f"{defaults.TIMEOUT:g}",
            help="For one answer.",
        ),
    ],
    "Credentials": [
        click.option("--token-command", metavar="COMMAND", help="Prints a bearer token; run again when it expires."),
        click.option("--adc", is_flag=True, default=None, help="Application Default Credentials of google-auth."),
    ],
    "What comes of it": [
        click.option("--report-dir", type=_FILE, metavar="DIR", help="Write the report files there."),
        click.option("--waivers", type=_FILE, metavar="FILE", help="Breaches accepted for a while."),
        click.option("--strict", is_flag=True, default=None, help="Warnings fail the run too."),
    ],
}


def check_options(command: _Command) -> _Command:
    """Give a command all of them."""
    for options in reversed(_GROUPS.values()):
        for option in reversed(options):
            command = option(command)
    return command


class Grouped(click.Command):
    """A command whose help shows its options in the groups above, and whatever else it has at the end."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx))]
        for title, options in _GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(records[: len(options)])
            del records[: len(options)]
        with formatter.section("Other"):
            formatter.write_dl(records)
