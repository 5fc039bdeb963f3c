"""`models.get` and `models.list`: the base models as the service answers them; it must not know HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.errors import not_found
from concertpitch_emulator.gemini.base_models import BASE_MODELS, BY_NAME

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.service import GeminiService

_DEFAULT_PAGE_SIZE = 50


class CatalogueService:
    """`models` get and list."""

    def __init__(self, models: GeminiService) -> None:
        self._models = models

    def get(self, call: Call) -> dict[str, Any]:
        name = f"models/{call.path['base']}"
        model = BY_NAME.get(name)
        if model is None:
            raise not_found(f"Model {name[:300]} does not exist.", "unknown-model")
        return dict(model.body)

    def list_models(self, call: Call) -> dict[str, Any]:
        """One page of the base models."""
        asked = self._models.window(call, "models", _DEFAULT_PAGE_SIZE)
        models = self._models.hooks.collection(list(BASE_MODELS), call)
        page = self._models.hooks.page(paging.ascending(models, asked), asked, call)
        return self._models.page("models", [dict(model.body) for model in page.items], page, "models")
