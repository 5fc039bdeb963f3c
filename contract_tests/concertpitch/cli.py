"""The command line. It reads options and the environment, and hands over; no decision about a verdict is made here.

Exit codes: 0 every promise kept, 1 a promise broken, 2 wrong usage or configuration, 3 the target is unreachable
or the run could not judge.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from concertpitch import __version__, defaults
from concertpitch.errors import CannotJudge, ConcertpitchError, NotServed, UsageError


class _Group(click.Group):
    """Turns our errors into one line on stderr and their exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConcertpitchError as error:
            click.echo(f"concertpitch: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="concertpitch")
def main() -> None:
    """Check implementations of Google's tuning APIs against what the documents promise."""


@main.command()
@click.option("--target", metavar="URL", help="Base URL, the part before /v1/projects; default: the embedded emulator.")
@click.option(
    "--surface",
    type=click.Choice(["vertex", "gemini", "all"]),
    default="all",
    show_default=True,
    help="all: every surface that the target serves.",
)
@click.option("--api-version", default="", metavar="VERSION", help="Of the surface's path. [default: its stable one]")
@click.option("--project", default=defaults.PROJECT, show_default=True, metavar="ID")
@click.option("--location", default=defaults.LOCATION, show_default=True, metavar="ID")
@click.option(
    "--profile",
    type=click.Choice(["observe", "exercise", "exhaust"]),
    help="observe: read only; exercise: create and cancel; exhaust: explore too. "
    "Default: exhaust on loopback, observe elsewhere.",
)
@click.option(
    "--max-jobs", type=click.IntRange(1), default=defaults.MAX_JOBS, show_default=True, help="Most jobs to create."
)
@click.option(
    "--patience",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="How long to wait for jobs. [default: 30, or 600]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=defaults.TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="For one answer.",
)
@click.option(
    "--base-model",
    default="",
    metavar="NAME",
    help=f"Of what is created. [default: {defaults.BASE_MODEL}; on gemini the first that is listed as tunable]",
)
@click.option(
    "--dataset",
    default=defaults.DATASET,
    metavar="URI",
    help="The training dataset of jobs created.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Repeats an exploration.")
@click.option("--report-dir", type=click.Path(path_type=Path), metavar="DIR", help="Write the report files there.")
@click.option("--strict", is_flag=True, help="Warnings fail the run too.")
@click.option("--fault", "faults", multiple=True, metavar="ID", help="Let the embedded emulator lie.")
def check(report_dir: Path | None, strict: bool, faults: tuple[str, ...], surface: str, **options: Any) -> None:
    """Run the contract suite against a target.

    Credentials come from CONCERTPITCH_TOKEN (a bearer token) or CONCERTPITCH_API_KEY.
    """
    from rich.console import Console  # noqa: PLC0415 - start-up time
    from rich.markup import escape  # noqa: PLC0415

    from concertpitch.configure import configure  # noqa: PLC0415
    from concertpitch.embedded import emulator  # noqa: PLC0415
    from concertpitch.reports import files, terminal  # noqa: PLC0415
    from concertpitch.run import run  # noqa: PLC0415
    from concertpitch.surfaces import SURFACES  # noqa: PLC0415
    from concertpitch.transport import Credentials  # noqa: PLC0415

    if faults and options["target"]:
        raise UsageError("--fault makes the embedded emulator lie; it cannot be used with --target")
    if surface == "all" and options["api_version"]:
        raise UsageError("--api-version goes with one --surface")
    names = list(SURFACES) if surface == "all" else [surface]
    folders = {name: report_dir / name if report_dir and len(names) > 1 else report_dir for name in names}
    for used in filter(None, folders.values()):
        files.prepare(used)
    credentials = Credentials(os.environ.get("CONCERTPITCH_TOKEN", ""), os.environ.get("CONCERTPITCH_API_KEY", ""))
    console = Console(soft_wrap=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a terminated run cleans up like an interrupted one
    with ExitStack() as stack:
        target = options.pop("target") or stack.enter_context(emulator(seed=options["seed"], faults=faults))
        codes = []
        for name in names:
            settings = configure(target=target, surface=name, **options)
            console.print(
                f"Concertpitch {__version__}: {name} {settings.surface.version} at {target}, "
                f"profile {settings.profile.value}",
                highlight=False,
            )
            try:
                with terminal.bar(console) as progress:
                    result = run(settings, credentials, progress)
            except NotServed as reason:
                if surface != "all":
                    raise
                console.print(f"not judged: {escape(str(reason))}", highlight=False, style="dim")
                continue
            folder = folders[name]
            if folder:
                files.write(result, folder, strict=strict)
            terminal.show(console, result, folder, strict=strict)
            codes.append(result.exit_code(strict=strict))
            if result.interrupted:
                break
    if not codes:
        raise CannotJudge(f"{target} serves none of the surfaces {', '.join(names)}. Is this the base URL?")
    sys.exit(max(codes))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free port.", show_default=True)
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    default=20.0,
    show_default=True,
    help="Times real time.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Repeats ids and durations.")
@click.option("--fault", "faults", multiple=True, metavar="ID", help="Break one promise; may be given several times.")
def serve(host: str, port: int, speed: float, seed: int, faults: tuple[str, ...]) -> None:
    """Start the emulator; it prints its URL when it is ready."""
    command = [sys.executable, "-m", "concertpitch_emulator", "--host", host, "--port", str(port)]
    command += ["--speed", str(speed), "--seed", str(seed)]
    for fault in faults:
        command += ["--fault", fault]
    os.execv(sys.executable, command)  # noqa: S606 - the same interpreter, in the same process


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def rules(form: str) -> None:
    """Print the catalogue of rules."""
    from concertpitch.reports import catalogue  # noqa: PLC0415 - start-up time

    click.echo(
        {"text": catalogue.as_text, "json": catalogue.as_json, "markdown": catalogue.as_markdown}[form](),
        nl=False,
    )


@main.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Explain one rule: its sentence, level, source, how it is exercised, and the faults that break it."""
    from concertpitch.reports import catalogue  # noqa: PLC0415 - start-up time

    click.echo(catalogue.explain(rule), nl=False)
