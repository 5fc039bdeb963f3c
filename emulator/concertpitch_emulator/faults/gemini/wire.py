"""Lies in the bytes of the Gemini API: types, spellings and formats of members, status and media type."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.faults.gemini.telling import CREATE, DELETE, GET, LIST, ModelHook, answering, changed, inside
from concertpitch_emulator.gemini.hooks import Fault, ModelView
from concertpitch_emulator.messages import snake

if TYPE_CHECKING:
    from concertpitch_emulator.calls import Reply
    from concertpitch_emulator.gemini.calls import Call

_NUMBERS = {"STATE_UNSPECIFIED": 0, "CREATING": 1, "ACTIVE": 2, "FAILED": 3}
_ROLES = {"OWNER": 1, "WRITER": 2, "READER": 3}
_UNSET = ("description", "displayName", "tunedModelSource", "readerProjectNumbers")


def _snake(value: Any) -> Any:
    if isinstance(value, dict):
        return {snake(name): _snake(member) for name, member in value.items()}
    return value


def _times(change: Callable[[str], str]) -> ModelHook:
    def hook(model: dict[str, Any], _view: ModelView) -> dict[str, Any]:
        for holder in (model, model.get("tuningTask", {}), *model.get("tuningTask", {}).get("snapshots", ())):
            for name in holder.keys() & {"createTime", "updateTime", "startTime", "completeTime", "computeTime"}:
                holder[name] = change(holder[name])
        return model

    return hook


def _hyper(name: str, change: Callable[[Any], Any]) -> ModelHook:
    def hook(task: dict[str, Any]) -> None:
        used = task.get("hyperparameters", {})
        if name in used:
            used[name] = change(used[name])

    return inside("tuningTask", hook)


def _replied(method: str, change: Callable[[Reply], None]) -> Callable[[Reply, Call], Reply]:
    """A wire hook for the successes of one method."""

    def hook(reply: Reply, call: Call) -> Reply:
        if call.method == method and reply.status == HTTPStatus.OK:
            change(reply)
        return reply

    return hook


def _empty(reply: Reply) -> None:
    reply.content = b""


def _created(reply: Reply) -> None:
    reply.status = 201


def _plain(reply: Reply) -> None:
    reply.media_type = "text/plain; charset=UTF-8"


def _single(body: Any, _call: Call) -> Any:
    models = body.get("tunedModels", ())
    return {**body, "tunedModels": models[0]} if len(models) == 1 else body


def _role_number(shown: dict[str, Any], _record: Any, _call: Call) -> dict[str, Any]:
    return {name: _ROLES.get(value, value) if name == "role" else value for name, value in shown.items()}


def _model(fault: str, lie: str, model: ModelHook) -> Fault:
    return Fault(id=fault, lie=lie, model=model)


FAULTS = (
    _model("json/int32-as-string", "epochCount is printed as a string.", _hyper("epochCount", str)),
    _model(
        "json/int64-as-number",
        "readerProjectNumbers are printed as JSON numbers.",
        changed("readerProjectNumbers", lambda numbers: [int(number) for number in numbers]),
    ),
    _model(
        "json/enum-number",
        "The state is printed as a number.",
        changed("state", lambda state: _NUMBERS.get(state, state)),
    ),
    Fault(id="json/role-number", lie="Roles are printed as numbers.", permission=_role_number),
    _model("json/snake-case", "The members of tuningTask are printed in snake_case.", changed("tuningTask", _snake)),
    _model("json/offset", "Times are printed with +00:00 for Z.", _times(lambda time: time.replace("Z", "+00:00"))),
    _model(
        "json/nulls",
        "Members that are not set are printed as null.",
        lambda model, _view: {**dict.fromkeys(_UNSET), **model},
    ),
    Fault(
        id="json/percent-as-string",
        lie="completedPercent is printed as a string.",
        operation=inside(
            "metadata",
            lambda metadata: metadata.update(
                {name: str(metadata[name]) for name in ("completedPercent",) if name in metadata}
            ),
        ),
    ),
    Fault(
        id="json/single-item-list",
        lie="A list of exactly one tuned model is that model, not a list.",
        answer=answering(LIST, _single),
    ),
    Fault(id="json/empty-delete-body", lie="Delete answers a body of no bytes.", wire=_replied(DELETE, _empty)),
    Fault(id="json/create-201", lie="Create answers 201.", wire=_replied(CREATE, _created)),
    Fault(id="json/text-plain", lie="Tuned models have the media type text/plain.", wire=_replied(GET, _plain)),
)
