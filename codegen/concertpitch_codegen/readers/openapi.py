"""OpenAPI 3.0 and 3.1 documents as a `Document`: Google's own `$discovery/OPENAPI3_0` form and others.

Owns what the members beside the schemas mean, with Google's `x-google-*`: answers under `default`, long-running
operations as messages of their own. Must not know what is made of the result.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from concertpitch_codegen.behavior import stated
from concertpitch_codegen.document import (
    SCHEMES,
    SECURITY,
    Array,
    Document,
    LongRunning,
    Message,
    Operation,
    Parameter,
    Ref,
    Schema,
)
from concertpitch_codegen.problems import DocumentError, Problem
from concertpitch_codegen.readers import extensions
from concertpitch_codegen.readers.cursor import Cursor
from concertpitch_codegen.readers.definitions import NAME, PATH, pascal
from concertpitch_codegen.readers.openapi_schemas import SCHEMA_KEYS, SchemaReader, rest

_VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
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
        self.schemas = SchemaReader(dict(components.members("schemas")))
        self.definitions = self.schemas.definitions
        self.components = components
        schemes = components.members(SCHEMES)
        self.oauth = {name: scheme for name, scheme in schemes if scheme.value.get("type") == "oauth2"}
        self.parameters = dict(components.members("parameters"))

    def document(self) -> Document:
        self.schemas.define_all()
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
            scopes=self._known_scopes(),
            parameters=tuple(self._parameter(at, None) for at in self._shared()),
            operations=operations,
            definitions=dict(sorted(self.definitions.found.items())),
            extras={SCHEMES: self.components.value[SCHEMES]} if self.components.child(SCHEMES) else {},
        )

    def _shared(self) -> list[Cursor]:
        """Find the parameters of every path: those a path item, not an operation, refers to."""
        used = {
            (each.text("$ref") or "").rpartition("/")[2]
            for _, item in self.root.members("paths")
            for each in item.items("parameters")
        }
        return [at for name, at in self.parameters.items() if name in used and at.text("in") == "query"]

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
        declared = {each.name for each in read if each.location == "path"}
        if lost := [name for name in _VARIABLE.findall(template) if name not in declared]:
            at.problem(f"has the variable {lost[0]!r} in its path, which no parameter declares")
        extras = {key: value for key, value in rest(at, _OPERATION_KEYS).items() if key.startswith("x-")}
        secured = at if SECURITY in at else self.root
        if SECURITY in secured:
            extras[SECURITY] = secured.value[SECURITY]
        if media := self._media(at):
            extras["requestMediaType"] = media
        return Operation(
            id=identity,
            origin=at.origin,
            http_method=verb.upper(),
            path=path.lstrip("/"),
            template=template,
            description=at.text("description") or at.text("summary"),
            parameters=read,
            order=tuple(dict.fromkeys(_VARIABLE.findall(template))),
            request=self._content(self._resolved(at.child("requestBody"), "requestBodies"), own_name + "Request"),
            response=response,
            error=self._content(self._error(at), own_name + "Error"),
            scopes=self._scopes(secured),
            deprecated=at.flag("deprecated"),
            long_running=extensions.read_operation_info(at) or self._long_running(at, response),
            extras=extras,
        )

    def _named_parts(self, at: Cursor) -> list[Parameter]:
        """List the parameters that are parts of resource names, which a flat path has one by one."""
        found = []
        for each in at.items(extensions.PATH_PARAMETERS):
            schema = self.schemas.schema(each, None)
            schema = replace(schema, extras={key: value for key, value in schema.extras.items() if key != "name"})
            found.append(Parameter(each.required_text("name"), "path", schema, required=True))
        return found

    def _listed(self, at: Cursor) -> list[Cursor]:
        """List parameters, references resolved."""
        found: list[Cursor] = []
        for place in at.items("parameters"):
            name = (place.text("$ref") or "").removeprefix("#/components/parameters/")
            if "$ref" in place and name not in self.parameters:
                place.problem(f"refers to the parameter {name!r}, which the document does not have")
                continue
            target = self.parameters[name] if "$ref" in place else place
            found.append(target)
        return found

    def _is_shared(self, at: Cursor) -> bool:
        return any(at is each for each in self.parameters.values()) and at.text("in") == "query"

    def _parameter(self, at: Cursor, own_name: str | None) -> Parameter:
        name = at.required_text("name")
        schema = at.child("schema") or Cursor(at.document, {}, f"{at.pointer}/schema", at.problems)
        read = self.schemas.schema(schema, own_name and own_name + pascal(name))
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
            extras=read.extras if own_name else {**read.extras, **schema.rest(SCHEMA_KEYS - {"enum"})},
        )
        location = at.required_text("in")
        if location not in {"path", "query", "header", "cookie"}:
            at.problem(f"has the unknown location {location!r}")
        return Parameter(name, location, merged, at.flag("required"), repeated)

    def _known_scopes(self) -> dict[str, str]:
        """Read the scopes of OAuth, each with its description."""
        flows = [flow for scheme in self.oauth.values() for _, flow in scheme.members("flows")]
        listed = [scopes for flow in flows if (scopes := flow.child("scopes"))]
        return {name: scopes.text(name) or "" for scopes in listed for name in sorted(scopes.value)}

    def _scopes(self, at: Cursor) -> tuple[str, ...]:
        """List the scopes of which an operation needs one, by its own word or that of the whole document."""
        demands = [(each, name) for each in at.items(SECURITY) for name in each.value if name in self.oauth]
        return tuple(dict.fromkeys(scope for each, name in demands for scope in each.texts(name)))

    def _response(self, at: Cursor) -> Cursor | None:
        """Find the answer of success: a 2xx, or with Google the `default` that is described so."""
        responses = dict(at.members("responses"))
        success = sorted(status for status in responses if status.startswith("2"))
        if success:
            return self._resolved(responses[success[0]], "responses")
        default = self._resolved(responses.get("default"), "responses")
        google = default is not None and default.text("description") == "Successful operation"
        return default if google else None

    def _error(self, at: Cursor) -> Cursor | None:
        """Find the answer of failure: `default`, but where it is Google's answer of success."""
        default = self._resolved(dict(at.members("responses")).get("default"), "responses")
        return None if default is None or default.text("description") == "Successful operation" else default

    def _resolved(self, at: Cursor | None, kind: str) -> Cursor | None:
        """Follow a reference to a component of one kind."""
        if at is None or "$ref" not in at:
            return at
        name = (at.text("$ref") or "").removeprefix(f"#/components/{kind}/")
        named = dict(self.components.members(kind))
        if name not in named:
            at.problem(f"refers to {name!r}, which the document does not have under components/{kind}")
        return named.get(name)

    def _content(self, at: Cursor | None, name: str) -> Schema | None:
        contents = dict(at.members("content")) if at else {}
        media = contents.get("application/json") or next(iter(contents.values()), None)
        schema = media.child("schema") if media else None
        return self.schemas.schema(schema, name) if schema else None

    def _media(self, at: Cursor) -> str | None:
        """Name what a body is sent as, where that is not JSON."""
        body = self._resolved(at.child("requestBody"), "requestBodies")
        kinds = [kind for kind, _ in body.members("content")] if body else []
        return None if not kinds or any("json" in kind for kind in kinds) else kinds[0]

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
