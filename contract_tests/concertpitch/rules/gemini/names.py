"""How a tuned model is named, what it is tuned from, and which values its members may have."""

from __future__ import annotations

import re
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import integer, message, number, text
from concertpitch.sources import advice, aip, gemini, gemini_enum, protojson, records
from concertpitch.subjects import Call
from concertpitch.subjects.gemini import TunedModel

_NAME = re.compile(r"tunedModels/[^/]+")
_BASE = re.compile(r"models/[^/]+")
_MAX_DISPLAY_NAME = 40
_TRAINING_DATA = b"trainingData"
_ONEOF = protojson(
    "Duplicate values", says="Serializers must never serialize the same field multiple times, nor multiple"
)


@rule(
    "tuned-model/has-name",
    CONVENTION,
    on=TunedModel,
    cite=aip(122, "Guidance", says="Resources **must** expose a `name` field that contains its resource name."),
    probe="watch",
)
def has_name(model: TunedModel) -> Findings:
    """A tuned model shows its resource name in `name`."""
    if not model.name:
        yield f"the {model.source} answer shows a tuned model without a name"


@rule(
    "tuned-model/name-format",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: bool(model.name),
    cite=gemini("GetTunedModelRequest", "name", says="Format: `tunedModels/my-model-id`"),
    probe="watch",
)
def name_format(model: TunedModel) -> Findings:
    """A tuned model's name is `tunedModels/` and an id."""
    if not _NAME.fullmatch(model.name):
        yield f"a tuned model is named '{model.name}'"


@rule(
    "tuned-model/id-length",
    OBSERVED,
    on=TunedModel,
    when=lambda model: bool(model.named),
    cite=records("14 of 14 tuned models", says="ids of up to 40 characters"),
    probe="watch",
)
def id_length(model: TunedModel) -> Findings:
    """A tuned model's id has at most 40 characters, also when the server made it."""
    if len(model.key) > _MAX_DISPLAY_NAME:
        yield f"{model.shown}: the id has {len(model.key)} characters"


@rule(
    "tuned-model/base-model-format",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: bool(model.base_model),
    cite=gemini(
        "TunedModel", "baseModel", says="The name of the `Model` to tune. Example: `models/gemini-1.5-flash-001`"
    ),
    probe="watch",
)
def base_model_format(model: TunedModel) -> Findings:
    """A tuned model names its base model as `models/{model}`."""
    if not _BASE.fullmatch(model.base_model):
        yield f"{model.shown}: the base model is '{model.base_model}'"


@rule(
    "tuned-model/one-source-model",
    CONVENTION,
    on=TunedModel,
    cite=_ONEOF,
    probe="source",
)
def one_source_model(model: TunedModel) -> Findings:
    """A tuned model is tuned from a base model or from a tuned model, never both (oneof source_model)."""
    if "baseModel" in model.body and "tunedModelSource" in model.body:
        yield f"{model.shown} shows both baseModel and tunedModelSource"


@rule(
    "tuned-model/source-format",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: bool(text(message(model.body.get("tunedModelSource")).get("tunedModel"))),
    cite=gemini("TunedModelSource", "tunedModel", says="Example: `tunedModels/my-tuned-model`"),
    probe="source",
)
def source_format(model: TunedModel) -> Findings:
    """A source that is a tuned model is named as `tunedModels/{tuned_model}`."""
    name = model.body["tunedModelSource"]["tunedModel"]
    if not _NAME.fullmatch(name):
        yield f"{model.shown}: tunedModelSource.tunedModel is '{name}'"


@rule(
    "tuned-model/source-has-base-model",
    OBSERVED,
    on=TunedModel,
    when=lambda model: model.source == "get" and bool(message(model.body.get("tunedModelSource")).get("tunedModel")),
    cite=records("1 of 1 models tuned from one", says="tunedModelSource.baseModel"),
    probe="source",
)
def source_has_base_model(model: TunedModel) -> Findings:
    """A model tuned from a tuned model names the base model behind it."""
    if not model.base_model:
        yield f"{model.shown}: tunedModelSource has no baseModel"


