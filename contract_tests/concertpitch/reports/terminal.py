"""A result on a terminal: a bar while it runs, then one block per broken rule, then counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from concertpitch import run as running
from concertpitch.reports.files import curl_path
from concertpitch.run import Result
from concertpitch.subjects.client import Coverage
from concertpitch.subjects.sights import Sights
from concertpitch.verdicts import Kind, Verdict

_SHOWN, _IDLE = 3, 12
"""Findings shown per rule, and rules without a subject shown at all; the report holds the rest."""


@contextmanager
def bar(console: Console) -> Iterator[running.Progress]:
    """A progress bar on a terminal; nothing where output is piped."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=1)

        def show(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        yield show


def show(console: Console, result: Result, folder: Path | None, *, strict: bool) -> None:
    """What broke first, then what warns, then the counts."""
    broken = [verdict for verdict in result.verdicts if verdict.fails or (strict and verdict.warns)]
    warned = [verdict for verdict in result.verdicts if verdict.warns and not strict]
    for verdict in broken:
        _block(console, verdict, "[bold red]BROKEN[/]", folder)
    for verdict in warned:
        _block(console, verdict, "[yellow]warning[/]", folder)
    for verdict in result.verdicts:
        if verdict.kind is Kind.WAIVED:
            console.print(f"waived [bold]{verdict.rule.id}[/]: {escape(verdict.reason)}", highlight=False, style="dim")
    for complaint in result.complaints:
        console.print(f"[bold red]waiver[/] {escape(complaint)}", highlight=False)
    _counts(console, result, len(broken), len(warned))
    _remarks(console, result)
    if folder:
        console.print(f"report: {escape(str(folder))}", highlight=False)


def show_coverage(console: Console, coverage: list[Coverage]) -> None:
    """What of each surface a client touched."""
    for one in coverage:
        called = ", ".join(f"{method} {count}" for method, count in one.called.items())
        console.print(f"{one.surface}: {len(one.called)} of {len(one.methods)} methods: {called}", highlight=False)
        if one.states:
            console.print(f"  states seen: {', '.join(one.states)}", highlight=False, style="dim")
        if one.missed:
            console.print(f"  not called: {', '.join(one.missed)}", highlight=False, style="dim")


def _counts(console: Console, result: Result, broken: int, warned: int) -> None:
    waived = result.count(Kind.WAIVED)
    counts = [
        f"{result.count(Kind.HELD)} HELD",
        f"[{'bold red' if broken else 'default'}]{broken} BROKEN[/]",
        f"{warned} warned",
        *([f"{waived} WAIVED"] if waived else []),
        f"{result.count(Kind.NOT_EXERCISED)} NOT_EXERCISED",
        f"{result.count(Kind.NOT_APPLICABLE)} NOT_APPLICABLE",
    ]
    made = f"({len(result.exchanges)} requests in {result.seconds:.1f} s, run {result.run_id})"
    console.print(f"{', '.join(counts)}  {made}", highlight=False)


def _remarks(console: Console, result: Result) -> None:
    """What was not judged and why, and what is left to do."""
    idle = [verdict.rule.id for verdict in result.verdicts if verdict.kind is Kind.NOT_EXERCISED]
    if idle:
        more = f" and {len(idle) - _IDLE} more" if len(idle) > _IDLE else ""
        console.print(f"not exercised: {', '.join(idle[:_IDLE])}{more}", highlight=False, style="dim")
    if result.sights.states:
        console.print(_seen(result.sights), highlight=False, style="dim")
    for reason in sorted({one.reason for one in result.verdicts if one.kind is Kind.NOT_APPLICABLE}):
        console.print(f"not applicable: {escape(reason)}", highlight=False, style="dim")
    for line in _hindrances(result):
        console.print(escape(line), highlight=False, style="yellow")
    if result.note:
        console.print(f"[bold yellow]{escape(result.note)}[/]", highlight=False)
    if result.interrupted:
        console.print(f"[bold yellow]The run did not get to its end: {escape(result.interrupted)}[/]")
    if result.left_over:
        console.print("[bold yellow]These may still be there:[/]")
        for name in result.left_over:
            console.print(f"  {escape(name)}", highlight=False)


def _seen(sights: Sights) -> str:
    """One line: resources by state, states never seen, and how many documented transitions were."""
    seen = ", ".join(f"{state.removeprefix('JOB_STATE_')} {count}" for state, count in sights.states.items() if count)
    unseen = ", ".join(state.removeprefix("JOB_STATE_") for state, count in sights.states.items() if not count)
    named = [one for one in sights.transitions if one.documented]
    met = sum(one.seen > 0 for one in named)
    return (
        f"states seen: {seen or 'none'}{f'; not seen: {unseen}' if unseen else ''}; "
        f"{met} of {len(named)} documented transitions seen"
    )


def _hindrances(result: Result) -> list[str]:
    """What kept the run from asking or seeing more."""
    lines = [f"in the way: {result.troubles}"] if result.troubles.counts else []
    lines += [f"slowed down to {result.rate:g} requests per second"] if result.rate else []
    lines += [f"the control hook failed: {result.hook_failure}"] if result.hook_failure else []
    undone = "; ".join(result.undone)
    return [*lines, f"the deadline of {result.deadline:g} s left no time for: {undone}"] if undone else lines


def _block(console: Console, verdict: Verdict, mark: str, folder: Path | None) -> None:
    rule = verdict.rule
    console.print(f"{mark} [bold]{rule.id}[/] {escape(rule.sentence)}", highlight=False)
    console.print(f"    {rule.level}: {escape(str(rule.cite))}", highlight=False, style="dim")
    for finding in verdict.findings[:_SHOWN]:
        numbers = ", ".join(f"#{exchange.number}" for exchange in finding.exchanges[:6])
        console.print(f"    {escape(finding.message)} [dim]({numbers})[/]", highlight=False)
    if verdict.broken > _SHOWN:
        console.print(f"    … {verdict.broken - _SHOWN} more", highlight=False, style="dim")
    if folder:
        console.print(f"    reproduce: sh {escape(str(folder / curl_path(verdict)))}", highlight=False, style="dim")
