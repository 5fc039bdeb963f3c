"""Lies that each break one promise that no other family breaks: names, values, base models, grants."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.faults.gemini.telling import CREATE, GET, PATCH, changed, inside, once_created
from concertpitch_emulator.gemini import access
from concertpitch_emulator.gemini.hooks import Fault, ModelView
from concertpitch_emulator.gemini.timeline import ACTIVE, CREATING, FAILED

if TYPE_CHECKING:
    from collections.abc import Callable

    from concertpitch_emulator.calls import Reply
    from concertpitch_emulator.errors import ApiError
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.records import PermissionRecord

_TUNABLE = "createTunedModel"
_BASES = ("models.get", "models.list")


def _bare(name: str) -> str:
    return name.rpartition("/")[2]


def _bases(change: Callable[[dict[str, Any]], None]) -> Callable[[Any, Call], Any]:
    """An answer hook for every base model that cannot be tuned."""

    def hook(body: Any, call: Call) -> Any:
        if call.method not in _BASES:
            return body
        for model in body.get("models", [body]):
            if _TUNABLE not in model.get("supportedGenerationMethods", []):
                change(model)
        return body

    return hook


def _source(
    change: Callable[[dict[str, Any]], dict[str, Any]],
) -> Callable[[dict[str, Any], ModelView], dict[str, Any]]:
    return changed("tunedModelSource", lambda source: change(dict(source)))


def _adopted_name(body: Any, call: Call) -> Any:
    if call.method == CREATE and isinstance(body, dict) and isinstance(body.get("name"), str):
        call.query["tunedModelId"] = _bare(body["name"])
    return body


def _adopted_time(body: Any, call: Call) -> Any:
    if call.method == CREATE and isinstance(body, dict) and body.get("createTime"):
        call.marks["createTime"] = body["createTime"]
    return body


def _kept_time(shown: dict[str, Any], view: ModelView) -> dict[str, Any]:
    view.record.marks.update(view.call.marks if view.call.method == CREATE else {})
    return shown


def _told_time(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return model | {"createTime": view.record.marks.get("createTime", model["createTime"])}


def _adopted_state(body: Any, call: Call) -> Any:
    if call.method == CREATE and isinstance(body, dict) and body.get("state") == FAILED:
        call.marks["state"] = FAILED
    return body


def _told_state(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return model | {"state": view.record.marks.get("state", model["state"])}


def _lost(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    one = view.record.settings.get("displayName") == "20261106"
    if one and view.call.method == GET and view.phase.state != CREATING:
        raise access.no_model(view.record.name)
    return model


def _active(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return model | {"state": ACTIVE} if view.phase.state == FAILED else model


def _shots(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[dict[str, Any]], None]:
    def hook(holder: dict[str, Any]) -> None:
        if "snapshots" in holder:
            holder["snapshots"] = [change(dict(shot)) for shot in holder["snapshots"]]

    return hook


def _other_loss(task: dict[str, Any], view: ModelView) -> None:
    view.record.marks["looks"] = view.record.marks.get("looks", 0) + 1
    _shots(lambda shot: shot | {"meanLoss": shot["meanLoss"] + view.record.marks["looks"]})(task)


def _losses(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if view.call.method == GET:
        _other_loss(model["tuningTask"], view)
    return model


def _earlier_epoch(shot: dict[str, Any]) -> dict[str, Any]:
    epoch = shot.pop("epoch", 0)
    return shot | ({"epoch": epoch - 1} if epoch > 1 else {})


def _appended(body: Any, call: Call) -> Any:
    held = call.model.settings.get("readerProjectNumbers", []) if call.model is not None else []
    if call.method == PATCH and isinstance(body, dict) and body.get("readerProjectNumbers"):
        return body | {"readerProjectNumbers": [*held, *body["readerProjectNumbers"]]}
    return body


def _half_done(error: ApiError, call: Call) -> ApiError | Reply:
    if call.method == PATCH and call.model is not None:
        with suppress(orjson.JSONDecodeError):
            sent = orjson.loads(call.content).get("displayName", "")
            call.model.settings = {**call.model.settings, "displayName": sent[:40]}
    return error


def _of_group(shown: dict[str, Any], record: PermissionRecord, _call: Call) -> dict[str, Any]:
    """The role of a group, told otherwise from the third look on."""
    record.marks["looks"] = record.marks.get("looks", 0) + 1
    return shown | {"role": "READER"} if record.grantee_type == "GROUP" and record.marks["looks"] > 2 else shown  # noqa: PLR2004


def _without_groups(items: list[Any], call: Call) -> list[Any]:
    if not call.method.endswith("permissions.list"):
        return items
    return [item for item in items if item.grantee_type != "GROUP"]


def _task_made_up(message: dict[str, Any], call: Call) -> dict[str, Any]:
    examples = {"examples": {"examples": [{"textInput": "1", "output": "2"}]}}
    return {"tuningTask": {"trainingData": examples}} | message if call.method == CREATE else message


FAULTS = (
    Fault(
        id="catalogue/no-name",
        lie="Base models show no name.",
        answer=_bases(lambda model: model.pop("name")),
    ),
    Fault(
        id="catalogue/bare-name",
        lie="Base models are named by their bare ids.",
        answer=_bases(lambda model: model.update(name=_bare(model["name"]))),
    ),
    Fault(
        id="catalogue/long-display-name",
        lie="Base models have display names of hundreds of characters.",
        answer=_bases(lambda model: model.update(displayName=model["displayName"] * 20)),
    ),
    Fault(
        id="catalogue/too-hot",
        lie="The temperature of base models is above their maximum.",
        answer=_bases(lambda model: model.update(temperature=3.5, maxTemperature=2)),
    ),
    Fault(
        id="catalogue/negative-limit",
        lie="Base models take less than no tokens.",
        answer=_bases(lambda model: model.update(inputTokenLimit=-1)),
    ),
    Fault(
        id="model/other-source",
        lie="A model tuned from a tuned model names another one.",
        model=_source(lambda source: source | {"tunedModel": "tunedModels/another-one"}),
    ),
    Fault(
        id="model/bare-source",
        lie="A model tuned from a tuned model names it by its bare id.",
        model=_source(lambda source: source | {"tunedModel": _bare(source["tunedModel"])}),
    ),
    Fault(
        id="model/source-without-base",
        lie="A model tuned from a tuned model does not name the base model.",
        model=_source(lambda source: {"tunedModel": source["tunedModel"]}),
    ),
    Fault(id="model/name-adopted", lie="A model takes the name in the body for its own.", body=_adopted_name),
    Fault(
        id="model/create-time-adopted",
        lie="A model takes the createTime in the body for its own.",
        body=_adopted_time,
        operation=_kept_time,
        model=_told_time,
    ),
    Fault(
        id="model/state-adopted",
        lie="A model takes the state in the body for its own.",
        body=_adopted_state,
        operation=_kept_time,
        model=_told_state,
    ),
    Fault(id="model/lost-when-done", lie="One model is gone when its operation is done.", model=_lost),
    Fault(
        id="model/bare-base-model",
        lie="The base model is named by its bare id.",
        model=changed("baseModel", _bare),
    ),
    Fault(id="model/top-p-above-one", lie="topP is above 1.", model=changed("topP", lambda _: 1.5)),
    Fault(
        id="tuning/negative-rate",
        lie="A learningRate that was not sent is negative.",
        model=inside(
            "tuningTask",
            lambda task: task.update(
                hyperparameters=task["hyperparameters"]
                | ({"learningRate": -0.001} if "learningRate" in task["hyperparameters"] else {})
            ),
        ),
    ),
    Fault(
        id="model/state-unspecified",
        lie="A model that is being created is in STATE_UNSPECIFIED.",
        model=changed("state", lambda state: "STATE_UNSPECIFIED" if state == CREATING else state),
    ),
    Fault(
        id="lro/bare-tuned-model",
        lie="The metadata names the tuned model by its bare id.",
        operation=inside("metadata", lambda held: held.update(tunedModel=_bare(held["tunedModel"]))),
    ),
    Fault(
        id="progress/percent-beyond-hundred",
        lie="completedPercent is beyond 100.",
        operation=inside(
            "metadata",
            lambda held: held.update(
                {"completedPercent": held["completedPercent"] + 1000} if "completedPercent" in held else {}
            ),
        ),
    ),
    Fault(id="model/failed-shows-active", lie="A FAILED model is shown as ACTIVE.", model=_active),
    Fault(
        id="lro/response-of-another-time",
        lie="The response of an operation shows another createTime.",
        operation=inside("response", lambda held: held.update(createTime="2024-02-29T12:00:00.000000Z")),
    ),
    Fault(id="patch/appends", lie="A patch appends to readerProjectNumbers.", body=_appended),
    Fault(
        id="patch/refused-half-done",
        lie="A patch that is refused changes the display name.",
        refusal=_half_done,
    ),
    Fault(
        id="permission/name-misspelt",
        lie="The collection in a permission's name is misspelt.",
        permission=lambda shown, _record, _call: (
            shown | {"name": shown["name"].replace("/permissions/", "/permission/")}
        ),
    ),
    Fault(
        id="permission/grantee-unspecified",
        lie="The grantee type of a group is unspecified.",
        permission=lambda shown, record, _call: (
            shown | {"granteeType": "GRANTEE_TYPE_UNSPECIFIED"} if record.grantee_type == "GROUP" else shown
        ),
    ),
    Fault(id="permission/role-shrinks", lie="After some looks a group is a READER.", permission=_of_group),
    Fault(id="permission/groups-not-listed", lie="Lists leave groups out.", collection=_without_groups),
    Fault(
        id="accepts/no-tuning-task",
        lie="A model without a tuning task is made.",
        forgives=frozenset({"missing-tuning_task"}),
        draft=_task_made_up,
    ),
    Fault(
        id="tuning/epoch-behind",
        lie="Every step is of the epoch before its own.",
        model=inside("tuningTask", _shots(_earlier_epoch)),
        operation=inside("metadata", _shots(_earlier_epoch)),
    ),
    Fault(
        id="tuning/no-compute-time",
        lie="Snapshots do not show when they were computed.",
        model=inside("tuningTask", _shots(lambda shot: {k: v for k, v in shot.items() if k != "computeTime"})),
    ),
    Fault(id="tuning/losses-change", lie="Every look at a model shows other losses.", model=_losses),
    Fault(
        id="model/updated-tomorrow",
        lie="updateTime is far in the future.",
        model=once_created(changed("updateTime", lambda _: "2199-01-01T00:00:00.000000Z")),
    ),
)
