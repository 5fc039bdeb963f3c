"""OpenAPI documents cut to a part, and what ordinary ones say beside operations and schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from concertpitch_codegen.cli import main
from concertpitch_codegen.convert import convert, cut_document
from concertpitch_codegen.problems import DocumentError
from concertpitch_codegen.readers import openapi
from concertpitch_codegen.writers.methods import tree
from openapi_spec_validator import validate

PET = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
PETS: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1.2"},
    "servers": [{"url": "https://pets.example/api"}],
    "security": [{"login": ["read"]}],
    "tags": [{"name": "pets"}],
    "paths": {
        "/pets": {
            "parameters": [{"$ref": "#/components/parameters/Trace"}],
            "get": {
                "operationId": "listPets",
                "parameters": [{"name": "X-Shop", "in": "header", "schema": {"type": "string"}}],
                "responses": {
                    "200": {"$ref": "#/components/responses/Pets"},
                    "default": {"$ref": "#/components/responses/Refused"},
                },
            },
            "post": {
                "operationId": "addPet",
                "security": [{"login": ["write", "read"]}],
                "requestBody": {"$ref": "#/components/requestBodies/Pet"},
                "responses": {"201": {"description": "Made.", **PET}},
            },
        },
        "/pets/{id}:feed": {
            "post": {
                "operationId": "feed",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"204": {"description": "Fed."}},
            }
        },
        "/petsitters": {"get": {"operationId": "sitters", "responses": {"200": {"description": "Sitters.", **PET}}}},
    },
    "components": {
        "securitySchemes": {
            "login": {
                "type": "oauth2",
                "flows": {
                    "implicit": {"authorizationUrl": "https://pets.example/in", "scopes": {"read": "r", "write": "w"}}
                },
            }
        },
        "parameters": {
            "Trace": {"name": "trace", "in": "query", "schema": {"type": "string"}},
            "Unused": {"name": "unused", "in": "query", "schema": {"type": "string"}},
        },
        "responses": {
            "Pets": {
                "description": "All of them.",
                "content": {
                    "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}}
                },
            },
            "Refused": {
                "description": "No.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
        "requestBodies": {"Pet": PET},
        "schemas": {
            "Pet": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "maxLength": 20},
                    "kind": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"type": "string"}]},
                },
            },
            "Cat": {"type": "object", "properties": {"lives": {"type": "integer"}}},
            "Error": {"type": "object", "properties": {"message": {"type": "string"}}},
            "Unused": {"type": "object", "properties": {"more": {"$ref": "#/components/schemas/Error"}}},
        },
    },
}


@pytest.fixture
def pets(tmp_path: Path) -> str:
    path = tmp_path / "pets.json"
    path.write_text(json.dumps(PETS))
    return str(path)


def test_a_slice_is_a_valid_document_that_says_the_same(pets: str) -> None:
    part, text = cut_document(pets, ("addPet",))
    kept = json.loads(text)
    validate(kept)
    assert list(kept["paths"]) == ["/pets"]
    assert {kind: sorted(each) for kind, each in kept["components"].items()} == {
        "parameters": ["Trace"],
        "requestBodies": ["Pet"],
        "responses": [],
        "schemas": ["Cat", "Pet"],
        "securitySchemes": ["login"],
    }
    assert kept["tags"] == PETS["tags"]
    assert part.reasons == {"Cat": "Pet.kind", "Pet": "addPet request"}
    again = openapi.read(kept, "pets")
    assert again.operations == part.document.operations
    assert again.definitions == part.document.definitions


def test_what_is_no_component_is_kept_and_followed_nowhere(tmp_path: Path) -> None:
    raw = json.loads(json.dumps(PETS))
    raw["components"] |= {"x-number": 5, "examples": {"E": {"value": "#/components/schemas/Unused"}}}
    raw["info"]["description"] = "See #/components/x-number/1, or:"
    raw["x-links"] = ["#/components/x-number/1", "#/components/schemas", "#/components/examples/E"]
    (tmp_path / "pets.json").write_text(json.dumps(raw))
    kept = json.loads(cut_document(str(tmp_path / "pets.json"), ("feed",))[1])
    assert kept["components"]["x-number"] == 5
    assert sorted(kept["components"]["schemas"]) == ["Error", "Unused"]


@pytest.mark.parametrize(
    ("selector", "operations"),
    [
        ("/pets", ["addPet", "feed", "listPets"]),
        ("/pets/", ["addPet", "feed", "listPets"]),
        ("/pets/{id}", ["feed"]),
        ("/", ["addPet", "feed", "listPets", "sitters"]),
        ("feed", ["feed"]),
    ],
)
def test_a_path_selects_what_is_below_it(pets: str, selector: str, operations: list[str]) -> None:
    assert list(cut_document(pets, (selector,))[0].document.operations) == operations


def test_a_path_that_nothing_has_is_a_problem(pets: str) -> None:
    with pytest.raises(DocumentError, match="has no method '/pet' and none under it"):
        cut_document(pets, ("/pet",))


def test_components_credentials_and_keywords_are_not_lost(pets: str) -> None:
    written = json.loads(convert(pets, "openapi")[0])
    validate(written)
    assert written["components"]["securitySchemes"] == PETS["components"]["securitySchemes"]
    listed, added = (written["paths"]["/pets"][verb] for verb in ("get", "post"))
    assert (listed["security"], added["security"]) == ([{"login": ["read"]}], [{"login": ["write", "read"]}])
    assert [each["name"] for each in listed["parameters"]] == ["X-Shop"]
    assert listed["responses"]["default"]["content"]["application/json"]["schema"]["$ref"].endswith("/Error")
    assert added["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Pet")
    properties = written["components"]["schemas"]["Pet"]["properties"]
    assert properties["kind"] == PETS["components"]["schemas"]["Pet"]["properties"]["kind"]
    assert properties["name"] == {"type": "string", "maxLength": 20}
    defs = json.loads(convert(pets, "jsonschema")[0])["$defs"]
    assert defs["Pet"]["properties"]["kind"]["oneOf"][0] == {"$ref": "#/$defs/Cat"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"requestBody": {"$ref": "#/components/requestBodies/None"}}, "refers to 'None', which the document does not"),
        ({"responses": {"200": {"$ref": "#/components/responses/None"}}}, "refers to 'None', which the document does"),
        ({"parameters": [{"name": "x", "in": "body"}]}, "has the unknown location 'body'"),
        ({"security": [{"login": "read"}]}, "is not a list of strings"),
        (
            {"responses": {"200": {"content": {"x": {"schema": {"oneOf": [{"$ref": "#/components/schemas/No"}]}}}}}},
            "refers to the schema 'No', which the document does not have",
        ),
    ],
)
def test_what_refers_to_nothing_is_a_problem(change: dict[str, Any], message: str) -> None:
    raw = json.loads(json.dumps(PETS))
    raw["paths"]["/pets"]["post"] |= change
    with pytest.raises(DocumentError, match=message):
        openapi.read(raw, "pets")


def test_a_package_keeps_its_slice_alone(pets: str, tmp_path: Path) -> None:
    arguments = ["--out", str(tmp_path), "--package", "acme.pets"]
    result = CliRunner().invoke(main, ["generate", "--document", pets, "--select", "/pets", *arguments])
    assert result.exit_code == 0, result.output
    assert "listPets does not send the header X-Shop" in result.stderr
    source = json.loads((tmp_path / "acme/pets/source.json").read_text())
    assert sorted(source["components"]["schemas"]) == ["Cat", "Error", "Pet"]
    assert CliRunner().invoke(main, ["check", *arguments]).exit_code == 0
    client = (tmp_path / "acme/pets/client.py").read_text()
    assert "def list_pets(self) -> list[models.Pet]:" in client
    assert "def feed(self, id: str) -> None:" in client
    assert "Sends POST to `pets/{id}:feed`." in client


def test_methods_whose_names_are_one_in_python_are_told_apart(tmp_path: Path) -> None:
    raw = json.loads(json.dumps(PETS))
    for path, name in (("/pets", "get_pet"), ("/petsitters", "getPet")):
        raw["paths"][path]["get"]["operationId"] = name
    raw["paths"]["/pets"]["post"]["operationId"] = "close"
    document = openapi.read(raw, "pets")
    names = {each.id: each.name for each in tree(document, {name: name for name in document.definitions}).methods}
    assert names == {"get_pet": "get_pet", "close": "close_2", "feed": "feed", "getPet": "get_pet_2"}


def test_a_method_called_list_does_not_hide_lists(tmp_path: Path) -> None:
    raw = json.loads(json.dumps(PETS))
    raw["paths"]["/pets"]["get"]["operationId"] = "list"
    raw["paths"]["/pets"]["post"]["requestBody"] = PETS["components"]["responses"]["Pets"]
    (tmp_path / "pets.json").write_text(json.dumps(raw))
    arguments = ["--out", str(tmp_path), "--package", "acme.pets"]
    assert CliRunner().invoke(main, ["generate", "--document", str(tmp_path / "pets.json"), *arguments]).exit_code == 0
    for module in ("client", "service"):
        source = (tmp_path / f"acme/pets/{module}.py").read_text()
        assert "-> builtins.list[models.Pet]:" in source
        assert "body: builtins.list[models.Pet]" in source
        assert "\nimport builtins\n" in source
