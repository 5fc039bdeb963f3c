"""Lies about what a tuned model shows: members missing, changed, invented or lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import HOUR, SECOND, stamp
from concertpitch_emulator.faults.gemini.telling import (
    CREATE,
    ModelHook,
    answering,
    changed,
    inside,
    later,
    once_created,
)
from concertpitch_emulator.gemini.hooks import Fault, ModelView

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call

_COLUMN = 100
Draft = Callable[[dict[str, Any], "Call"], dict[str, Any]]


def _dropping(name: str) -> Draft:
    """A draft hook that loses a member on its way into the store."""

    def hook(message: dict[str, Any], call: Call) -> dict[str, Any]:
        return {key: value for key, value in message.items() if key != name or call.method != CREATE}

    return hook


def _cut(message: dict[str, Any], call: Call) -> dict[str, Any]:
    return {**message, "description": message["description"][:_COLUMN]} if call.method == CREATE else message


def _rounded_rate(message: dict[str, Any], call: Call) -> dict[str, Any]:
    hyper = message["tuningTask"].get("hyperparameters", {}) if call.method == CREATE else {}
    if "learningRate" in hyper:
        hyper["learningRate"] = round(hyper["learningRate"], 4)
    return message


def _remember_data(message: dict[str, Any], call: Call) -> dict[str, Any]:
    if call.method == CREATE:
        call.marks["data"] = message["tuningTask"].get("trainingData", {})
    return message


def _keep_data(body: Any, call: Call) -> Any:
    if call.model is not None:
        call.model.marks["data"] = call.marks.get("data", {})
    return body


def _show_data(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    model["tuningTask"]["trainingData"] = view.record.marks.get("data", {})
    return model


def _both_sources(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return {**model, "baseModel": view.record.base_model}


def _both_rates(task: dict[str, Any]) -> None:
    if "learningRateMultiplier" in task["hyperparameters"]:
        task["hyperparameters"]["learningRate"] = 0.002


def _own_temperature(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return model if "temperature" in view.record.settings else {**model, "temperature": 0.123}


def _zero_lost(model: dict[str, Any], _view: ModelView) -> dict[str, Any]:
    return {name: value for name, value in model.items() if value != 0}


def _in_the_night(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return {**model, "createTime": stamp(view.record.timeline.created - 12 * HOUR)}


def _earlier_create(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return {**model, "createTime": stamp(view.record.timeline.created - SECOND)}


def _falling_update(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return {**model, "updateTime": stamp(view.record.timeline.created)}


def _update_before_create(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return {**model, "updateTime": stamp(view.record.timeline.created - SECOND)}


def _hyper(name: str, change: Callable[[Any], Any]) -> ModelHook:
    def hook(task: dict[str, Any]) -> None:
        used = task["hyperparameters"]
        if name in used:
            used[name] = change(used[name])

    return inside("tuningTask", hook)


FAULTS = (
    Fault(
        id="model/training-data-shown",
        lie="A tuned model shows its training data.",
        draft=_remember_data,
        answer=answering(CREATE, _keep_data),
        model=_show_data,
    ),
    Fault(
        id="model/both-sources",
        lie="A model tuned from a tuned model has a baseModel too.",
        model=lambda model, view: _both_sources(model, view) if "tunedModelSource" in model else model,
    ),
    Fault(
        id="tuning/both-learning-rates",
        lie="Beside a learningRateMultiplier that was sent there is a learningRate.",
        model=inside("tuningTask", _both_rates),
    ),
    Fault(
        id="tuning/epochs-change",
        lie="The epochCount shown is doubled once the model is created.",
        also=("tuning-operation/total-steps-follow",),
        model=once_created(_hyper("epochCount", lambda count: 2 * count)),
    ),
    Fault(
        id="model/base-model-changes",
        lie="The baseModel is a later version once the model is created.",
        model=once_created(changed("baseModel", lambda name: f"{name}-002")),
    ),
    Fault(
        id="model/other-default-temperature",
        lie="A temperature that was not sent is not the base model's.",
        model=_own_temperature,
    ),
    Fault(
        id="model/created-twelve-hours-ago",
        lie="createTime is on a clock of twelve hours, and in the night.",
        model=_in_the_night,
    ),
    Fault(
        id="model/temperature-rounded",
        lie="A temperature is shown with one digit after the point.",
        model=changed("temperature", lambda value: round(value, 1)),
    ),
    Fault(
        id="model/zero-top-p-lost",
        lie="A topP of 0 is not shown.",
        model=lambda model, _view: {name: value for name, value in model.items() if name != "topP" or value},
    ),
    Fault(id="model/zero-lost", lie="A topK or temperature of 0 is not shown.", model=_zero_lost),
    Fault(
        id="model/display-name-lost",
        lie="A display name that was sent is not kept.",
        draft=_dropping("displayName"),
    ),
    Fault(
        id="model/display-name-changes",
        lie="The display name is in capitals once the model is created.",
        also=("patch/together",),
        model=once_created(changed("displayName", str.upper)),
    ),
    Fault(
        id="model/description-lost",
        lie="A description that was sent is not kept.",
        draft=_dropping("description"),
    ),
    Fault(
        id="model/description-cut",
        lie="A description is kept up to a hundred characters.",
        draft=lambda message, call: _cut(message, call) if "description" in message else message,
    ),
    Fault(
        id="tuning/rate-rounded",
        lie="A learningRate is kept with four digits after the point.",
        draft=_rounded_rate,
    ),
    Fault(
        id="model/reader-projects-lost",
        lie="The readerProjectNumbers that were sent are not kept.",
        draft=_dropping("readerProjectNumbers"),
    ),
    Fault(
        id="model/create-time-moves",
        lie="createTime is a second earlier once the model is created.",
        model=once_created(_earlier_create),
    ),
    Fault(
        id="model/update-time-falls",
        lie="updateTime is that of the creation again a while after the end.",
        model=later(_falling_update),
    ),
    Fault(
        id="model/update-before-create",
        lie="updateTime is before createTime.",
        model=_update_before_create,
    ),
)
