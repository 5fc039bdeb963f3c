"""Google API Discovery documents (discoveryVersion v1) as a `Document`.

Owns what Discovery's members mean. Paths come from `flatPath`, where the document gives one: `path` is the
same string for many methods. Enums and objects without a name get one made of their place (`TuningJob` +
`state`). Must not know what is made of the result.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from concertpitch_codegen.behavior import stated
from concertpitch_codegen.document import (
    Alias,
    Anything,
    Array,
    Behavior,
    BehaviorFact,
    Document,
    Evidence,
    Map,
    Message,
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
from concertpitch_codegen.readers.definitions import NAME, PATH, Definitions, pascal
from concertpitch_codegen.readers.limits import LIMITS, read_limits

Place = tuple[str, ...]  # a name that a document gives, or "", and what leads from there to something without one
_VARIABLE = re.compile(r"\{[+/]?([^}*]+)\*?\}")
_scalar = lru_cache(Scalar)  # there are few

# fmt: off
_SCHEMA_KEYS = frozenset({
    "$ref", "additionalProperties", "default", "deprecated", "description", "format", "id", "items",
    "location", "maximum", "minimum", "pattern", "properties", "readOnly", "repeated", "required", "type",
})
_NAMED_KEYS = _SCHEMA_KEYS | {"enum", "enumDeprecated", "enumDescriptions"}
_METHOD_KEYS = frozenset({
    "deprecated", "description", "flatPath", "httpMethod", "id", "parameterOrder", "parameters", "path",
    "request", "response", "scopes",
})
_DOCUMENT_KEYS = frozenset({
    "auth", "baseUrl", "basePath", "description", "discoveryVersion", "etag", "id", "kind", "methods", "name",
    "parameters", "resources", "revision", "rootUrl", "schemas", "servicePath", "title", "version",
    "version_module",
})
# fmt: on


def read(raw: dict[str, Any], document: str) -> Document:
    """Read a whole Discovery document. Raises `DocumentError` with every problem, not only the first."""
    problems: list[Problem] = []
    reader = _Reader(Cursor(document, raw, "", problems))
    result = reader.document()
    if problems:
        raise DocumentError(problems)
    return result


def identify(raw: dict[str, Any], document: str, expected: str) -> str:
    """Check that `raw` is the Discovery document `expected` (``aiplatform:v1``); give its revision date."""
    cursor = Cursor(document, raw, "", [])
    name, version, revision = raw.get("name"), raw.get("version"), raw.get("revision")
    if raw.get("kind") != "discovery#restDescription":
        cursor.problem(f"is not a Discovery document: kind is {raw.get('kind')!r}")
    elif raw.get("id") != expected:
        cursor.problem(f"is {raw.get('id')!r}, {expected!r} was asked for")
    elif f"{name}:{version}" != expected:
        cursor.problem(f"has the name {name!r} and the version {version!r}, its id says {expected!r}")
    elif not re.fullmatch(r"\d{8}", str(revision)):
        cursor.problem(f"has no revision date: {revision!r}")
    if cursor.problems:
        raise DocumentError(cursor.problems)
    return str(revision)


class _Reader:
    def __init__(self, root: Cursor) -> None:
        self.root = root
        self.api = root.text("name") or ""
        self.definitions = Definitions(frozenset(name for name, _ in root.members("schemas")))

    def document(self) -> Document:
        root = self.root
        for name, schema in root.members("schemas"):
            self._named(name, schema)
        operations = {each.id: each for each in self._operations(root)}
        self.definitions.check_references()
        oauth = root.child("auth")
        oauth = oauth.child("oauth2") if oauth else None
        return Document(
            id=root.document,
            api=self.api,
            version=root.required_text("version"),
            revision=root.required_text("revision"),
            title=root.text("title") or self.api,
            description=root.text("description"),
            base_url=(root.text("rootUrl") or "") + (root.text("servicePath") or ""),
            scopes={name: scope.text("description") or "" for name, scope in oauth.members("scopes")} if oauth else {},
            parameters=tuple(self._parameter(name, each, None) for name, each in root.members("parameters")),
            operations=operations,
            definitions=dict(sorted(self.definitions.found.items())),
            extras=root.rest(_DOCUMENT_KEYS),
        )

    # -- schemas

    def _named(self, name: str, at: Cursor) -> None:
        if not self.definitions.check_name(name, at):
            return
        if at.text("id") not in {name, None}:
            at.problem(f"has the id {at.text('id')!r}")
        else:
            self._define(name, at, hoisted=False)

    def _define(self, name: str, at: Cursor, *, hoisted: bool) -> None:
        """Add a message, or an alias for a named schema of another kind."""
        if at.value.get("type") == "object" and "additionalProperties" not in at and "$ref" not in at:
            description = at.text("description")
            self.definitions.found[name] = Message(
                name=name,
                origin=at.origin,
                fields={key: self._schema(field, (name, key)) for key, field in at.members("properties")},
                description=description,
                deprecated=at.flag("deprecated") or stated(description, at.origin)[1],
                hoisted=hoisted,
                extras=at.rest(_SCHEMA_KEYS),
            )
        else:
            schema = self._schema(at, (name, "Value"))
            self.definitions.found[name] = Alias(
                name, at.origin, schema, schema.description, schema.deprecated, hoisted=hoisted
            )

    def _schema(self, at: Cursor, place: Place | None) -> Schema:
        """Read a schema in place; an enum or object in it is named by `place`, without one an enum stays inline."""
        said, origin = at.value, Origin(at.document, at.pointer)
        if "properties" in said and "additionalProperties" in said:
            at.problem("has both properties and additionalProperties")
        description = at.text("description")
        behaviors, deprecated = stated(description, origin)
        if "required" in said and at.flag("required"):
            behaviors = (BehaviorFact(Behavior.REQUIRED, Evidence.FLAG, at.place("required")), *behaviors)
        if "readOnly" in said and at.flag("readOnly"):
            behaviors = (BehaviorFact(Behavior.OUTPUT_ONLY, Evidence.FLAG, at.place("readOnly")), *behaviors)
        known = _NAMED_KEYS if place else _SCHEMA_KEYS
        return Schema(
            origin,
            self._type(at, place),
            description,
            behaviors,
            deprecated or ("deprecated" in said and at.flag("deprecated")),
            {} if LIMITS.isdisjoint(said) else read_limits(at),
            {} if said.keys() <= known else at.rest(known),
        )

    def _type(self, at: Cursor, place: Place | None) -> Type:
        said = at.value
        if "$ref" in said:
            return self.definitions.refer(at.text("$ref") or "", at)
        match at.text("type"):
            case "string" if place and "enum" in said:
                return self.definitions.enum(_name(place), at, at.texts("enumDescriptions"), at.flags("enumDeprecated"))
            case "string" | "integer" | "number" | "boolean" as kind:
                return _scalar(kind, at.text("format") if "format" in said else None)
            case "array":
                return self._array(at, place)
            case "object":
                return self._object(at, place)
            case "any":
                pass
            case kind:
                at.problem(f"has the unknown type {kind!r}")
        return Anything()

    def _array(self, at: Cursor, place: Place | None) -> Type:
        items = at.child("items")
        if items is None:
            at.problem("is a list without items")
            return Anything()
        return Array(self._schema(items, place))

    def _object(self, at: Cursor, place: Place | None) -> Type:
        values = at.child("additionalProperties")
        if values is not None:
            return Map(self._schema(values, place))
        if "additionalProperties" in at:
            return Map(Schema(at.origin, Anything()))
        hoisted = self.definitions.free(_name(place) if place else "Value", at)
        self._define(hoisted, at, hoisted=True)
        return Ref(hoisted)

    # -- methods

    def _operations(self, at: Cursor) -> list[Operation]:
        """Read the methods of the document or of one resource, and of the resources below."""
        found = [self._operation(method) for _, method in at.members("methods")]
        for _, resource in at.members("resources"):
            found += self._operations(resource)
        if at is self.root:
            self._check_operations(found)
        return found

    def _operation(self, at: Cursor) -> Operation:
        identity = at.required_text("id")
        path = at.text("flatPath") or at.required_text("path")
        if not NAME.match(identity):
            at.problem(f"has the id {identity!r}, which no generated function could have")
        if not PATH.match(path):
            at.problem(f"has the path {path!r}, which is no URI template")
        own_name = identity.removeprefix(self.api + ".")
        parameters = tuple(
            [self._parameter(name, each, ("", own_name, name)) for name, each in at.members("parameters")]
        )
        template = at.text("path") or path
        self._check_variables(at, template, parameters)
        request, response = at.child("request"), at.child("response")
        return Operation(
            id=identity,
            origin=at.origin,
            http_method=at.required_text("httpMethod"),
            path=path,
            template=template,
            description=at.text("description"),
            parameters=parameters,
            order=at.texts("parameterOrder"),
            request=self._schema(request, ("", own_name, "Request")) if request else None,
            response=self._schema(response, ("", own_name, "Response")) if response else None,
            scopes=at.texts("scopes"),
            deprecated=at.flag("deprecated"),
            extras=at.rest(_METHOD_KEYS),
        )

    def _parameter(self, name: str, at: Cursor, place: Place | None) -> Parameter:
        location = at.text("location")
        if location not in {"path", "query"}:
            at.problem(f"has the unknown location {location!r}")
        return Parameter(
            name=name,
            location=location or "query",
            schema=self._schema(at, place),
            required=at.flag("required"),
            repeated=at.flag("repeated"),
        )

    def _check_variables(self, at: Cursor, template: str, parameters: tuple[Parameter, ...]) -> None:
        declared = {each.name for each in parameters if each.location == "path"}
        used = set(_VARIABLE.findall(template))
        if declared != used:
            at.problem(f"declares the path parameters {sorted(declared)}, its path has {sorted(used)}")

    def _check_operations(self, operations: list[Operation]) -> None:
        ids: set[str] = set()
        routes: set[tuple[str, str]] = set()
        for each in operations:
            at = Cursor(self.root.document, None, each.origin.pointer, self.root.problems)
            if each.id in ids:
                at.problem(f"has the id {each.id!r}, which another method has too")
            if (each.http_method, each.path) in routes:
                at.problem(f"has the same verb and path as another method: {each.http_method} {each.path}")
            ids.add(each.id)
            routes.add((each.http_method, each.path))


def _name(place: Place) -> str:
    """Name something by its place. As little has no name, and much has a place, this is done when it is needed."""
    return place[0] + "".join(map(pascal, place[1:]))
