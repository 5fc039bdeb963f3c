"""A protoset (see `concertpitch_codegen.sources.protos`) as a `Document`.

Owns the mapping from protobuf to JSON: ProtoJSON's types, Google's names for them, HTTP rules as paths.
Messages and enums get the names Discovery gives them, `GoogleCloudAiplatformV1TuningJob`, so that documents
can be merged. Must not know what is made of the result.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.document import (
    RPC_ONLY,
    Anything,
    Array,
    Behavior,
    BehaviorFact,
    Definition,
    Document,
    Enum,
    EnumValue,
    Evidence,
    LongRunning,
    Map,
    Message,
    Oneof,
    Operation,
    Origin,
    Parameter,
    Ref,
    Scalar,
    Schema,
    Type,
)
from concertpitch_codegen.problems import DocumentError, Problem
from concertpitch_codegen.readers.cursor import Cursor
from concertpitch_codegen.readers.definitions import PATH
from concertpitch_codegen.readers.http_rules import HttpRule, camel, read_rule
from concertpitch_codegen.slicing import definition_references, operation_references

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCALARS = {
    "string": Scalar("string"),
    "bytes": Scalar("string", "byte"),
    "bool": Scalar("boolean"),
    "double": Scalar("number", "double"),
    "float": Scalar("number", "float"),
    **dict.fromkeys(("int32", "sint32", "sfixed32"), Scalar("integer", "int32")),
    **dict.fromkeys(("uint32", "fixed32"), Scalar("integer", "uint32")),
    **dict.fromkeys(("int64", "sint64", "sfixed64"), Scalar("string", "int64")),
    **dict.fromkeys(("uint64", "fixed64"), Scalar("string", "uint64")),
}
_WELL_KNOWN: dict[str, Type] = {
    "Timestamp": Scalar("string", "google-datetime"),
    "Duration": Scalar("string", "google-duration"),
    "FieldMask": Scalar("string", "google-fieldmask"),
    "Value": Anything(),
    "StringValue": _SCALARS["string"],
    "BytesValue": _SCALARS["bytes"],
    "BoolValue": _SCALARS["bool"],
    "DoubleValue": _SCALARS["double"],
    "FloatValue": _SCALARS["float"],
    "Int32Value": _SCALARS["int32"],
    "UInt32Value": _SCALARS["uint32"],
    "Int64Value": _SCALARS["int64"],
    "UInt64Value": _SCALARS["uint64"],
}
_MAPS = frozenset({"Struct", "Any"})
_FULL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*\Z")
_EMPTY = "google.protobuf.Empty"


def read(raw: dict[str, Any], document: str) -> Document:
    """Read a protoset. Raises `DocumentError` with every problem found."""
    problems: list[Problem] = []
    root = Cursor(document, raw, "", problems)
    package = root.text("package") or ""
    hosts = [each.text("host") or "" for _, each in root.members("services")]
    host = hosts[0] if hosts else ""
    definitions: dict[str, Definition] = {}
    for name, at in root.members("messages"):
        if _check_name(name, at):
            definitions[schema_name(name)] = _message(name, at)
    for name, at in root.members("enums"):
        if _check_name(name, at):
            definitions[schema_name(name)] = _enum(name, at)
    definitions.setdefault(schema_name(_EMPTY), Message(schema_name(_EMPTY), root.origin))
    reader = _Methods(host.partition(".")[0] or package, definitions)
    for name, at in root.members("methods"):
        if _check_name(name, at):
            reader.add(name, at)
    pathless = [name for name, at in root.members("methods") if not at.value.get("http")]
    problems += _lost(reader.operations, definitions)
    if problems:
        raise DocumentError(problems)
    return Document(
        id=document,
        api=reader.api,
        version=package.rpartition(".")[2],
        revision=root.required_text("revision"),
        title=package,
        description=None,
        base_url=f"https://{host}" if host else "",
        scopes={scope: "" for _, each in root.members("services") for scope in each.texts("scopes")},
        parameters=(),
        operations=reader.operations,
        definitions=dict(sorted(definitions.items())),
        extras={RPC_ONLY: pathless} if pathless else {},
    )


def _check_name(name: str, at: Cursor) -> bool:
    """Report a name that protobuf could not have."""
    if _FULL_NAME.match(name):
        return True
    at.problem(f"has the name {name!r}, which is no name of protobuf")
    return False


def _lost(operations: dict[str, Operation], definitions: dict[str, Definition]) -> Iterator[Problem]:
    """Find what is referred to and not there."""
    used = [(each.origin, name) for each in operations.values() for _, name in operation_references(each)]
    used += [(each.origin, name) for each in definitions.values() for _, name in definition_references(each)]
    for origin, name in used:
        if name not in definitions:
            yield Problem(origin.document, origin.pointer, f"refers to {name!r}, which the protoset does not have")


def schema_name(full_name: str) -> str:
    """Write a protobuf name as Discovery does: ``google.rpc.Status`` is ``GoogleRpcStatus``."""
    return "".join(part[:1].upper() + part[1:] for part in full_name.split("."))


def _message(name: str, at: Cursor) -> Message:
    resource = at.child("resource")
    oneofs = at.child("oneofs")
    return Message(
        name=schema_name(name),
        origin=at.origin,
        fields={key: _field(field) for key, field in at.members("fields")},
        description=at.text("comment"),
        deprecated=at.flag("deprecated"),
        oneofs=tuple(Oneof(each, oneofs.texts(each), oneofs.at(each).origin) for each in oneofs.value)
        if oneofs
        else (),
        extras={"resource": resource.value} if resource else {},
    )


def _field(at: Cursor) -> Schema:
    one = Schema(at.origin, _field_type(at))
    shapes: dict[str | None, Type] = {"list": Array(one), "map": Map(one)}
    place = Origin(at.document, at.pointer + "/behaviors")
    extras: dict[str, Any] = {}
    if at.flag("explicit_presence"):
        extras["explicitPresence"] = True
    if reference := at.text("resource_reference"):
        extras["resourceReference"] = reference
    return Schema(
        origin=at.origin,
        type=shapes.get(at.text("shape"), one.type),
        description=at.text("comment"),
        behaviors=tuple(
            BehaviorFact(Behavior(each), Evidence.PROTO, place)
            for each in at.texts("behaviors")
            if each in Behavior.__members__
        ),
        deprecated=at.flag("deprecated"),
        extras=extras,
    )


def _field_type(at: Cursor) -> Type:
    kind, target = at.required_text("type"), at.text("refers_to")
    if target is None:
        if kind not in _SCALARS:
            at.problem(f"has the unknown type {kind!r}")
        return _SCALARS.get(kind, Anything())
    package, _, name = target.rpartition(".")
    if package != "google.protobuf":
        return Ref(schema_name(target))
    if name in _MAPS:
        return Map(Schema(at.origin, Anything()))
    if name == "ListValue":
        return Array(Schema(at.origin, Anything()))
    return _WELL_KNOWN.get(name) or Ref(schema_name(target))


def _enum(name: str, at: Cursor) -> Enum:
    values = [
        EnumValue(key, value.text("comment"), value.flag("deprecated"), value.number("number"))
        for key, value in at.members("values")
    ]
    return Enum(
        name=schema_name(name),
        origin=at.origin,
        description=at.text("comment"),
        values=tuple(sorted(values, key=lambda value: value.number or 0)),
        numbers_from=at.origin,
    )


class _Methods:
    """The operations of a protoset: one for each HTTP binding of each method."""

    def __init__(self, api: str, definitions: dict[str, Definition]) -> None:
        self.api = api
        self.operations: dict[str, Operation] = {}
        self._definitions = definitions

    def add(self, name: str, at: Cursor) -> None:
        for each in at.items("http"):
            self._add(name, at, each.required_text("verb"), each.required_text("path"), each.text("body"))

    def _add(self, name: str, at: Cursor, verb: str, path: str, body: str | None) -> None:
        rule = read_rule(verb, path)
        if not PATH.match(rule.path) or not PATH.match(rule.template):
            at.problem(f"has the path {path!r}, which is no URI template")
        identity = ".".join((self.api, *rule.resource, rule.method))
        if identity in self.operations:
            rpc = name.rpartition(".")[2]
            identity = ".".join((self.api, *rule.resource, rpc[:1].lower() + rpc[1:]))
        info = at.child("operation")
        self.operations[identity] = Operation(
            id=identity,
            origin=at.origin,
            http_method=verb,
            path=rule.path,
            template=rule.template,
            description=at.text("comment"),
            parameters=(*self._placed(rule, at), *self._query(rule, body, at)),
            order=tuple(each.name for each in rule.variables),
            request=self._request(rule, body, at),
            response=Schema(at.origin, Ref(schema_name(at.required_text("output")))),
            long_running=LongRunning(
                schema_name(info.required_text("response")),
                schema_name(info.required_text("metadata")),
                info.origin,
            )
            if info
            else None,
            extras={"rpc": name, **({"body": body} if body else {})},
        )

    def _input(self, at: Cursor) -> Message:
        found = self._definitions.get(schema_name(at.required_text("input")))
        return found if isinstance(found, Message) else Message("", at.origin)

    def _placed(self, rule: HttpRule, at: Cursor) -> list[Parameter]:
        fields = self._input(at).fields
        return [
            Parameter(
                name=each.name,
                location="path",
                schema=replace(
                    fields.get(each.name, Schema(at.origin, Scalar("string"))),
                    type=Scalar("string"),
                    limits={"pattern": each.regex},
                ),
                required=True,
            )
            for each in rule.variables
        ]

    def _query(self, rule: HttpRule, body: str | None, at: Cursor) -> list[Parameter]:
        """List the input's fields that stand neither in the path nor in the body."""
        if body == "*":
            return []
        bound = {camel(each.field.partition(".")[0]) for each in rule.variables} | {camel(body or "")}
        found: list[Parameter] = []
        for name, field in self._input(at).fields.items():
            inner = field.type.items if isinstance(field.type, Array) else field
            if name not in bound and not isinstance(self._definitions.get(str(inner.type)), Message):
                schema = replace(field, type=inner.type)
                required = field.has(Behavior.REQUIRED)
                found.append(Parameter(name, "query", schema, required, isinstance(field.type, Array)))
        return found

    def _request(self, rule: HttpRule, body: str | None, at: Cursor) -> Schema | None:
        if not body:
            return None
        message = self._input(at)
        if body != "*":
            field = message.fields.get(camel(body))
            return Schema(at.origin, field.type) if field else None
        # What stands in the path is not sent in the body, so no body has it.
        bound = {each.name for each in rule.variables}
        fields = {name: field for name, field in message.fields.items() if name not in bound}
        self._definitions[message.name] = replace(message, fields=fields)
        return Schema(at.origin, Ref(message.name))
