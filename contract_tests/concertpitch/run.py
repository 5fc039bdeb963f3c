"""One run against one target: look whether it is there, make traffic, judge it, clean up.

Rule 1: whatever happens on the way, a failure or Ctrl-C included, the run cleans up and reports what it has.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from concertpitch import explore, fuzz
from concertpitch.errors import CannotJudge, TargetUnreachable
from concertpitch.exchange import Exchange
from concertpitch.lab import Lab, Settings
from concertpitch.probes import QUIET, WHILE_WATCHING, Probe, Watch
from concertpitch.protojson import message, text
from concertpitch.reading import subjects_of
from concertpitch.rules import RULES
from concertpitch.transport import MAX_BODY, Credentials, Transport
from concertpitch.verdicts import Kind, Verdict, judge

_UNAUTHORIZED = frozenset({401, 403})
_NOT_SERVED = frozenset({404, 405, 501})
_SUCCESS = range(200, 300)
Progress = Callable[[str, int, int], None]
"""Called with what is done now, the step's number and the number of steps."""


@dataclass
class Result:
    """What a run found.

    `left_over` names jobs that may still run; `interrupted` says why it ended early; `note` tells the user what
    would let more rules be judged.
    """

    settings: Settings
    verdicts: list[Verdict]
    exchanges: list[Exchange]
    seconds: float
    run_id: str
    left_over: list[str] = field(default_factory=list)
    interrupted: str = ""
    note: str = ""

    def count(self, kind: Kind) -> int:
        return sum(verdict.kind is kind for verdict in self.verdicts)

    @property
    def judged(self) -> bool:
        """Whether any rule met anything."""
        return any(verdict.subjects for verdict in self.verdicts)

    def exit_code(self, *, strict: bool) -> int:
        """0 kept, 1 broken, 3 nothing could be judged or the run did not get to its end."""
        if any(verdict.fails or (strict and verdict.warns) for verdict in self.verdicts):
            return 1
        return 0 if self.judged and not self.interrupted else 3


def run(settings: Settings, credentials: Credentials, progress: Progress) -> Result:
    """Run the suite. Raises TargetUnreachable or CannotJudge when there is nothing to judge at all."""
    began = time.monotonic()
    transport = Transport(settings.target, credentials, settings.timeout)
    lab = Lab(settings, transport)
    result = Result(settings, [], transport.exchanges, 0.0, lab.run_id)
    try:
        progress("looking at the target", 0, 1)
        look(lab)
        _make_traffic(lab, progress)
    except KeyboardInterrupt:
        result.interrupted = "interrupted by the user"
    except _TargetLostError as lost:
        result.interrupted = str(lost)
    finally:
        if settings.writes:
            progress("cleaning up", 1, 1)
            result.left_over = lab.clean_up()
        transport.close()
    progress("judging", 1, 1)
    base_path = urlsplit(settings.target).path.rstrip("/")
    subjects = subjects_of(transport.exchanges, settings.surface, base_path)
    result.note = _advise(lab)
    result.verdicts = judge(RULES, subjects, lab.missing)
    result.seconds = time.monotonic() - began
    return result


def look(lab: Lab) -> None:
    """See whether this is an HTTP server, and this API, and whether it lets us in, by asking for a list."""
    exchange = lab.page(probe="look", pageSize="1")
    target, status = lab.settings.target, exchange.status
    if status is None:
        raise TargetUnreachable(f"{target} does not answer ({exchange.failure}). Is it running, and is the URL right?")
    if exchange.truncated:
        raise CannotJudge(f"{target} answers a list of one job with more than {MAX_BODY // 2**20} MiB.")
    if exchange.header("location") and status not in _SUCCESS:
        raise CannotJudge(
            f"{target} redirects to {exchange.header('location')}; redirects are not followed, so that credentials "
            "stay where they belong. Give the final URL as --target."
        )
    if status in _UNAUTHORIZED:
        raise CannotJudge(
            f"{target} answers {status}: set CONCERTPITCH_TOKEN or CONCERTPITCH_API_KEY to credentials that may list "
            f"tuning jobs in {lab.parent()}."
        )
    if status in _SUCCESS and exchange.answer.error and _is_page(exchange):
        raise CannotJudge(
            f"{target} answers a list with a web page, not with JSON. "
            "Is this the base URL, the part before /v1/projects?"
        )
    if status in _NOT_SERVED and not isinstance(exchange.answer.value, dict):
        raise CannotJudge(
            f"{target} answers {status} for {exchange.path}, and not in JSON: no tuning jobs are served here. "
            "Is this the base URL, the part before /v1/projects?"
        )


def _is_page(exchange: Exchange) -> bool:
    return exchange.media_type == "text/html" or exchange.body.lstrip().startswith(b"<")


class _TargetLostError(Exception):
    """The target stopped answering in the middle of a run."""


_LOST_AFTER = 12
"""Requests in a row without an answer, after which the target is taken for gone."""


def _make_traffic(lab: Lab, progress: Progress) -> None:
    settings = lab.settings
    steps = [probe for probe in (*WHILE_WATCHING, *QUIET) if settings.writes or not probe.writes]
    total, done = len(steps) + 3, 0
    watch = Watch(lab)

    def step(probe: Probe) -> None:
        nonlocal done
        done += 1
        progress(probe.about, done, total)
        probe.run(lab)
        _still_there(lab)

    try:
        if settings.writes:
            progress("creating a cohort of jobs", 0, total)
            watch.start()
            _note_missing(lab)
        for probe in WHILE_WATCHING:
            if probe in steps:
                step(probe)
        if settings.writes:
            progress("watching the jobs to their end", done, total)
            watch.settle()
            _still_there(lab)
        for probe in QUIET:
            if probe in steps:
                step(probe)
        if settings.explores:
            progress("exploring with a state machine", done + 1, total)
            explore.explore(lab)
            _still_there(lab)
            progress("fuzzing every method", done + 2, total)
            fuzz.fuzz(lab)
    finally:
        watch.stop()


def _note_missing(lab: Lab) -> None:
    """Say which probes the target does not let run, once it has refused every create."""
    creates = [one for one in lab.transport.exchanges if one.probe == "cohort"]
    statuses = {one.status for one in creates}
    if creates and statuses <= _NOT_SERVED:
        for name in (
            "cohort",
            "watch",
            "spellings",
            "guide",
            "limits",
            "refusals",
            "cancel",
            "operations",
            "parallel",
        ):
            lab.missing[name] = f"the target answers create with {creates[0].status}"


def _advise(lab: Lab) -> str:
    """What to do when no job could be created although the target serves create."""
    creates = [one for one in lab.transport.exchanges if one.probe == "cohort" and one.status is not None]
    if not creates or lab.missing or any(one.status in _SUCCESS for one in creates):
        return ""
    said = text(message(message(creates[0].answer.value).get("error")).get("message"))
    return (
        f"every create was refused, the first with {creates[0].status} ({said or 'no message'}); "
        "give --base-model and --dataset, or --project and --location, that this target takes"
    )


def _still_there(lab: Lab) -> None:
    last = lab.transport.exchanges[-_LOST_AFTER:]
    if len(last) == _LOST_AFTER and all(one.status is None for one in last):
        raise _TargetLostError(f"the target stopped answering: {last[-1].failure}")
