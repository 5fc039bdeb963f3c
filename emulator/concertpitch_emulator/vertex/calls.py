"""A request of Vertex on its way through the emulator; it must not know any HTTP framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_emulator import calls

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.records import JobRecord, OperationRecord
    from concertpitch_emulator.vertex.service import TuningService


@dataclass(slots=True)
class Call(calls.Call):
    """A routed request; `job` and `operation` are filled in on the way, for the faults to see."""

    service: TuningService
    job: JobRecord | None = None
    operation: OperationRecord | None = None
