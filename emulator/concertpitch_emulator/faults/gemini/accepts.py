"""Lies about requests that should be refused, and are not."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.faults.gemini.telling import CREATE
from concertpitch_emulator.gemini.hooks import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from concertpitch_emulator.errors import ApiError
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.messages import Message, Messages

_LONGEST = 40
_ACCEPTED: dict[str, Any] = {
    "baseModel": "models/gemini-1.5-flash-001",
    "tuningTask": {"trainingData": {"examples": {"examples": [{"textInput": "1", "output": "2"}]}}},
}


def _forgiving(fault: str, lie: str, *kinds: str) -> Fault:
    return Fault(id=fault, lie=lie, forgives=frozenset(kinds))


def _default_for_unreadable(call: Call) -> None:
    if call.method == CREATE:
        try:
            orjson.loads(call.content)
        except orjson.JSONDecodeError:
            call.content = orjson.dumps(_ACCEPTED)


def _without_unknown(*, nested: bool) -> Callable[[Any, Call], Any]:
    """A body hook that loses unknown members of the model, or those further in."""

    def hook(body: Any, call: Call) -> Any:
        if call.method != CREATE or not isinstance(body, dict):
            return body
        messages = call.service.messages
        return _pruned(messages, messages.named("TunedModel"), body, keep=nested)

    return hook


def _pruned(messages: Messages, message: Message, value: dict[str, Any], *, keep: bool) -> dict[str, Any]:
    kept = {}
    for name, member in value.items():
        field = message.fields.get(name)
        if keep and field is not None and field.message and field.shape == "one" and isinstance(member, dict):
            kept[name] = _pruned_everywhere(messages, messages[field.message], member)
        elif field is not None or keep:
            kept[name] = member
    return kept


def _pruned_everywhere(messages: Messages, message: Message, value: dict[str, Any]) -> dict[str, Any]:
    known = {name: member for name, member in value.items() if name in message.fields}
    return _pruned(messages, message, known, keep=True)


def _display_name(call: Call) -> str:
    """The display name that was sent, '' where there is none."""
    try:
        sent = orjson.loads(call.content)
    except orjson.JSONDecodeError:
        return ""
    name = sent.get("displayName") if isinstance(sent, dict) else None
    return name if isinstance(name, str) else ""


def _stored_anyway(error: ApiError, call: Call) -> ApiError:
    if call.method == CREATE and error.code == HTTPStatus.BAD_REQUEST:
        call.query.pop("tunedModelId", None)
        source = {"baseModel": _ACCEPTED["baseModel"]}
        name = _display_name(call)
        if 0 < len(name) <= _LONGEST:
            call.service.new_model(call, "", {**_ACCEPTED, "displayName": name}, source, _ACCEPTED["baseModel"])
    return error


FAULTS = (
    Fault(
        id="accepts/malformed-json",
        lie="A create whose body is not JSON makes some model.",
        request=_default_for_unreadable,
    ),
    Fault(
        id="accepts/unknown-member",
        lie="An unknown member of a tuned model is ignored.",
        body=_without_unknown(nested=False),
    ),
    Fault(
        id="accepts/unknown-nested-member",
        lie="An unknown member of a tuning task is ignored.",
        body=_without_unknown(nested=True),
    ),
    _forgiving("accepts/two-sources", "Of two source models the first is taken.", "two-of-source_model"),
    _forgiving(
        "accepts/two-learning-rates", "Of two learning rates the first is taken.", "two-of-learning_rate_option"
    ),
    _forgiving("accepts/no-source", "A model without a source model is made.", "missing-source-model"),
    _forgiving("accepts/no-training-data", "A model without training data is made.", "missing-training_data"),
    _forgiving("accepts/no-examples", "A model with no training examples is made.", "no-examples"),
    _forgiving("accepts/no-output", "A training example needs no output.", "missing-output"),
    _forgiving("accepts/long-display-name", "A display name may have more than 40 characters.", "long-display-name"),
    _forgiving("accepts/long-id", "An id may have more than 40 characters.", "id-too-long"),
    _forgiving("accepts/id-from-digit", "An id may start with what is no letter.", "id-start"),
    _forgiving("accepts/id-to-hyphen", "An id may end with a hyphen.", "id-end"),
    _forgiving("accepts/hot-temperature", "A temperature may be above 1.", "bad-temperature"),
    Fault(
        id="accepts/stores-refused",
        lie="A create that is refused leaves a tuned model behind.",
        refusal=_stored_anyway,
    ),
)
