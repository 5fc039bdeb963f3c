"""OpenAPI 3.0 and 3.1 documents as a `Document`: Google's own `$discovery/OPENAPI3_0` form and others.

Owns what OpenAPI's members mean, with Google's `x-google-*`: one-element `allOf` around a `$ref` with
siblings, answers under `default`, long-running operations as messages of their own. What has no counterpart
(`oneOf`, `not`, ...) is kept as extras beside any value. Must not know what is made of the result.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from concertpitch_codegen.behavior import stated
from concertpitch_codegen.document import (
    Alias,
    Anything,
    Array,
    Behavior,
    BehaviorFact,
    Document,
    Enum,
    Evidence,
    LongRunning,
    Map,
    Message,
    Operation,
    Parameter,
    Ref,
    Scalar,
    Schema,
    Type,
)
from concertpitch_codegen.problems import DocumentError, Problem
from concertpitch_codegen.readers import extensions
from concertpitch_codegen.readers.cursor import Cursor
from concertpitch_codegen.readers.definitions import NAME, PATH, Definitions, pascal
from concertpitch_codegen.readers.limits import read_limits

_SCHEMAS = "#/components/schemas/"
_VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_FLAGS = {
    "readOnly": Behavior.OUTPUT_ONLY,
    "writeOnly": Behavior.INPUT_ONLY,
    "x-google-immutable": Behavior.IMMUTABLE,
    "x-google-identifier": Behavior.IDENTIFIER,
}
_LIMITS = frozenset({"default", "maximum", "minimum", "pattern"})
_SCHEMA_KEYS = frozenset({
    "$ref", "additionalProperties", "deprecated", "description", "enum", "format", "items", "properties",
    "required", "type", "x-google-enum-deprecated", "x-google-enum-descriptions", *_FLAGS, *_LIMITS,
    extensions.BEHAVIOR, extensions.NUMBERS, extensions.ONEOF,
})  # fmt: skip
_OURS = "x-concertpitch-"
_OPERATION_KEYS = frozenset({
    extensions.OPERATION_INFO, extensions.PATH_PARAMETERS, extensions.TEMPLATE,
    "x-google-lro", "x-google-operation-name",
})  # fmt: skip
_VARIABLE = re.compile(r"\{[+/]?([^}*]+)\*?\}")


def read(raw: dict[str, Any], document: str) -> Document:
    """Read a whole document. Raises `DocumentError` with every problem found, not only the first."""
    problems: list[Problem] = []
    root = Cursor(document, raw, "", problems)
    if not str(raw.get("openapi")).startswith(("3.0", "3.1")):
        root.problem(f"is OpenAPI {raw.get('openapi')!r}; 3.0 and 3.1 are read")
        raise DocumentError(problems)
    result = _Reader(root).document()
    if problems:
        raise DocumentError(problems)
    return result


def identify(raw: dict[str, Any], document: str, expected: str) -> str:
    """Check that `raw` is the OPENAPI3_0 document `expected` (``generativelanguage:v1beta3``); give its revision."""
    cursor = Cursor(document, raw, "", [])
    info = cursor.child("info") or cursor
    servers = raw.get("servers")
    url = servers[0].get("url") if isinstance(servers, list) and servers and isinstance(servers[0], dict) else ""
    found = f"{api_of(str(url))}:{info.value.get('version')}"
    revision = info.value.get("x-google-revision")
    if found != expected:
        cursor.problem(f"is {found!r} by its server and version, {expected!r} was asked for")
    elif not re.fullmatch(r"\d{8}", str(revision)):
        cursor.problem(f"has no revision date: {revision!r}")
    if cursor.problems:
        raise DocumentError(cursor.problems)
    return str(revision)


def api_of(url: str) -> str:
    """Give the name of a Google API by the host that serves it: ``https://tasks.googleapis.com`` is `tasks`."""
    return url.partition("://")[2].partition(".")[0]


