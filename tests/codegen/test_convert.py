"""`convert`, `slice` and `show` on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from concertpitch_codegen.cli import main


@pytest.fixture
def document(tmp_path: Path, toy: dict[str, Any]) -> str:
    path = tmp_path / "toy.v1.json"
    path.write_text(json.dumps(toy))
    return str(path)


def test_convert_counts_and_writes(document: str, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    result = CliRunner().invoke(main, ["convert", document, "-o", str(target)])
    assert (result.exit_code, result.output) == (0, "2 operations, 4 schemas in and out\n")
    assert set(json.loads(target.read_text())["paths"]) == {"/v1/shops/{shopsId}", "/v1/shops/{shopsId}/toys"}
    schema = CliRunner().invoke(main, ["convert", document, "--to", "jsonschema"])
    assert json.loads(schema.stdout)["$defs"]["Toy"]["properties"]["parts"]["items"] == {"$ref": "#/$defs/Toy"}


def test_what_a_document_contradicts_is_told(document: str, toy: dict[str, Any]) -> None:
    name = toy["resources"]["shops"]["methods"]["get"]["parameters"]["name"]
    name["default"] = ""
    Path(document).write_text(json.dumps(toy))
    result = CliRunner().invoke(main, ["convert", document])
    assert result.exit_code == 0
    assert (
        "contradiction: toy.v1#/resources/shops/methods/get/parameters/name:"
        " has the default '', which its pattern ^shops/[^/]+$ forbids\n"
    ) in result.stderr


def test_slice_gives_reasons_or_a_document(document: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["slice", document, "--select", "shops.toys"])
    assert result.stdout == "ListToysResponse  toy.shops.toys.list response\nToy  ListToysResponse.toys\n"
    target = tmp_path / "slice.json"
    CliRunner().invoke(main, ["slice", document, "--select", "shops.toys", "-o", str(target)])
    assert set(json.loads(target.read_text())["schemas"]) == {"ListToysResponse", "Toy"}


def test_show_says_where_each_fact_stands(checkout: Path) -> None:
    result = CliRunner().invoke(main, ["show", "TuningJob", "--root", str(checkout)])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == ("GoogleCloudAiplatformV1TuningJob  aiplatform.v1#/schemas/GoogleCloudAiplatformV1TuningJob")
    assert (
        "  at most one of baseModel, preTunedModel  (source_model)"
        "  aiplatform.v1.protos#/messages/google.cloud.aiplatform.v1.TuningJob/oneofs/source_model"
    ) in lines
    assert (
        "      OUTPUT_ONLY by proto"
        "  aiplatform.v1.protos#/messages/google.cloud.aiplatform.v1.TuningJob/fields/state/behaviors"
    ) in lines


def test_show_suggests_names(document: str) -> None:
    result = CliRunner().invoke(main, ["show", "sho", "--document", document])
    assert result.exit_code == 1
    assert "toy.v1 has no message 'sho'; it has Shop, ShopAddress, ShopKind" in result.stderr


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{}")
    result = CliRunner().invoke(main, ["convert", str(path)])
    assert result.exit_code == 1
    assert "is neither a Discovery document, nor OpenAPI 3, nor a protoset" in result.stderr


def test_many_documents_are_written_and_the_bad_ones_refused(
    document: str, toy: dict[str, Any], tmp_path: Path
) -> None:
    other, bad = tmp_path / "other.v1.json", tmp_path / "bad.v1.json"
    other.write_text(json.dumps(toy | {"revision": "20270101"}))
    bad.write_text("<html>")
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["convert", document, str(bad), str(other), "--out", str(out)])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{document}: 2 operations, 4 schemas in and out",
        f"{bad}: refused: bad.v1: is an HTML or XML page, not JSON; an error page was probably saved in its place",
        f"{other}: 2 operations, 4 schemas in and out",
        "2 documents written, 1 refused",
    ]
    assert sorted(each.name for each in out.iterdir()) == ["other.v1.openapi.json", "toy.v1.openapi.json"]
    single = CliRunner().invoke(main, ["convert", document])
    assert (out / "toy.v1.openapi.json").read_text() == single.stdout


def test_two_documents_of_one_name_would_overwrite_each_other(document: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["convert", document, document, "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "two documents have the name toy.v1" in result.stderr
    assert CliRunner().invoke(main, ["convert", document, document]).exit_code == 2


def test_a_resource_name_that_the_flat_path_spells_out_is_no_path_parameter(
    document: str, toy: dict[str, Any], tmp_path: Path
) -> None:
    toy["resources"]["shops"]["methods"]["get"]["flatPath"] = "v1/shop"
    Path(document).write_text(json.dumps(toy))
    written = json.loads(CliRunner().invoke(main, ["convert", document]).stdout)
    operation = written["paths"]["/v1/shop"]["get"]
    assert operation["parameters"] == []
    assert [each["name"] for each in operation["x-google-path-parameters"]] == ["name"]
