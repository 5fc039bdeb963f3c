"""The same resource over REST and over MCP: the call of a tool lies between two equal answers of REST v1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.subjects.mcp.tools import ToolCall


@dataclass(frozen=True)
class Reach:
    """A call of a tool for something that REST showed just before and, unchanged, just after."""

    before: Exchange
    call: ToolCall
    after: Exchange

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.before, *self.call.exchanges, self.after)


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
class CancelTwin:
    """A cancel over MCP of a job that REST had just shown alive, and the job as REST shows it once it is at rest.

    `state` is '' where REST does not find the job any more.
    """

    before: Exchange
    call: ToolCall
    after: Exchange
    state: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.before, *self.call.exchanges, self.after)
