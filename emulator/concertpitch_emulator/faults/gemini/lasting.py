"""Lies about what lasts: past the end of a tuning, past a delete, and past the page it was shown on."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.clock import stamp
from concertpitch_emulator.faults.gemini.telling import CREATE, DELETE, GET, LIST, PATCH, answering, once_created
from concertpitch_emulator.gemini import access
from concertpitch_emulator.gemini.hooks import Fault, ModelView
from concertpitch_emulator.gemini.records import OWNER
from concertpitch_emulator.gemini.timeline import CREATING

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.records import ModelRecord


def _patched_early(call: Call) -> None:
    """Remember the settings of a model that is patched while it is being created."""
    model = call.service.store.models.get(call.path.get("model", "")) if call.method == PATCH else None
    if model is not None and model.timeline.at(call.now).state == CREATING:
        model.marks.setdefault("of the tuner", dict(model.settings))


def _written_back(call: Call) -> None:
    """The tuner stores its own copy of what it has tuned."""
    _patched_early(call)
    for model in call.service.store.models.values():
        if model.timeline.at(call.now).state != CREATING:
            model.settings = model.marks.pop("of the tuner", model.settings)


def _owners_alone(call: Call) -> None:
    for model in call.service.store.models.values():
        if "tuned" not in model.marks and model.timeline.at(call.now).state != CREATING:
            model.marks["tuned"] = True
            model.permissions = {key: one for key, one in model.permissions.items() if one.role == OWNER}


def _with_its_namesakes(body: Any, call: Call) -> Any:
    models = call.service.store.models
    for key in [key for key in models if call.model is not None and key.startswith(call.model.id)]:
        del models[key]
    return body


def _unread(call: Call) -> None:
    if call.method == DELETE and call.content:
        call.service.lore["unread"] = call


def _after_unread(answer: Reply, call: Call) -> Reply:
    """The answer to a request that began with what was not read of the one before."""
    left = call.service.lore.get("unread")
    if left is None or left is call:
        return answer
    del call.service.lore["unread"]
    error = {"code": 501, "message": "The method '{}GET' is not supported.", "status": "UNIMPLEMENTED"}
    return reply(HTTPStatus.NOT_IMPLEMENTED, {"error": error})


def _inherited(body: Any, call: Call) -> Any:
    held = call.service.lore.setdefault("permissions of", {})
    if call.model is not None and call.method == DELETE:
        held[call.model.id] = call.model.permissions
    if call.model is not None and call.method == CREATE:
        call.model.permissions = held.get(call.model.id, {}) | call.model.permissions
    return body


def _with_its_source(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    source = view.record.source.get("tunedModelSource", {}).get("tunedModel", "").rpartition("/")[2]
    if view.call.method == GET and source and source not in view.call.service.store.models:
        raise access.no_model(view.record.name)
    return model


def _ends(page: paging.Page[ModelRecord], asked: paging.Window, call: Call) -> paging.Page[ModelRecord]:
    """The end of the list where the last model of the page before is gone."""
    last = call.service.lore.setdefault("last of a page", {})
    if call.method == LIST and asked.start in last and last[asked.start] not in call.service.store.models:
        return paging.Page([], None)
    if call.method == LIST and page.following is not None and page.items:
        last[page.following] = page.items[-1].id
    return page


FAULTS = (
    Fault(
        id="patch/undone-when-active",
        lie="A patch of a model that is being created is lost when it is ACTIVE.",
        breaks=("tuned-model/settings-stay",),
        request=_written_back,
    ),
    Fault(
        id="permission/forgotten-when-active",
        lie="Permissions that were granted while a model was being created are gone when it is ACTIVE.",
        breaks=("permission/stays-until-revoked",),
        request=_owners_alone,
    ),
    Fault(
        id="delete/takes-namesakes",
        lie="Delete takes every tuned model whose id begins with that of the one it names.",
        breaks=("tuned-model/stays-until-deleted",),
        answer=answering(DELETE, _with_its_namesakes),
    ),
    Fault(
        id="delete/leaves-permissions-to-heirs",
        lie="A model under the id of a deleted one has the permissions of that.",
        breaks=("delete/ends-permissions",),
        answer=_inherited,
    ),
    Fault(
        id="delete/body-left-over",
        lie="What a delete has for a body is taken for the beginning of the next request.",
        breaks=("get/known-is-understood",),
        request=_unread,
        wire=_after_unread,
    ),
    Fault(
        id="delete/takes-derived",
        lie="A model cannot be read any more once the one that it goes on from is deleted.",
        breaks=("tuned-model/stays-until-deleted",),
        model=_with_its_source,
    ),
    Fault(
        id="pages/end-with-the-deleted",
        lie="A list ends where the last model of the page before has been deleted.",
        breaks=("tuned-list/goes-on-after-a-delete",),
        page=_ends,
    ),
    Fault(
        id="model/updated-at-every-look",
        lie="The updateTime of a model that has been created is the moment of the look.",
        breaks=("tuned-model/update-time-rests",),
        model=once_created(lambda model, view: {**model, "updateTime": stamp(view.call.now)}),
    ),
)
