"""Calls -> the tuned models and base models they show, and the same one seen twice in real-time order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from concertpitch.protojson import items, message, text
from concertpitch.reading.sights import pairs_of
from concertpitch.schema import Node, Schemas, read_answer
from concertpitch.subjects import LIST_LAG, Call
from concertpitch.subjects.gemini import BaseModel, BaseModelSameness, Life, ModelChange, ModelSameness, TunedModel

CREATE, PATCH, DELETE = "tunedModels.create", "tunedModels.patch", "tunedModels.delete"


def last_segment(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


def tuned_models_of(calls: Iterable[Call], schemas: Schemas) -> list[TunedModel]:
    """Every tuned model that a get, a list or the response of an operation shows, in the order the requests left.

    A get that shows another model than the one asked for is left out: it says nothing of either.
    """
    found = []
    for call in calls:
        for source, node, body in _shown(call, schemas):
            named = last_segment(text(body.get("name")))
            asked = call.path["tunedModelsId"] if source == "get" else named
            if named in {asked, ""}:
                found.append(TunedModel(call.exchange, source, asked, read_answer(schemas, node, body)))
    return found


def _shown(call: Call, schemas: Schemas) -> Iterator[tuple[str, Node, dict[str, Any]]]:
    body = message(call.exchange.answer.value)
    if not call.succeeded or not body:
        return
    if call.method == "tunedModels.get":
        yield "get", call.route.response, body
    elif call.method == "tunedModels.list":
        of = schemas.node(schemas.members(call.route.response)["tunedModels"].schema["items"])
        for item in items(body.get("tunedModels")):
            yield "list", of, message(item)
    elif call.method == CREATE or call.method.endswith("operations.get"):
        response = message(body.get("response"))
        node = schemas.packed(response.get("@type"))
        if node and node.name.endswith("TunedModel") and text(response.get("name")):
            yield "response", node, {name: value for name, value in response.items() if name != "@type"}


def by_key(models: Iterable[TunedModel], twice: frozenset[str]) -> dict[str, list[TunedModel]]:
    """Models with an id, grouped, in the order they were read; without ids that were given to two models."""
    grouped: dict[str, list[TunedModel]] = defaultdict(list)
    for model in models:
        if model.key and model.key not in twice:
            grouped[model.key].append(model)
    return grouped


def model_changes_of(
    grouped: dict[str, list[TunedModel]], calls: list[Call], mine: frozenset[str]
) -> Iterator[ModelChange]:
    """Each sighting of a model of this run with the latest one before it; others' models others may change."""
    patches = defaultdict(list)
    for call in calls:
        if call.method == PATCH:
            patches[call.path["tunedModelsId"]].append(call.exchange)
    for key, sightings in grouped.items():
        own = [one for one in sightings if one.source != "response"] if key in mine else []
        for before, after in pairs_of(own):
            if after.source == "list" and after.exchange.sent - before.exchange.answered < LIST_LAG:
                continue
            touched = any(
                patch.sent < after.exchange.answered and patch.answered > before.exchange.sent for patch in patches[key]
            )
            yield ModelChange(before, after, touched)


def model_sameness_of(grouped: dict[str, list[TunedModel]], calls: list[Call]) -> Iterator[ModelSameness]:
    """The last listing of each ended model between two gets of it, both in the same state and nothing patched."""
    patched = defaultdict(list)
    for call in calls:
        if call.method == PATCH:
            patched[call.path["tunedModelsId"]].append(call.exchange)
    for key, sightings in grouped.items():
        reads = [model for model in sightings if model.source == "get" and model.ended]
        for listed in (model for model in reversed(sightings) if model.source == "list" and reads):
            before = next((model for model in reversed(reads) if model.exchange.before(listed.exchange)), None)
            after = next((model for model in reads if listed.exchange.before(model.exchange)), None)
            if before and after and before.state == after.state:
                began, ended = before.exchange.sent, after.exchange.answered
                if not any(patch.sent < ended and patch.answered > began for patch in patched[key]):
                    yield ModelSameness(before, listed, after)
                    break


def lives_of(grouped: dict[str, list[TunedModel]], calls: list[Call], mine: frozenset[str]) -> Iterator[Life]:
    """The life of every model that this run made."""
    polled = {call.path.get("tunedModelsId", "") for call in calls if ".operations." in call.method}
    written = {call.path.get("tunedModelsId", "") for call in calls if call.exchange.method in {"PATCH", "POST"}}
    read = {key: [one for one in sightings if one.source == "get"] for key, sightings in grouped.items() if key in mine}
    ours = {key: sightings for key, sightings in read.items() if sightings}
    paces = [
        first.exchange.sent - sightings[0].exchange.sent
        for sightings in ours.values()
        if (first := next((model for model in sightings if model.ended), None))
    ]
    for key, sightings in ours.items():
        yield Life(tuple(sightings), key in polled, max(paces, default=None), key in written)


def base_models_of(calls: Iterable[Call], schemas: Schemas) -> list[BaseModel]:
    """Every base model that a get or a list shows."""
    found: list[BaseModel] = []
    for call in calls:
        body = message(call.exchange.answer.value)
        source = call.method.removeprefix("models.")
        if not call.succeeded or not body or call.method not in {"models.get", "models.list"}:
            continue
        node = call.route.response
        if source == "list":
            node = schemas.node(schemas.members(node)["models"].schema["items"])
        shown = [body] if source == "get" else map(message, items(body.get("models")))
        found.extend(
            BaseModel(call.exchange, source, text(one.get("name")), read_answer(schemas, node, one)) for one in shown
        )
    return found


def base_model_sameness_of(models: list[BaseModel]) -> Iterator[BaseModelSameness]:
    """Each get of a base model with a listing of it."""
    listed = {model.key: model for model in models if model.source == "list"}
    for model in models:
        if model.source == "get" and model.key in listed:
            yield BaseModelSameness(listed[model.key], model)
