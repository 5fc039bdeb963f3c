"""Schemas of OpenAPI 3.0 and 3.1 as definitions, with Google's `x-google-*`.

Owns what a schema's members mean: one-element `allOf` around a `$ref` with siblings, `allOf` as a way to take over
properties, the ways to say "or null". What has no counterpart (`oneOf`, `not`, ...) is kept as extras beside any value.
Must not know paths.
"""

from __future__ import annotations

from typing import Any

from concertpitch_codegen.behavior import stated
from concertpitch_codegen.document import (
    Alias,
    Anything,
    Array,
    Behavior,
    BehaviorFact,
    Enum,
    Evidence,
    Map,
    Message,
    Ref,
    Scalar,
    Schema,
    Type,
)
from concertpitch_codegen.readers import extensions
from concertpitch_codegen.readers.cursor import Cursor
from concertpitch_codegen.readers.definitions import Definitions, pascal
from concertpitch_codegen.readers.limits import read_limits
from concertpitch_codegen.slicing import kept_references

_SCHEMAS = "#/components/schemas/"
_FLAGS = {
    "readOnly": Behavior.OUTPUT_ONLY,
    "writeOnly": Behavior.INPUT_ONLY,
    "x-google-immutable": Behavior.IMMUTABLE,
    "x-google-identifier": Behavior.IDENTIFIER,
}
_LIMITS = frozenset({"default", "maximum", "minimum", "pattern"})
SCHEMA_KEYS = frozenset({
    "$ref", "additionalProperties", "deprecated", "description", "enum", "format", "items", "properties",
    "required", "type", "x-google-enum-deprecated", "x-google-enum-descriptions", *_FLAGS, *_LIMITS,
    extensions.BEHAVIOR, extensions.NUMBERS, extensions.ONEOF,
})  # fmt: skip
_OURS = "x-concertpitch-"
_NULL = {"type": "null"}


