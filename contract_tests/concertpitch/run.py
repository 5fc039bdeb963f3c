"""One run against one target: look whether it is there, make traffic, judge it, clean up.

Rule 1: whatever happens on the way, a failure or Ctrl-C included, the run cleans up and reports what it has.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from concertpitch.campaigns import CAMPAIGNS, Campaign, Step
from concertpitch.credentials import Identity
from concertpitch.errors import Interrupted, OutOfTime
from concertpitch.exchange import Exchange, Trouble
from concertpitch.lab import Settings
from concertpitch.pace import Interruption, Pace
from concertpitch.reading import sights_of, subjects_of
from concertpitch.rules import rules_of
from concertpitch.subjects.client import Coverage
from concertpitch.subjects.sights import Sights
from concertpitch.surfaces import Surface
from concertpitch.transport import Transport
from concertpitch.troubles import Troubles, troubles_of
from concertpitch.verdicts import Kind, Verdict, judge

Progress = Callable[[str, int, int], None]
"""Called with what is done now, the step's number and the number of steps."""


@dataclass
class Result:
    """What a run found, or a recording holds.

    `target` is a base URL or a recording's path, `profile` a run's profile or 'replay'. `left_over` names resources
    that may still be there; `interrupted` says why the run ended early; `note` tells the user what would let more
    rules be judged; `complaints` are waivers that no longer say the truth; `undone` names the steps that the deadline
    left no time for, the one it ended first; `hook_failure` is what first went wrong with the control hook.
    """

    target: str
    surface: Surface
    profile: str
    seed: int
    base_path: str
    """The path of the target's base URL, without a slash at its end."""
    verdicts: list[Verdict]
    exchanges: list[Exchange]
    seconds: float
    run_id: str
    left_over: list[str] = field(default_factory=list)
    interrupted: str = ""
    note: str = ""
    complaints: list[str] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    """What a client touched, when a client was judged."""
    undone: list[str] = field(default_factory=list)
    deadline: float = 0.0
    rate: float = 0.0
    hook_failure: str = ""
    sights: Sights = field(default_factory=Sights)

    def subjects(self, exchanges: Sequence[Exchange]) -> list[object]:
        """What can be judged in some of the exchanges."""
        return list(subjects_of(exchanges, self.surface, self.base_path))

    def count(self, kind: Kind) -> int:
        return sum(verdict.kind is kind for verdict in self.verdicts)

    @property
    def troubles(self) -> Troubles:
        """What stood in the way of answers."""
        return troubles_of(self.exchanges)

    @property
    def judged(self) -> bool:
        """Whether any rule met anything."""
        return any(verdict.subjects for verdict in self.verdicts)

    def exit_code(self, *, strict: bool) -> int:
        """0 kept, 1 broken, 3 nothing could be judged or the run did not get to its end."""
        if self.complaints or any(verdict.fails or (strict and verdict.warns) for verdict in self.verdicts):
            return 1
        return 0 if self.judged and not self.interrupted else 3


def run(
    settings: Settings, credentials: Identity, progress: Progress, interruption: Interruption | None = None
) -> Result:
    """Run the suite. Raises TargetUnreachable or CannotJudge when there is nothing to judge at all."""
    began = time.monotonic()
    pace = Pace(settings.rate, _until(settings, began), interruption)
    transport = Transport(settings.target, credentials, settings.timeout, pace=pace, pause=max(_PAUSE, settings.pause))
    campaign = CAMPAIGNS[settings.surface.name](settings, transport)
    result = Result(
        settings.target,
        settings.surface,
        settings.profile.value,
        settings.seed,
        urlsplit(settings.target).path.rstrip("/"),
        [],
        transport.exchanges,
        0.0,
        campaign.run_id,
        deadline=settings.deadline,
        rate=settings.rate,
    )
    todo = [_LOOK]
    try:
        progress(_LOOK, 0, 1)
        campaign.look()
        steps = campaign.steps()
        todo = [step.about for step in steps]
        _make_traffic(campaign, steps, transport, progress, todo)
    except (KeyboardInterrupt, Interrupted):
        result.interrupted = "interrupted by the user"
    except OutOfTime:
        result.undone = todo
    except _TargetLostError as lost:
        result.interrupted = str(lost)
    finally:
        pace.extend()
        if settings.writes:
            progress("cleaning up", 1, 1)
            result.left_over = campaign.clean_up()
        transport.close()
    progress("judging", 1, 1)
    result.note = campaign.advice()
    result.hook_failure = settings.control.failure if settings.control else ""
    subjects = result.subjects(transport.exchanges)
    result.verdicts = judge(rules_of(settings.surface.name), subjects, campaign.missing)
    result.sights = sights_of(subjects, settings.surface)
    _explain(result)
    result.seconds = time.monotonic() - began
    return result


_LOOK = "looking at the target"
_PAUSE = 0.25
"""Seconds at least before a request is sent again: five attempts give a server on loopback some seconds to start."""
_SHARE, _LEAST, _MOST = 0.2, 2.0, 60.0
"""Of a deadline for cleaning up: this part, and no less and no more than these seconds; never more than half."""


def _until(settings: Settings, began: float) -> float:
    """The moment after which only cleaning up is sent."""
    if not settings.deadline:
        return float("inf")
    left = max(0.0, settings.deadline - settings.spent)
    share = min(max(_LEAST, _SHARE * left), _MOST, left / 2) if settings.writes else 0.0
    return began + left - share


def _explain(result: Result) -> None:
    """Say of what was not judged that the deadline may be why."""
    if result.undone:
        because = f"the deadline of {result.deadline:g} s was over before this was done: {result.undone[0]}"
        for verdict in result.verdicts:
            if verdict.kind is Kind.NOT_EXERCISED:
                verdict.reason = because


class _TargetLostError(Exception):
    """The target stopped answering in the middle of a run."""


_LOST_AFTER = 12
"""Requests in a row without an answer, after which the target is taken for gone."""
_GONE = frozenset(Trouble) - {Trouble.TOO_MANY}


def _make_traffic(
    campaign: Campaign, steps: Sequence[Step], transport: Transport, progress: Progress, todo: list[str]
) -> None:
    """Run the steps; `todo` loses each that is done."""
    try:
        for number, step in enumerate(steps):
            progress(step.about, number, len(steps))
            step.run()
            _still_there(transport.exchanges)
            del todo[0]
    finally:
        transport.pace.hurry()
        campaign.stop()


def _still_there(exchanges: list[Exchange]) -> None:
    last = exchanges[-_LOST_AFTER:]
    if len(last) == _LOST_AFTER and all(one.status is None or one.trouble in _GONE for one in last):
        why = last[-1].failure or f"it answers {last[-1].status}"
        raise _TargetLostError(f"the target stopped answering: {why}")
