"""Calls -> creates of tuned models, their progress and snapshots, and what came of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import integer, items, message, text
from concertpitch.reading.creates import creates_of
from concertpitch.reading.gemini.models import CREATE, DELETE, PATCH, last_segment
from concertpitch.reading.sights import pairs_of
from concertpitch.schema import Schemas, read_answer
from concertpitch.subjects import Call, Create, Operation
from concertpitch.subjects.gemini import (
    BaseModel,
    Facts,
    Kept,
    Lag,
    Progress,
    ProgressChange,
    Result,
    Snapshots,
    SnapshotsChange,
    TunedModel,
    Tuning,
)

Grouped = Mapping[str, list[TunedModel]]
"""The sights of each model by its id."""

_METADATA = "type.googleapis.com/google.ai.generativelanguage.v1beta.CreateTunedModelMetadata"


def tunings_of(
    calls: list[Call], operations: list[Operation], models: Iterable[TunedModel], schemas: Schemas
) -> list[Tuning]:
    """Every create call in the order sent, with the operation it answers and the model that this says it creates."""
    started = {operation.exchange.number: operation for operation in operations if operation.call.method == CREATE}
    read: dict[str, dict[str, Any]] = {}
    for model in models:
        if model.source == "get":
            read.setdefault(model.key, model.body)

    def make(create: Create) -> Tuning:
        operation = started.get(create.call.exchange.number)
        shown = last_segment(text(message(create.call.exchange.answer.value).get("name"))) if create.accepted else ""
        model_id = _created(operation) if operation else shown
        held = read.get(model_id, {}) if model_id else {}
        return Tuning(create.call, create.request, create.unreadable, held, operation=operation, model_id=model_id)

    found = creates_of(calls, CREATE, schemas, make)
    deletes = [call for call in calls if call.method == DELETE]
    return [
        replace(
            tuning,
            id_taken=_taken(tuning, found, deletes),
            id_given_twice=_given_twice(tuning, found, deletes),
            id_used=bool(_earlier(tuning, found)),
        )
        for tuning in found
    ]


def _given_twice(tuning: Tuning, tunings: list[Tuning], deletes: list[Call]) -> bool:
    """Whether a create that overlaps this one was accepted with the id that this one asks for."""
    asked, exchange = tuning.asked_id, tuning.call.exchange
    return bool(asked) and any(
        one.accepted
        and one.model_id == asked
        and one is not tuning
        and one.call.exchange.sent < exchange.answered
        and one.call.exchange.answered > exchange.sent
        and not any(
            call.path["tunedModelsId"] == asked and call.exchange.sent < exchange.answered
            for call in deletes
            if call.exchange.answered > one.call.exchange.sent
        )
        for one in tunings
    )


def _created(operation: Operation) -> str:
    """The id of the model that an operation creates: as its name, its metadata or its response tells."""
    owner = operation.name.rpartition("/operations/")[0]
    named = owner or text(operation.metadata.get("tunedModel")) or text(operation.response.get("name"))
    return last_segment(named)


def _taken(tuning: Tuning, tunings: list[Tuning], deletes: list[Call]) -> bool:
    """Whether the id asked for certainly belonged to a model when the create left."""
    asked, exchange = tuning.asked_id, tuning.call.exchange
    return bool(_earlier(tuning, tunings)) and not any(
        call.path["tunedModelsId"] == asked and call.exchange.sent < exchange.answered for call in deletes
    )


def _earlier(tuning: Tuning, tunings: list[Tuning]) -> list[Tuning]:
    """The creates that had been answered with the id that this one asks for."""
    asked, exchange = tuning.asked_id, tuning.call.exchange
    return [
        one
        for one in tunings
        if asked and one is not tuning and one.model_id == asked and one.call.exchange.before(exchange)
    ]


def twice_given(tunings: list[Tuning]) -> frozenset[str]:
    """The ids of models that two creates answered, so that what is seen under them has no order."""
    ids = [tuning.model_id for tuning in tunings if tuning.accepted and tuning.model_id]
    return frozenset(one for one in ids if ids.count(one) > 1)


def kept_of(tunings: list[Tuning], grouped: Grouped, bases: Iterable[BaseModel], calls: list[Call]) -> Iterator[Kept]:
    """The gets of each created model before it was patched, one per state it was seen in."""
    shown = {base.key: base for base in bases}
    sent = frozenset(text(tuning.sent.get("displayName")) for tuning in tunings) - {""}
    patched = {call.path["tunedModelsId"]: call.exchange.sent for call in reversed(calls) if call.method == PATCH}
    for tuning in tunings:
        told: set[str] = set()
        if not tuning.accepted or tuning.request.faults:
            continue
        for model in grouped.get(tuning.model_id, ()):
            untouched = model.exchange.answered <= patched.get(model.key, float("inf"))
            if model.source == "get" and untouched and model.state not in told:
                told.add(model.state)
                if tuning.call.exchange.before(model.exchange):
                    yield Kept(tuning, model, shown.get(model.base_model), sent)


class Known:
    """What is known of each tuning of the run: examples from its create, hyperparameters and steps from answers."""

    def __init__(self, tunings: list[Tuning], grouped: Grouped, progress: list[Operation]) -> None:
        self._examples = {one.model_id: one.examples for one in tunings if one.accepted and not one.request.faults}
        self._hyper = {
            key: next((model.hyperparameters for model in sightings if model.hyperparameters), {})
            for key, sightings in grouped.items()
        }
        self._total: dict[str, int | None] = {}
        for operation in progress:
            total = integer(operation.metadata.get("totalSteps"))
            if total is not None:
                self._total.setdefault(_created(operation), total)

    def facts(self, model_id: str) -> Facts:
        hyper = self._hyper.get(model_id, {})
        return Facts(
            self._examples.get(model_id),
            integer(hyper.get("epochCount")),
            integer(hyper.get("batchSize")),
            self._total.get(model_id),
        )


def progress_of(operations: Iterable[Operation], known: Known, schemas: Schemas) -> list[Progress]:
    """Every operation that creates a tuned model, with its metadata in canonical form."""
    found = []
    for operation in operations:
        node = schemas.packed(operation.metadata.get("@type"))
        metadata = operation.metadata
        if node is None:  # another version's or none: what it holds is read as this version's
            node = schemas.packed(_METADATA)
        if node is not None:
            metadata = read_answer(schemas, node, {k: v for k, v in metadata.items() if k != "@type"})
        found.append(Progress(operation, metadata, known.facts(_created(operation))))
    return found


def progress_changes_of(progress: Iterable[Progress]) -> Iterator[ProgressChange]:
    """Consecutive sightings of the same operation that did not overlap."""
    last: dict[str, Progress] = {}
    for one in progress:
        before = last.get(one.name)
        if before and before.operation.exchange.before(one.operation.exchange):
            yield ProgressChange(before, one)
        if one.name:
            last[one.name] = one


def snapshots_of(grouped: Grouped, progress: Iterable[Progress], known: Known) -> Iterator[Snapshots | SnapshotsChange]:
    """The snapshots that models and operations show, each once however often; then those of one seen twice."""
    told: set[tuple[str, str]] = set()

    def once(one: Snapshots) -> Iterator[Snapshots]:
        key = (one.shown, repr(one.shots))
        if one.shots and key not in told:
            told.add(key)
            yield one

    def of_model(model: TunedModel) -> Snapshots:
        return _snapshots(model.exchange, model.shown, model.shots, known.facts(model.key), model)

    for sightings in grouped.values():
        for model in sightings:
            yield from once(of_model(model))
        for before, after in pairs_of([model for model in sightings if model.source == "get"]):
            if before.shots:
                yield SnapshotsChange(of_model(before), of_model(after))
    last: dict[str, Snapshots] = {}
    for one in progress:
        shots = tuple(message(shot) for shot in items(one.metadata.get("snapshots")))
        found = _snapshots(one.operation.exchange, one.name, shots, one.facts, None)
        yield from once(found)
        earlier = last.get(one.name)
        if earlier and earlier.shots and earlier.exchange.before(found.exchange):
            yield SnapshotsChange(earlier, found)
        last[one.name] = found


def _snapshots(
    exchange: Exchange, shown: str, shots: tuple[dict[str, Any], ...], facts: Facts, model: TunedModel | None
) -> Snapshots:
    return Snapshots(exchange, shown, shots, facts, model)


def lags_of(progress: Iterable[Progress], grouped: Grouped) -> Iterator[Lag]:
    """The first look at each operation after its model was seen ACTIVE, and the first that is late."""
    active: dict[str, TunedModel] = {}
    looked: set[tuple[str, bool]] = set()
    resolved: set[str] = set()
    for key, sightings in grouped.items():
        first = next((model for model in sightings if model.state == "ACTIVE"), None)
        if first is not None:
            active[key] = first
    for one in progress:
        key = _created(one.operation)
        if one.operation.done:
            resolved.add(key)
        model = active.get(key)
        if model is not None and model.exchange.before(one.operation.exchange):
            lag = Lag(model, one, key in resolved)
            if (key, lag.late) not in looked:
                looked.add((key, lag.late))
                yield lag


def results_of(
    progress: Iterable[Progress], grouped: Grouped, tunings: Iterable[Tuning], calls: list[Call]
) -> Iterator[Result]:
    """The first get of each model after its operation was seen done, if nothing had deleted the model."""
    gets = defaultdict(list)
    deleted, patched = (
        {call.path["tunedModelsId"]: call.exchange.sent for call in reversed(calls) if call.method == method}
        for method in (DELETE, PATCH)
    )
    created = {one.model_id: one for one in tunings if one.accepted and not one.request.faults}
    for call in calls:
        if call.method == "tunedModels.get":
            gets[call.path["tunedModelsId"]].append(call)
    sights = [model for models in grouped.values() for model in models]
    shown = {model.exchange.number: model for model in sights if model.source == "get"}
    resolved = {model.exchange.number: model for model in sights if model.source == "response"}
    told: set[str] = set()
    for one in progress:
        model_id = _created(one.operation)
        if not one.operation.done or model_id in told:
            continue
        first = next((call for call in gets[model_id] if one.operation.exchange.before(call.exchange)), None)
        if first is not None and first.exchange.answered <= deleted.get(model_id, float("inf")):
            told.add(model_id)
            untouched = first.exchange.answered <= patched.get(model_id, float("inf"))
            yield Result(
                one,
                first,
                shown.get(first.exchange.number),
                resolved.get(one.operation.exchange.number),
                created.get(model_id) if untouched else None,
            )
