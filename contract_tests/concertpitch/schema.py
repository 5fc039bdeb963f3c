"""What the generated schemas say of a JSON value: its kind, its members, and what a request got wrong.

Rule 1: schemas come from `concertpitch_models`; nothing about one API is written here.
Rule 2: reading never judges. `values` names what an answer holds, `read_request` what a request says; rules decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

from concertpitch_models import documents

from concertpitch import protojson

Schema = Mapping[str, Any]
_REF = "#/components/schemas/"
_VERSION = re.compile(r"V\d+((alpha|beta)\d*)?(?=[A-Z])")
_FORMATS = {
    "int64": "int64",
    "uint64": "int64",
    "google-datetime": "timestamp",
    "date-time": "timestamp",
    "google-duration": "duration",
    "google-fieldmask": "string",
    "byte": "bytes",
}
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
"""Half a character in UTF-16, and nothing in UTF-8."""
_LARGEST = {"int32": 2**31 - 1, "int64": 2**63 - 1}
_JSON_TYPES: Mapping[str, type] = {"message": dict, "map": dict, "list": list, "boolean": bool, "double": float}
_TYPES = {"integer": "int32", "number": "double", "boolean": "boolean", "array": "list"}


@dataclass(frozen=True)
class Node:
    """A schema and the name of the message it stands for ('' when it is not a message)."""

    schema: Schema
    name: str = ""

    @cached_property
    def kind(self) -> str:
        """One of message, map, list, int64, int32, double, boolean, timestamp, duration, bytes, enum, string, any."""
        schema = self.schema
        if "enum" in schema:
            return "enum"
        declared = schema.get("type")
        if declared == "string":
            return _FORMATS.get(schema.get("format", ""), "string")
        if declared == "object" or "properties" in schema:
            if self.name and not schema.get("additionalProperties"):
                return "message"
            return "map" if schema.get("additionalProperties") else "any"
        return _TYPES.get(str(declared), "any")


class Schemas:
    """The component schemas of one surface, for example `vertex_v1`."""

    def __init__(self, surface: str) -> None:
        self.openapi: Mapping[str, Any] = documents.openapi(surface)
        self._components: Mapping[str, Schema] = self.openapi["components"]["schemas"]
        self._members: dict[str, dict[str, Node]] = {}
        self._elements: dict[int, tuple[Schema, Node]] = {}

    def node(self, schema: Schema) -> Node:
        """`schema` with its reference, if it is one, followed."""
        name = ""
        while "$ref" in schema:
            name = schema["$ref"].removeprefix(_REF)
            schema = self._components[name]
        return Node(schema, name)

    def message(self, name: str) -> Node:
        return Node(self._components[name], name)

    def members(self, node: Node) -> dict[str, Node]:
        """The members of a message by JSON name."""
        if node.name not in self._members:
            self._members[node.name] = {
                name: self.node(schema) for name, schema in node.schema.get("properties", {}).items()
            }
        return self._members[node.name]

    def named(self, schema: Schema) -> Node:
        """The message that a reference names, which may be that of another version."""
        name = self._own(schema["$ref"].removeprefix(_REF))
        return self.message(name) if name else self.node(schema)

    def packed(self, type_url: Any) -> Node | None:
        """The message that an Any says it holds by its `@type`, if it is one of this surface, of whatever version."""
        words = str(type_url).rpartition("/")[2].split(".")
        name = self._own("".join(word[:1].upper() + word[1:] for word in words))
        return self.message(name) if name else None

    def _own(self, name: str) -> str:
        """The component of that name but for its version, '' when there is none."""
        if name in self._components:
            return name
        bare = _VERSION.sub("", name)
        return next((own for own in self._components if _VERSION.sub("", own) == bare), "")

    def behaviour(self, node: Node, member: str) -> frozenset[str]:
        """The field behaviour (AIP-203) of a member: REQUIRED, OUTPUT_ONLY and so on."""
        return frozenset(node.schema["properties"][member].get("x-google-field-behavior", ()))

    def element(self, node: Node) -> Node:
        """What the elements of a list, or the values of a map, are."""
        key = id(node.schema)
        if key not in self._elements:
            held = node.schema.get("items") or node.schema.get("additionalProperties")
            # With the schema itself, whose id is nobody else's while it lives.
            self._elements[key] = (node.schema, self.node(held if isinstance(held, dict) else {}))
        return self._elements[key][1]

    def values(self, node: Node, value: Any, pointer: str = "") -> list[Value]:
        """Every set value inside `value` that the schema knows, itself included; unknown members are skipped."""
        found: list[Value] = []
        self._gather(node, value, pointer, found)
        return found

    def _gather(self, node: Node, value: Any, pointer: str, found: list[Value]) -> None:
        kind = node.kind
        found.append(Value(kind, node, value, pointer))
        if isinstance(value, dict):
            packed = self.packed(value["@type"]) if kind in {"map", "any"} and "@type" in value else None
            if packed is not None:
                self._gather(packed, value, pointer, found)
            elif kind == "message":
                members = self.members(node)
                for name, inner in value.items():
                    if name in members and inner is not None:
                        self._gather(members[name], inner, f"{pointer}/{name}", found)
            elif kind == "map" and isinstance(node.schema["additionalProperties"], dict):
                for name, inner in value.items():
                    self._gather(self.element(node), inner, f"{pointer}/{name}", found)
        elif kind == "list" and isinstance(value, list):
            for index, inner in enumerate(value):
                self._gather(self.element(node), inner, f"{pointer}/{index}", found)


class Value(NamedTuple):
    """A value of an answer: `kind` is its node's, `pointer` its JSON pointer from the answer's root."""

    kind: str
    node: Node
    value: Any
    pointer: str


@dataclass
class Request:
    """What a request body says, once ProtoJSON's freedom of spelling is taken out.

    `canonical` holds lowerCamelCase names, enum names, integers as strings, no nulls and no output-only members.
    Everything else lists JSON paths: `unknown` members, `bad_enum` names, `bad_integer` texts, `fraction`s where
    integers belong, integers `too_large` for their type, `bad_type`s, `bad_scalar`s (a number or boolean for a string,
    and the reverse), `bad_text`s that no UTF-8 holds (half a surrogate pair), `missing` REQUIRED members, `empty`
    REQUIRED members sent empty, `both` members of one oneof. `spelling` names the freedoms used: snake, int64-number,
    int64-string, int64-exponent, int64-float, double-string, enum-number, null, output-only.
    """

    canonical: dict[str, Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    bad_enum: list[str] = field(default_factory=list)
    bad_integer: list[str] = field(default_factory=list)
    fraction: list[str] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    bad_type: list[str] = field(default_factory=list)
    bad_scalar: list[str] = field(default_factory=list)
    bad_text: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)
    spelling: set[str] = field(default_factory=set)
    output_only: dict[str, Any] = field(default_factory=dict)

    FAULTS = (
        *("unknown", "bad_enum", "bad_integer", "fraction", "too_large", "bad_type", "bad_scalar"),
        *("bad_text", "missing", "empty", "both"),
    )

    @property
    def faults(self) -> frozenset[str]:
        """The kinds of mistakes in this body; empty for a body that nothing is wrong with."""
        return frozenset(name for name in self.FAULTS if getattr(self, name))

    def only(self, fault: str) -> bool:
        """Whether `fault` is the one kind of mistake in this body."""
        return self.faults == {fault}


def read_request(schemas: Schemas, node: Node, body: Any) -> Request:
    """Read a request body of the message `node`."""
    request = Request()
    if isinstance(body, dict):
        request.canonical = _Reader(schemas, request).message(node, body, "")
    else:
        request.bad_type.append("")
    return request


def read_answer(schemas: Schemas, node: Node, body: dict[str, Any]) -> dict[str, Any]:
    """Read a message of an answer leniently into canonical form.

    How it is spelled is judged by the rules on values; the other rules should not report the same fault again.
    So numbers stand for strings, an enum's number, lower-case name or name without prefix for its name, nulls
    for nothing. What has another JSON type stays as it is, and so do unknown members.
    """
    return _Lenient(schemas, Request()).message(node, body, "")


class _Reader:
    """Reads what a caller sent."""

    def __init__(self, schemas: Schemas, request: Request) -> None:
        self.schemas = schemas
        self.request = request

    def message(self, node: Node, body: Mapping[str, Any], path: str) -> dict[str, Any]:
        members, start = self.schemas.members(node), f"{path}." if path else ""
        read: dict[str, Any] = {}
        for sent, value in body.items():
            name = sent if sent in members else protojson.camel(sent)
            if name in members:
                self.member(node, read, name, start + sent, value)
                if name != sent:
                    self.request.spelling.add("snake")
            else:
                self.request.unknown.append(start + sent)
        self.completeness(node, read, start)
        return read

    def member(self, node: Node, read: dict[str, Any], name: str, where: str, value: Any) -> None:
        """Put a member into `read`, unless it is unset or the server's own."""
        if value is None:
            self.request.spelling.add("null")
        elif "OUTPUT_ONLY" in self.schemas.behaviour(node, name):
            self.request.spelling.add("output-only")
            self.request.output_only[where] = value
        else:
            read[name] = self.value(self.schemas.members(node)[name], value, where)

    def completeness(self, node: Node, read: Mapping[str, Any], start: str) -> None:
        """Note required members that are missing or empty, and oneofs with more than one member.

        One that is deprecated too (distillationSpec.trainingDatasetUri) has a successor, which clients send instead.
        """
        for name in self.schemas.members(node):
            deprecated = node.schema["properties"][name].get("deprecated")
            if "REQUIRED" in self.schemas.behaviour(node, name) and not deprecated:
                if name not in read:
                    self.request.missing.append(start + name)
                elif read[name] in ("", {}, []):
                    self.request.empty.append(start + name)
        for group, names in node.schema.get("x-google-oneof", {}).items():
            if sum(name in read for name in names) > 1:
                self.request.both.append(start + group)

    def value(self, node: Node, value: Any, where: str) -> Any:
        kind = node.kind
        if kind == "any":
            return value
        if kind in {"int64", "int32"}:
            return self.integer(value, where, _LARGEST[kind])
        if kind == "enum":
            return self.enum(node, value, where)
        if kind == "double" and (read := self.double(value)) is not None:
            return read
        if not isinstance(value, _JSON_TYPES.get(kind, str)):
            scalar = kind not in {"message", "map", "list"} and not isinstance(value, dict | list)
            (self.request.bad_scalar if scalar else self.request.bad_type).append(where)
            return value
        if isinstance(value, str) and _HALF.search(value):
            self.request.bad_text.append(where)
        return self.container(node, value, where)

    def double(self, value: Any) -> float | None:
        """A double, also one written as a string."""
        read = protojson.number(value)
        if read is None and isinstance(value, str) and _DECIMAL.fullmatch(value):
            self.request.spelling.add("double-string")
            return float(value)
        return read

    def container(self, node: Node, value: Any, where: str) -> Any:
        if node.kind == "message":
            return self.message(node, value, where)
        if node.kind == "list":
            of = self.schemas.element(node)
            return [self.value(of, inner, f"{where}[{index}]") for index, inner in enumerate(value)]
        if node.kind == "map":
            of = self.schemas.element(node)
            return {key: self.value(of, inner, f"{where}.{key}") for key, inner in value.items()}
        return value

    def integer(self, value: Any, where: str, largest: int) -> Any:
        read = protojson.integer(value)
        if read is not None:
            if not -largest - 1 <= read <= largest:
                self.request.too_large.append(where)
            self.request.spelling.add(_integer_spelling(value))
            return str(read)
        if isinstance(value, str):
            self.request.bad_integer.append(where)
        elif isinstance(value, float):
            self.request.fraction.append(where)
        else:
            self.request.bad_type.append(where)
        return value

    def enum(self, node: Node, value: Any, where: str) -> Any:
        numbers = {number: name for name, number in node.schema.get("x-google-enum-numbers", {}).items()}
        if isinstance(value, int) and not isinstance(value, bool) and value in numbers:
            self.request.spelling.add("enum-number")
            return numbers[value]
        if value not in node.schema["enum"]:
            self.request.bad_enum.append(where)
        return value


