"""Lies about the operations that create tuned models."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError, not_found
from concertpitch_emulator.faults.gemini.telling import CREATE, ModelHook, answering, changed, inside
from concertpitch_emulator.gemini import rendering
from concertpitch_emulator.gemini.hooks import Fault, ModelView

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.service import GeminiService
    from concertpitch_emulator.paging import Page, Window

_PACKAGE = "type.googleapis.com/google.ai.generativelanguage"
_GET = "tunedModels.operations.get"


def _leaving_out(*names: str) -> ModelHook:
    def hook(operation: dict[str, Any], _view: ModelView) -> dict[str, Any]:
        return {name: value for name, value in operation.items() if name not in names}

    return hook


def _response(view: ModelView) -> dict[str, Any]:
    record = view.record
    return {"@type": f"{_PACKAGE}.{record.version}.TunedModel", **rendering.tuned_model(record, view.phase)}


def _both_results(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if operation.get("done"):
        operation.setdefault("error", {"code": 2, "message": "There were warnings."})
        operation.setdefault("response", _response(view))
    return operation


def _early_result(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return operation if operation.get("done") else {**operation, "response": _response(view)}


def _failed_as_success(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if operation.pop("error", None) is not None:
        operation["response"] = _response(view)
    return operation


def _undone(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if operation.get("done"):
        view.record.marks["seen-done"] = count = view.record.marks.get("seen-done", 0) + 1
        if count % 2 == 0:
            return _leaving_out("done", "response", "error")(operation, view)
    return operation


def _typed(member: str, make: Callable[[ModelView], str]) -> ModelHook:
    """A hook that gives the metadata or response another @type, made from its version."""

    def hook(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
        if member in operation:
            operation[member]["@type"] = make(view)
        return operation

    return hook


def _reading_version(operation: dict[str, Any], view: ModelView) -> dict[str, Any]:
    """Types of the version that reads, or of v1."""
    for member in ("metadata", "response"):
        if member in operation:
            kind = operation[member]["@type"].rpartition(".")[2]
            operation[member]["@type"] = f"{_PACKAGE}.{view.call.version}.{kind}"
    return operation


def _short_path(path: str, service: GeminiService) -> str:
    """Operations named without their model are found by their id."""
    short = re.fullmatch(r"/(\w+)/operations/(\w+)", path)
    if short is None:
        return path
    found = (model for model in service.store.models.values() if model.operation_id == short[2])
    return next((f"/{short[1]}/{model.operation_name}" for model in found), path)


def _hide(call: Call) -> None:
    if call.method == _GET:
        raise not_found(f"Operation {call.path['operation'][:100]} does not exist.", "unknown-operation")


def _hide_at_v1(call: Call) -> None:
    if call.method == _GET and call.version == "v1":
        raise not_found("There is no such method at v1.", "no-method")


def _unknown_is_empty(error: ApiError, call: Call) -> ApiError | Reply:
    unknown = error.kind == "unknown-operation" and call.method == _GET
    return reply(HTTPStatus.OK, {}) if unknown else error


def _every_operation(page: Page[Any], asked: Window, call: Call) -> Page[Any]:
    if call.method != "tunedModels.operations.list":
        return page
    return paging.ascending(list(call.service.store.models.values()), asked)


def _nameless(response: dict[str, Any]) -> None:
    for name in ("displayName", "description", "baseModel", "tunedModelSource"):
        response.pop(name, None)


def _model_for_operation(body: Any, call: Call) -> Any:
    return call.service.show(call.model, call) if call.model is not None else body


FAULTS = (
    Fault(
        id="lro/create-answers-model",
        lie="Create answers the tuned model.",
        answer=answering(CREATE, _model_for_operation),
    ),
    Fault(
        id="lro/lists-all",
        lie="The operations of every tuned model are listed under each.",
        page=_every_operation,
    ),
    Fault(
        id="lro/response-without-names",
        lie="The response of an operation shows neither names nor source.",
        operation=inside("response", _nameless),
    ),
    Fault(
        id="lro/name-without-model",
        lie="The name of an operation does not start with its model's.",
        operation=changed("name", lambda name: "/".join(name.split("/")[2:])),
        path=_short_path,
    ),
    Fault(
        id="lro/other-tuned-model",
        lie="The metadata names a model that does not exist.",
        operation=inside("metadata", lambda metadata: metadata.update(tunedModel="tunedModels/another-one")),
    ),
    Fault(
        id="lro/metadata-type",
        lie="The metadata has the type of a request.",
        operation=_typed("metadata", lambda view: f"{_PACKAGE}.{view.record.version}.CreateTunedModelRequest"),
    ),
    Fault(
        id="lro/response-type",
        lie="The response has the type Model.",
        operation=_typed("response", lambda view: f"{_PACKAGE}.{view.record.version}.Model"),
    ),
    Fault(
        id="lro/version-of-the-reader",
        lie="The types in an operation carry the version it is read at.",
        operation=_reading_version,
    ),
    Fault(
        id="lro/done-without-result",
        lie="An operation that is done has neither response nor error.",
        operation=_leaving_out("response", "error"),
    ),
    Fault(
        id="lro/never-done",
        lie="An operation is never done, though its model is ACTIVE.",
        operation=_leaving_out("done", "response", "error"),
    ),
    Fault(
        id="lro/result-without-done",
        lie="An operation with a response or error is not done.",
        operation=_leaving_out("done"),
    ),
    Fault(
        id="lro/both-results",
        lie="An operation that is done has both a response and an error.",
        operation=_both_results,
    ),
    Fault(
        id="lro/result-before-done",
        lie="An operation that is not done has a response.",
        operation=_early_result,
    ),
    Fault(
        id="lro/failed-with-response",
        lie="The operation of a model that FAILED has a response.",
        operation=_failed_as_success,
    ),
    Fault(
        id="lro/undone",
        lie="An operation that was done is not done at every second look.",
        also=("tuning-operation/done-when-active",),
        operation=_undone,
    ),
    Fault(
        id="lro/response-of-another",
        lie="The response shows a model of another name.",
        operation=inside("response", lambda model: model.update(name="tunedModels/another-one")),
    ),
    Fault(
        id="lro/response-still-creating",
        lie="The model in the response is still being created.",
        operation=inside("response", lambda model: model.update(state="CREATING")),
    ),
    Fault(id="lro/not-readable", lie="An operation cannot be read.", request=_hide),
    Fault(
        id="lro/not-readable-at-v1",
        lie="An operation cannot be read below /v1.",
        request=_hide_at_v1,
    ),
    Fault(
        id="lro/not-listed",
        lie="The operation of a model is not listed.",
        answer=answering("operations.list", lambda _body, _call: {}),
    ),
    Fault(
        id="lro/unknown-200",
        lie="Get of an unknown operation answers an empty object.",
        refusal=_unknown_is_empty,
    ),
)
