"""Message tables read once from a surface's OpenAPI document: what a field is called, holds and forbids.

Owns the way from component schemas to tables fast enough for every request. It must not know any method.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from concertpitch_models import documents

# The documents lose enum numbers: google/cloud/aiplatform/v1/tuning_job.proto and job_state.proto have them.
# Any other enum is numbered in its declared order.
_ADAPTER_SIZES = {
    "ADAPTER_SIZE_UNSPECIFIED": 0,
    "ADAPTER_SIZE_ONE": 1,
    "ADAPTER_SIZE_FOUR": 2,
    "ADAPTER_SIZE_EIGHT": 3,
    "ADAPTER_SIZE_SIXTEEN": 4,
    "ADAPTER_SIZE_THIRTY_TWO": 5,
    "ADAPTER_SIZE_TWO": 6,
}

# The documents lose oneofs too: google/cloud/aiplatform/{v1,v1beta1}/tuning_job.proto and
# genai_tuning_service.proto. The preference, full and reinforcement specs are in no published proto; they
# are taken for members of tuning_spec.
_TUNING_SPECS = (
    "supervisedTuningSpec",
    "preferenceOptimizationSpec",
    "distillationSpec",
    "partnerModelTuningSpec",
    "veoTuningSpec",
    "veoLoraTuningSpec",
    "fullFineTuningSpec",
    "reinforcementTuningSpec",
)
_ONEOFS = {
    "TuningJob": {"source_model": ("baseModel", "preTunedModel"), "tuning_spec": _TUNING_SPECS},
    "TunedModelRef": {"tuned_model_ref": ("tunedModel", "tuningJob", "pipelineJob")},
}

# Messages whose scalar fields are not `optional` in the protos above: a default value is the same as absence.
_IMPLICIT_PRESENCE = {
    "TuningJob",
    "SupervisedTuningSpec",
    "SupervisedHyperParameters",
    "PreferenceOptimizationSpec",
    "PreferenceOptimizationHyperParameters",
    "EncryptionSpec",
    "PreTunedModel",
    "RebaseTunedModelRequest",
    "TunedModelRef",
    "GcsDestination",
}

_SHORT_NAME = re.compile(r"^GoogleCloudAiplatformV1(?:beta1)?")
_PACKAGE = re.compile(r"^GoogleCloudAiplatform(V1(?:beta1)?)")
_REF = "#/components/schemas/"


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: "_" + letter.group().lower(), name)


@dataclass(frozen=True, slots=True)
class Enum:
    """An enum: its type URL and the numbers of its names."""

    type_url: str
    numbers: dict[str, int]
    names: dict[int, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: both spellings, how often it occurs, and what one value of it is.

    `kind` is `message`, `enum`, `any`, a JSON Schema type or a Google format (`int64`, `google-datetime`).
    """

    name: str
    snake: str
    kind: str
    shape: str  # one | list | map
    read_only: bool
    required: bool
    oneof: str | None
    message: str | None = None
    enum: Enum | None = None


@dataclass
class Message:
    """A message: its fields under both spellings."""

    name: str
    type_url: str
    implicit_presence: bool
    fields: dict[str, Field] = field(default_factory=dict)
    required: list[Field] = field(default_factory=list)


class Messages:
    """The messages of one surface, each compiled on first use."""

    def __init__(self, surface: str) -> None:
        self._surface = surface
        self._compiled: dict[str, Message] = {}

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document of the surface."""
        return documents.openapi(self._surface)

    @cached_property
    def _schemas(self) -> dict[str, Any]:
        schemas: dict[str, Any] = self.document["components"]["schemas"]
        return schemas

    def named(self, short: str) -> Message:
        """The message of that short name (`TuningJob`)."""
        version = self._surface.removeprefix("vertex_")
        return self[f"GoogleCloudAiplatform{version.capitalize()}{short}"]

    def __getitem__(self, name: str) -> Message:
        if name not in self._compiled:
            self._compiled[name] = self._compile(name)
        return self._compiled[name]

    def _compile(self, name: str) -> Message:
        short = _SHORT_NAME.sub("", name)
        message = Message(name, _type_url(name, short), short in _IMPLICIT_PRESENCE)
        schema = self._schemas[name]
        oneofs = {
            member: oneof
            for oneof, members in (schema.get("x-google-oneof") or _ONEOFS.get(short, {})).items()
            for member in members
        }
        for member, raw in schema.get("properties", {}).items():
            compiled = self._field(message, member, raw, oneofs.get(member))
            message.fields[compiled.name] = message.fields[compiled.snake] = compiled
        message.required = [member for member in message.fields.values() if member.required]
        return message

    def _field(self, owner: Message, name: str, schema: dict[str, Any], oneof: str | None) -> Field:
        behaviour = schema.get("x-google-field-behavior", [])
        read_only = bool(schema.get("readOnly")) or "OUTPUT_ONLY" in behaviour
        shape, value = "one", schema
        if schema.get("type") == "array":
            shape, value = "list", schema["items"]
        elif isinstance(schema.get("additionalProperties"), dict):
            shape, value = "map", schema["additionalProperties"]
        value, target = self._resolve(value)
        kind, enum = _kind(value), None
        if "enum" in value and kind == "string":
            kind, enum = "enum", _enum(owner, name, value)
        elif target is not None:
            kind = "message"
        required = "REQUIRED" in behaviour
        return Field(name, snake(name), kind, shape, read_only, required, oneof, target, enum)

    def _resolve(self, schema: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """The schema a reference leads to, and the message's name if it is one."""
        if len(schema.get("allOf", ())) == 1:
            schema = schema["allOf"][0]
        if "$ref" not in schema:
            return schema, None
        name = schema["$ref"].removeprefix(_REF)
        target = self._schemas[name]
        return target, None if "enum" in target else name


def _kind(schema: dict[str, Any]) -> str:
    kind: str = schema.get("format") or schema.get("type") or "any"
    if kind in {"object", "any"} or isinstance(schema.get("type"), list):
        return "any"
    return kind


def _enum(owner: Message, name: str, schema: dict[str, Any]) -> Enum:
    values: list[str] = schema["enum"]
    numbers = schema.get("x-google-enum-numbers")
    if isinstance(numbers, list):
        numbers = dict(zip(values, numbers, strict=True))
    elif not numbers and values and "ADAPTER_SIZE_FOUR" in values:
        numbers = _ADAPTER_SIZES
    numbers = numbers or {value: number for number, value in enumerate(values)}
    type_url = f"{owner.type_url}.{name[0].upper()}{name[1:]}"
    return Enum(type_url, numbers, {number: value for value, number in numbers.items()})


def _type_url(name: str, short: str) -> str:
    package = _PACKAGE.match(name)
    if package is None:
        return f"type.googleapis.com/{name}"
    return f"type.googleapis.com/google.cloud.aiplatform.{package.group(1).lower()}.{short}"
