"""The same resource over REST and over MCP: a call of a tool lies between two answers of REST v1, mostly equal ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.subjects.mcp.tools import ToolCall


@dataclass(frozen=True)
class _Between:
    """A call of a tool, and what REST showed before and after it."""

    before: Exchange
    call: ToolCall
    after: Exchange

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.before, *self.call.exchanges, self.after)


@dataclass(frozen=True)
class Reach(_Between):
    """A call of a tool for something that REST showed just before and, unchanged, just after."""


@dataclass(frozen=True)
class _Twin:
    """`rest` and `mcp` are the two views of the resource `name`."""

    reach: Reach
    name: str
    rest: dict[str, Any]
    mcp: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.reach.exchanges


@dataclass(frozen=True)
class JobTwin(_Twin):
    """A job by get_tuning_job."""


@dataclass(frozen=True)
class OperationTwin(_Twin):
    """An operation by get_operation."""


@dataclass(frozen=True)
class ListedTwin(_Twin):
    """A job that both lists show."""


@dataclass(frozen=True)
class ListTwin:
    """A whole list over MCP (it does not go on) and what REST lists, as sets of names.

    Where the same page goes on over REST, `whole` is the latest list there that did not.
    """

    reach: Reach
    whole: Exchange | None
    rest: frozenset[str]
    mcp: frozenset[str]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (*((self.whole,) if self.whole else ()), *self.reach.exchanges)


@dataclass(frozen=True)
class CancelTwin(_Between):
    """A cancel over MCP of a job that REST had just shown alive, and the job as REST shows it once it is at rest.

    `state` is '' where REST does not find the job any more. `always_failed`: so did every such cancel of the run, and
    there were several.
    """

    state: str
    always_failed: bool = False


@dataclass(frozen=True)
class FilterTwin:
    """A filtered list over MCP between two equal and whole ones over REST, as sets of names.

    `left_out` are the jobs that the filter kept off REST's list, `missing` those it left there and a whole list over
    MCP lacks.
    """

    reach: Reach
    left_out: frozenset[str]
    missing: frozenset[str]
    mcp: frozenset[str]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.reach.exchanges


@dataclass(frozen=True)
class TokenTwin:
    """A list over MCP with a page token that REST had refused, and the same list without it had not."""

    rest: Exchange
    call: ToolCall

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.rest, *self.call.exchanges)


@dataclass(frozen=True)
class EndedTwin(_Between):
    """A cancel over MCP of a job that had ended, and the job as REST shows it before and after."""


@dataclass(frozen=True)
class Touched(_Between):
    """A job as REST shows it before and after it was read over MCP."""


@dataclass(frozen=True)
class Bystander(_Between):
    """A job of this run that nobody had asked to cancel, before and after a cancel of another job over MCP.

    REST showed it alive before; `state` is what it shows after.
    """

    state: str
