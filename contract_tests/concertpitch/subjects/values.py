"""Values inside answers: one class per kind that the schemas know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.schema import Value


@dataclass(frozen=True)
class Seen:
    """A value inside an answer. `numbers_asked`: the request asked for enum numbers (enum-encoding=int)."""

    exchange: Exchange
    seen: Value
    numbers_asked: bool = False

    @property
    def value(self) -> Any:
        return self.seen.value

    @property
    def at(self) -> str:
        return self.seen.pointer or "/"

    @property
    def shown(self) -> str:
        """The value as JSON, cut short."""
        shown = repr(self.value) if not isinstance(self.value, str) else f'"{self.value}"'
        return shown if len(shown) <= 80 else shown[:77] + "..."  # noqa: PLR2004

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)


class Int64(Seen): ...


class Int32(Seen): ...


class Double(Seen): ...


class Boolean(Seen): ...


class String(Seen): ...


class Timestamp(Seen): ...


class Duration(Seen): ...


class Bytes(Seen): ...


class Enum(Seen): ...


class Message(Seen):
    @property
    def members(self) -> Mapping[str, Any]:
        """The members the document names, by JSON name."""
        members: Mapping[str, Any] = self.seen.node.schema.get("properties", {})
        return members


class Map(Seen): ...


class Repeated(Seen): ...


SEEN: dict[str, type[Seen]] = {
    "int64": Int64,
    "int32": Int32,
    "double": Double,
    "boolean": Boolean,
    "string": String,
    "timestamp": Timestamp,
    "duration": Duration,
    "bytes": Bytes,
    "enum": Enum,
    "message": Message,
    "map": Map,
    "list": Repeated,
}
