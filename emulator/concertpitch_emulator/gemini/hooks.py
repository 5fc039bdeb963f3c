"""The points at which a lie about the Gemini API can be told, beside those that every surface has.

It must not know which faults exist.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from concertpitch_emulator import hooks
from concertpitch_emulator.gemini.calls import Call

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.records import ModelRecord, PermissionRecord
    from concertpitch_emulator.gemini.timeline import Phase


@dataclass(frozen=True, slots=True)
class ModelView:
    """A tuned model on its way out: what is stored, the phase shown, and the call it answers."""

    record: ModelRecord
    phase: Phase
    call: Call


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault(hooks.Fault[Call]):
    """One lie about the Gemini API. Hooks keep what they remember in `Call.service.lore` or in a record's `marks`."""

    surface: ClassVar[str] = "gemini"

    model: Callable[[dict[str, Any], ModelView], dict[str, Any]] | None = None
    """A tuned model in any answer."""
    permission: Callable[[dict[str, Any], PermissionRecord, Call], dict[str, Any]] | None = None
    """A permission in any answer."""
    operation: Callable[[dict[str, Any], ModelView], dict[str, Any]] | None = None
    """An operation in any answer."""


class Hooks(hooks.Hooks[Call]):
    """The active faults of the Gemini API."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self._model = [fault.model for fault in faults if fault.model]
        self._permission = [fault.permission for fault in faults if fault.permission]
        self._operation = [fault.operation for fault in faults if fault.operation]

    def model(self, model: dict[str, Any], view: ModelView) -> dict[str, Any]:
        if self._model:
            # Answers share parts with what is stored.
            model = copy.deepcopy(model)
        for hook in self._model:
            model = hook(model, view)
        return model

    def permission(self, permission: dict[str, Any], record: PermissionRecord, call: Call) -> dict[str, Any]:
        for hook in self._permission:
            permission = hook(permission, record, call)
        return permission

    def operation(self, operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
        if self._operation:
            operation = copy.deepcopy(operation)
        for hook in self._operation:
            operation = hook(operation, view)
        return operation
