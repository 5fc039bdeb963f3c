"""The form of a campaign: what a run does to one surface, step by step.

It must not know any surface, nor any rule or verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from concertpitch.errors import CannotJudge, NotServed, TargetUnreachable
from concertpitch.exchange import Exchange, Trouble
from concertpitch.lab import Lab, Settings
from concertpitch.probes.strangers import NOBODY
from concertpitch.transport import MAX_BODY

_UNAUTHORIZED = frozenset({401, 403})
NOT_SERVED = frozenset({404, 405, 501})
SUCCESS = range(200, 300)


@dataclass(frozen=True)
class Probe:
    """`name` is what rules refer to, `about` what it sends, `writes` whether it creates, changes or cancels."""

    name: str
    about: str
    run: Callable[[Any], None]
    """Called with the surface's lab."""
    writes: bool = True


@dataclass(frozen=True)
class Step:
    """One step of a campaign, bound to its lab: what it does in words, and how."""

    about: str
    run: Callable[[], None]


class Campaign(Protocol):
    """What a run does to one surface. Made with the run's settings and transport; never raises for an answer."""

    NAMES: ClassVar[Mapping[str, str]]
    """What each probe does, in words that complete 'the probe ..., which ...'."""

    @property
    def run_id(self) -> str:
        """What the run's own resources are marked with."""

    @property
    def missing(self) -> Mapping[str, str]:
        """Probes that the target does not let run, with the reason."""

    def look(self) -> None:
        """Ask for one cheap thing; raises a ConcertpitchError when there is nothing to judge."""

    def steps(self) -> Sequence[Step]:
        """The steps that the run's profile allows, in order."""

    def stop(self) -> None:
        """End what still runs in the background, however the steps ended."""

    def adopt(self, exchange: Exchange) -> None:
        """Take what an answer shows was created for the run's own, to be cleaned up."""

    def clean_up(self) -> list[str]:
        """Undo what the run made; the names of what may be left over."""

    def advice(self) -> str:
        """What would let more rules be judged; '' when nothing is in the way."""


def knock(lab: Lab, path: str) -> Exchange | None:
    """Ask as nobody before the run has shown credentials: a server may let in whoever follows somebody it let in.

    The answer where there was none to ask again; None where the run may go on.
    """
    if not lab.transport.authorized:
        return None
    answer = lab.send("GET", path, probe="look", stranger=NOBODY)
    lab.demanding = answer.status in _UNAUTHORIZED
    return answer if answer.status is None else None


def see(exchange: Exchange, settings: Settings, *, things: str, root: str) -> None:
    """Judge from the answer to a list whether this is an HTTP server, and this API, and whether it lets us in.

    `things` are what the list holds in words, `root` is the path that a base URL ends before.
    """
    target, status = settings.target, exchange.status
    hint = f"Is this the base URL, the part before {root}?"
    if status is None:
        raise TargetUnreachable(f"{target} does not answer ({exchange.failure}). Is it running, and is the URL right?")
    if exchange.trouble is not None:
        raise TargetUnreachable(_not_now(exchange, target))
    if exchange.truncated:
        raise CannotJudge(f"{target} answers a list of one of {things} with more than {MAX_BODY // 2**20} MiB.")
    if exchange.header("location") and status not in SUCCESS:
        raise CannotJudge(
            f"{target} redirects to {exchange.header('location')}; redirects are not followed, so that credentials "
            "stay where they belong. Give the final URL as --target."
        )
    if status in _UNAUTHORIZED:
        raise CannotJudge(
            f"{target} answers {status}: set CONCERTPITCH_TOKEN or CONCERTPITCH_API_KEY to credentials that may list "
            f"{things}."
        )
    if status in SUCCESS and exchange.answer.error and _is_page(exchange):
        raise CannotJudge(f"{target} answers a list with a web page, not with JSON. {hint}")
    if status in NOT_SERVED and not isinstance(exchange.answer.value, dict):
        raise NotServed(
            f"{target} answers {status} for {exchange.path}, and not in JSON: no {things} are served here. {hint}"
        )


def _not_now(exchange: Exchange, target: str) -> str:
    times = f"{exchange.attempt} times" if exchange.attempt > 1 else "at once"
    if exchange.trouble is Trouble.TOO_MANY:
        return f"{target} answers 429 {times}: too many requests. Try again later, and slower with --rate."
    return f"{target} answers {exchange.status} {times}: it, or what stands before it, is not ready. Try again later."


def _is_page(exchange: Exchange) -> bool:
    return exchange.media_type == "text/html" or exchange.body.lstrip().startswith(b"<")
