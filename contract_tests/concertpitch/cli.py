"""The command line. It reads options and the environment, and hands over; no decision about a verdict is made here.

Exit codes: 0 every promise kept, 1 a promise broken, 2 wrong usage or configuration, 3 the target is unreachable
or the run could not judge.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from concertpitch import __version__, defaults
from concertpitch.errors import CannotJudge, ConcertpitchError, NotServed, UsageError
from concertpitch.options import Grouped, check_options

if TYPE_CHECKING:
    from rich.console import Console

    from concertpitch.order import Order
    from concertpitch.run import Result
    from concertpitch.waivers import Waiver


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


@main.command(cls=Grouped)
@check_options
def check(**given: Any) -> None:
    """Run the contract suite against a target.

    Credentials come from --adc, --token-command, the target's own table in concertpitch.toml, or the variables
    CONCERTPITCH_TOKEN (a bearer token) and CONCERTPITCH_API_KEY.
    """
    from concertpitch.order import order_of  # noqa: PLC0415 - start-up time
    from concertpitch.reports import files  # noqa: PLC0415

    order = order_of(given)
    if order.dry_run:
        _rehearse(order)
        return
    for used in filter(None, order.folders.values()):
        files.prepare(used)
    sys.exit(_run(order, _waivers(order.waivers)))


def _run(order: Order, accepted: dict[str, Waiver]) -> int:
    """Run every surface of an order, and report each; the exit code."""
    from rich.console import Console  # noqa: PLC0415 - start-up time
    from rich.markup import escape  # noqa: PLC0415

    from concertpitch.pace import Interruption  # noqa: PLC0415
    from concertpitch.reports import terminal  # noqa: PLC0415
    from concertpitch.run import run  # noqa: PLC0415

    console = Console(soft_wrap=True)
    identity = order.identity()
    interruption = Interruption()
    for number in (signal.SIGINT, signal.SIGTERM):  # a terminated run cleans up like an interrupted one
        signal.signal(number, interruption)
    codes = []
    began = time.monotonic()
    with ExitStack() as stack:
        target = order.url or stack.enter_context(order.emulator())
        for name in order.surfaces:
            settings = replace(order.settings(target, name), spent=time.monotonic() - began)
            console.print(
                f"Concertpitch {__version__}: {name} {settings.surface.version} at {target}, "
                f"profile {settings.profile.value}",
                highlight=False,
            )
            try:
                with terminal.bar(console) as progress:
                    result = run(settings, identity, progress, interruption)
            except NotServed as reason:
                if len(order.surfaces) == 1:
                    raise
                console.print(f"not judged: {escape(str(reason))}", highlight=False, style="dim")
                continue
            codes.append(_conclude(console, result, accepted, order.folders[name], strict=order.strict))
            if result.interrupted:
                break
    if not codes:
        served = ", ".join(order.surfaces)
        raise CannotJudge(f"{target} serves none of the surfaces {served}. Is this the base URL?")
    return 1 if 1 in codes else max(codes)


def _rehearse(order: Order) -> None:
    from concertpitch.rehearsal import plan  # noqa: PLC0415 - start-up time

    with order.emulator() as stage:
        for name in order.surfaces:
            real = order.settings(order.url or stage, name)
            for line in plan(real, stage, order.settings(stage, name)):
                click.echo(line)


def _waivers(path: Path | None) -> dict[str, Waiver]:
    from concertpitch import waivers  # noqa: PLC0415 - start-up time
    from concertpitch.rules import RULES  # noqa: PLC0415

    return waivers.load(path, RULES) if path else {}


def _conclude(
    console: Console, result: Result, accepted: dict[str, Waiver], folder: Path | None, *, strict: bool
) -> int:
    """Apply the waivers, shorten the evidence, write and show; the exit code."""
    from concertpitch.evidence import shorten  # noqa: PLC0415 - start-up time
    from concertpitch.reports import files, terminal  # noqa: PLC0415
    from concertpitch.waivers import waive  # noqa: PLC0415

    result.complaints = waive(result.verdicts, accepted, dt.datetime.now(dt.UTC).date())
    shorten(result.verdicts, result.exchanges, result.subjects)
    if folder:
        files.write(result, folder, strict=strict)
    terminal.show(console, result, folder, strict=strict)
    return result.exit_code(strict=strict)


@main.command()
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("--surface", type=click.Choice([*defaults.SURFACES, "all"]), default="all", show_default=True)
@click.option("--base-url", default="", metavar="URL", help="Which server's calls to judge, of several.")
@click.option("--report-dir", type=click.Path(path_type=Path), metavar="DIR", help="Write the report files there.")
@click.option("--waivers", type=click.Path(path_type=Path), metavar="FILE", help="Breaches accepted for a while.")
@click.option("--strict", is_flag=True, help="Warnings fail the run too.")
def replay(
    recording: Path, surface: str, base_url: str, report_dir: Path | None, waivers: Path | None, strict: bool
) -> None:
    """Judge recorded traffic (HAR, or a VCR cassette) by the same rules; nothing is sent."""
    from rich.console import Console  # noqa: PLC0415 - start-up time

    from concertpitch.replay import replay as judge_recording  # noqa: PLC0415
    from concertpitch.reports import files  # noqa: PLC0415
    from concertpitch.surfaces import SURFACES  # noqa: PLC0415

    accepted = _waivers(waivers)
    names = list(SURFACES) if surface == "all" else [surface]
    results = judge_recording(recording, [one for name in names for one in SURFACES[name].values()], base_url)
    console = Console(soft_wrap=True)
    codes = []
    for result in results:
        folder = report_dir / f"{result.surface.name}-{result.surface.version}" if report_dir else None
        if folder:
            files.prepare(folder)
        console.print(
            f"Concertpitch {__version__}: {result.surface.name} {result.surface.version} in {recording}",
            highlight=False,
        )
        codes.append(_conclude(console, result, accepted, folder, strict=strict))
    sys.exit(max(set(codes) - {CannotJudge.exit_code}, default=CannotJudge.exit_code))


@main.command()
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--rule", "rule_id", required=True, metavar="ID", help="The rule whose first finding is sent again.")
@click.option(
    "--target", metavar="URL|NAME", help="Another target than the report's, or its name in concertpitch.toml."
)
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="[default: concertpitch.toml]")
@click.option("--token-command", metavar="COMMAND", help="Prints a bearer token; run again when it expires.")
@click.option("--adc", is_flag=True, default=None, help="Application Default Credentials of google-auth.")
@click.option("--profile", type=click.Choice(["observe", "exercise"]), help="Default: exercise on loopback.")
@click.option("--patience", type=click.FloatRange(0), metavar="SECONDS", help="How long to wait for a state.")
def rerun(report: Path, rule_id: str, **given: Any) -> None:
    """Send the requests behind a finding of a report again, and judge them; exit 1 when it breaks again.

    Credentials are found as `check` finds them.
    """
    from concertpitch.order import order_of  # noqa: PLC0415 - start-up time
    from concertpitch.rerun import chain_of  # noqa: PLC0415
    from concertpitch.rerun import rerun as send_again  # noqa: PLC0415
    from concertpitch.verdicts import Kind  # noqa: PLC0415

    chain = chain_of(report, rule_id)
    given["target"] = given["target"] or chain.base_url
    order = order_of(given | {"surface": chain.surface.name, "api_version": chain.surface.version})
    settings = order.settings(order.url, chain.surface.name)
    verdict, left_over = send_again(chain, settings, order.identity())
    click.echo(f"{verdict.kind} {rule_id} ({len(chain.exchanges)} requests sent again to {settings.target})")
    for finding in verdict.findings:
        click.echo(f"    {finding.message}")
    if left_over:
        click.echo(f"left over: {', '.join(left_over)}")
    sys.exit({Kind.BROKEN: 1, Kind.HELD: 0}.get(verdict.kind, 3))


@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--target", metavar="URL", help="Another server than the embedded emulator.")
@click.option("--poll-interval", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="The pause you state.")
@click.option(
    "--speed", type=click.FloatRange(0, min_open=True), default=150.0, show_default=True, help="Of the emulator."
)
@click.option("--timeout", type=click.FloatRange(0.1), default=60.0, show_default=True, help="For one answer, seconds.")
@click.option("--report-dir", type=click.Path(path_type=Path), metavar="DIR", help="Write the report files there.")
@click.option("--waivers", type=click.Path(path_type=Path), metavar="FILE", help="Breaches accepted for a while.")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
def judge(
    command: tuple[str, ...],
    target: str | None,
    poll_interval: float,
    speed: float,
    timeout: float,
    report_dir: Path | None,
    waivers: Path | None,
    strict: bool,
) -> None:
    """Run COMMAND (a client's own tests) against the emulator and judge what it sends.

    The command finds the emulator by CONCERTPITCH_BASE_URL, and by the variables that Google's clients read. Exit 1
    when the client breaks a rule or its command fails, 3 when it sent nothing.
    """
    from rich.console import Console  # noqa: PLC0415 - start-up time

    from concertpitch.client_gate import judge_client  # noqa: PLC0415
    from concertpitch.configure import check_url  # noqa: PLC0415
    from concertpitch.embedded import emulator  # noqa: PLC0415
    from concertpitch.reports import files, terminal  # noqa: PLC0415

    accepted = _waivers(waivers)
    if report_dir:
        files.prepare(report_dir)
    if target:
        check_url(target)
    with ExitStack() as stack:
        url = target or stack.enter_context(emulator(speed=speed))
        judged = judge_client(command, url, poll_interval=poll_interval, timeout=timeout)
    console = Console(soft_wrap=True)
    judged.result.coverage = judged.coverage
    code = _conclude(console, judged.result, accepted, report_dir, strict=strict)
    terminal.show_coverage(console, judged.result.coverage)
    if judged.command_status:
        console.print(f"the command failed with status {judged.command_status}", style="bold red", highlight=False)
        code = max(code, 1)
    sys.exit(code)


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
@click.option(
    "--require-token", default="", metavar="TOKEN", help="Demand this bearer token. [default: anyone may call]"
)
def serve(host: str, port: int, speed: float, seed: int, faults: tuple[str, ...], require_token: str) -> None:
    """Start the emulator; it prints its URL when it is ready."""
    command = [sys.executable, "-m", "concertpitch_emulator", "--host", host, "--port", str(port)]
    command += ["--speed", str(speed), "--seed", str(seed)]
    command += ["--require-token", require_token] if require_token else []
    for fault in faults:
        command += ["--fault", fault]
    os.execv(sys.executable, command)  # noqa: S606 - the same interpreter, in the same process


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("--coverage", is_flag=True, help="Every sentence in scope: ruled, or why not. Needs a checkout.")
@click.option("--contradictions", is_flag=True, help="Where documents contradict each other, and the reading taken.")
def rules(form: str, coverage: bool, contradictions: bool) -> None:
    """Print the catalogue of rules, or what it is made from."""
    from concertpitch.reports import catalogue, ledger  # noqa: PLC0415 - start-up time

    if coverage and contradictions:
        raise UsageError("--coverage and --contradictions print different things; give one of them")
    printers = {"text": catalogue.as_text, "json": catalogue.as_json, "markdown": catalogue.as_markdown}
    if coverage:
        printers = {
            "text": ledger.coverage_text,
            "json": ledger.coverage_json,
            "markdown": ledger.coverage_markdown,
        }
    elif contradictions:
        printers = {
            "text": ledger.contradictions_text,
            "json": ledger.contradictions_json,
            "markdown": ledger.contradictions_markdown,
        }
    click.echo(printers[form](), nl=False)


@main.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Explain one rule: its sentence, level, source, how it is exercised, and the faults that break it."""
    from concertpitch.reports import catalogue  # noqa: PLC0415 - start-up time

    click.echo(catalogue.explain(rule), nl=False)
