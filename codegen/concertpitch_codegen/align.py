"""A Google OPENAPI3_0 document under the names that Discovery and the protos of the same API have.

Owns what that form leaves out: namespaces of messages, ids of methods, resource names in paths, `Operation` as
what a long-running method answers. With the same names, documents can be merged and compared. Must not know
what is made of the result.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from concertpitch_codegen.document import Alias, Array, Enum, Map, Message, Parameter, Ref, Scalar, Schema, Type
from concertpitch_codegen.readers.http_rules import read_rule
from concertpitch_codegen.readers.openapi import api_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from concertpitch_codegen.document import Definition, Document, LongRunning, Operation
    from concertpitch_codegen.readers.http_rules import HttpRule

_SHARED = {
    "ListOperationsResponse": "GoogleLongrunningListOperationsResponse",
    "Empty": "GoogleProtobufEmpty",
    "Operation": "GoogleLongrunningOperation",
    "Status": "GoogleRpcStatus",
}
_TIMESTAMP = Scalar("string", "date-time")


def align(document: Document, namespace: str) -> Document:
    """Give a document the names it would have elsewhere.

    `namespace` is what the form left out in front of its messages, ``GoogleAiGenerativelanguageV1beta3``.
    """
    api = api_of(document.base_url)
    names = {name: _SHARED.get(name, namespace + name) for name in document.definitions}
    long_running = {names[each.name] for each in document.definitions.values() if _is_operation(each, document)}
    definitions = {
        names[name]: _definition(each, names)
        for name, each in document.definitions.items()
        if names[name] not in long_running
    }
    operations = {}
    for each in document.operations.values():
        made = _operation(each, api, names)
        operations[made.id] = made
    return replace(
        document,
        api=api,
        operations=dict(sorted(operations.items())),
        definitions=dict(sorted(definitions.items())),
        states_behavior=True,
    )


def _is_operation(definition: Definition, document: Document) -> bool:
    """Recognise the message the form makes of one method's Operation."""
    carried = [each.long_running for each in document.operations.values() if each.long_running]
    return any(each.origin == definition.origin for each in carried)


def _definition(definition: Definition, names: Mapping[str, str]) -> Definition:
    name = names[definition.name]
    match definition:
        case Message():
            fields = {key: _schema(each, names) for key, each in definition.fields.items()}
            return replace(definition, name=name, fields=fields)
        case Enum():
            return replace(definition, name=name)
        case Alias():
            return replace(definition, name=name, schema=_schema(definition.schema, names))


def _schema(schema: Schema, names: Mapping[str, str]) -> Schema:
    return replace(schema, type=_type(schema.type, names))


def _type(kind: Type, names: Mapping[str, str]) -> Type:
    match kind:
        case Ref(name):
            return Ref(names.get(name, name))
        case Array(items):
            return Array(_schema(items, names))
        case Map(values):
            return Map(_schema(values, names))
    return Scalar("string", "google-datetime") if kind == _TIMESTAMP else kind


def _operation(operation: Operation, api: str, names: Mapping[str, str]) -> Operation:
    rule = read_rule(operation.http_method, _pattern(operation.path))
    placed = {each.name: each for each in operation.parameters if each.location == "path"}
    found = [_placed(rule, index, placed) for index in range(len(rule.variables))]
    query = [
        replace(each, schema=_schema(each.schema, names)) for each in operation.parameters if each.location != "path"
    ]
    response = operation.response and _schema(operation.response, names)
    if operation.long_running:
        response = Schema(operation.origin, Ref(_SHARED["Operation"]))
    return replace(
        operation,
        id=".".join((api, *rule.resource, rule.method)),
        path=rule.path,
        template=rule.template,
        parameters=(*found, *query),
        order=tuple(each.name for each in rule.variables),
        request=operation.request and _schema(operation.request, names),
        response=response,
        error=operation.error and _schema(operation.error, names),
        long_running=_carried(operation.long_running, names),
    )


def _placed(rule: HttpRule, index: int, placed: Mapping[str, Parameter]) -> Parameter:
    variable = rule.variables[index]
    first = next(iter(placed.values()))
    schema = replace(first.schema, type=Scalar("string"), limits={"pattern": variable.regex}, description=None)
    return Parameter(variable.name, "path", schema, required=True)


def _carried(carried: LongRunning | None, names: Mapping[str, str]) -> LongRunning | None:
    if carried is None:
        return None
    return replace(carried, response_type=names[carried.response_type], metadata_type=names[carried.metadata_type])


def _pattern(path: str) -> str:
    """Put segments together to the resource name they are of: ``v1/shops/{shop}:close`` is ``v1/{name=shops/*}:close``.

    What a method is called on is its `name`, what it lists or creates in its `parent` (AIP-131 to AIP-136); only
    google.longrunning calls that `name` too.
    """
    version, _, rest = re.sub(r"\{[^{}]*\}", "*", path).partition("/")
    resource, _, verb = rest.partition(":")
    head, _, collection = resource.rpartition("/")
    if "*" not in resource:
        pattern = resource
    elif resource.endswith("*"):
        pattern = f"{{name={resource}}}"
    else:
        pattern = f"{{{'name' if collection == 'operations' else 'parent'}={head}}}/{collection}"
    return f"{version}/{pattern}{':' * bool(verb)}{verb}"
