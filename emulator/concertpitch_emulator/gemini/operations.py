"""The operations that create tuned models: one a model, done when the model is ACTIVE or FAILED.

It must not know HTTP. Source of the forms: google/longrunning/operations.proto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.bodies import empty_body
from concertpitch_emulator.errors import not_found
from concertpitch_emulator.filters import compile_filter
from concertpitch_emulator.gemini.records import READER, WRITER, ModelRecord
from concertpitch_emulator.gemini.timeline import CREATING

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.service import GeminiService

_DEFAULT_PAGE_SIZE = 100


class OperationsService:
    """`tunedModels.operations` get, list and cancel."""

    def __init__(self, models: GeminiService) -> None:
        self._models = models

    def get(self, call: Call) -> dict[str, Any]:
        return self._models.show_operation(self._model(call, READER), call)

    def list_operations(self, call: Call) -> dict[str, Any]:
        """One page of the operations of a tuned model, of which there is one."""
        record = self._models.model(call, READER)
        text = call.query.get("filter", "")
        scope = f"operations {record.name} {text}"
        asked = self._models.window(call, scope, _DEFAULT_PAGE_SIZE)
        test = compile_filter(text, frozenset({"done"}))
        wanted = None if test is None else lambda model: test({"done": str(self._done(model, call)).lower()})
        page = self._models.hooks.page(paging.ascending([record], asked, wanted), asked, call)
        shown = [self._models.show_operation(model, call) for model in page.items]
        return self._models.page("operations", shown, page, scope)

    def cancel(self, call: Call) -> dict[str, Any]:
        """Ask the tuning to stop; best effort: what is done stays as it is."""
        record = self._model(call, WRITER)
        empty_body(call)
        record.timeline.cancel(call.now)
        return {}

    def _model(self, call: Call, role: str) -> ModelRecord:
        record = self._models.model(call, role)
        if call.path["operation"] != record.operation_id:
            name = f"{record.name}/operations/{call.path['operation']}"
            raise not_found(f"Operation {name[:300]} does not exist.", "unknown-operation")
        return record

    def _done(self, record: ModelRecord, call: Call) -> bool:
        return record.timeline.at(call.now).state != CREATING
