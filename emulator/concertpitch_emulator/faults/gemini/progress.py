"""Lies about how far a tuning is: steps, epochs, snapshots, and what the operation's metadata says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import SECOND
from concertpitch_emulator.faults.gemini.telling import (
    CREATE,
    ModelHook,
    inside,
)
from concertpitch_emulator.gemini.hooks import Fault, ModelView
from concertpitch_emulator.gemini.rendering import nano_stamp

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call

_NANO = 1_000
Shots = list[dict[str, Any]]


def _of_all(fault: str, lie: str, change: Callable[[Shots], Shots]) -> Fault:
    """A lie about the snapshots, told wherever they are shown."""

    def hook(holder: dict[str, Any]) -> None:
        if "snapshots" in holder:
            holder["snapshots"] = change(holder["snapshots"])

    return Fault(id=fault, lie=lie, model=inside("tuningTask", hook), operation=_in_operation(hook))


def _of_each(fault: str, lie: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Fault:
    return _of_all(fault, lie, lambda shots: [change(shot) for shot in shots])


def _in_operation(change: Callable[[dict[str, Any]], None]) -> ModelHook:
    # The response shows the model, which has been changed already.
    return inside("metadata", change)


def _times_reversed(shots: Shots) -> Shots:
    times = [shot["computeTime"] for shot in reversed(shots)]
    return [{**shot, "computeTime": time} for shot, time in zip(shots, times, strict=True)]


def _epochs_reversed(shots: Shots) -> Shots:
    epochs = [shot.get("epoch", 0) for shot in reversed(shots)]
    return [{**shot, "epoch": epoch} for shot, epoch in zip(shots, epochs, strict=True)]


def _last_beyond(shots: Shots) -> Shots:
    return [*shots[:-1], {**shots[-1], "step": shots[-1]["step"] + 1000}]


def _at(instant: Callable[[ModelView], int]) -> ModelHook:
    """Snapshots of a created model that were all computed at one instant (microseconds)."""

    def hook(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
        for shot in model["tuningTask"].get("snapshots", ()):
            shot["computeTime"] = nano_stamp(instant(view) * _NANO)
        return model

    return hook


def _other_losses(task: dict[str, Any]) -> None:
    for shot in task.get("snapshots", ()):
        shot["meanLoss"] += 1


def _undivided(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    used = view.record.hyperparameters
    operation["metadata"]["totalSteps"] *= used["batchSize"]
    return operation


def _total_changes(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    operation["metadata"]["totalSteps"] += view.phase.steps
    return operation


def _counting_down(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    metadata, total = operation["metadata"], len(view.record.snapshots)
    if "completedSteps" in metadata and not operation.get("done"):
        metadata["completedSteps"] = total - view.phase.steps
        metadata["completedPercent"] = 100 * metadata["completedSteps"] / total
        metadata.pop("snapshots", None)
    return operation


def _stuck(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    """Done, but never to the last step."""
    metadata, total = operation["metadata"], len(view.record.snapshots)
    if metadata.get("completedSteps", 0) == total > 1:
        metadata["completedSteps"] = total - 1
        metadata["completedPercent"] = 100 * (total - 1) / total
        metadata["snapshots"] = metadata["snapshots"][:-1]
    return operation


def _scaled(name: str, change: Callable[[Any], Any]) -> ModelHook:
    def hook(metadata: dict[str, Any]) -> None:
        if name in metadata:
            metadata[name] = change(metadata[name])

    return _in_operation(hook)


def _only_last(metadata: dict[str, Any]) -> None:
    if "snapshots" in metadata:
        metadata["snapshots"] = metadata["snapshots"][-1:]


def _default(name: str, value: Any, unless: str = "") -> Callable[[dict[str, Any], Call], dict[str, Any]]:
    """A draft hook that settles a hyperparameter otherwise than documented."""

    def hook(message: dict[str, Any], call: Call) -> dict[str, Any]:
        if call.method == CREATE:
            sent = message["tuningTask"].setdefault("hyperparameters", {})
            if unless not in sent:
                sent.setdefault(name, value)
        return message

    return hook


_DEFAULTS = (
    Fault(
        id="tuning/default-epochs",
        lie="An epochCount that was not sent is 10.",
        draft=_default("epochCount", 10),
    ),
    Fault(
        id="tuning/default-batch",
        lie="A batchSize that was not sent is 8.",
        draft=_default("batchSize", 8),
    ),
    Fault(
        id="tuning/default-rate",
        lie="A learningRate that was not sent is 0.02.",
        draft=_default("learningRate", 0.02, unless="learningRateMultiplier"),
    ),
)

_SNAPSHOTS = (
    _of_each(
        "tuning/steps-from-zero",
        "The steps of snapshots start from 0.",
        lambda shot: {**shot, "step": shot["step"] - 1},
    ),
    _of_all("tuning/step-missing", "The second snapshot is missing.", lambda shots: shots[:1] + shots[2:]),
    _of_all("tuning/step-beyond-total", "The step of the last snapshot is beyond totalSteps.", _last_beyond),
    _of_all("tuning/snapshots-descend", "The newest snapshot comes first.", lambda shots: shots[::-1]),
    _of_all("tuning/compute-times-fall", "Later steps were computed earlier.", _times_reversed),
    _of_all("tuning/epochs-fall", "Later steps are part of earlier epochs.", _epochs_reversed),
    _of_each(
        "tuning/epoch-beyond-count",
        "Epochs are counted from 2: the last is beyond epochCount.",
        lambda shot: {**shot, "epoch": shot.get("epoch", 0) + 2},
    ),
    Fault(
        id="tuning/computed-before-start",
        lie="The snapshots of a created model were computed before startTime.",
        model=_at(lambda view: view.record.timeline.created - SECOND),
    ),
    Fault(
        id="tuning/computed-after-end",
        lie="The snapshots of a created model were computed after completeTime.",
        model=_at(lambda view: view.phase.updated + SECOND),
    ),
    Fault(
        id="tuning/losses-differ",
        lie="A model shows other losses than its operation.",
        model=inside("tuningTask", _other_losses),
    ),
    Fault(
        id="tuning/active-without-snapshots",
        lie="An ACTIVE model shows no snapshots.",
        model=inside("tuningTask", lambda task: task.pop("snapshots", None)),
    ),
)

_METADATA = (
    Fault(
        id="progress/total-not-divided",
        lie="totalSteps is not divided by the batch size.",
        operation=_undivided,
    ),
    Fault(
        id="progress/total-changes",
        lie="totalSteps grows with the completed steps.",
        operation=_total_changes,
    ),
    Fault(
        id="progress/completed-falls",
        lie="completedSteps is the number of steps that are left.",
        operation=_counting_down,
    ),
    Fault(
        id="progress/completed-beyond-total",
        lie="completedSteps is more than totalSteps.",
        operation=_scaled("completedSteps", lambda steps: steps + 1000),
    ),
    Fault(
        id="progress/ends-early",
        lie="An operation that is done has one step left.",
        operation=_stuck,
    ),
    Fault(
        id="progress/percent-is-fraction",
        lie="completedPercent is a fraction of 1.",
        operation=_scaled("completedPercent", lambda percent: percent / 100),
    ),
    Fault(
        id="progress/percent-of-what-is-left",
        lie="completedPercent falls from 100.",
        operation=_scaled("completedPercent", lambda percent: 100 - percent),
    ),
    Fault(
        id="progress/only-last-snapshot",
        lie="The metadata shows the last snapshot only.",
        operation=_in_operation(_only_last),
    ),
)

FAULTS = (*_DEFAULTS, *_SNAPSHOTS, *_METADATA)
