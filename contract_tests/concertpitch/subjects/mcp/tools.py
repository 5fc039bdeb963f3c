"""Tools as they are listed, and calls of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange, read_json
from concertpitch.protojson import items, message, text
from concertpitch.subjects.mcp.messages import Turn


@dataclass(frozen=True)
class ToolList:
    """A page of tools. `earlier` is a page of the same endpoint, asked in the same way before, if there is one."""

    turn: Turn
    names: tuple[str, ...]
    earlier: ToolList | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (*(self.earlier.turn.exchanges if self.earlier else ()), *self.turn.exchanges)

    @property
    def is_last(self) -> bool:
        """Whether no page follows: no cursor (before 2026-07-28 an empty one may have been meant so, too)."""
        cursor = message(self.turn.result).get("nextCursor")
        return cursor is None or (cursor == "" and not self.turn.modern)


@dataclass(frozen=True)
class ToolWalk:
    """Pages of tools from a first one on, each asked with the cursor that the one before gave out.

    `refused` is the request with such a cursor that was answered with an error, if the walk ended there.
    """

    pages: tuple[ToolList, ...]
    refused: Turn | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (*(page.turn.exchange for page in self.pages), *(self.refused.exchanges if self.refused else ()))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for page in self.pages for name in page.names)

    @property
    def cursors(self) -> tuple[Any, ...]:
        """What each page gave out for the next; None where it gave nothing."""
        return tuple(page.turn.result.get("nextCursor") for page in self.pages if page.turn.result is not None)

    @property
    def whole(self) -> bool:
        """Whether the last page said that it was the last."""
        return self.pages[-1].is_last


@dataclass(frozen=True)
class Toolsets:
    """A whole walk of each endpoint."""

    walks: tuple[ToolWalk, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(exchange for walk in self.walks for exchange in walk.exchanges)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for walk in self.walks for name in walk.names)


@dataclass(frozen=True)
class Tool:
    """One entry of a list."""

    turn: Turn
    body: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.turn.exchanges

    @property
    def name(self) -> str:
        return text(self.body.get("name"))

    @property
    def hints(self) -> dict[str, Any]:
        return message(self.body.get("annotations"))

    @property
    def properties(self) -> dict[str, Any]:
        """The members of its input, where the schema names them at its root."""
        return message(message(self.body.get("inputSchema")).get("properties"))


@dataclass(frozen=True)
class ToolCall:
    """A tools/call. `entry` is how this endpoint lists the tool, empty if it does not.

    `mistake` says why it cannot succeed: 'tool' (no such tool), 'nameless' (the call names none), 'missing' (a
    required argument), 'malformed' or 'unknown' (the name of a job or operation), 'negative' (a page size); '' when
    nothing is known to be wrong. `crashes`: calls with this mistake are answered as internal errors again and again.
    """

    turn: Turn
    entry: dict[str, Any]
    mistake: str
    crashes: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.turn.exchanges

    @property
    def tool(self) -> str:
        return text(self.turn.params.get("name"))

    @property
    def arguments(self) -> dict[str, Any]:
        return message(self.turn.params.get("arguments"))

    @property
    def result(self) -> dict[str, Any] | None:
        return self.turn.result

    @property
    def failed(self) -> bool:
        """Whether the call is reported as failed, in the result or in its place."""
        return self.turn.refused or message(self.result).get("isError") is True

    @property
    def content(self) -> list[dict[str, Any]]:
        return [message(item) for item in items(message(self.result).get("content"))]

    @property
    def texts(self) -> list[Any]:
        """The text items that hold JSON, as values."""
        read = [read_json(text(item.get("text")).encode()) for item in self.content if item.get("type") == "text"]
        return [one.value for one in read if not one.error]

    @property
    def structured(self) -> Any:
        return message(self.result).get("structuredContent")

    @property
    def shows(self) -> bool:
        """Whether it gives back an object, which may be an empty one."""
        given = isinstance(self.structured, dict) or any(isinstance(one, dict) for one in self.texts)
        return given and self.result is not None and not self.failed

    @property
    def value(self) -> dict[str, Any]:
        """What a call that did not fail gives back: the structured content, else the JSON of its text."""
        if self.failed or self.result is None:
            return {}
        if isinstance(self.structured, dict):
            return self.structured
        return next((one for one in self.texts if isinstance(one, dict)), {})

    @property
    def jobs(self) -> frozenset[str]:
        """The names of the jobs that a list shows."""
        return frozenset(text(message(job).get("name")) for job in items(self.value.get("tuningJobs"))) - {""}


@dataclass(frozen=True)
class NextPage:
    """Two pages of list_tuning_jobs, the second asked with the token that the first gave out."""

    before: ToolCall
    after: ToolCall

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (*self.before.exchanges, *self.after.exchanges)