class SchemaReader:
    """The schemas of one document: those it names, and those that stand in place."""

    def __init__(self, schemas: dict[str, Cursor]) -> None:
        self.schemas = schemas
        self.definitions = Definitions(frozenset(schemas))

    def define_all(self) -> None:
        """Define every schema the document names."""
        for name, at in self.schemas.items():
            if self.definitions.check_name(name, at):
                self._define(name, _plain(at), hoisted=False)

    def _define(self, name: str, at: Cursor, *, hoisted: bool) -> None:
        if "enum" in at and at.value.get("type") == "string":
            self._enum(name, at, named=True)
        elif "allOf" in at or (at.value.get("type", "object") == "object" and "properties" in at):
            self._define_message(name, at, hoisted=hoisted)
        elif at.value.get("type") == "object" and not isinstance(at.value.get("additionalProperties"), dict):
            self.definitions.found[name] = Message(name, at.origin, {}, at.text("description"), hoisted=hoisted)
        else:
            schema = self.schema(at, name + "Value")
            self.definitions.found[name] = Alias(
                name, at.origin, schema, schema.description, schema.deprecated, hoisted=hoisted
            )

    def _define_message(self, name: str, at: Cursor, *, hoisted: bool) -> None:
        """Define an object; what it takes over by `allOf` becomes its own."""
        fields: dict[str, Schema] = {}
        for part in self._parts(at, (name,), set()):
            required = part.texts("required")
            for key, field in part.members("properties"):
                fields[key] = self.schema(field, name + pascal(key), required=key in required)
        self.definitions.found[name] = Message(
            name=name,
            origin=at.origin,
            fields=fields,
            description=at.text("description"),
            deprecated=at.flag("deprecated"),
            oneofs=extensions.read_oneofs(at, frozenset(fields)),
            hoisted=hoisted,
            extras=self._rest(at),
        )

    def _parts(self, at: Cursor, above: tuple[str, ...], seen: set[str]) -> list[Cursor]:
        """List the objects whose properties `at` has, its own last; what is taken over twice counts once."""
        parts: list[Cursor] = []
        for part in at.items("allOf"):
            if "$ref" not in part:
                parts += self._parts(part, above, seen)
            elif (name := self._name(part)) in above:
                part.problem("contains itself by allOf")
            elif name not in self.schemas:
                self.definitions.refer(name, part)
            elif name not in seen:
                seen.add(name)
                parts += self._parts(self.schemas[name], (*above, name), seen)
        return [*parts, at]

    def schema(self, at: Cursor, name: str | None, *, required: bool = False) -> Schema:
        """Read a schema in place; an enum or object in it gets `name`, without one an enum stays inline."""
        at = _plain(at)
        wrapped = at.value.get("allOf")
        if isinstance(wrapped, list) and len(wrapped) == 1 and isinstance(wrapped[0], dict) and "$ref" in wrapped[0]:
            inner = Cursor(at.document, wrapped[0], f"{at.pointer}/allOf/0", at.problems)
            kind: Type = self.definitions.refer(self._name(inner), inner)
        else:
            kind = self._type(at, name)
        description = at.text("description")
        behaviors, deprecated = stated(description, at.origin)
        flags = [BehaviorFact(each, Evidence.FLAG, at.at(key).origin) for key, each in _FLAGS.items() if at.flag(key)]
        if required:
            flags.append(BehaviorFact(Behavior.REQUIRED, Evidence.FLAG, at.origin))
        if extensions.BEHAVIOR in at:
            flags = extensions.read_behaviors(at)
        return Schema(
            origin=at.origin,
            type=kind,
            description=description,
            behaviors=(*flags, *behaviors),
            deprecated=deprecated or at.flag("deprecated"),
            limits=read_limits(at),
            extras=self._rest(at),
        )

    def _type(self, at: Cursor, name: str | None) -> Type:
        if "$ref" in at:
            return self.definitions.refer(self._name(at), at)
        kind = at.value.get("type")
        match kind:
            case "string" if "enum" in at and name is not None:
                return self._enum(name, at)
            case "string" | "integer" | "number" | "boolean":
                return Scalar(kind, at.text("format"))
            case "array":
                items = at.child("items") or Cursor(at.document, {}, f"{at.pointer}/items", at.problems)
                return Array(self.schema(items, name))
        return self._object(at, name)

    def _object(self, at: Cursor, name: str | None) -> Type:
        """Read an object, or any value where the document gives no type that can be told."""
        if "properties" in at or "allOf" in at:
            hoisted = self.definitions.free(name or "Value", at)
            self._define_message(hoisted, at, hoisted=True)
            return Ref(hoisted)
        values = at.value.get("additionalProperties")
        if isinstance(values, dict):
            return Map(self.schema(at.at("additionalProperties"), name))
        if at.value.get("type") == "object":
            return Map(Schema(at.origin, Anything()))
        return Anything()

    def _enum(self, name: str, at: Cursor, *, named: bool = False) -> Ref:
        descriptions = at.texts("x-google-enum-descriptions")
        made = self.definitions.enum(name, at, descriptions, at.flags("x-google-enum-deprecated"), named=named)
        enum = self.definitions.found[made.name]
        if extensions.NUMBERS in at and isinstance(enum, Enum):
            self.definitions.found[made.name] = extensions.number(enum, at)
        return made

    def _rest(self, at: Cursor) -> dict[str, Any]:
        kept = rest(at)
        if isinstance(at.value.get("type"), list):
            kept["type"] = at.value["type"]
        if "enum" in at and at.value.get("type") != "string":
            kept["enum"] = at.value["enum"]
        for name in kept_references(kept):
            self.definitions.refer(name, at)
        return kept

    def _name(self, at: Cursor) -> str:
        reference = at.required_text("$ref")
        if not reference.startswith(_SCHEMAS):
            at.problem(f"refers to {reference!r}; only {_SCHEMAS}... is read")
        return reference.removeprefix(_SCHEMAS)


def _plain(at: Cursor) -> Cursor:
    """Write each of the ways in which OpenAPI 3.0 and 3.1 say "or null" as the first one, `nullable`."""
    said = at.value
    for key in ("anyOf", "oneOf"):
        options = said.get(key)
        if isinstance(options, list) and len(options) == 2 and _NULL in options:  # noqa: PLR2004 - null, and another
            other = options[1 - options.index(_NULL)]
            if isinstance(other, dict):
                beside = {name: value for name, value in said.items() if name != key}
                said = {**other, **beside, "nullable": True}
    kinds = said.get("type")
    if isinstance(kinds, list) and all(isinstance(each, str) for each in kinds):
        others = [each for each in kinds if each != "null"]
        said = {**said, "type": others[0] if len(others) == 1 else kinds}
        if len(others) == 1 < len(kinds):
            said["nullable"] = True
    values = said.get("enum")
    if isinstance(values, list) and None in values and said.get("nullable") is True:
        said = {**said, "enum": [each for each in values if each is not None]}
    return at if said is at.value else Cursor(at.document, said, at.pointer, at.problems)


def rest(at: Cursor, known: frozenset[str] = SCHEMA_KEYS | {"allOf"}) -> dict[str, Any]:
    """Give the members nobody reads, without the marks of our own writer."""
    return {key: value for key, value in at.rest(known).items() if not key.startswith(_OURS)}
