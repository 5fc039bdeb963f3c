"""Names and prose of a document stay names and prose, whichever format they come in."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from concertpitch_codegen.cli import main

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    '"""\n\nimport os; os.system("false")\n\\\\" \' \u2028 {{ 7 * 7 }} {% raw %} \\N{BULLET} ${HOME} #',
    'Ends in "quotes"',
    "\\",
]
NAMES = [
    "class",
    "self",
    "None",
    "__init__",
    "model_config",
    "copy",
    "json",
    "os",
    "a-b",
    "a b",
    '"): import os #',
    "é",
    "$ref",
    "@type",
    "1st",
    "",
]
SCRIPT = """
import sys
import acme.hostile.client, acme.hostile.models, acme.hostile.service
modules = (acme.hostile.client, acme.hostile.models, acme.hostile.service)
print([hasattr(each, "os") for each in modules], len(acme.hostile.models.{name}.model_fields))
"""


def openapi(text: str) -> dict[str, Any]:
    """Write a document whose every name and text is hostile."""
    scalar = {"type": "string", "description": text}
    return {
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text},
        "servers": [{"url": f"https://toy.example/{text}"}],
        "paths": {
            "/v1/{class}/{import}": {
                "post": {
                    "operationId": "toys.import",
                    "summary": text,
                    "parameters": [
                        {"name": "class", "in": "path", "required": True, "schema": scalar},
                        {"name": "import", "in": "path", "required": True, "schema": scalar, "description": text},
                        *(
                            {"name": each, "in": "query", "description": text, "schema": scalar}
                            for each in NAMES
                            if each
                        ),
                    ],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Toy"}}}},
                    "responses": {
                        "200": {
                            "description": text,
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Toy"}}},
                        }
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "Toy": {
                    "type": "object",
                    "description": text,
                    "properties": {each: {**scalar, "default": text} for each in NAMES},
                    "x-google-oneof": {text: ["class", "self"]},
                },
                "class": {"type": "object"},
                "List": {"type": "string", "enum": ["None", '"; import os', "a b", "", "os"], "description": text},
            }
        },
    }


def protoset(text: str) -> dict[str, Any]:
    """Write the same as protos would say it."""
    package = "acme.toys.v1"
    fields = {
        each: {"type": "string", "name": each, "number": index + 1, "comment": text} for index, each in enumerate(NAMES)
    }
    return {
        "package": package,
        "revision": text,
        "services": {f"{package}.Toys": {"host": "toy.example", "scopes": [text]}},
        "methods": {
            f"{package}.Toys.Import": {
                "comment": text,
                "input": f"{package}.Toy",
                "output": f"{package}.Toy",
                "http": [{"verb": "POST", "path": "/v1/{class=toys/*}:import", "body": "*"}],
            }
        },
        "messages": {
            f"{package}.Toy": {"comment": text, "fields": fields, "oneofs": {text: ["class", "self"]}},
            f"{package}.class": {"fields": {}},
        },
        "enums": {f"{package}.List": {"values": {"None": {"number": 0, "comment": text}, "os": {"number": 1}}}},
    }


def generate(raw: dict[str, Any], out: Path) -> Any:
    document = out / "hostile.json"
    document.write_text(json.dumps(raw))
    return CliRunner().invoke(
        main, ["generate", "--document", str(document), "--out", str(out), "--package", "acme.hostile"]
    )


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("write", "name", "fields"),
    # What stands in a path is not sent in the body that protos say is all of the request.
    [(openapi, "Toy", len(NAMES)), (protoset, "AcmeToysV1Toy", len(NAMES) - 1)],
)
def test_nothing_is_executed(tmp_path: Path, write: Any, name: str, fields: int, text: str) -> None:
    result = generate(write(text), tmp_path)
    assert result.exit_code == 0, result.output
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT.format(name=name)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"[False, False, False] {fields}\n", "")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("schemas", "../../evil"),
        ("schemas", "a/b"),
        ("schemas", "x\n"),
        ("paths", "/v1/{{x}}"),
        ("paths", "/v1/{x"),
        ("paths", '/v1/"); import os'),
    ],
)
def test_names_of_files_and_paths_are_refused(tmp_path: Path, place: str, name: str) -> None:
    raw = openapi("text")
    if place == "schemas":
        raw["components"]["schemas"][name] = {"type": "object"}
    else:
        raw["paths"][name] = {"get": {"operationId": "evil", "responses": {}}}
    result = generate(raw, tmp_path)
    assert result.exit_code == 1
    assert "concertpitch-codegen: hostile#/" in result.output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["hostile.json"]


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("messages", "acme.toys.v1.../../evil"),
        ("messages", "acme.toys.v1.a b"),
        ("enums", "acme.v1.x\n"),
        ("methods", ""),
    ],
)
def test_names_of_protos_are_refused(tmp_path: Path, place: str, name: str) -> None:
    raw = protoset("text")
    raw[place][name] = {
        "fields": {},
        "values": {},
        "input": "",
        "output": "",
        "http": [{"verb": "GET", "path": "/{{x}}"}],
    }
    result = generate(raw, tmp_path)
    assert result.exit_code == 1
    assert f"concertpitch-codegen: hostile#/{place}/" in result.output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["hostile.json"]


def script(tmp_path: Path, text: str) -> tuple[str, str]:
    """Run a program that uses the package; give what it says."""
    command = [sys.executable, "-W", "error", "-c", text]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


