"""Lies about delete of tuned models and corpora, told by what can be seen afterwards."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError
from concertpitch_emulator.faults.gemini.telling import DELETE, GET, LIST, answering
from concertpitch_emulator.gemini import rendering
from concertpitch_emulator.gemini.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.records import ModelRecord


def _kept(body: Any, call: Call) -> Any:
    if call.model is not None:
        models = call.service.store.models
        kept = sorted([*models.values(), call.model], key=lambda model: model.serial)
        models.clear()
        models.update((model.id, model) for model in kept)  # where it was: lists go on as if nothing had happened
    return body


def _remember_deleted(body: Any, call: Call) -> Any:
    if call.model is not None:
        call.service.lore.setdefault("deleted", {})[call.model.id] = call.model
    return body


def _ghost(call: Call) -> ModelRecord | None:
    ghost: ModelRecord | None = call.service.lore.get("deleted", {}).get(call.path.get("model"))
    return ghost if call.path.get("model") not in call.service.store.models else None


def _listed_ghosts(models: list[Any], call: Call) -> list[Any]:
    if call.method != LIST:
        return models
    ghosts = [ghost for ghost in call.service.lore.get("deleted", {}).values() if ghost not in models]
    return sorted([*models, *ghosts], key=lambda model: model.serial)


def _readable_ghost(error: ApiError, call: Call) -> ApiError | Reply:
    ghost = _ghost(call)
    if ghost is None or call.method != GET:
        return error
    return reply(HTTPStatus.OK, call.service.show(ghost, call))


def _children_of_ghost(error: ApiError, call: Call) -> ApiError | Reply:
    ghost = _ghost(call)
    if ghost is None or "permissions" not in call.method:
        return error
    if call.method.endswith("permissions.list"):
        shown = [rendering.permission(ghost.name, one) for one in ghost.permissions.values()]
        return reply(HTTPStatus.OK, {"permissions": shown})
    if not call.method.endswith("permissions.get"):
        return error
    record = ghost.permissions.get(call.path["permission"])
    return error if record is None else reply(HTTPStatus.OK, rendering.permission(ghost.name, record))


def _twice(error: ApiError, call: Call) -> ApiError | Reply:
    return reply(HTTPStatus.OK, {}) if _ghost(call) is not None and call.method == DELETE else error


def _kept_corpus(body: Any, call: Call) -> Any:
    if call.corpus is not None:
        call.service.store.corpora[call.corpus.id] = call.corpus
    return body


FAULTS = (
    Fault(
        id="delete/keeps",
        lie="A tuned model that was deleted is still there.",
        answer=answering(DELETE, _kept),
    ),
    Fault(
        id="delete/still-readable",
        lie="A deleted tuned model can be read, though it is not listed.",
        answer=answering(DELETE, _remember_deleted),
        refusal=_readable_ghost,
    ),
    Fault(
        id="delete/still-listed",
        lie="A deleted tuned model is listed, though it cannot be read.",
        answer=answering(DELETE, _remember_deleted),
        collection=_listed_ghosts,
    ),
    Fault(
        id="delete/permissions-stay",
        lie="The permissions of a deleted tuned model can be read.",
        answer=answering(DELETE, _remember_deleted),
        refusal=_children_of_ghost,
    ),
    Fault(
        id="delete/twice",
        lie="A deleted tuned model can be deleted again.",
        answer=answering(DELETE, _remember_deleted),
        refusal=_twice,
    ),
    Fault(
        id="delete/answers-model",
        lie="Delete answers the model that was deleted.",
        answer=answering(DELETE, lambda body, call: call.service.show(call.model, call) if call.model else body),
    ),
    Fault(
        id="corpus/delete-keeps",
        lie="A corpus that was deleted is still there.",
        answer=answering("corpora.delete", _kept_corpus),
    ),
)
