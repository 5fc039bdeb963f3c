"""Lies about patch of tuned models."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError, already_exists
from concertpitch_emulator.faults.gemini.telling import PATCH, answering
from concertpitch_emulator.gemini.hooks import Fault, ModelView

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.records import ModelRecord

_MASKS = ("updateMask", "update_mask")


def _patched(call: Call) -> ModelRecord | None:
    """The tuned model that a patch is about, before it is changed."""
    return call.service.store.models.get(call.path["model"]) if call.method == PATCH else None


def _remember(call: Call) -> None:
    model = _patched(call)
    if model is not None:
        call.marks["before"] = dict(model.settings)


def _settled(change: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]) -> Callable[[Any, Call], Any]:
    """An answer hook that settles what a patch leaves: sees the settings before it and after it."""

    def hook(body: Any, call: Call) -> Any:
        if call.model is not None:
            call.model.settings = change(call.marks["before"], call.model.settings)
        return body

    return answering(PATCH, hook)


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _no_conflict(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    if before == after:
        raise already_exists("The tuned model is like that already.", "nothing-new")
    return after


def _rounded(settings: dict[str, Any]) -> dict[str, Any]:
    held = settings.get("temperature")
    return settings if held is None else {**settings, "temperature": round(held, 1)}


def _readable(call: Call) -> None:
    if call.method == PATCH:
        try:
            orjson.loads(call.content)
        except orjson.JSONDecodeError:
            call.content = b"{}"


def _without_mask(call: Call) -> None:
    if call.method == PATCH:
        for name in _MASKS:
            call.query.pop(name, None)


def _known_paths(call: Call) -> None:
    """Forget the paths of a mask that lead nowhere."""
    fields = call.service.messages.named("TunedModel").fields
    for name in _MASKS:
        if call.method == PATCH and name in call.query:
            kept = [path for path in call.query[name].split(",") if path.partition(".")[0] in fields]
            call.query[name] = ",".join(kept) or "state"


def _remember_sent(body: Any, call: Call) -> Any:
    if call.method == PATCH and isinstance(body, dict):
        call.marks["sent"] = body
    return body


def _new_base(body: Any, call: Call) -> Any:
    sent = call.marks.get("sent", {}).get("baseModel")
    if sent and call.model is not None:
        call.model.source = {"baseModel": sent}
    return body


def _new_hyperparameters(body: Any, call: Call) -> Any:
    sent = call.marks.get("sent", {}).get("tuningTask", {})
    if call.model is not None and isinstance(sent, dict):
        call.model.hyperparameters = {**call.model.hyperparameters, **sent.get("hyperparameters", {})}
    return body


def _adopt(body: Any, call: Call) -> Any:
    if call.model is not None:
        sent = call.marks.get("sent", {})
        call.model.marks["adopted"] = {name: sent[name] for name in ("state", "createTime") if name in sent}
    return body


def _show_adopted(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    return {**model, **view.record.marks.get("adopted", {})}


def _old_values(body: Any, call: Call) -> Any:
    before = call.marks["before"]
    return {name: before.get(name, value) for name, value in body.items()}


def _made_by_patch(error: ApiError, call: Call) -> ApiError | Reply:
    return reply(HTTPStatus.OK, {}) if error.kind == "unknown-tuned-model" and call.method == PATCH else error


FAULTS = (
    Fault(
        id="patch/mask-ignored",
        lie="A patch changes all that its body has, whatever the mask.",
        request=_without_mask,
    ),
    Fault(
        id="patch/changes-nothing",
        lie="A patch answers the new values and keeps the old ones.",
        request=_remember,
        answer=_settled(lambda before, _after: before),
    ),
    Fault(
        id="patch/loses-the-rest",
        lie="A patch loses the settings it does not change.",
        request=_remember,
        answer=_settled(_changes),
    ),
    Fault(
        id="patch/cannot-clear",
        lie="A patch never clears a setting.",
        request=_remember,
        answer=_settled(lambda before, after: {**before, **after}),
    ),
    Fault(
        id="patch/clears-to-none",
        lie="A description that is cleared is the text None from then on.",
        request=_remember,
        answer=_settled(
            lambda before, after: (
                {**after, "description": "None"} if "description" in before and "description" not in after else after
            )
        ),
    ),
    Fault(
        id="patch/rounds-temperature",
        lie="A patch leaves the temperature with one digit after the point.",
        request=_remember,
        answer=_settled(lambda _before, after: _rounded(after)),
    ),
    Fault(
        id="patch/nothing-new-is-a-conflict",
        lie="A patch that changes nothing is a conflict.",
        request=_remember,
        answer=_settled(_no_conflict),
    ),
    Fault(
        id="patch/no-json-accepted",
        lie="A patch whose body is no JSON is taken for an empty one.",
        request=_readable,
    ),
    Fault(
        id="patch/answers-old-values",
        lie="A patch answers the values from before it.",
        request=_remember,
        answer=answering(PATCH, _old_values),
    ),
    Fault(
        id="patch/answers-nothing",
        lie="A patch answers an empty object.",
        answer=answering(PATCH, lambda _body, _call: {}),
    ),
    Fault(
        id="patch/unknown-path-accepted",
        lie="A path of a mask that leads nowhere is ignored.",
        request=_known_paths,
    ),
    Fault(
        id="patch/base-model-changes",
        lie="A patch changes the baseModel.",
        body=_remember_sent,
        forgives=frozenset({"immutable"}),
        answer=answering(PATCH, _new_base),
    ),
    Fault(
        id="patch/hyperparameters-change",
        lie="A patch changes the hyperparameters.",
        body=_remember_sent,
        forgives=frozenset({"immutable"}),
        answer=answering(PATCH, _new_hyperparameters),
    ),
    Fault(
        id="patch/adopts-output",
        lie="A patch adopts the state and createTime of its body.",
        body=_remember_sent,
        answer=answering(PATCH, _adopt),
        model=_show_adopted,
    ),
    Fault(
        id="patch/unknown-model-200",
        lie="A patch of an unknown tuned model succeeds.",
        refusal=_made_by_patch,
    ),
)