LISTING = """
import httpx
from acme.hostile.client import Client
answer = httpx.Response(200, json={"items": [{}, {}]})
with Client(http=httpx.Client(transport=httpx.MockTransport(lambda _: answer))) as client:
    for name in NAMES:
        resource = client
        for part in name.split("."):
            resource = getattr(resource, part)
        assert len(list(resource.list_all())) == 2, name
"""


def test_resources_may_have_the_names_a_client_needs_itself(tmp_path: Path, toy: dict[str, Any]) -> None:
    listed = {"items": {"type": "array", "items": {"$ref": "Toy"}}, "nextPageToken": {"type": "string"}}
    toy["schemas"]["Listed"] = {"id": "Listed", "type": "object", "properties": listed}

    def resource(name: str) -> dict[str, Any]:
        token = {"pageToken": {"type": "string", "location": "query"}}
        method = {"id": f"toy.{name}.list", "path": f"v1/{name}", "httpMethod": "GET", "parameters": token}
        return {"methods": {"list": {**method, "response": {"$ref": "Listed"}}}}

    names = [
        "pages",
        "items",
        "client",
        "sub",
        "resource",
        "message",
        "sequence",
        "self",
        "None",
        "aB.c",
        "a.bC",
        "a.1",
    ]
    toy["resources"] |= {name: resource(name) for name in names}
    assert generate(toy, tmp_path).exit_code == 0
    attributes = [*names[:8], "none", "a_b.c", "a.b_c", "a.field_1"]
    assert script(tmp_path, LISTING.replace("NAMES", repr(attributes))) == ("", "")


def test_a_state_is_no_code(tmp_path: Path, toy: dict[str, Any]) -> None:
    states = ["OK", "FAILED", "OK, print(7) , FAILED", "job_FAILED", "JOB_FAILED", "1_FAILED", "_FAILED"]
    toy["schemas"]["Shop"]["properties"]["state"] = {"type": "string", "enum": states}
    assert generate(toy, tmp_path).exit_code == 0
    text = f"""
import httpx
from acme.hostile.client import Client
for state in {states[1:]!r}:
    answer = httpx.Response(200, json={{"state": state}})
    with Client(http=httpx.Client(transport=httpx.MockTransport(lambda _: answer))) as client:
        assert client.shops.wait_for("shops/1", deadline=0).state == state
"""
    assert script(tmp_path, text) == ("", "")


def test_constants_keep_their_values(tmp_path: Path, toy: dict[str, Any]) -> None:
    values = [
        "it's",
        "'",
        '"',
        "'\"",
        "\\",
        "\n",
        "\0",
        "\u2028",
        "\x0c",
        "a",
        "A",
        "a-",
        "a_",
        "mro",
        "{{ 1 }}",
        '"""',
    ]
    toy["schemas"]["Shop"]["properties"]["kind"] = {"type": "string", "enum": values, "enumDescriptions": values}
    assert generate(toy, tmp_path).exit_code == 0
    text = f"from acme.hostile.models import ShopKind\nprint([str(each) for each in ShopKind] == {values!r})"
    assert script(tmp_path, text) == ("True\n", "")


def test_schemas_and_fields_may_have_the_names_messages_need_themselves(tmp_path: Path, toy: dict[str, Any]) -> None:
    fields = ["fromWire", "to_wire", "requestProblems", "model_fields", "copy", "self", "__class__"]
    schemas = ["_1foo", "__", "Client", "BaseModel", "Any", "datetime", "README", "readme", "A.B"]
    for name in schemas:
        properties = {each: {"type": "string"} for each in fields} | {"again": {"$ref": name}}
        toy["schemas"][name] = {"id": name, "type": "object", "properties": properties}
    toy["schemas"]["Shop"]["properties"] |= {f"a{number}": {"$ref": name} for number, name in enumerate(schemas)}
    assert generate(toy, tmp_path).exit_code == 0
    wire = json.dumps({each: each for each in fields}, separators=(",", ":"))
    text = f"""
import json
from acme.hostile import client, models
found = [each for each in vars(models).values() if "again" in getattr(each, "model_fields", ())]
for each in found:
    message = each.from_wire({wire!r})
    assert json.loads(message.to_wire()) == json.loads({wire!r}) and not message.model_extra
    assert message.request_problems() == []
print(len(found))
"""
    assert script(tmp_path, text) == (f"{len(schemas)}\n", "")
    pages = tmp_path / "acme/hostile/pages"
    assert len({each.name.lower() for each in pages.iterdir()}) == len(schemas) + 5  # of the toy, and the index


def test_media_is_not_left_out_in_silence(tmp_path: Path, toy: dict[str, Any]) -> None:
    get = toy["resources"]["shops"]["methods"]["get"]
    get |= {"supportsMediaUpload": True, "mediaUpload": {"accept": ["*/*"]}, "useMediaDownloadService": True}
    result = generate(toy, tmp_path)
    assert result.exit_code == 0
    place = "left out: hostile#/resources/shops/methods/get: the client's toy.shops.get"
    assert f"{place} sends the metadata only, it uploads no media\n" in result.stderr
    assert f"{place} reads the metadata only, it downloads no media\n" in result.stderr
    client = (tmp_path / "acme/hostile/client.py").read_text()
    assert "This sends the metadata only, it uploads no media." in client


def test_a_body_that_is_not_json_is_not_left_out_in_silence(tmp_path: Path) -> None:
    raw = openapi("text")
    body = raw["paths"]["/v1/{class}/{import}"]["post"]["requestBody"]
    body["content"] = {"multipart/form-data": body["content"]["application/json"]}
    assert "sends JSON, where the document asks for multipart/form-data" in generate(raw, tmp_path).stderr
