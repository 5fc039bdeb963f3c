"""OpenAPI 3.1 from a `Document`.

Owns the shape of `openapi.json`: paths by `flatPath`, one component per definition, facts that OpenAPI has no
word for under `x-google-*`, where each thing was read under `x-concertpitch-*`. Must not know source formats.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.document import SCHEMES, SECURITY
from concertpitch_codegen.writers.jsonschema import definition_schema, element_schema, extension, notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from concertpitch_codegen.document import Document, LongRunning, Operation, Parameter

_PREFIX = "#/components/schemas/"
_VARIABLE = re.compile(r"\{[+/]?([^}*]+)\*?\}")


def openapi(document: Document) -> dict[str, Any]:
    """Write the whole document as OpenAPI 3.1. Every operation and every definition in it comes out."""
    shared = [{"$ref": f"#/components/parameters/{_key(each)}"} for each in document.parameters]
    paths: dict[str, dict[str, Any]] = {}
    for operation in document.operations.values():
        item = paths.setdefault("/" + operation.path.lstrip("/"), {"parameters": shared} if shared else {})
        item[operation.http_method.lower()] = _operation(operation, document)
    result: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": _without_none(
            title=document.title,
            version=document.version,
            description=document.description,
            **{"x-google-revision": document.revision},
        ),
        "servers": [{"url": document.base_url.rstrip("/")}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {
                name: definition_schema(each, document, _PREFIX) for name, each in document.definitions.items()
            },
            "parameters": {_key(each): _parameter(each) for each in document.parameters},
        },
        "x-concertpitch-document": document.id,
    }
    if SCHEMES in document.extras:
        result["components"][SCHEMES] = document.extras[SCHEMES]
    elif document.scopes:
        flow = {
            "authorizationUrl": "https://accounts.google.com/o/oauth2/auth",
            "tokenUrl": "https://accounts.google.com/o/oauth2/token",
            "scopes": dict(sorted(document.scopes.items())),
        }
        result["components"][SCHEMES] = {"oauth2": {"type": "oauth2", "flows": {"authorizationCode": flow}}}
    return result | _extensions(document.extras)


def _operation(operation: Operation, document: Document) -> dict[str, Any]:
    segments = _VARIABLE.findall(operation.path)
    declared = {each.name for each in operation.parameters if each.location == "path"}
    flat = declared != set(segments)  # the path spells a resource name out, or has none at all
    made = [_segment(name) for name in segments] if flat else []
    parameters = [_parameter(each) for each in operation.parameters if not (flat and each.location == "path")]
    response = {"description": "Successful response"}
    if operation.response:
        response |= _content(element_schema(operation.response, document, _PREFIX))
    responses = {"200": response}
    if operation.error:
        content = _content(element_schema(operation.error, document, _PREFIX))
        responses["default"] = {"description": "Error response", **content}
    written = _without_none(
        operationId=operation.id,
        description=operation.description,
        deprecated=operation.deprecated or None,
        parameters=[*made, *parameters],
        requestBody=_content(element_schema(operation.request, document, _PREFIX)) if operation.request else None,
        responses=responses,
        security=_security(operation, document),
    )
    written["x-google-path"] = operation.template
    if flat:
        written["x-google-path-parameters"] = [
            {"name": each.name, **element_schema(each.schema, document, _PREFIX)}
            for each in operation.parameters
            if each.location == "path"
        ]
    if operation.long_running:
        written["x-google-operation-info"] = _long_running(operation.long_running)
    written["x-concertpitch-source"] = {
        "document": operation.origin.document,
        "pointer": operation.origin.pointer,
    }
    return written | notes(operation.notes) | _extensions(operation.extras)


def _security(operation: Operation, document: Document) -> list[dict[str, Any]] | None:
    if SCHEMES in document.extras:
        return operation.extras.get(SECURITY)
    return [{"oauth2": [scope]} for scope in operation.scopes] or None


def _extensions(extras: Mapping[str, Any]) -> dict[str, Any]:
    return {extension(key): value for key, value in extras.items() if key not in {SCHEMES, SECURITY}}


def _segment(name: str) -> dict[str, Any]:
    """Declare one variable of a flat path, which the source declares as part of a resource name."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[^/]+$"}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = element_schema(parameter.schema, None, _PREFIX)
    described: dict[str, Any] = {key: schema.pop(key) for key in ("description", "deprecated") if key in schema}
    if parameter.repeated:
        schema = {"type": "array", "items": schema}
        described |= {"style": "form", "explode": True}
    required = parameter.required or parameter.location == "path"
    return {
        "name": parameter.name,
        "in": parameter.location,
        **({"required": True} if required else {}),
        **described,
        "schema": schema,
    }


def _long_running(facts: LongRunning) -> dict[str, Any]:
    return {
        "response_type": facts.response_type,
        "metadata_type": facts.metadata_type,
        "x-concertpitch-source": {"document": facts.origin.document, "pointer": facts.origin.pointer},
    }


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _key(parameter: Parameter) -> str:
    """Name a shared parameter as OpenAPI allows: ``$.xgafv`` is ``xgafv``."""
    return re.sub(r"[^A-Za-z0-9._-]", "", parameter.name).strip(".")


def _without_none(**members: Any) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None}
