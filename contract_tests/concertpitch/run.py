"""One run against one target: look whether it is there, make traffic, judge it, clean up.

Rule 1: whatever happens on the way, a failure or Ctrl-C included, the run cleans up and reports what it has.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from concertpitch.campaigns import CAMPAIGNS, Campaign
from concertpitch.exchange import Exchange
from concertpitch.lab import Settings
from concertpitch.reading import subjects_of
from concertpitch.rules import rules_of
from concertpitch.subjects.client import Coverage
from concertpitch.surfaces import Surface
from concertpitch.transport import Credentials, Transport
from concertpitch.verdicts import Kind, Verdict, judge

Progress = Callable[[str, int, int], None]
"""Called with what is done now, the step's number and the number of steps."""


@dataclass
class Result:
    """What a run found, or a recording holds.

    `target` is a base URL or a recording's path, `profile` a run's profile or 'replay'. `left_over` names resources
    that may still be there; `interrupted` says why the run ended early; `note` tells the user what would let more
    rules be judged; `complaints` are waivers that no longer say the truth.
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

    def subjects(self, exchanges: Sequence[Exchange]) -> list[object]:
        """What can be judged in some of the exchanges."""
        return list(subjects_of(exchanges, self.surface, self.base_path))

    def count(self, kind: Kind) -> int:
        return sum(verdict.kind is kind for verdict in self.verdicts)

    @property
    def judged(self) -> bool:
        """Whether any rule met anything."""
        return any(verdict.subjects for verdict in self.verdicts)

    def exit_code(self, *, strict: bool) -> int:
        """0 kept, 1 broken, 3 nothing could be judged or the run did not get to its end."""
        if self.complaints or any(verdict.fails or (strict and verdict.warns) for verdict in self.verdicts):
            return 1
        return 0 if self.judged and not self.interrupted else 3


def run(settings: Settings, credentials: Credentials, progress: Progress) -> Result:
    """Run the suite. Raises TargetUnreachable or CannotJudge when there is nothing to judge at all."""
    began = time.monotonic()
    transport = Transport(settings.target, credentials, settings.timeout)
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
    )
    try:
        progress("looking at the target", 0, 1)
        campaign.look()
        _make_traffic(campaign, transport, progress)
    except KeyboardInterrupt:
        result.interrupted = "interrupted by the user"
    except _TargetLostError as lost:
        result.interrupted = str(lost)
    finally:
        if settings.writes:
            progress("cleaning up", 1, 1)
            result.left_over = campaign.clean_up()
        transport.close()
    progress("judging", 1, 1)
    result.note = campaign.advice()
    result.verdicts = judge(rules_of(settings.surface.name), result.subjects(transport.exchanges), campaign.missing)
    result.seconds = time.monotonic() - began
    return result


class _TargetLostError(Exception):
    """The target stopped answering in the middle of a run."""


_LOST_AFTER = 12
"""Requests in a row without an answer, after which the target is taken for gone."""


def _make_traffic(campaign: Campaign, transport: Transport, progress: Progress) -> None:
    steps = campaign.steps()
    try:
        for number, step in enumerate(steps):
            progress(step.about, number, len(steps))
            step.run()
            _still_there(transport.exchanges)
    finally:
        campaign.stop()


def _still_there(exchanges: list[Exchange]) -> None:
    last = exchanges[-_LOST_AFTER:]
    if len(last) == _LOST_AFTER and all(one.status is None for one in last):
        raise _TargetLostError(f"the target stopped answering: {last[-1].failure}")
