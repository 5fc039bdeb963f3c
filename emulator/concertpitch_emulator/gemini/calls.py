"""A request of the Gemini API on its way through the emulator; it must not know any HTTP framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_emulator import calls

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.records import CorpusRecord, ModelRecord, PermissionRecord
    from concertpitch_emulator.gemini.service import GeminiService


@dataclass(slots=True)
class Call(calls.Call):
    """A routed request; `caller` is an e-mail address, what follows is filled in on the way."""

    service: GeminiService
    caller: str
    model: ModelRecord | None = None
    corpus: CorpusRecord | None = None
    permission: PermissionRecord | None = None
