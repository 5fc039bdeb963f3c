"""The methods of the Gemini API's tuning, and a memory of the tuned models and corpora the run made.

Rule 1: what the run makes is remembered until it is deleted, so that the run can clean up after itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from concertpitch.defaults import TUNABLE_MODEL
from concertpitch.exchange import Exchange
from concertpitch.lab import Lab
from concertpitch.protojson import items, message, text
from concertpitch.subjects.gemini.models import ENDED

_OK, _FORBIDDEN = 200, 403
_GONE = frozenset({404, 410})
_UNSERVED = frozenset({404, 405, 501})
_TUNABLE = "createTunedModel"


@dataclass
class Made:
    """A tuned model of this run, the last state an answer showed, and the operation that creates it.

    `derived`: it goes on from another tuned model of this run, the one of that id. `given_up`: it did not end while the
    run waited for it, or cannot be read.
    """

    model_id: str
    operation: str = ""
    state: str = ""
    deleted: bool = False
    given_away: bool = False
    derived: str = ""
    given_up: bool = False

    @property
    def name(self) -> str:
        return f"tunedModels/{self.model_id}"

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass
class GeminiLab(Lab):
    """A lab that knows tuned models."""

    made: dict[str, Made] = field(default_factory=dict)
    corpora: list[str] = field(default_factory=list)
    unsure: int = 0
    """Creates that were sent and whose answer was not seen: they may have made a model all the same."""
    base_model: str = ""
    """The base model of what the run creates; set by `choose_base_model`."""
    other_base_model: str = "models/another-model-001"
    """Another one, listed as tunable too where there is one."""
    at_v1: bool = False
    """Whether operations are read at v1, because the surface's own version does not serve them."""
    serves_operations: bool = False
    """Whether the surface's own version has served one."""

    @property
    def mark(self) -> str:
        """What stands in the description of everything that the run creates."""
        return f"concertpitch-run-{self.run_id}"

    def choose_base_model(self) -> None:
        """The base model asked for, or the first that is listed as tunable, or the default."""
        self.base_model = self.settings.base_model or TUNABLE_MODEL
        for page in () if self.settings.base_model else self.walk("models", probe="catalogue", limit=20):
            listed = [message(item) for item in items(message(page.answer.value).get("models"))]
            tunable = [
                name
                for one in listed
                if _TUNABLE in items(one.get("supportedGenerationMethods"))
                and (name := text(one.get("name"))).startswith("models/")
            ]
            if tunable:
                self.base_model = tunable[0] if TUNABLE_MODEL not in tunable else TUNABLE_MODEL
                self.other_base_model = next((one for one in tunable if one != self.base_model), self.other_base_model)
                return

    def create(
        self,
        body: Any,
        *,
        probe: str,
        model_id: str = "",
        mark: bool = True,
        stranger: Mapping[str, str] | None = None,
    ) -> Exchange | None:
        """Create a tuned model, marked with the run; None when the budget is spent. `body` may be bytes."""
        if not self.take():
            return None
        if mark and isinstance(body, dict) and isinstance(body.get("description", ""), str):
            body = body | {"description": f"{body.get('description', '')} {self.mark}".strip()}
        with self.lock:
            self.unsure += 1
        query = {"tunedModelId": model_id} if model_id else None
        exchange = self.send("POST", "tunedModels", probe=probe, query=query, body=body, stranger=stranger)
        if not self.remember(exchange):
            self.give_back()
        with self.lock:  # last, for an interruption on the way must not lose the model
            self.unsure -= exchange.status is not None
        return exchange

    def remember(self, exchange: Exchange) -> bool:
        """Note a tuned model that an answer shows was made; whether there was one."""
        body = message(exchange.answer.value)
        name = text(body.get("name"))
        told = text(message(body.get("metadata")).get("tunedModel")) or text(message(body.get("response")).get("name"))
        owner = name.rpartition("operations/")[0].rstrip("/") if "operations/" in name else name
        model_id = (owner or told).rpartition("/")[2]
        if exchange.status is None or exchange.status >= 300 or not model_id:  # noqa: PLR2004 - no success
            return False
        with self.lock:
            if model_id not in self.made or self.made[model_id].deleted:
                self.made[model_id] = Made(model_id, name if "operations/" in name else "")
        return True

    def get(self, model_id: str, *, probe: str, query: Mapping[str, str] | None = None) -> Exchange:
        exchange = self.send("GET", f"tunedModels/{quote(model_id)}", probe=probe, query=query)
        made = self.made.get(model_id)
        if made and exchange.status == _OK:
            made.state = text(message(exchange.answer.value).get("state"))
        return exchange

    def patch(self, model_id: str, body: Any, *, probe: str, mask: str | None = None) -> Exchange:
        query = None if mask is None else {"updateMask": mask}
        return self.send("PATCH", f"tunedModels/{quote(model_id)}", probe=probe, query=query, body=body)

    def delete(self, model_id: str, *, probe: str, body: Any = None) -> Exchange:
        exchange = self.send("DELETE", f"tunedModels/{quote(model_id)}", probe=probe, body=body)
        made = self.made.get(model_id)
        if made and (exchange.status == _OK or exchange.status in _GONE):
            made.deleted = True
        return exchange

    def operation(self, name: str, *, probe: str, at_v1: bool = False) -> Exchange:
        """Read an operation, at v1 if the surface's own version has turned out to serve none."""
        if not (at_v1 or self.at_v1):
            exchange = self.send("GET", name, probe=probe)
            self.serves_operations |= exchange.status not in _UNSERVED
            if self.serves_operations:
                return exchange
            self.at_v1 = True
        return self.transport.send("GET", f"/v1/{name}", probe=probe)

    def page(self, collection: str, *, probe: str, **query: str) -> Exchange:
        return self.send("GET", collection, probe=probe, query=query)

    def walk(self, collection: str, *, probe: str, limit: int, **query: str) -> list[Exchange]:
        """Follow a list from its first page by its tokens, at most `limit` pages and until a token comes again."""
        pages, seen = [self.page(collection, probe=probe, **query)], set()
        while len(pages) < limit and pages[-1].status == _OK:
            token = text(message(pages[-1].answer.value).get("nextPageToken"))
            if not token or token in seen:
                break
            seen.add(token)
            pages.append(self.page(collection, probe=probe, **query, pageToken=token))
        return pages

    # ---- what the run made

    def ids(self) -> list[str]:
        """The tuned models of this run that it did not delete, oldest first."""
        return [made.model_id for made in self.made.values() if not made.deleted and not made.given_away]

    def active(self) -> list[str]:
        """Those of them that are ready to be used."""
        return [model_id for model_id in self.ids() if self.made[model_id].state == "ACTIVE"]

    def await_rest(self, *, probe: str) -> None:
        """Wait for what the run made to end, at most the patience: lists and filters are judged on what rests."""
        deadline = time.monotonic() + self.settings.patience
        for made in [self.made[model_id] for model_id in self.ids()]:
            while not (made.ended or made.given_up):
                self.get(made.model_id, probe=probe)
                if not made.state or time.monotonic() >= deadline:
                    made.given_up = True
                elif not made.ended:
                    self.sleep(self.settings.pause)

    def clean_up(self) -> list[str]:
        """Delete what the run made; the names of what may be left over.

        A model that was given away is its new owner's: where the target does not let this run delete it, it stays.
        """
        if self.unsure:
            self._find_lost()
        deadline = time.monotonic() + max(5.0, 20 * self.settings.pause)
        for name in self.corpora:
            self.send("DELETE", name, probe="cleanup", query={"force": "true"})
        waiting, kept = [made for made in self.made.values() if not made.deleted], []
        while True:
            for made in waiting:
                exchange = self.delete(made.model_id, probe="cleanup")
                if made.given_away and exchange.status == _FORBIDDEN:
                    kept.append(made)
            waiting = [made for made in waiting if not made.deleted and made not in kept]
            if not waiting or time.monotonic() > deadline:
                return [made.name for made in (*kept, *waiting)]
            self.sleep(self.settings.pause)

    def _find_lost(self) -> None:
        """Remember the models of this run, known by their mark, whose create was not answered."""
        for page in self.walk("tunedModels", probe="cleanup", limit=100, pageSize="100"):
            for model in map(message, items(message(page.answer.value).get("tunedModels"))):
                model_id = text(model.get("name")).rpartition("/")[2]
                if model_id and self.mark in text(model.get("description")):
                    self.made.setdefault(model_id, Made(model_id))
