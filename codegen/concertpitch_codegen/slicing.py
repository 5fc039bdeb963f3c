"""The part of a document that was asked for: chosen operations and the messages they reach.

Owns the closure and the reason each definition is in it. Must not know formats or artefacts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.document import (
    Alias,
    Array,
    Definition,
    Document,
    Enum,
    Map,
    Message,
    Operation,
    Ref,
    Schema,
)
from concertpitch_codegen.problems import DocumentError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Slice:
    """A document that holds only what was selected.

    `reasons` says for each definition which step brought it in first, on a shortest way from an operation:
    ``aiplatform.projects.locations.tuningJobs.create request`` or
    ``GoogleCloudAiplatformV1TuningJob.supervisedTuningSpec``.
    """

    document: Document
    reasons: Mapping[str, str]


def _nothing_selected(selector: str, document: Document) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - needed for this alone

    if not document.operations:
        return "has no method that is called over HTTP, so there is nothing to select"
    ids = [each.removeprefix(f"{document.api}.").split(".") for each in document.operations]
    known = {".".join(parts[:end]) for parts in ids for end in range(1, len(parts) + 1)}
    known |= {f"/{each.path}" for each in document.operations.values()}
    near = ", ".join(get_close_matches(selector, sorted(known), n=3))
    return f"has no method {selector!r} and none under it{'; it has ' * bool(near)}{near}"


def cut(document: Document, select: tuple[str, ...], messages: tuple[str, ...] = ()) -> Slice:
    """Keep the operations under the resources or with the ids in `select`, and the closure of `messages`.

    A selector is a resource path or a method id without the API's name: ``projects.locations.tuningJobs``; or, for
    documents whose methods have no resources, a path with all that is below it: ``/v1/tunedModels``.
    Raises `DocumentError` when a selector or a message selects nothing.
    """
    problems = []
    kept: dict[str, Operation] = {}
    for selector in select:
        found = {key: value for key, value in document.operations.items() if _selects(selector, document.api, value)}
        if not found:
            problems.append(Problem(document.id, "", _nothing_selected(selector, document)))
        kept |= found
    problems += [
        Problem(document.id, "/schemas", f"has no schema {name!r}")
        for name in messages
        if name not in document.definitions
    ]
    if problems:
        raise DocumentError(problems)
    reasons = _close(document, kept, messages)
    definitions = {name: document.definitions[name] for name in sorted(reasons)}
    return Slice(replace(document, operations=dict(sorted(kept.items())), definitions=definitions), reasons)


def _selects(selector: str, api: str, operation: Operation) -> bool:
    if selector.startswith("/"):
        path, above = "/" + operation.path.lstrip("/"), selector.rstrip("/")
        return path == above or path.startswith((f"{above}/", f"{above}:"))
    name = operation.id.removeprefix(api + ".")
    return selector in {"*", name, operation.id} or name.startswith(selector + ".")


def _close(document: Document, operations: Mapping[str, Operation], messages: tuple[str, ...]) -> dict[str, str]:
    """Walk breadth first, so that the first reason found is a nearest one."""
    reasons: dict[str, str] = {}
    queue: deque[tuple[str, str]] = deque()
    for operation in operations.values():
        queue.extend((name, f"{operation.id} {role}") for role, name in operation_references(operation))
    queue.extend((name, "selected by name") for name in messages)
    while queue:
        name, reason = queue.popleft()
        if name not in reasons:
            reasons[name] = reason
            queue.extend((target, step) for step, target in definition_references(document.definitions[name]))
    return dict(sorted(reasons.items()))


def operation_references(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield the role and the name of each definition that an operation uses itself."""
    for parameter in operation.parameters:
        for name in schema_references(parameter.schema):
            yield f"parameter {parameter.name}", name
    bodies = (("request", operation.request), ("response", operation.response), ("error", operation.error))
    for role, schema in bodies:
        for name in schema_references(schema) if schema else ():
            yield role, name
    if operation.long_running:
        yield "operation response", operation.long_running.response_type
        yield "operation metadata", operation.long_running.metadata_type


def definition_references(definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield the place and the name of each definition that a definition uses itself."""
    match definition:
        case Message():
            for key, schema in definition.fields.items():
                for name in schema_references(schema):
                    yield f"{definition.name}.{key}", name
            for name in kept_references(definition.extras):
                yield definition.name, name
        case Alias():
            for name in schema_references(definition.schema):
                yield definition.name, name
        case Enum():
            return


def schema_references(schema: Schema) -> Iterator[str]:
    """Yield the names a schema refers to, also in what is kept as it stands, such as `oneOf`."""
    match schema.type:
        case Ref(name):
            yield name
        case Array(inner) | Map(inner):
            yield from schema_references(inner)
    if schema.extras:
        yield from kept_references(schema.extras)


def kept_references(value: Any) -> Iterator[str]:
    """Yield the names that a part of an OpenAPI document refers to, which is kept as it stands."""
    if isinstance(value, Mapping):
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith(_SCHEMAS):
            yield reference.removeprefix(_SCHEMAS)
        for each in value.values():
            yield from kept_references(each)
    elif isinstance(value, list):
        for each in value:
            yield from kept_references(each)
