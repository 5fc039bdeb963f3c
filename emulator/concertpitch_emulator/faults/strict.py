"""Lies about creates that are right: the server refuses them, or stumbles over them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.errors import ApiError, invalid
from concertpitch_emulator.messages import snake
from concertpitch_emulator.vertex.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call

_CREATE = "tuningJobs.create"
_SHORT_LIMIT = 64
_BASIC_PLANE = 0xFFFF
_HYPER_NAMES = ("hyperParameters", "hyper_parameters")

Body = Callable[[Any, "Call"], Any]


def _no_emoji(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if any(ord(letter) > _BASIC_PLANE for letter in message.get("tunedModelDisplayName", "")):
        raise ApiError(500, "INTERNAL", "Internal error encountered.", "internal")
    return message


def _refuse_long_name(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if len(message.get("tunedModelDisplayName", "")) > _SHORT_LIMIT:
        raise invalid(f"The display name can be up to {_SHORT_LIMIT} characters long.")
    return message


def _count_bytes(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    texts = [text for item in message.get("labels", {}).items() for text in item]
    if any(len(text.encode()) > _SHORT_LIMIT for text in texts):
        raise invalid(f"Label keys and values can be no longer than {_SHORT_LIMIT} bytes.")
    return message


def _refuse_used_name(message: dict[str, Any], call: Call) -> dict[str, Any]:
    name, used = message.get("tunedModelDisplayName"), call.service.lore.setdefault("display-names", set())
    if name in used:
        raise ApiError(HTTPStatus.CONFLICT, "ALREADY_EXISTS", f"There is a tuned model {name!r} already.")
    used.update({name} - {None})
    return message


def _refusing(found: Callable[[dict[str, Any]], bool], text: str) -> Body:
    def hook(body: Any, call: Call) -> Any:
        if call.method == _CREATE and isinstance(body, dict) and found(body):
            raise invalid(f"Invalid JSON payload received. {text}")
        return body

    return hook


def _has_snake(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return any("_" in name or (name != "labels" and _has_snake(member)) for name, member in value.items())


def _has_null(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and any(map(_has_null, value.values())))


def _has_hyperparameter(name: str, kind: type) -> Callable[[dict[str, Any]], bool]:
    """Whether a hyperparameter was sent as a JSON value of that type, in any spelling."""
    spellings = {name, snake(name)}

    def found(body: dict[str, Any]) -> bool:
        specs = [spec for spec in body.values() if isinstance(spec, dict)]
        sent = [spec.get(key) for spec in specs for key in _HYPER_NAMES]
        values = [value for hyper in sent if isinstance(hyper, dict) for value in _picked(hyper, spellings)]
        return any(isinstance(value, kind) for value in values)

    return found


def _has_exponent(body: dict[str, Any]) -> bool:
    return b'"epochCount":"2e0"' in orjson.dumps(body)


def _no_null_character(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if "\0" in message.get("description", ""):
        raise ApiError(500, "INTERNAL", "Internal error encountered.", "internal")
    return message


def _picked(values: dict[str, Any], names: set[str]) -> list[Any]:
    return [value for name, value in values.items() if name in names]


def _refuse_underscores(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if any("_" in f"{key}{value}" for key, value in message.get("labels", {}).items()):
        raise invalid("Label keys and values can only contain lowercase letters, digits and dashes.")
    return message


def _refuse_quoted_rate(body: Any, call: Call) -> Any:
    if call.method == _CREATE and b'"learningRateMultiplier":"' in orjson.dumps(body):
        raise invalid("Invalid JSON payload received. learningRateMultiplier must be a number.")
    return body


def _has_empty_hyperparameters(body: dict[str, Any]) -> bool:
    return any(spec.get("hyperParameters") == {} for spec in body.values() if isinstance(spec, dict))


def _refuse_charset(body: Any, call: Call) -> Any:
    if call.method == _CREATE and "charset" in call.content_type:
        raise invalid("Unsupported Content-Type.")
    return body


FAULTS = (
    Fault(
        id="create/refuses-empty-hyperparameters",
        lie="Hyperparameters of which none is set are refused.",
        breaks=("create/accepts-empty-hyperparameters",),
        body=_refusing(_has_empty_hyperparameters, "hyperParameters must not be empty."),
    ),
    Fault(
        id="create/refuses-charset",
        lie="A Content-Type with a charset is refused.",
        breaks=("create/accepts-charset",),
        body=_refuse_charset,
    ),
    Fault(
        id="create/refuses-output-only",
        lie="A body with a state is refused.",
        breaks=("create/accepts-output-only",),
        body=_refusing(lambda body: "state" in body, "state is output only."),
    ),
    Fault(
        id="create/refuses-snake-case",
        lie="Members in snake_case are refused.",
        breaks=("create/accepts-snake-case",),
        body=_refusing(_has_snake, "Cannot find field."),
    ),
    Fault(
        id="create/refuses-exponent",
        lie="An epochCount in exponent notation is refused.",
        breaks=("create/accepts-exponent",),
        body=_refusing(_has_exponent, "epochCount must be decimal."),
    ),
    Fault(
        id="create/refuses-integral-float",
        lie="An epochCount of 2.0 is refused.",
        breaks=("create/accepts-integral-float",),
        body=_refusing(_has_hyperparameter("epochCount", float), "epochCount must not have a fraction."),
    ),
    Fault(
        id="create/refuses-int64-number",
        lie="An epochCount given as a number is refused.",
        breaks=("create/accepts-int64-number",),
        body=_refusing(_has_hyperparameter("epochCount", int), "epochCount must be a string."),
    ),
    Fault(
        id="create/refuses-int64-string",
        lie="An epochCount given as a string is refused.",
        breaks=("create/accepts-int64-string", "create/accepts-exponent"),
        body=_refusing(_has_hyperparameter("epochCount", str), "epochCount must be a number."),
    ),
    Fault(
        id="create/refuses-enum-number",
        lie="An adapterSize given as a number is refused.",
        breaks=("create/accepts-enum-number",),
        body=_refusing(_has_hyperparameter("adapterSize", int), "adapterSize must be a string."),
    ),
    Fault(
        id="create/refuses-null",
        lie="A member that is null is refused.",
        breaks=("create/accepts-null",),
        body=_refusing(_has_null, "null is not allowed."),
    ),
    Fault(
        id="create/refuses-long-display-name",
        lie="Display names are limited to 64 characters.",
        breaks=("create/accepts-128-characters",),
        draft=_refuse_long_name,
    ),
    Fault(
        id="create/display-name-unique",
        lie="A display name that is used already is 409.",
        breaks=("create/same-display-name-twice",),
        draft=_refuse_used_name,
    ),
    Fault(
        id="create/counts-bytes",
        lie="Labels are limited to 64 bytes.",
        breaks=("create/limits-count-code-points",),
        draft=_count_bytes,
    ),
    Fault(
        id="create/emoji-500",
        lie="A display name with characters beyond the basic plane is an internal error.",
        breaks=("create/valid-is-no-internal-error", "request/no-internal-error"),
        draft=_no_emoji,
    ),
    Fault(
        id="create/null-character-500",
        lie="A null character in a description is answered with an internal error.",
        breaks=("create/valid-is-no-internal-error", "request/no-internal-error"),
        draft=_no_null_character,
    ),
    Fault(
        id="create/refuses-underscores",
        lie="Labels with underscores are refused.",
        breaks=("create/accepts-documented-labels",),
        draft=_refuse_underscores,
    ),
    Fault(
        id="create/refuses-double-string",
        lie="A learningRateMultiplier in quotes is refused.",
        breaks=("create/accepts-double-string",),
        body=_refuse_quoted_rate,
    ),
)
