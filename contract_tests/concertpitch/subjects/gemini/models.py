"""Tuned models as answers showed them, the same one seen twice, and base models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import instant, integer, items, message, number, text
from concertpitch.subjects.calls import Call

ENDED = frozenset({"ACTIVE", "FAILED"})
"""The documented states that a tuned model does not leave by itself; a state of no document is in no set."""


@dataclass(frozen=True)
class TunedModel:
    """A tuned model as one answer showed it.

    `key` is its id; `source` is get, list or response (of its operation). Times are nanoseconds since 1970, None
    when absent or unreadable.
    """

    exchange: Exchange
    source: str
    key: str
    body: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def named(self) -> bool:
        """Whether it shows a name."""
        return bool(self.key)

    @property
    def name(self) -> str:
        return text(self.body.get("name"))

    @property
    def shown(self) -> str:
        """A short name for messages."""
        return self.name or f"tunedModels/{self.key}"

    @property
    def state(self) -> str:
        """The state's name; '' when absent, unspecified or no name."""
        state = text(self.body.get("state"))
        return "" if state == "STATE_UNSPECIFIED" else state

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def display_name(self) -> str:
        return text(self.body.get("displayName"))

    @property
    def base_model(self) -> str:
        """The base model, however it is told."""
        return text(self.body.get("baseModel")) or text(message(self.body.get("tunedModelSource")).get("baseModel"))

    @property
    def task(self) -> dict[str, Any]:
        return message(self.body.get("tuningTask"))

    @property
    def hyperparameters(self) -> dict[str, Any]:
        return message(self.task.get("hyperparameters"))

    @property
    def shots(self) -> tuple[dict[str, Any], ...]:
        """The snapshots of its tuning."""
        return tuple(message(shot) for shot in items(self.task.get("snapshots")))

    @cached_property
    def create_time(self) -> int | None:
        return instant(self.body.get("createTime"))

    @cached_property
    def update_time(self) -> int | None:
        return instant(self.body.get("updateTime"))

    @cached_property
    def start_time(self) -> int | None:
        return instant(self.task.get("startTime"))

    @cached_property
    def complete_time(self) -> int | None:
        return instant(self.task.get("completeTime"))

    def setting(self, name: str) -> float | str | None:
        """A member that a caller may set, as a value that can be compared: numbers as numbers, absent as None."""
        value = self.body.get(name)
        return number(integer(value)) if name == "topK" and value is not None else number(value) or value


@dataclass(frozen=True)
class ModelChange:
    """The same tuned model seen twice, `before` answered before the request of `after` left.

    `touched`: this run patched it meanwhile, or may have.
    """

    before: TunedModel
    after: TunedModel
    touched: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.after.exchange


@dataclass(frozen=True)
class ModelSameness:
    """An ended model that a list shows, and the gets of it before and after: three views of one resting thing."""

    before: TunedModel
    listed: TunedModel
    read: TunedModel

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.listed.exchange, self.read.exchange


@dataclass(frozen=True)
class Life:
    """Every get of one model that this run made, in the order the requests left.

    `polled`: its operation was read. `pace`: the seconds that the slowest model of the run took from its first sight
    to its end, None when none was seen to end. `written`: the run patched it, or changed who may see it.
    """

    sightings: tuple[TunedModel, ...]
    polled: bool
    pace: float | None
    written: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.sightings[0].exchange, self.sightings[-1].exchange

    @property
    def lasted(self) -> float:
        """Seconds between its first and its last sight."""
        return self.sightings[-1].exchange.sent - self.sightings[0].exchange.sent


@dataclass(frozen=True)
class BaseModel:
    """A base model as one answer showed it; `source` is get or list."""

    exchange: Exchange
    source: str
    key: str
    body: dict[str, Any]
    state: str = ""

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def named(self) -> bool:
        """Whether it shows a name."""
        return bool(self.key)

    @property
    def name(self) -> str:
        return text(self.body.get("name"))

    @property
    def shown(self) -> str:
        """A short name for messages."""
        return self.name or "a base model without a name"


@dataclass(frozen=True)
class BaseModelSameness:
    """A base model as a list and a get show it."""

    listed: BaseModel
    read: BaseModel

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.listed.exchange, self.read.exchange


@dataclass(frozen=True)
class Lookup:
    """A get, patch, delete or transfer that names one resource, or a list of the permissions on it.

    `kind` is tuned model, base model, permission or corpus. `known`: the target had shown it before, `gone`: this run
    had deleted it, or what holds it. `made_up`: written like names that exist, never shown or made, and
    not shown by a get of it.
    """

    call: Call
    kind: str
    known: bool
    gone: bool
    made_up: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges

    @property
    def name_shown(self) -> str:
        """The name in the answer, '' where there is none."""
        return text(message(self.call.exchange.answer.value).get("name")) if self.call.succeeded else ""