@rule(
    "tuned-model/display-name-limit",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: bool(model.display_name),
    cite=gemini("TunedModel", "displayName", says="The display name must be up to 40 characters including spaces."),
    probe="limits",
)
def display_name_limit(model: TunedModel) -> Findings:
    """A display name has at most 40 characters (code points)."""
    if len(model.display_name) > _MAX_DISPLAY_NAME:
        yield f"{model.shown}: displayName has {len(model.display_name)} characters"


@rule(
    "tuned-model/temperature-range",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: number(model.body.get("temperature")) is not None,
    cite=gemini("TunedModel", "temperature", says="Values can range over `[0.0,1.0]`, inclusive."),
    probe="limits",
)
def temperature_range(model: TunedModel) -> Findings:
    """A tuned model's temperature is between 0 and 1."""
    if not 0 <= (number(model.body["temperature"]) or 0) <= 1:
        yield f"{model.shown}: temperature is {model.body['temperature']}"


@rule(
    "tuned-model/top-p-range",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: number(model.body.get("topP")) is not None,
    cite=gemini("TunedModel", "topP", says="the smallest set of tokens whose probability sum is at least `top_p`"),
    probe="watch",
)
def top_p_range(model: TunedModel) -> Findings:
    """TopP is a probability."""
    if not 0 <= (number(model.body["topP"]) or 0) <= 1:
        yield f"{model.shown}: topP is {model.body['topP']}"


@rule(
    "tuned-model/training-data-not-returned",
    DOCUMENTED,
    on=Call,
    when=lambda call: call.succeeded and call.resource.startswith("tunedModels"),
    cite=gemini("TuningTask", "trainingData", says="Input only."),
    probe="watch",
)
def training_data_not_returned(call: Call) -> Findings:
    """The training data, which is input only, is in no answer, and in no part of one."""
    if _TRAINING_DATA in call.exchange.body and _holds(call.exchange.answer.value, "trainingData"):
        yield f"the answer to {call.method} shows trainingData"


def _holds(value: Any, name: str) -> bool:
    """Whether a set member of that name is anywhere in a JSON value."""
    if isinstance(value, dict):
        return value.get(name) is not None or any(_holds(inner, name) for inner in value.values())
    return isinstance(value, list) and any(_holds(inner, name) for inner in value)


@rule(
    "tuned-model/one-learning-rate",
    CONVENTION,
    on=TunedModel,
    when=lambda model: bool(model.hyperparameters),
    cite=_ONEOF,
    probe="cohort",
)
def one_learning_rate(model: TunedModel) -> Findings:
    """LearningRate and learningRateMultiplier are never both set (oneof learning_rate_option)."""
    if {"learningRate", "learningRateMultiplier"} <= model.hyperparameters.keys():
        yield f"{model.shown} shows both learningRate and learningRateMultiplier"


@rule(
    "tuned-model/hyperparameters-positive",
    ADVISED,
    on=TunedModel,
    when=lambda model: bool(model.hyperparameters),
    cite=advice("No pass through the data, no batch and no learning rate can be zero or less."),
    probe="watch",
)
def hyperparameters_positive(model: TunedModel) -> Findings:
    """Epochs, batch size and learning rate are positive."""
    for name, value in model.hyperparameters.items():
        told = number(integer(value)) if name in {"epochCount", "batchSize"} else number(value)
        if told is not None and told <= 0:
            yield f"{model.shown}: {name} is {value}"


@rule(
    "tuned-model/state-specified",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: bool(model.body.get("state")),
    cite=gemini_enum("TunedModel.State", "STATE_UNSPECIFIED", says="This value is unused."),
    probe="watch",
)
def state_specified(model: TunedModel) -> Findings:
    """A tuned model is never in STATE_UNSPECIFIED."""
    if model.body["state"] == "STATE_UNSPECIFIED":
        yield f"{model.shown} is in STATE_UNSPECIFIED"


@rule(
    "tuned-model/has-state",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: model.source == "get",
    cite=gemini_enum("TunedModel.State", "STATE_UNSPECIFIED", says="This value is unused."),
    probe="watch",
)
def has_state(model: TunedModel) -> Findings:
    """A get shows in which state the tuned model is: none is the same as STATE_UNSPECIFIED."""
    if not model.body.get("state"):
        yield f"{model.shown} has no state"
