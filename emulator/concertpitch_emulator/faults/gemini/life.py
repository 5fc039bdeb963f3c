"""Lies about how a tuned model's state moves, and the times of its tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import SECOND, stamp
from concertpitch_emulator.faults.gemini.telling import (
    CREATE,
    ModelHook,
    aged,
    answering,
    changed,
    inside,
    later,
    once_created,
)
from concertpitch_emulator.gemini.hooks import Fault, ModelView
from concertpitch_emulator.gemini.rendering import nano_stamp
from concertpitch_emulator.gemini.timeline import ACTIVE, CREATING, FAILED

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call

_NEVER = 10 * 365 * 86_400 * SECOND
_NANO = 1_000


def _creating(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    """The model as if it were still being created."""
    task = {name: value for name, value in model["tuningTask"].items() if name not in {"completeTime", "snapshots"}}
    return {**model, "state": CREATING, "updateTime": stamp(view.record.timeline.created), "tuningTask": task}


def _back(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    # updateTime stays: that it falls would be a second lie.
    creating = {**_creating(model, view), "updateTime": model["updateTime"]}
    return creating if view.phase.state == ACTIVE and aged(view) else model


def _until_polled(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if view.call.method.endswith("operations.get") and view.phase.state != CREATING:
        view.record.marks["polled"] = True
    return model if "polled" in view.record.marks or view.phase.state == FAILED else _creating(model, view)


def _never_ends(body: Any, call: Call) -> Any:
    if call.model is not None:
        timeline = call.model.timeline
        timeline.ended = call.now + _NEVER
        timeline.steps = [instant + _NEVER for instant in timeline.steps]
    return body


def _behind(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    shown = view.call.method.startswith(("tunedModels.get", "tunedModels.list"))
    return _creating(model, view) if shown and view.phase.state != CREATING and not aged(view) else model


def _ahead(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    one = view.record.settings.get("displayName") == "20261106"
    return {**model, "state": ACTIVE} if one and view.phase.state == CREATING and view.phase.steps else model


def _start_before_create(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if "startTime" in model["tuningTask"]:
        model["tuningTask"]["startTime"] = nano_stamp((view.record.timeline.created - SECOND) * _NANO)
    return model


def _later_start(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    started, steps = view.phase.started, view.record.timeline.steps
    if started is not None and steps:
        model["tuningTask"]["startTime"] = nano_stamp((started + steps[0]) // 2)
    return model


def _complete_before_start(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if "completeTime" in model["tuningTask"]:
        model["tuningTask"]["completeTime"] = stamp(view.record.timeline.created)
    return model


def _complete_early(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if view.phase.state == CREATING and view.phase.started is not None:
        model["tuningTask"]["completeTime"] = stamp(view.record.timeline.ended)
    return model


def _complete_moves(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if view.phase.completed is not None:
        model["tuningTask"]["completeTime"] = stamp(view.phase.completed + 1)
    return model


def _state_of(state: str, shown: str) -> ModelHook:
    return changed("state", lambda value: shown if value == state else value)


FAULTS = (
    Fault(
        id="model/active-creates-again",
        lie="An ACTIVE model is being created again after a while.",
        also=("tuned-model/ends-unpolled", "tuned-model/is-created", "tuning-operation/done-model-has-ended"),
        model=_back,
    ),
    Fault(
        id="model/failed-becomes-active",
        lie="A FAILED model is ACTIVE after a while.",
        also=("tuning-operation/failed-model-is-not-active", "snapshot/every-step-when-active"),
        model=later(_state_of(FAILED, ACTIVE)),
    ),
    Fault(
        id="model/never-ends",
        lie="A model is being created for ever.",
        answer=answering(CREATE, _never_ends),
    ),
    Fault(
        id="model/waits-for-a-poller",
        lie="A model is ACTIVE only once somebody has read its done operation.",
        model=_until_polled,
    ),
    Fault(
        id="model/behind-its-operation",
        lie="For a while after its operation is done a model is still being created.",
        model=_behind,
    ),
    Fault(
        id="model/ahead-of-its-operation",
        lie="One model is ACTIVE while its operation is not done.",
        model=_ahead,
    ),
    Fault(
        id="model/state-of-another-api",
        lie="A model that is being created is in the state JOB_STATE_RUNNING.",
        model=_state_of(CREATING, "JOB_STATE_RUNNING"),
    ),
    Fault(
        id="tuning/active-without-start-time",
        lie="The tuning of an ACTIVE model has no startTime.",
        model=once_created(inside("tuningTask", lambda task: task.pop("startTime", None))),
    ),
    Fault(
        id="tuning/active-without-complete-time",
        lie="The tuning of an ACTIVE model has no completeTime.",
        model=inside("tuningTask", lambda task: task.pop("completeTime", None)),
    ),
    Fault(
        id="tuning/complete-while-creating",
        lie="A model that is being created has a completeTime.",
        model=_complete_early,
    ),
    Fault(
        id="tuning/starts-before-create",
        lie="startTime is before createTime.",
        model=_start_before_create,
    ),
    Fault(
        id="tuning/completes-before-start",
        lie="completeTime is before startTime.",
        model=_complete_before_start,
    ),
    Fault(
        id="tuning/start-time-moves",
        lie="startTime is later once the model is created.",
        model=once_created(_later_start),
    ),
    Fault(
        id="tuning/complete-time-moves",
        lie="completeTime is later a while after the end.",
        model=later(_complete_moves),
    ),
)
