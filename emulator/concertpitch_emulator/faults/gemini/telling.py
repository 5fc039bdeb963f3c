"""Small ways of telling lies about the Gemini API, shared by the families; it must not know any fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import SECOND
from concertpitch_emulator.gemini.calls import Call
from concertpitch_emulator.gemini.hooks import ModelView
from concertpitch_emulator.gemini.timeline import CREATING

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.records import PermissionRecord

ModelHook = Callable[[dict[str, Any], ModelView], dict[str, Any]]
AnswerHook = Callable[[Any, Call], Any]

CREATE = "tunedModels.create"
GET = "tunedModels.get"
LIST = "tunedModels.list"
PATCH = "tunedModels.patch"
DELETE = "tunedModels.delete"
TRANSFER = "tunedModels.transferOwnership"

# At speed 1.
_A_WHILE = 60 * SECOND


def changed(name: str, change: Callable[[Any], Any]) -> ModelHook:
    """A hook that changes one member of a model or operation where it is present."""

    def hook(shown: dict[str, Any], _view: ModelView) -> dict[str, Any]:
        if name in shown:
            shown[name] = change(shown[name])
        return shown

    return hook


def without(name: str) -> ModelHook:
    """A hook that leaves one member of a model or operation out."""

    def hook(shown: dict[str, Any], _view: ModelView) -> dict[str, Any]:
        shown.pop(name, None)
        return shown

    return hook


def inside(name: str, change: Callable[[dict[str, Any]], None]) -> ModelHook:
    """A hook that changes what a member holds, where it is present (`tuningTask`, `metadata`)."""

    def hook(shown: dict[str, Any], _view: ModelView) -> dict[str, Any]:
        if name in shown:
            change(shown[name])
        return shown

    return hook


def once_created(change: ModelHook) -> ModelHook:
    """The hook, once the model is no longer being created."""

    def hook(shown: dict[str, Any], view: ModelView) -> dict[str, Any]:
        return change(shown, view) if view.phase.state != CREATING else shown

    return hook


def aged(view: ModelView) -> bool:
    """Whether a while has passed since the model was created; until then its honest end can be seen."""
    if view.phase.state == CREATING:
        return False
    return view.call.now >= view.phase.updated + _A_WHILE / view.call.service.config.speed


def later(change: ModelHook) -> ModelHook:
    """The hook, a while after the model was created."""

    def hook(shown: dict[str, Any], view: ModelView) -> dict[str, Any]:
        return change(shown, view) if aged(view) else shown

    return hook


def answering(method: str, change: AnswerHook) -> AnswerHook:
    """The answer hook, for one method only (or the end of its name, `permissions.patch`)."""

    def hook(body: Any, call: Call) -> Any:
        return change(body, call) if call.method.endswith(method) else body

    return hook


def permissions_of(call: Call) -> dict[str, PermissionRecord]:
    """The permissions of the resource that the call is about."""
    parent = call.model or call.corpus
    return parent.permissions if parent is not None else {}
