"""The points at which a lie about Vertex can be told, beside those that every surface has.

It must not know which faults exist.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from concertpitch_emulator import hooks
from concertpitch_emulator.vertex.calls import Call

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.records import JobRecord, OperationRecord
    from concertpitch_emulator.vertex.timeline import Phase


@dataclass(frozen=True, slots=True)
class JobView:
    """A job on its way out: what is stored, the phase shown, the instant, and the call it answers."""

    record: JobRecord
    phase: Phase
    now: int
    call: Call


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault(hooks.Fault[Call]):
    """One lie about Vertex. Hooks keep what they remember in `Call.service.lore` or in the `marks` of a record."""

    surface: ClassVar[str] = "vertex"

    job: Callable[[dict[str, Any], JobView], dict[str, Any]] | None = None
    """A job in any answer."""
    operation: Callable[[dict[str, Any], OperationRecord, Call], dict[str, Any]] | None = None
    """An operation in any answer."""


class Hooks(hooks.Hooks[Call]):
    """The active faults of Vertex."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self._job = [fault.job for fault in faults if fault.job]
        self._operation = [fault.operation for fault in faults if fault.operation]

    def job(self, job: dict[str, Any], view: JobView) -> dict[str, Any]:
        if self._job:
            # Answers share parts with what is stored.
            job = copy.deepcopy(job)
        for hook in self._job:
            job = hook(job, view)
        return job

    def operation(self, operation: dict[str, Any], record: OperationRecord, call: Call) -> dict[str, Any]:
        for hook in self._operation:
            operation = hook(operation, record, call)
        return operation
