"""Lies about create: what it takes and what it makes of it."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from concertpitch_emulator.faults.telling import SPECS
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


def _same_base_model(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if "baseModel" in message:
        message["baseModel"] = "gemini-1.0-pro-002"
    return message


def _default_base_model(message: dict[str, Any], call: Call) -> dict[str, Any]:
    if "baseModel" in message:
        message["baseModel"] = call.service.lore.setdefault("base model", message["baseModel"])
    return message


def _labels_of_the_last(message: dict[str, Any], call: Call) -> dict[str, Any]:
    message.setdefault("labels", call.service.lore.get("labels", {}))
    call.service.lore["labels"] = dict(message["labels"])
    return message


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


FAULTS = (
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
        id="create/reads-plus-as-space",
        lie="A plus in a description is stored as a space, as of a form.",
        breaks=("create/echoes-description",),
        draft=_text_in("description", lambda text: text.replace("+", " ")),
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
        id="create/first-base-model",
        lie="Every job is tuned from the base model of the first.",
        breaks=("create/echoes-base-model",),
        draft=_default_base_model,
    ),
    Fault(
        id="create/labels-of-the-last",
        lie="A job that is created without labels gets those of the job created before.",
        breaks=("create/adopts-nothing-of-others",),
        draft=_labels_of_the_last,
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
    Fault(
        id="create/unwraps-body",
        lie="A job inside an object with the member tuningJob is taken for the job.",
        breaks=("create/body-is-the-job", "refuse/unknown-field"),
        body=_unwrap,
    ),
)