class _Reader:
    def __init__(self, root: Cursor) -> None:
        self.root = root
        components = root.child("components") or Cursor(root.document, {}, "/components", root.problems)
        self.schemas = dict(components.members("schemas"))
        self.parameters = dict(components.members("parameters"))
        self.definitions = Definitions(frozenset(self.schemas))

    def document(self) -> Document:
        for name, at in self.schemas.items():
            if self.definitions.check_name(name, at):
                self._define(name, at, hoisted=False)
        operations: dict[str, Operation] = {}
        for path, item in self.root.members("paths"):
            for verb in _VERBS:
                method = item.child(verb)
                if method is None:
                    continue
                operation = self._operation(path, verb, item, method)
                if operation.id in operations:
                    method.problem(f"has the operationId {operation.id!r}, which another operation has too")
                operations[operation.id] = operation
        self.definitions.check_references()
        info = self.root.child("info") or Cursor(self.root.document, {}, "/info", self.root.problems)
        servers = self.root.value.get("servers")
        first = servers[0] if isinstance(servers, list) and servers and isinstance(servers[0], dict) else {}
        return Document(
            id=self.root.document,
            api=info.text("title") or "",
            version=str(info.value.get("version", "")),
            revision=info.text("x-google-revision") or str(info.value.get("version", "")),
            title=info.text("title") or self.root.document,
            description=info.text("description"),
            base_url=str(first.get("url", "")),
            scopes={},
            parameters=tuple(self._parameter(at, None) for at in self._shared()),
            operations=operations,
            definitions=dict(sorted(self.definitions.found.items())),
        )

    def _shared(self) -> list[Cursor]:
        """Find the parameters of every path: those a path item, not an operation, refers to."""
        used = {
            each["$ref"].rpartition("/")[2]
            for _, item in self.root.members("paths")
            for each in item.value.get("parameters", [])
            if isinstance(each, dict) and isinstance(each.get("$ref"), str)
        }
        return [at for name, at in self.parameters.items() if name in used and at.text("in") == "query"]

    # -- schemas

    def _define(self, name: str, at: Cursor, *, hoisted: bool) -> None:
        if "enum" in at and at.value.get("type") == "string":
            self._enum(name, at, named=True)
        elif "allOf" in at or (at.value.get("type", "object") == "object" and "properties" in at):
            self._define_message(name, at, hoisted=hoisted)
        elif at.value.get("type") == "object" and not isinstance(at.value.get("additionalProperties"), dict):
            self.definitions.found[name] = Message(name, at.origin, {}, at.text("description"), hoisted=hoisted)
        else:
            schema = self._schema(at, name + "Value")
            self.definitions.found[name] = Alias(
                name, at.origin, schema, schema.description, schema.deprecated, hoisted=hoisted
            )

    def _define_message(self, name: str, at: Cursor, *, hoisted: bool) -> None:
        """Define an object; what it takes over by `allOf` becomes its own."""
        fields: dict[str, Schema] = {}
        for part in self._parts(at, depth=0):
            required = part.texts("required")
            for key, field in part.members("properties"):
                fields[key] = self._schema(field, name + pascal(key), required=key in required)
        self.definitions.found[name] = Message(
            name=name,
            origin=at.origin,
            fields=fields,
            description=at.text("description"),
            deprecated=at.flag("deprecated"),
            oneofs=extensions.read_oneofs(at, frozenset(fields)),
            hoisted=hoisted,
            extras=_rest(at),
        )

    def _parts(self, at: Cursor, depth: int) -> list[Cursor]:
        """List the objects whose properties `at` has, its own last."""
        if depth > len(self.schemas):
            at.problem("contains itself by allOf")
            return []
        parts: list[Cursor] = []
        for index, each in enumerate(at.value.get("allOf") or ()):
            part = Cursor(at.document, each, f"{at.pointer}/allOf/{index}", at.problems)
            if not isinstance(each, dict):
                part.problem("is not an object")
            elif "$ref" in part:
                name = self._name(part)
                parts += self._parts(self.schemas[name], depth + 1) if name in self.schemas else []
            else:
                parts += self._parts(part, depth + 1)
        return [*parts, at]

    def _schema(self, at: Cursor, name: str | None, *, required: bool = False) -> Schema:
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
            extras=_rest(at),
        )

    def _type(self, at: Cursor, name: str | None) -> Type:
        if "$ref" in at:
            return self.definitions.refer(self._name(at), at)
        kind = at.value.get("type")
        if isinstance(kind, list):
            kind = next((each for each in kind if each != "null"), None)
        match kind:
            case "string" if "enum" in at and name is not None:
                return self._enum(name, at)
            case "string" | "integer" | "number" | "boolean":
                return Scalar(kind, at.text("format"))
            case "array":
                items = at.child("items") or Cursor(at.document, {}, f"{at.pointer}/items", at.problems)
                return Array(self._schema(items, name))
        return self._object(at, name)

    def _object(self, at: Cursor, name: str | None) -> Type:
        """Read an object, or any value where the document gives no type that can be told."""
        if "properties" in at or "allOf" in at:
            hoisted = self.definitions.free(name or "Value", at)
            self._define_message(hoisted, at, hoisted=True)
            return Ref(hoisted)
        values = at.value.get("additionalProperties")
        if isinstance(values, dict):
            return Map(self._schema(at.at("additionalProperties"), name))
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

    def _name(self, at: Cursor) -> str:
        reference = at.required_text("$ref")
        if not reference.startswith(_SCHEMAS):
            at.problem(f"refers to {reference!r}; only {_SCHEMAS}... is read")
        return reference.removeprefix(_SCHEMAS)

    # -- operations

    def _operation(self, path: str, verb: str, item: Cursor, at: Cursor) -> Operation:
        identity = at.text("operationId") or pascal(f"{verb} {path}")
        if not NAME.match(identity):
            at.problem(f"has the operationId {identity!r}, which no generated function could have")
        if not PATH.match(path):
            at.problem(f"has the path {path!r}, which is no URI template")
        own_name = pascal(identity)
        parameters = [*self._listed(at), *(each for each in self._listed(item) if not self._is_shared(each))]
        response = self._content(self._response(at), own_name + "Response")
        read = tuple(self._parameter(each, own_name) for each in parameters)
        template = at.text(extensions.TEMPLATE) or path.lstrip("/")
        if extensions.TEMPLATE in at and not PATH.match(template):
            at.at(extensions.TEMPLATE).problem(f"is {template!r}, which is no URI template")
        if extensions.PATH_PARAMETERS in at:
            read = (*self._named_parts(at), *(each for each in read if each.location != "path"))
        extras = {key: value for key, value in _rest(at, _OPERATION_KEYS).items() if key.startswith("x-")}
        return Operation(
            id=identity,
            origin=at.origin,
            http_method=verb.upper(),
            path=path.lstrip("/"),
            template=template,
            description=at.text("description") or at.text("summary"),
            parameters=read,
            order=tuple(_VARIABLE.findall(template)),
            request=self._content(at.child("requestBody"), own_name + "Request"),
            response=response,
            error=self._content(self._error(at), own_name + "Error"),
            deprecated=at.flag("deprecated"),
            long_running=extensions.read_operation_info(at) or self._long_running(at, response),
            extras=extras,
        )

    def _named_parts(self, at: Cursor) -> list[Parameter]:
        """List the parameters that are parts of resource names, which a flat path has one by one."""
        found = []
        listed = at.value[extensions.PATH_PARAMETERS]
        for index, item in enumerate(listed if isinstance(listed, list) else []):
            place = Cursor(at.document, item, f"{at.pointer}/{extensions.PATH_PARAMETERS}/{index}", at.problems)
            if isinstance(item, dict):
                schema = self._schema(place, None)
                schema = replace(schema, extras={key: each for key, each in schema.extras.items() if key != "name"})
                found.append(Parameter(place.required_text("name"), "path", schema, required=True))
            else:
                place.problem("is not an object")
        return found

    def _listed(self, at: Cursor) -> list[Cursor]:
        """List parameters, references resolved."""
        found: list[Cursor] = []
        listed = at.value.get("parameters", [])
        for index, each in enumerate(listed if isinstance(listed, list) else []):
            place = Cursor(at.document, each, f"{at.pointer}/parameters/{index}", at.problems)
            if not isinstance(each, dict):
                place.problem("is not an object")
                continue
            name = (place.text("$ref") or "").removeprefix("#/components/parameters/")
            if "$ref" in place and name not in self.parameters:
                place.problem(f"refers to the parameter {name!r}, which the document does not have")
                continue
            target = self.parameters[name] if "$ref" in place else place
            if target.text("in") in {"path", "query"}:
                found.append(target)
        return found

    def _is_shared(self, at: Cursor) -> bool:
        return any(at is each for each in self.parameters.values()) and at.text("in") == "query"

    def _parameter(self, at: Cursor, own_name: str | None) -> Parameter:
        name = at.required_text("name")
        schema = at.child("schema") or Cursor(at.document, {}, f"{at.pointer}/schema", at.problems)
        read = self._schema(schema, own_name and own_name + pascal(name))
        repeated = isinstance(read.type, Array)
        if isinstance(read.type, Array):
            read = read.type.items
        merged = Schema(
            origin=at.origin,
            type=read.type,
            description=at.text("description") or read.description,
            behaviors=(*read.behaviors, *stated(at.text("description"), at.origin)[0]),
            deprecated=at.flag("deprecated") or read.deprecated,
            limits=read.limits,
            extras=read.extras if own_name else {**read.extras, **schema.rest(_SCHEMA_KEYS - {"enum"})},
        )
        return Parameter(name, at.text("in") or "query", merged, at.flag("required"), repeated)

    def _response(self, at: Cursor) -> Cursor | None:
        """Find the answer of success: a 2xx, or with Google the `default` that is described so."""
        responses = dict(at.members("responses"))
        success = sorted(status for status in responses if status.startswith("2"))
        if success:
            return responses[success[0]]
        default = responses.get("default")
        google = default is not None and default.text("description") == "Successful operation"
        return default if google else None

    def _error(self, at: Cursor) -> Cursor | None:
        """Find the answer of failure: `default`, but where it is Google's answer of success."""
        default = dict(at.members("responses")).get("default")
        return None if default is None or default.text("description") == "Successful operation" else default

    def _content(self, at: Cursor | None, name: str) -> Schema | None:
        contents = dict(at.members("content")) if at else {}
        media = contents.get("application/json") or next(iter(contents.values()), None)
        schema = media.child("schema") if media else None
        return self._schema(schema, name) if schema else None

    def _long_running(self, at: Cursor, response: Schema | None) -> LongRunning | None:
        """Read what an Operation carries from the message that Google's form makes of it."""
        if "x-google-lro" not in at or not response or not isinstance(response.type, Ref):
            return None
        operation = self.definitions.found.get(response.type.name)
        if not isinstance(operation, Message):
            return None
        carried = [operation.fields.get(key) for key in ("response", "metadata")]
        names = [each.type.name for each in carried if each and isinstance(each.type, Ref)]
        return LongRunning(names[0], names[1], operation.origin) if len(names) == len(carried) else None


def _rest(at: Cursor, known: frozenset[str] = _SCHEMA_KEYS | {"allOf"}) -> dict[str, Any]:
    """Give the members nobody reads, without the marks of our own writer."""
    return {key: value for key, value in at.rest(known).items() if not key.startswith(_OURS)}
