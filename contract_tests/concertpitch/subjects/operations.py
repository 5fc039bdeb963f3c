"""Long-running operations and the calls that name them, whatever they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import duration, instant, integer, message, text
from concertpitch.subjects.calls import Call


@dataclass(frozen=True)
class Operation:
    """A long-running operation as one answer showed it."""

    exchange: Exchange
    call: Call
    body: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def name(self) -> str:
        return text(self.body.get("name"))

    @property
    def done(self) -> bool:
        return self.body.get("done") is True

    @property
    def metadata(self) -> dict[str, Any]:
        return message(self.body.get("metadata"))

    @property
    def response(self) -> dict[str, Any]:
        return message(self.body.get("response"))

    @property
    def error_code(self) -> int | None:
        return integer(message(self.body.get("error")).get("code"))

    @property
    def times(self) -> dict[str, Any]:
        """The generic metadata, where the service shows it."""
        return message(self.metadata.get("genericMetadata"))

    @property
    def create_time(self) -> int | None:
        """Nanoseconds since 1970, None when absent or unreadable."""
        return instant(self.times.get("createTime"))

    @property
    def update_time(self) -> int | None:
        return instant(self.times.get("updateTime"))

    @property
    def version(self) -> str:
        """The version of the path it was read at."""
        return self.call.version


@dataclass(frozen=True)
class OperationChange:
    """The same operation seen twice in real-time order.

    `cancelled`: its cancel was answered before the second. `may_fail`: for all that is known what is cancelled may
    end with an error of its own, as a cancel need not succeed.
    """

    before: Operation
    after: Operation
    cancelled: bool
    may_fail: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.after.exchange


@dataclass(frozen=True)
class OperationCall:
    """A call on an operation's name.

    `given`: the target had answered with this name. `first`: the first get of it since. `deleted`: somebody asked
    to delete it, or what it was for, before. `lookalike`: the id has the form of a given one. `promised`: the target
    serves operations at all, and a document names this path and no other is served, or the target has served it.
    `deletion_answered`: a delete of it was answered with success before the call left. `works`: some call of the method
    succeeded. `done`: an answer had shown it done before the call left.
    """

    call: Call
    name: str
    given: bool
    first: bool
    deleted: bool
    lookalike: bool
    promised: bool
    deletion_answered: bool = False
    works: bool = False
    done: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges

    @property
    def timeout(self) -> float | None:
        """The timeout a wait asked for, in seconds."""
        return duration(self.call.query.get("timeout"))


@dataclass(frozen=True)
class OperationsPage:
    """A page of one parent's operations; where it is whole and unfiltered, with those that must be on it."""

    call: Call
    names: tuple[str, ...]
    expected: frozenset[str]

    @property
    def shown(self) -> frozenset[str]:
        return frozenset(self.names)

    @property
    def size(self) -> int:
        """The page size asked for, 0 when absent or no integer."""
        return integer(self.call.query.get("pageSize")) or 0

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges
