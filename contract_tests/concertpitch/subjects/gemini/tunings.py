"""Creates of tuned models, what became of them, and the snapshots and progress of the tuning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import integer, items, message, text
from concertpitch.subjects.calls import Call
from concertpitch.subjects.creates import Create
from concertpitch.subjects.gemini.models import BaseModel, TunedModel
from concertpitch.subjects.lists import LIST_LAG
from concertpitch.subjects.operations import Operation


@dataclass(frozen=True)
class Tuning(Create):
    """A create call for a tuned model. `operation` is what its answer shows, `model_id` whom it says it creates.

    `id_taken`: an earlier create of this run had been accepted with the same id, and nothing had deleted its model.
    `id_given_twice`: one that was under way at the same time was accepted with the same id. `id_used`: an earlier one
    was, whatever became of its model.
    """

    operation: Operation | None = None
    model_id: str = ""
    id_taken: bool = False
    id_given_twice: bool = False
    id_used: bool = False

    @property
    def asked_id(self) -> str:
        """The id that was asked for, '' when none was."""
        return self.call.query.get("tunedModelId", "") or self.call.query.get("tuned_model_id", "")

    @property
    def task(self) -> dict[str, Any]:
        return message(self.sent.get("tuningTask"))

    @property
    def hyperparameters(self) -> dict[str, Any]:
        return message(self.task.get("hyperparameters"))

    @property
    def examples(self) -> int:
        """How many training examples were sent."""
        data = message(self.task.get("trainingData"))
        return len(items(message(data.get("examples")).get("examples")))


@dataclass(frozen=True)
class Kept:
    """A tuned model as a get showed it after its create had been answered, untouched, beside what was sent.

    `base` is its base model as the target shows it, if it does. `others` are the display names that other creates sent.
    """

    tuning: Tuning
    model: TunedModel
    base: BaseModel | None
    others: frozenset[str] = frozenset()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.tuning.call.exchange, self.model.exchange


@dataclass(frozen=True)
class Facts:
    """What is known of one tuning: examples as sent, epochs and batch size as shown, steps as told. None: unknown."""

    examples: int | None
    epochs: int | None
    batch: int | None
    total: int | None


@dataclass(frozen=True)
class Snapshots:
    """The snapshots that one answer shows of one tuning. `model` is set where a tuned model shows them."""

    exchange: Exchange
    shown: str
    shots: tuple[dict[str, Any], ...]
    facts: Facts
    model: TunedModel | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def steps(self) -> list[int]:
        """The steps, 0 where none is told (0 is left out)."""
        return [integer(shot.get("step")) or 0 for shot in self.shots]

    @property
    def epochs(self) -> list[int]:
        """The epochs, 0 where none is told (0 is left out)."""
        return [integer(shot.get("epoch")) or 0 for shot in self.shots]


@dataclass(frozen=True)
class SnapshotsChange:
    """The snapshots of one tuning as two answers show them, in real-time order."""

    before: Snapshots
    after: Snapshots

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.after.exchange


@dataclass(frozen=True)
class Progress:
    """An operation that creates a tuned model, with the metadata it shows."""

    operation: Operation
    metadata: dict[str, Any]
    facts: Facts

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.operation.exchanges

    @property
    def name(self) -> str:
        return self.operation.name

    @property
    def owner(self) -> str:
        """The tuned model whose operation it is by its name, '' when the name does not tell."""
        owner = self.name.rpartition("/operations/")[0]
        return owner if owner.startswith("tunedModels/") else ""

    @property
    def total(self) -> int | None:
        return integer(self.metadata.get("totalSteps"))

    @property
    def completed(self) -> int:
        """The steps completed; 0 is left out."""
        return integer(self.metadata.get("completedSteps")) or 0

    @property
    def percent(self) -> float | None:
        percent = self.metadata.get("completedPercent")
        return float(percent) if isinstance(percent, int | float) else None

    @property
    def model_name(self) -> str:
        """The tuned model that the metadata names."""
        return text(self.metadata.get("tunedModel"))


@dataclass(frozen=True)
class ProgressChange:
    """The same operation seen twice in real-time order."""

    before: Progress
    after: Progress

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return *self.before.exchanges, *self.after.exchanges


@dataclass(frozen=True)
class Lag:
    """A tuned model that was seen ACTIVE, and a look at its operation since: the first, or the first late one.

    `resolved`: this look or one before it showed the operation done.
    """

    model: TunedModel
    progress: Progress
    resolved: bool

    @property
    def late(self) -> bool:
        """Whether so much time has passed that the operation does not just lag behind."""
        return self.progress.operation.exchange.sent - self.model.exchange.answered >= LIST_LAG

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.model.exchange, *self.progress.exchanges


@dataclass(frozen=True)
class Result:
    """A done operation, and the first get of its tuned model since; `model` is what that get shows.

    `response` is the model that the operation resolved to, if it shows its name. `tuning` is its create, None where
    a patch may have changed what that sent.
    """

    progress: Progress
    read: Call
    model: TunedModel | None
    response: TunedModel | None = None
    tuning: Tuning | None = None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return *self.progress.exchanges, self.read.exchange
