"""A protoset (see `concertpitch_codegen.sources.protos`) as a `Document`.

Owns the mapping from protobuf to JSON: ProtoJSON's types, Google's names for them, HTTP rules as paths.
Messages and enums get the names Discovery gives them, `GoogleCloudAiplatformV1TuningJob`, so that documents
can be merged. Must not know what is made of the result.
"""

from __future__ import annotations

import re
from typing import Any

from concertpitch_codegen.document import (
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
    Ref,
    Scalar,
    Schema,
    Type,
)
from concertpitch_codegen.problems import DocumentError, Problem
from concertpitch_codegen.readers.cursor import Cursor

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
_EMPTY = "google.protobuf.Empty"


def read(raw: dict[str, Any], document: str) -> Document:
    """Read a protoset. Raises `DocumentError` with every problem found."""
    problems: list[Problem] = []
    root = Cursor(document, raw, "", problems)
    definitions: dict[str, Definition] = {}
    for name, at in root.members("messages"):
        definitions[schema_name(name)] = _message(name, at)
    for name, at in root.members("enums"):
        definitions[schema_name(name)] = _enum(name, at)
    operations = {name: _operation(name, at) for name, at in root.members("methods")}
    if any(each.response == Schema(each.origin, Ref(schema_name(_EMPTY))) for each in operations.values()):
        definitions[schema_name(_EMPTY)] = Message(schema_name(_EMPTY), root.origin)
    if problems:
        raise DocumentError(problems)
    package = root.text("package") or ""
    return Document(
        id=document,
        api=package,
        version=package.rpartition(".")[2],
        revision=root.required_text("revision"),
        title=package,
        description=None,
        base_url="",
        scopes={},
        parameters=(),
        operations=operations,
        definitions=dict(sorted(definitions.items())),
    )


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
    return Enum(
        name=schema_name(name),
        origin=at.origin,
        description=at.text("comment"),
        values=tuple(
            EnumValue(key, value.text("comment"), value.flag("deprecated"), value.value.get("number"))
            for key, value in at.members("values")
        ),
        numbers_from=at.origin,
    )


def _operation(name: str, at: Cursor) -> Operation:
    rules = at.value.get("http") or [{}]
    rule = rules[0] if isinstance(rules[0], dict) else {}
    info = at.child("operation")
    template = str(rule.get("path", "")).lstrip("/")
    body = rule.get("body")
    return Operation(
        id=name,
        origin=at.origin,
        http_method=str(rule.get("verb", "")),
        path=flat_path(template),
        template=template,
        description=at.text("comment"),
        response=Schema(at.origin, Ref(schema_name(at.required_text("output")))),
        request=Schema(at.origin, Ref(schema_name(at.required_text("input")))) if body else None,
        long_running=LongRunning(
            schema_name(info.required_text("response")),
            schema_name(info.required_text("metadata")),
            info.origin,
        )
        if info
        else None,
        extras={"body": body} if body else {},
    )


def flat_path(template: str) -> str:
    """Name no variable: ``v1/{name=projects/*/jobs/*}:cancel`` is ``v1/projects/{}/jobs/{}:cancel``."""
    inner = re.sub(r"\{[^={}]+=([^{}]*)\}", r"\1", template)
    return re.sub(r"\{[^{}]*\}|\*\*?", "{}", inner)
