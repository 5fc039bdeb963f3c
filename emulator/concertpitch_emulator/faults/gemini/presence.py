"""Lies by leaving out: members of models, snapshots, operations and permissions that are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator.faults.gemini.telling import ModelHook, inside, without
from concertpitch_emulator.gemini.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.records import PermissionRecord


def _within(outer: str, inner: str) -> ModelHook:
    """A hook that leaves out a member of a member."""
    return inside(outer, lambda holder: holder.pop(inner, None))


def _stepless(holder: dict[str, Any]) -> None:
    for shot in holder.get("snapshots", ()):
        shot.pop("step", None)


def _of_model(fault: str, lie: str, hook: ModelHook) -> Fault:
    return Fault(id=fault, lie=lie, model=hook)


def _of_operation(fault: str, lie: str, hook: ModelHook) -> Fault:
    return Fault(id=fault, lie=lie, operation=hook)


def _of_permission(fault: str, lie: str, name: str) -> Fault:
    def hook(shown: dict[str, Any], _record: PermissionRecord, _call: Call) -> dict[str, Any]:
        return {key: value for key, value in shown.items() if key != name}

    return Fault(id=fault, lie=lie, permission=hook)


FAULTS = (
    Fault(
        id="tuning/no-step",
        lie="Snapshots do not show their step.",
        model=inside("tuningTask", _stepless),
        operation=inside("metadata", _stepless),
    ),
    _of_model(
        "tuning/no-hyperparameters",
        "The hyperparameters used are not shown.",
        _within("tuningTask", "hyperparameters"),
    ),
    _of_model("model/no-task", "A tuned model has no tuningTask.", without("tuningTask")),
    _of_model("model/no-state", "A tuned model has no state.", without("state")),
    _of_model("model/no-create-time", "A tuned model has no createTime.", without("createTime")),
    _of_model("model/no-name", "Tuned models are shown without a name.", without("name")),
    _of_operation("lro/no-type", "The metadata has no @type.", _within("metadata", "@type")),
    _of_operation(
        "lro/no-tuned-model",
        "The metadata does not name the tuned model.",
        _within("metadata", "tunedModel"),
    ),
    _of_operation("lro/no-metadata", "Operations have no metadata.", without("metadata")),
    _of_operation("lro/no-name", "Operations have no name.", without("name")),
    _of_permission("permission/no-name", "Permissions do not show their name.", "name"),
    _of_permission("permission/role-lost", "Permissions do not show their role.", "role"),
)
