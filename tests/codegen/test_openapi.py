"""The OpenAPI reader: Google's own form, ordinary documents, and our own output read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from concertpitch_codegen.counting import check_counts
from concertpitch_codegen.document import Array, Behavior, Enum, Map, Message, Ref, Scalar
from concertpitch_codegen.jsontext import parse
from concertpitch_codegen.problems import DocumentError
from concertpitch_codegen.readers import discovery, openapi
from concertpitch_codegen.validation import validate
from concertpitch_codegen.writers.jsonschema import json_schema
from concertpitch_codegen.writers.openapi import openapi as write

if TYPE_CHECKING:
    from pathlib import Path


OWNER = "#/components/schemas/Owner"


def test_googles_own_form(form: dict[str, Any]) -> None:
    document = openapi.read(form, "toy")
    assert (document.title, document.version, document.revision) == ("Toy API", "v1", "20260102")
    toy = document.definitions["Toy"]
    assert isinstance(toy, Message)
    assert toy.fields["owner"].type == Ref("Owner")
    assert {name: sorted(fact.behavior for fact in field.behaviors) for name, field in toy.fields.items()} == {
        "name": [Behavior.IDENTIFIER, Behavior.OUTPUT_ONLY],
        "owner": [Behavior.REQUIRED, Behavior.REQUIRED],
        "secret": [Behavior.INPUT_ONLY],
        "kind": [Behavior.IMMUTABLE],
        "tags": [],
        "extra": [],
        "on": [],
    }
    assert isinstance(document.definitions["ToyKind"], Enum)
    assert isinstance(toy.fields["tags"].type, Array)
    assert isinstance(toy.fields["extra"].type, Map)
    assert toy.fields["on"].limits == {"default": True}
    create = document.operations["CreateToy"]
    assert create.long_running is not None
    assert (create.long_running.response_type, create.long_running.metadata_type) == ("Toy", "Meta")
    operation = document.definitions["CreateToyOperation"]
    assert isinstance(operation, Message)
    assert set(operation.fields) == {"done", "metadata", "response"}
    assert [each.name for each in document.parameters] == ["$alt"]


def test_an_ordinary_document() -> None:
    raw = {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1.2"},
        "paths": {
            "/pets/{petId}": {
                "parameters": [{"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "get": {
                    "responses": {
                        "200": {
                            "description": "ok",
                            "content": {"application/json": {"schema": {"type": ["string", "null"]}}},
                        }
                    }
                },
            }
        },
    }
    document = openapi.read(raw, "pets")
    (operation,) = document.operations.values()
    assert operation.id == "GetPetsPetId"
    assert [each.name for each in operation.parameters] == ["petId"]
    assert operation.response is not None
    assert operation.response.type == Scalar("string")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda raw: raw.update(openapi="2.0"), "3.0 and 3.1 are read"),
        (lambda raw: raw["components"]["schemas"].pop("Owner"), "refers to the schema 'Owner'"),
        (lambda raw: raw["components"]["parameters"].pop("alt"), "refers to the parameter 'alt'"),
        (
            lambda raw: raw["components"]["schemas"]["Toy"]["properties"].update(
                far={"$ref": "https://evil.example/x.json"}
            ),
            "only #/components/schemas/... is read",
        ),
        (
            lambda raw: raw["components"]["schemas"].update(
                Loop={"allOf": [{"$ref": "#/components/schemas/Loop"}, {"type": "object"}]}
            ),
            "contains itself by allOf",
        ),
        (lambda raw: raw["paths"].update({'/v1/"): import os': {"get": {}}}), "which is no URI template"),
        (lambda raw: raw["components"].update(schemas=[]), "is not an object"),
    ],
)
def test_refusals(form: dict[str, Any], spoil: Any, sentence: str) -> None:
    spoil(form)
    with pytest.raises(DocumentError) as caught:
        openapi.read(form, "toy")
    assert any(sentence in problem.message for problem in caught.value.problems)


def test_our_own_output_reads_back(toy: dict[str, Any]) -> None:
    document = discovery.read(toy, "toy.v1")
    again = openapi.read(write(document), "toy.v1")
    assert again.definitions.keys() == document.definitions.keys()
    assert again.operations.keys() == document.operations.keys()
    for name, definition in document.definitions.items():
        if isinstance(definition, Message):
            other = again.definitions[name]
            assert isinstance(other, Message)
            assert {key: str(field.type) for key, field in definition.fields.items()} == {
                key: str(field.type) for key, field in other.fields.items()
            }


def test_published_documents_lose_nothing(published: Path) -> None:
    paths = sorted(published.glob("*.json"))
    assert paths
    for path in paths:
        raw = parse(path.read_bytes(), path.stem)
        document = openapi.read(raw, path.stem)
        written = write(document)
        check_counts(document, written)
        validate(path.stem, written, json_schema(written["components"]["schemas"], path.stem))
        assert document.named() == len(raw["components"]["schemas"])
        assert len(document.operations) == sum(
            verb in {"get", "post", "put", "patch", "delete"} for item in raw["paths"].values() for verb in item
        )


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": ["string", "null"], "maxLength": 3}, {"type": ["string", "null"], "maxLength": 3}),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, {"type": ["number", "null"]}),
        ({"oneOf": [{"type": "null"}, {"$ref": OWNER}]}, {"anyOf": [{"$ref": OWNER}, {"type": "null"}]}),
        ({"type": "integer", "enum": [1, 2]}, {"type": "integer", "enum": [1, 2]}),
        ({"type": ["integer", "null"], "enum": [1, None]}, {"type": ["integer", "null"], "enum": [1, None]}),
        ({"enum": ["on", 1]}, {"enum": ["on", 1]}),
        ({"type": ["string", "integer"]}, {"type": ["string", "integer"]}),
        (
            {"type": "string", "nullable": True, "enum": ["on", None]},
            {"anyOf": [{"$ref": "#/components/schemas/ToyField"}, {"type": "null"}]},
        ),
    ],
)
def test_null_and_several_types_are_not_lost(
    form: dict[str, Any], said: dict[str, Any], written: dict[str, Any]
) -> None:
    form["components"]["schemas"]["Toy"]["properties"]["field"] = said
    first = write(openapi.read(form, "toy"))
    schemas = first["components"]["schemas"]
    validate("toy", first, json_schema(schemas, "toy"))
    assert schemas["Toy"]["properties"]["field"] == written
    again = write(openapi.read(first, "toy"))["components"]["schemas"]
    assert again["Toy"]["properties"]["field"] == written
    if "ToyField" in schemas:
        assert schemas["ToyField"]["enum"] == again["ToyField"]["enum"] == ["on"]
