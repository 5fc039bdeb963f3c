"""Lies in names and ids of tuned models."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError
from concertpitch_emulator.faults.gemini.telling import CREATE, GET, ModelHook, answering, changed
from concertpitch_emulator.gemini.hooks import Fault, ModelView

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.records import ModelRecord

_RANDOM = 12


def _named(make: Callable[[ModelRecord, Call], str]) -> Callable[[Any, Call], Any]:
    """An answer hook that gives a new model another id, unless the caller gave one."""

    def hook(_body: Any, call: Call) -> Any:
        model, models = call.model, call.service.store.models
        if model is not None and not call.query.get("tunedModelId"):
            del models[model.id]
            model.id = make(model, call)
            models[model.id] = model
        return call.service.show_operation(model, call) if model is not None else _body

    return answering(CREATE, hook)


def _ignore_id(call: Call) -> None:
    if call.method == CREATE:
        for name in ("tunedModelId", "tuned_model_id"):
            call.query.pop(name, None)


def _another(body: Any, call: Call) -> Any:
    models = list(call.service.store.models.values())
    other = models[models.index(call.model) - 1] if call.model is not None else None
    return call.service.show(other, call) if other is not None else body


def _beginning(error: ApiError, call: Call) -> ApiError | Reply:
    if error.kind != "unknown-tuned-model" or call.method != GET:
        return error
    like = (one for key, one in call.service.store.models.items() if key.startswith(call.path["model"]))
    found = next(like, None)
    return error if found is None else reply(HTTPStatus.OK, call.service.show(found, call))


def _any_case(error: ApiError, call: Call) -> ApiError | Reply:
    found = call.service.store.models.get(call.path.get("model", "").lower())
    known = error.kind == "unknown-tuned-model" and call.method == GET and found is not None
    return reply(HTTPStatus.OK, call.service.show(found, call)) if known and found else error


def _cased() -> ModelHook:
    """Once created the model's name has a capital; what was asked for is another name then."""

    def hook(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
        if view.phase.completed is not None and "name" in model:
            model["name"] = f"tunedModels/{view.record.id.capitalize()}"
        return model

    return hook


FAULTS = (
    Fault(
        id="model/name-without-collection",
        lie="A tuned model's name is its bare id.",
        model=changed("name", lambda name: name.removeprefix("tunedModels/")),
    ),
    Fault(
        id="model/name-changes",
        lie="A tuned model's name has a capital letter once it is ACTIVE.",
        also=("listing/is-up-to-date", "tuned-list/filter-owner", "tuned-list/filter-owner-finds-shared"),
        model=_cased(),
    ),
    Fault(
        id="model/get-answers-another",
        lie="Get of a tuned model answers the one before it.",
        answer=answering(GET, _another),
    ),
    Fault(
        id="model/get-by-beginning",
        lie="Get of an id that no tuned model has answers one whose id begins so.",
        refusal=_beginning,
    ),
    Fault(
        id="model/get-in-any-case",
        lie="Get of an id in upper case answers the model whose id it is in lower case.",
        refusal=_any_case,
    ),
    Fault(id="model/id-ignored", lie="The id that create gives is not used.", request=_ignore_id),
    Fault(
        id="model/id-not-from-display-name",
        lie="A generated id says nothing of the display name.",
        answer=_named(lambda _model, call: call.service.source.base36(_RANDOM)),
    ),
    Fault(
        id="model/id-upper-case",
        lie="A generated id is in upper case.",
        answer=_named(lambda model, _call: model.id.upper()),
    ),
    Fault(
        id="model/id-too-long",
        lie="A generated id has more than 40 characters.",
        answer=_named(lambda model, call: f"{model.id}-{call.service.source.base36(40)}"),
    ),
    Fault(
        id="model/used-id-accepted",
        lie="Create with a used id makes a model in the place of the old one.",
        forgives=frozenset({"used-id"}),
    ),
)
