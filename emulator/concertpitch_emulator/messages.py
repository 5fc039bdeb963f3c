"""Message tables read once from a surface's OpenAPI document: what a field is called, holds and forbids.

Owns the way from component schemas to tables fast enough for every request. It must not know any method.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from concertpitch_models import documents

_PACKAGE = re.compile(r"^Google(CloudAiplatform|AiGenerativelanguage)(V1(?:beta[13]?)?)")
_PACKAGES = {"CloudAiplatform": "google.cloud.aiplatform", "AiGenerativelanguage": "google.ai.generativelanguage"}
_PREFIXES = {"vertex": "GoogleCloudAiplatform", "gemini": "GoogleAiGenerativelanguage"}
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

    `presence` says that a default value differs from absence. `kind` is `message`, `enum`, `any`, a JSON
    Schema type or a Google format (`int64`, `google-datetime`).
    """

    name: str
    snake: str
    kind: str
    shape: str  # one | list | map
    read_only: bool
    required: bool
    presence: bool
    oneof: str | None
    message: str | None = None
    enum: Enum | None = None


@dataclass
class Message:
    """A message: its fields under both spellings."""

    name: str
    type_url: str
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
        surface, _, version = self._surface.partition("_")
        return self[f"{_PREFIXES[surface]}{version.capitalize()}{short}"]

    def __getitem__(self, name: str) -> Message:
        if name not in self._compiled:
            self._compiled[name] = self._compile(name)
        return self._compiled[name]

    def _compile(self, name: str) -> Message:
        message = Message(name, _type_url(name))
        schema = self._schemas[name]
        oneofs: dict[str, str] = {
            member: oneof for oneof, members in schema.get("x-google-oneof", {}).items() for member in members
        }
        for member, raw in schema.get("properties", {}).items():
            compiled = self._field(message, member, raw, oneofs.get(member))
            message.fields[compiled.name] = message.fields[compiled.snake] = compiled
        message.required = list({member.name: member for member in message.fields.values() if member.required}.values())
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
        kind = _kind(value)
        enum = None
        if "enum" in value and kind == "string":
            kind, enum = "enum", _enum(owner, name, value)
        elif target is not None:
            kind = "message"
        # google-genai distils with promptDatasetUri alone, without the two required members that it replaces.
        required = "REQUIRED" in behaviour and not schema.get("deprecated")
        presence = bool(schema.get("x-google-explicit-presence")) or target is not None or oneof is not None
        return Field(name, snake(name), kind, shape, read_only, required, presence, oneof, target, enum)

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
    # An enum without numbers is in no proto we read; declared order is the next best guess.
    numbers = schema.get("x-google-enum-numbers") or {value: number for number, value in enumerate(values)}
    type_url = f"{owner.type_url}.{name[0].upper()}{name[1:]}"
    return Enum(type_url, numbers, {number: value for value, number in numbers.items()})


def _type_url(name: str) -> str:
    package = _PACKAGE.match(name)
    if package is None:
        return f"type.googleapis.com/{name}"
    return f"type.googleapis.com/{_PACKAGES[package[1]]}.{package[2].lower()}.{name[package.end() :]}"
