"""The surfaces a run can judge, and how a path of a surface is told apart from any other.

Rule 1: routes come from the generated OpenAPI document; the only paths written here are those of
google.longrunning.Operations, which the documents leave to the service configuration (AIP-151).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from concertpitch.errors import UsageError
from concertpitch.schema import Node, Schemas, schemas_of

_VARIABLE = re.compile(r"\{(\w+)\}")
_LOCATING = re.compile(r"^[a-z]+\.(projects\.locations\.)?")
_MODEL_OPERATIONS = "/{version}/tunedModels/{{tunedModelsId}}/operations"
_JOB_OPERATIONS = "/{version}/projects/{{projectsId}}/locations/{{locationsId}}/tuningJobs/{{tuningJobsId}}/operations"
_LOCATION_OPERATIONS = "/{version}/projects/{{projectsId}}/locations/{{locationsId}}/operations"


@dataclass(frozen=True)
class Surface:
    """A protocol surface: `name` as on the command line, `version` as in the path, `models` as generated.

    `served` are the generated models whose messages the version has, where its own documents are out of date.
    """

    name: str
    version: str
    models: str
    served: str = ""

    @property
    def schemas(self) -> Schemas:
        """The messages of this version."""
        return schemas_of(self.served or self.models)

    @property
    def openapi(self) -> Mapping[str, Any]:
        """The document that says which paths there are."""
        return schemas_of(self.models).openapi


@dataclass(frozen=True)
class Route:
    """One method of a surface: `method` is the Discovery id without its API and the parents that only locate.

    `promised`: a document names this path; if not, only what the target has served there once is held against it.
    """

    method: str
    verb: str
    pattern: re.Pattern[str]
    request: Node | None
    response: Node
    query: Mapping[str, bool] = field(default_factory=dict, hash=False)
    """The query parameters of the method, and whether it requires them."""
    promised: bool = True


VERTEX_V1 = Surface("vertex", "v1", "vertex_v1")
VERTEX_V1BETA1 = Surface("vertex", "v1beta1", "vertex_v1beta1")
GEMINI_V1BETA = Surface("gemini", "v1beta", "gemini_v1beta")
GEMINI_V1BETA3 = Surface("gemini", "v1beta3", "gemini_v1beta3", served="gemini_v1beta")
"""Public protos of v1beta3 froze in 2023; its live document has the messages of v1beta."""
CLIENT = Surface("client", "", "")
"""Not a surface of a target: requests of a client, on any surface."""
MCP = Surface("mcp", "v1", "vertex_v1")
"""The tools show what REST v1 shows; its routes are those of their twins."""
SURFACES: Mapping[str, Mapping[str, Surface]] = {
    "vertex": {"v1": VERTEX_V1, "v1beta1": VERTEX_V1BETA1},
    "gemini": {"v1beta": GEMINI_V1BETA, "v1beta3": GEMINI_V1BETA3},
    "mcp": {"v1": MCP},
}
"""Every surface by name and version; the first version of each is the one a run judges unless another is asked for."""


def every_surface() -> list[Surface]:
    """Each version of each surface in JSON over HTTP; the routes of MCP are those of Vertex."""
    every = [surface for versions in SURFACES.values() for surface in versions.values()]
    return [surface for surface in every if surface.models and surface != MCP]


def surface_of(name: str, version: str = "") -> Surface:
    """A surface by name, in its first version or the one given; raises UsageError for a version it does not have."""
    versions = SURFACES[name]
    if version and version not in versions:
        raise UsageError(f"--api-version {version}: the surface {name} has {' and '.join(versions)}")
    return versions[version or next(iter(versions))]


def _compile(template: str) -> re.Pattern[str]:
    pieces = _VARIABLE.split(template)
    pattern = "".join(f"(?P<{piece}>[^/:]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    return re.compile(pattern)


def _json_schema(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    content = holder.get("content", {}).get("application/json", {})
    schema: Mapping[str, Any] = content.get("schema", {})
    return schema


@cache
def routes(surface: Surface) -> tuple[Route, ...]:
    """The routes of a surface in document order, then those of operations that its documents leave out."""
    schemas = surface.schemas
    found = []
    for template, path in surface.openapi["paths"].items():
        for verb, operation in path.items():
            if not isinstance(operation, dict) or "operationId" not in operation:
                continue
            request = _json_schema(operation.get("requestBody", {}))
            responses = operation["responses"]
            response = _json_schema(responses.get("200") or responses["default"])
            found.append(
                Route(
                    _LOCATING.sub("", operation["operationId"]),
                    verb.upper(),
                    _compile(template),
                    schemas.named(request) if request else None,
                    schemas.named(response),
                    {
                        parameter["name"]: bool(parameter.get("required"))
                        for parameter in operation.get("parameters", [])
                        if parameter["in"] == "query"
                    },
                )
            )
    documented = {route.method for route in found}
    extra = _gemini_operations(surface) if surface.name == "gemini" else _vertex_operations(surface)
    return (*found, *(route for route in extra if route.promised or route.method not in documented))


def _vertex_operations(surface: Surface) -> Iterator[Route]:
    """The standard operations of locations, and the list that the document of v1beta1 leaves out."""
    operation, empty = (surface.schemas.message(name) for name in ("GoogleLongrunningOperation", "GoogleProtobufEmpty"))
    base = _LOCATION_OPERATIONS.format(version=surface.version)
    one = base + "/{operationsId}"
    for method, verb, template, response_node in (
        ("operations.get", "GET", one, operation),
        ("operations.wait", "POST", one + ":wait", operation),
        ("operations.cancel", "POST", one + ":cancel", empty),
        ("operations.delete", "DELETE", one, empty),
    ):
        yield Route(f"tuningJobs.{method}", verb, _compile(template), None, response_node)
    yield _list("tuningJobs.operations.list", base)
    yield _list("tuningJobs.operations.list", _JOB_OPERATIONS.format(version=surface.version), promised=False)


def _list(method: str, template: str, *, promised: bool = True) -> Route:
    """The standard list of operations."""
    query = dict.fromkeys(("filter", "pageSize", "pageToken", "returnPartialSuccess"), False)
    return Route(method, "GET", _compile(template), None, Node({}), query, promised)


def _gemini_operations(surface: Surface) -> Iterator[Route]:
    """The operations of tuned models at this version and at v1, where their text says they are read."""
    operation, empty = (surface.schemas.message(name) for name in ("GoogleLongrunningOperation", "GoogleProtobufEmpty"))
    for version, prefix in ((surface.version, ""), ("v1", "v1.")):
        base = _MODEL_OPERATIONS.format(version=version)
        one, name = base + "/{operationsId}", f"{prefix}tunedModels.operations"
        yield Route(f"{name}.get", "GET", _compile(one), None, operation, promised=False)
        yield _list(f"{name}.list", base, promised=False)
        yield Route(f"{name}.cancel", "POST", _compile(one + ":cancel"), None, empty, promised=False)
    flat = f"/{surface.version}/operations/{{operationsId}}"
    yield Route("flat.operations.get", "GET", _compile(flat), None, operation, promised=False)
