"""Lies about create: what it takes, keeps and refuses."""

from __future__ import annotations

import html
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import orjson

from concertpitch_emulator.errors import ApiError, invalid
from concertpitch_emulator.faults.telling import SPECS
from concertpitch_emulator.messages import snake
from concertpitch_emulator.vertex.hooks import Fault, JobView

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call

_CREATE = "tuningJobs.create"
_KEPT_OF_NAME = 40
_SHORT_LIMIT = 64
_BASIC_PLANE = 0xFFFF
_DATASETS = ("trainingDatasetUri", "validationDatasetUri")
_HYPER_NAMES = ("hyperParameters", "hyper_parameters")

Draft = Callable[[dict[str, Any], "Call"], dict[str, Any]]
Body = Callable[[Any, "Call"], Any]


def _no_emoji(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if any(ord(letter) > _BASIC_PLANE for letter in message.get("tunedModelDisplayName", "")):
        raise ApiError(500, "INTERNAL", "Internal error encountered.", "internal")
    return message


def _dropping(name: str) -> Draft:
    def hook(message: dict[str, Any], _call: Call) -> dict[str, Any]:
        message.pop(name, None)
        return message

    return hook


def _in_spec(change: Callable[[dict[str, Any]], None]) -> Draft:
    def hook(message: dict[str, Any], _call: Call) -> dict[str, Any]:
        for spec in SPECS:
            if spec in message:
                change(message[spec])
        return message

    return hook


def _in_hyperparameters(name: str, change: Callable[[Any], Any]) -> Draft:
    """Changes one hyperparameter that was sent; None drops it."""

    def hook(spec: dict[str, Any]) -> None:
        sent = spec.get("hyperParameters", {})
        if name in sent:
            value = change(sent.pop(name))
            sent.update({} if value is None else {name: value})

    return _in_spec(hook)


def _trim_name(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if "tunedModelDisplayName" in message:
        message["tunedModelDisplayName"] = message["tunedModelDisplayName"][:_KEPT_OF_NAME]
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


def _unwrap(body: Any, call: Call) -> Any:
    wrapped = call.method == _CREATE and isinstance(body, dict) and isinstance(body.get("tuningJob"), dict)
    return body["tuningJob"] if wrapped else body


def _text_in(name: str, change: Callable[[str], str]) -> Draft:
    """Changes a text that was sent."""

    def hook(message: dict[str, Any], _call: Call) -> dict[str, Any]:
        if name in message:
            message[name] = change(message[name])
        return message

    return hook


def _labels_as(change: Callable[[dict[str, str]], dict[str, str]]) -> Draft:
    def hook(message: dict[str, Any], _call: Call) -> dict[str, Any]:
        if "labels" in message:
            message["labels"] = change(message["labels"])
        return message

    return hook


def _no_null_character(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if "\0" in message.get("description", ""):
        raise ApiError(500, "INTERNAL", "Internal error encountered.", "internal")
    return message


def _same_base_model(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if "baseModel" in message:
        message["baseModel"] = "gemini-1.0-pro-002"
    return message


def _picked(values: dict[str, Any], names: set[str]) -> list[Any]:
    return [value for name, value in values.items() if name in names]


def _lose_snake(body: Any, call: Call) -> Any:
    if call.method != _CREATE or not isinstance(body, dict):
        return body
    spec = body.get("supervisedTuningSpec")
    return _camel_only(body) if isinstance(spec, dict) and "trainingDatasetUri" in spec else body


def _camel_only(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: member if name == "labels" else _camel_only(member) for name, member in value.items() if "_" not in name
    }


def _no_made_name(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.record.named_by_server:
        job.pop("tunedModelDisplayName", None)
    return job


_KEEPING = (
    Fault(
        id="create/escapes-markup",
        lie="The display name is escaped for a page.",
        breaks=("create/echoes-display-name",),
        draft=_text_in("tunedModelDisplayName", html.escape),
    ),
    Fault(
        id="create/strips-display-name",
        lie="The display name loses the spaces around it.",
        breaks=("create/echoes-display-name",),
        draft=_text_in("tunedModelDisplayName", str.strip),
    ),
    Fault(
        id="create/joins-lines",
        lie="The line breaks of a description become spaces.",
        breaks=("create/echoes-description",),
        draft=_text_in("description", lambda text: " ".join(text.splitlines())),
    ),
    Fault(
        id="create/rewrites-label-keys",
        lie="Underscores in the keys of labels become dashes.",
        breaks=("create/echoes-labels",),
        draft=_labels_as(lambda labels: {key.replace("_", "-"): value for key, value in labels.items()}),
    ),
    Fault(
        id="create/drops-empty-labels",
        lie="A label without a value is not kept.",
        breaks=("create/echoes-labels",),
        draft=_labels_as(lambda labels: {key: value for key, value in labels.items() if value}),
    ),
    Fault(
        id="create/decodes-datasets",
        lie="What is percent-encoded in the name of a dataset is decoded.",
        breaks=("create/echoes-datasets",),
        draft=_in_spec(lambda spec: spec.update({name: unquote(spec[name]) for name in _DATASETS if name in spec})),
    ),
    Fault(
        id="create/lowers-datasets",
        lie="Datasets are kept in lower case.",
        breaks=("create/echoes-datasets",),
        draft=_in_spec(lambda spec: spec.update({name: spec[name].lower() for name in _DATASETS if name in spec})),
    ),
    Fault(
        id="create/drops-beta",
        lie="The beta of preference optimization is not kept.",
        breaks=("create/echoes-hyperparameters",),
        draft=_in_hyperparameters("beta", lambda _: None),
    ),
    Fault(
        id="create/always-last-checkpoint",
        lie="Every job exports its last checkpoint only, whatever was sent.",
        breaks=("create/echoes-checkpoint-choice",),
        draft=_in_spec(lambda spec: spec.update(exportLastCheckpointOnly=True)),
    ),
    Fault(
        id="create/null-character-500",
        lie="A null character in a description is answered with an internal error.",
        breaks=("create/valid-is-no-internal-error", "request/no-internal-error"),
        draft=_no_null_character,
    ),
    Fault(
        id="create/drops-labels",
        lie="Labels are not kept.",
        breaks=("create/echoes-labels",),
        draft=_dropping("labels"),
    ),
    Fault(
        id="create/drops-description",
        lie="The description is not kept.",
        breaks=("create/echoes-description",),
        draft=_dropping("description"),
    ),
    Fault(
        id="create/drops-validation-dataset",
        lie="The validation dataset is not kept.",
        breaks=("create/echoes-datasets",),
        draft=_in_spec(lambda spec: spec.pop("validationDatasetUri", None)),
    ),
    Fault(
        id="create/trims-display-name",
        lie="The display name is cut to 40 characters.",
        breaks=("create/echoes-display-name",),
        draft=_trim_name,
    ),
    Fault(
        id="create/rounds-rate",
        lie="A learningRateMultiplier is rounded up to a whole number.",
        breaks=("create/echoes-hyperparameters",),
        draft=_in_hyperparameters("learningRateMultiplier", lambda rate: int(-(-float(rate) // 1))),
    ),
    Fault(
        id="create/ignores-epochs",
        lie="An epochCount is replaced by 1.",
        breaks=("create/echoes-hyperparameters",),
        draft=_in_hyperparameters("epochCount", lambda _: "1"),
    ),
    Fault(
        id="create/drops-adapter",
        lie="The adapter size is not kept.",
        breaks=("create/echoes-hyperparameters",),
        draft=_in_hyperparameters("adapterSize", lambda _: None),
    ),
    Fault(
        id="create/other-base-model",
        lie="Every job is tuned from one and the same base model.",
        breaks=("create/echoes-base-model",),
        draft=_same_base_model,
    ),
    Fault(
        id="create/drops-encryption-spec",
        lie="The encryption spec is not kept.",
        breaks=("create/echoes-encryption-spec",),
        draft=_dropping("encryptionSpec"),
    ),
    Fault(
        id="create/drops-service-account",
        lie="The service account is not kept.",
        breaks=("create/echoes-service-account",),
        draft=_dropping("serviceAccount"),
    ),
    Fault(
        id="create/loses-snake-case",
        lie="Members in snake_case are dropped where the dataset came in camelCase.",
        breaks=("create/echoes-hyperparameters", "create/echoes-checkpoint-choice"),
        body=_lose_snake,
    ),
    Fault(
        id="create/no-display-name",
        lie="A display name that was not sent stays unset.",
        breaks=("create/display-name-made",),
        job=_no_made_name,
    ),
    Fault(
        id="create/accepts-long-display-name",
        lie="A display name of more than 128 characters is stored.",
        breaks=("job/display-name-limit",),
        forgives=frozenset({"long-display-name"}),
    ),
    Fault(
        id="create/accepts-long-label",
        lie="A label of more than 64 characters is stored.",
        breaks=("job/label-limits",),
        forgives=frozenset({"long-label"}),
    ),
    Fault(
        id="create/accepts-upper-case-label",
        lie="A label with characters that are not allowed is stored.",
        breaks=("job/label-characters",),
        forgives=frozenset({"label-characters"}),
    ),
)

_REFUSING = (
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
        id="create/unwraps-body",
        lie="A job inside an object with the member tuningJob is taken for the job.",
        breaks=("create/body-is-the-job", "refuse/unknown-field"),
        body=_unwrap,
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
        id="create/refuses-long-display-name",
        lie="Display names are limited to 64 characters.",
        breaks=("create/accepts-128-characters",),
        draft=_refuse_long_name,
    ),
)

_STEADY = (
    Fault(
        id="create/emoji-500",
        lie="A display name with characters beyond the basic plane is an internal error.",
        breaks=("create/valid-is-no-internal-error", "request/no-internal-error"),
        draft=_no_emoji,
    ),
)

FAULTS = (*_STEADY, *_KEEPING, *_REFUSING)