def _integer_spelling(value: Any) -> str:
    if isinstance(value, str):
        return "int64-exponent" if "e" in value.lower() or "." in value else "int64-string"
    return "int64-float" if isinstance(value, float) else "int64-number"


class _Lenient(_Reader):
    """Reads what a server answered."""

    def message(self, node: Node, body: Mapping[str, Any], path: str) -> dict[str, Any]:
        members = self.schemas.members(node)
        read: dict[str, Any] = {}
        for shown, value in body.items():
            name = shown if shown in members else protojson.camel(shown)
            if name not in members:
                read[shown] = value
            elif value is not None:
                read[name] = self.value(members[name], value, path)
        return read

    def value(self, node: Node, value: Any, where: str) -> Any:
        if node.kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if node.kind == "double" and isinstance(value, str):
            try:
                return float(value)
            except ValueError:
                return value
        if node.kind == "boolean" and value in ("true", "false"):
            return value == "true"
        return super().value(node, value, where)

    def enum(self, node: Node, value: Any, where: str) -> Any:
        value = super().enum(node, value, where)
        names: list[str] = node.schema["enum"]
        upper = value.upper() if isinstance(value, str) else value
        return next((name for name in names if name in (upper, family(names) + str(upper))), value)


def family(names: list[str]) -> str:
    """What all names of an enum start with, up to an underscore: `JOB_STATE_`."""
    first, last = min(names), max(names)
    length = next((i for i, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    return first[:length].rpartition("_")[0] + "_" if "_" in first[:length] else ""


@cache
def schemas_of(surface: str) -> Schemas:
    """The schemas of a surface, read once."""
    return Schemas(surface)
