"""google-genai at the Gemini API: `genai_gemini.py sync|async`, with 3.4 or with 1.10."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from common import BATCH_SIZE, EPOCHS, EXAMPLES, TUNABLE_MODEL, failure, model_facts, settle, tell
from google.genai import types
from snippet import carrying, client

CARRIES = "extra_body" in types.HttpOptions.model_fields
"""Whether examples need carrying, and can be: 1.10 sends them by itself."""


class Models:
    def __init__(self, calls: Any) -> None:
        self.models, self.tunings = calls.models, calls.tunings

    def create(self, examples: list[tuple[str, str]]) -> str:
        return settle(self.tune(examples, **({"http_options": carrying(examples)} if CARRIES else {}))).name

    def tune(self, examples: list[tuple[str, str]], **config: Any) -> Any:
        pairs = [types.TuningExample(text_input=text, output=output) for text, output in examples]
        return self.tunings.tune(
            base_model=TUNABLE_MODEL,
            training_dataset=types.TuningDataset(examples=pairs),
            config={"epoch_count": EPOCHS, "batch_size": BATCH_SIZE, "tuned_model_display_name": "tuned", **config},
        )

    def read(self, name: str) -> str:
        return settle(self.tunings.get(name=name)).state.value

    def pages(self, size: int) -> list[list[str]]:
        pager = settle(self.models.list(config={"page_size": size, "query_base": False}))
        found = []
        while True:
            found.append([model.name for model in pager.page])
            try:
                settle(pager.next_page())
            except IndexError:
                return found

    def page(self, token: str) -> object:
        return settle(self.models.list(config={"page_token": token, "query_base": False}))

    def describe(self, name: str, text: str) -> str:
        settle(self.models.update(model=name, config={"description": text}))
        return settle(self.models.get(model=name)).description

    def delete(self, name: str) -> object:
        return settle(self.models.delete(model=name))

    def dropped(self, _name: str) -> list[Any]:
        """The examples given as the library's documentation says."""
        return failure(lambda: settle(self.tune(EXAMPLES)))

    def cancelled(self, name: str) -> list[Any]:
        return failure(lambda: settle(self.tunings.cancel(name=name)))

    def tunings_listed(self, _name: str) -> list[Any]:
        """How many tuned models a walk over all tunings shows, or what it ends in."""
        found: list[int] = []
        refused = failure(lambda: found.append(len(settle(everything(self.tunings)))))
        return found or refused


def everything(tunings: Any) -> Any:
    listed = tunings.list(config={"page_size": 3})
    return gathered(listed) if inspect.isawaitable(listed) else list(listed)


async def gathered(listed: Any) -> list[Any]:
    return [each async for each in await listed]


models = Models(client if sys.argv[1] == "sync" else client.aio)
tell(model_facts(models, *(["dropped", "cancelled"] if CARRIES else []), "tunings_listed"))
