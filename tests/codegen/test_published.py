"""The Gemini surfaces, made of frozen protos and overlays, against what the service itself publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from concertpitch_codegen.align import align
from concertpitch_codegen.build import merged
from concertpitch_codegen.document import Behavior, Document, Enum, Message
from concertpitch_codegen.generate import surface_document
from concertpitch_codegen.jsontext import parse
from concertpitch_codegen.readers import openapi
from concertpitch_codegen.slicing import cut
from concertpitch_codegen.sources.config import load_sources
from concertpitch_codegen.sources.files import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from concertpitch_codegen.document import Definition, Operation, Schema

PUBLISHED = {
    "v1beta": "generativelanguage.v1beta.openapi3_0.20250701.json",
    "v1beta3": "generativelanguage.v1beta3.openapi3_0.20260717.json",
}
# What differs on purpose, and why.
MASK = "a field mask has this form by its type, so the protos need not say it"
DELIBERATE = {
    "ErrorEnvelope": "google_errors.json adds the error answer, which the service does not describe",
    "ErrorEnvelopeError": "as ErrorEnvelope",
    "generativelanguage.corpora.permissions.patch(updateMask) limits": MASK,
    "generativelanguage.tunedModels.patch(updateMask) limits": MASK,
    "generativelanguage.tunedModels.permissions.patch(updateMask) limits": MASK,
    "generativelanguage.tunedModels.operations.list(returnPartialSuccess)": "newer than the copy of v1beta",
    "GoogleLongrunningListOperationsResponse.unreachable": "newer than the copy of v1beta",
}


def published_document(checkout: Path, published: Path, version: str) -> Document:
    """Read what a service published, under our names, as far as our surface goes."""
    path = published / PUBLISHED[version]
    read = openapi.read(parse(path.read_bytes(), path.stem), path.stem)
    surface = load_sources(checkout / "specs").surfaces[f"gemini_{version}"]
    return cut(align(read, surface.namespaces[0]), surface.select).document


@pytest.mark.parametrize("version", PUBLISHED)
def test_a_surface_says_what_the_service_says(checkout: Path, published: Path, version: str) -> None:
    ours = surface_document(checkout, f"gemini_{version}")
    theirs = published_document(checkout, published, version)
    assert [each for each in differences(ours, theirs) if each[0] not in DELIBERATE] == []


def test_every_deliberate_difference_is_one(checkout: Path, published: Path) -> None:
    found = set()
    for version in PUBLISHED:
        ours = surface_document(checkout, f"gemini_{version}")
        theirs = published_document(checkout, published, version)
        found |= {place for place, _, _ in differences(ours, theirs)}
    assert found == DELIBERATE.keys()


@pytest.mark.parametrize("version", PUBLISHED)
def test_the_live_document_outranks_the_protos(checkout: Path, published: Path, version: str) -> None:
    """With the live document locked, a surface has the same names, and the facts of the live document."""
    sources = load_sources(checkout / "specs")
    surface = sources.surfaces[f"gemini_{version}"]
    live, protos = surface.documents
    document, conflicts = merged(
        Inputs(
            surface,
            {
                live: (published / PUBLISHED[version]).read_bytes(),
                protos: (checkout / f"specs/documents/{protos}.json").read_bytes(),
            },
            {name: (checkout / f"specs/overlays/{name}").read_bytes() for name in surface.overlays},
        )
    )
    ours = surface_document(checkout, f"gemini_{version}")
    assert {each.id: (each.path, each.template, each.order) for each in document.operations.values()} == {
        each.id: (each.path, each.template, each.order) for each in ours.operations.values()
    }
    assert document.definitions.keys() == ours.definitions.keys()
    hyperparameters = document.definitions[f"{surface.namespaces[0]}Hyperparameters"]
    assert isinstance(hyperparameters, Message)
    assert [each.members for each in hyperparameters.oneofs] == [("learningRate", "learningRateMultiplier")]
    state = document.definitions[f"{surface.namespaces[0]}TunedModelState"]
    assert isinstance(state, Enum)
    assert [each.number for each in state.values] == [0, 1, 2, 3]
    create = document.operations["generativelanguage.tunedModels.create"]
    assert create.long_running
    assert create.long_running.metadata_type == f"{surface.namespaces[0]}CreateTunedModelMetadata"
    told = {each.pointer.rpartition(".")[2] for each in conflicts if "is REQUIRED" in each.message}
    frozen = {
        "Permission/fields/granteeType",
        "TuningExamples/fields/examples",
        "UpdateTunedModelRequest/fields/updateMask",
    }
    assert (frozen <= told) is (version == "v1beta3")


def differences(ours: Document, theirs: Document) -> Iterator[tuple[str, object, object]]:
    """Yield what two documents say differently: operations, messages, properties, behaviour, limits, prose."""
    for name in sorted(ours.operations.keys() | theirs.operations.keys()):
        mine, yours = ours.operations.get(name), theirs.operations.get(name)
        if mine is None or yours is None:
            yield name, mine, yours
        else:
            yield from operation_differences(mine, yours)
    for name in sorted(ours.definitions.keys() | theirs.definitions.keys()):
        left, right = ours.definitions.get(name), theirs.definitions.get(name)
        if left is None or right is None:
            yield name, left, right
        else:
            yield from definition_differences(left, right)


def operation_differences(mine: Operation, yours: Operation) -> Iterator[tuple[str, object, object]]:
    for key in ("http_method", "path", "template", "order", "deprecated"):
        if getattr(mine, key) != getattr(yours, key):
            yield f"{mine.id} {key}", getattr(mine, key), getattr(yours, key)
    yield from said(f"{mine.id} text", mine.description, yours.description)
    for key in ("request", "response"):
        types = [str(each.type) if each else None for each in (getattr(mine, key), getattr(yours, key))]
        if types[0] != types[1]:
            yield f"{mine.id} {key}", *types
    carried = [
        (each.response_type, each.metadata_type) if each else None for each in (mine.long_running, yours.long_running)
    ]
    if carried[0] != carried[1]:
        yield f"{mine.id} carries", *carried
    left, right = ({each.name: each for each in operation.parameters} for operation in (mine, yours))
    for name in sorted(left.keys() | right.keys()):
        if name not in left or name not in right:
            yield f"{mine.id}({name})", left.get(name), right.get(name)
        elif left[name].location == "query":  # what stands in a path is required, and the form describes segments only
            yield from schema_differences(f"{mine.id}({name})", left[name].schema, right[name].schema)


def definition_differences(mine: Definition, yours: Definition) -> Iterator[tuple[str, object, object]]:
    if isinstance(mine, Enum) and isinstance(yours, Enum):
        # The form has no place for the description of an enum.
        names = [[(each.name, words(each.description)) for each in enum.values] for enum in (mine, yours)]
        if names[0] != names[1]:
            yield f"{mine.name} values", *names
    elif isinstance(mine, Message) and isinstance(yours, Message):
        if mine.name.startswith(
            "GoogleAi"
        ):  # how google.protobuf and google.rpc are described is not this API's matter
            yield from said(f"{mine.name} text", mine.description, yours.description)
        for name in sorted(mine.fields.keys() | yours.fields.keys()):
            place = f"{mine.name}.{name}"
            if name not in mine.fields or name not in yours.fields:
                yield place, mine.fields.get(name), yours.fields.get(name)
            elif mine.name.startswith("GoogleAi"):
                yield from schema_differences(place, mine.fields[name], yours.fields[name])
    else:
        yield mine.name, mine, yours


def schema_differences(place: str, mine: Schema, yours: Schema) -> Iterator[tuple[str, object, object]]:
    if str(mine.type) != str(yours.type):
        yield f"{place} type", mine.type, yours.type
    behaviors: list[set[Behavior]] = [{fact.behavior for fact in each.behaviors} for each in (mine, yours)]
    if behaviors[0] != behaviors[1]:
        yield f"{place} behaviour", *behaviors
    for key in ("limits", "deprecated"):
        if getattr(mine, key) != getattr(yours, key):
            yield f"{place} {key}", getattr(mine, key), getattr(yours, key)
    yield from said(f"{place} text", mine.description, yours.description)


def said(place: str, mine: str | None, yours: str | None) -> Iterator[tuple[str, object, object]]:
    if words(mine) != words(yours):
        yield place, mine, yours


def words(text: str | None) -> list[str]:
    """Take text without its line breaks, which protos and the form set differently."""
    return (text or "").split()
