"""A package of a user's own: generated, type-checked, run against a stub, checked for drift."""

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

PROGRAM = """
import httpx
from acme.toys.client import Client
from acme.toys.models import Shop, ShopKind, Toy

def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/v1/shops/1":
        return httpx.Response(200, json={"name": "shops/1", "kind": "HUGE"})
    assert request.url.params.get_list("tags") == ["a", "b"]
    return httpx.Response(200, json={"toys": [{"price": "12"}]})

with Client("http://toy.example", http=httpx.Client(transport=httpx.MockTransport(answer))) as client:
    shop: Shop = client.shops.get("shops/1")
    assert isinstance(shop.kind, ShopKind) and not shop.kind.is_known
    toys: list[Toy] | None = client.shops.toys.list("shops/1", page_size=3, tags=["a", "b"]).toys
    assert toys is not None and toys[0].price == 12
print("done")
"""
QUOTED = 'Ends in "quotes"'
HOSTILE = '"""\\n\\nimport os; os.system("false")\\n\\\\" \' \u2028 {{ 7 * 7 }} \\N{BULLET} ${HOME} #'


def generate(document: Path, out: Path, *more: str) -> Any:
    arguments = ["generate", "--document", str(document), "--out", str(out), "--package", "acme.toys", *more]
    return CliRunner().invoke(main, arguments)


def check(out: Path) -> Any:
    return CliRunner().invoke(main, ["check", "--out", str(out), "--package", "acme.toys"])


@pytest.fixture
def document(tmp_path: Path, toy: dict[str, Any]) -> Path:
    path = tmp_path / "toy.v1.json"
    path.write_text(json.dumps(toy))
    return path


def test_a_package_runs_and_passes_mypy(document: Path, tmp_path: Path, checkout: Path) -> None:
    assert generate(document, tmp_path).exit_code == 0
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")
    (tmp_path / "program.py").write_text(PROGRAM)
    typed = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={checkout / '.mypy_cache'}", "program.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert typed.returncode == 0, typed.stdout


def test_drift_is_found_offline(document: Path, tmp_path: Path) -> None:
    generate(document, tmp_path, "--select", "shops.toys")
    document.unlink()
    assert check(tmp_path).exit_code == 0
    client = tmp_path / "acme/toys/client.py"
    client.write_text(client.read_text() + "# mine\n")
    result = check(tmp_path)
    assert result.exit_code == 1
    assert "acme.toys: client.py differs" in result.output


def test_a_slice_that_is_not_the_locked_one_is_found(document: Path, tmp_path: Path) -> None:
    generate(document, tmp_path)
    source = tmp_path / "acme/toys/source.json"
    source.write_bytes(source.read_bytes() + b" ")
    result = check(tmp_path)
    assert result.exit_code == 1
    assert result.output == "acme.toys: source.json differs: run concertpitch-codegen generate --document\n"


def test_a_class_that_changes_its_meaning_is_named(document: Path, tmp_path: Path) -> None:
    generate(document, tmp_path)
    models = tmp_path / "acme/toys/models.py"
    models.write_text(models.read_text().replace('/schemas/Toy"', '/schemas/Game"'))
    result = check(tmp_path)
    assert result.exit_code == 1
    told = "the class Toy meant toy.v1#/schemas/Game, now it would mean toy.v1#/schemas/Toy"
    assert told in result.output
    assert told in generate(document, tmp_path).output
    assert generate(document, tmp_path, "--accept-new-meanings").exit_code == 0
    assert check(tmp_path).exit_code == 0


def test_a_second_run_writes_nothing(document: Path, tmp_path: Path) -> None:
    generate(document, tmp_path)
    assert generate(document, tmp_path).output == "acme.toys is up to date\n"


@pytest.mark.parametrize("text", [HOSTILE, QUOTED, '"', "\\", '\\"', "{% raw %}"])
def test_hostile_prose_stays_prose(document: Path, tmp_path: Path, toy: dict[str, Any], text: str) -> None:
    for schema in toy["schemas"].values():
        schema["description"] = text
        for field in schema.get("properties", {}).values():
            field["description"] = text
    toy["schemas"]["Shop"]["properties"]["kind"]["enumDescriptions"] = [text, text]
    toy["schemas"]["Shop"]["properties"]["kind"]["enum"].append('"); import os #')
    toy["schemas"]["Shop"]["properties"]['x"] = 1\nimport os'] = {"type": "string"}
    toy["title"] = toy["description"] = text
    for method in (
        toy["resources"]["shops"]["methods"]["get"],
        toy["resources"]["shops"]["resources"]["toys"]["methods"]["list"],
    ):
        method["description"] = text
        for parameter in method["parameters"].values():
            parameter["description"] = text
    document.write_text(json.dumps(toy))
    result = generate(document, tmp_path)
    assert result.exit_code == 0, result.output
    script = (
        "import os, acme.toys.client, acme.toys.models as m;"
        "print(hasattr(m, 'os'), hasattr(acme.toys.client, 'os'), len(m.Shop.model_fields))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("False False 4\n", "")


def test_a_method_and_a_resource_of_one_name_live_side_by_side(
    document: Path, tmp_path: Path, toy: dict[str, Any]
) -> None:
    toy["resources"]["shops"]["methods"]["toys"] = {
        "id": "toy.shops.toys",
        "path": "v1/toys",
        "httpMethod": "GET",
        "response": {"$ref": "Toy"},
    }
    toy["schemas"]["Message"] = {"id": "Message", "type": "object"}
    toy["resources"]["shops"]["methods"]["get"]["response"] = {"$ref": "Message"}
    document.write_text(json.dumps(toy))
    assert generate(document, tmp_path).exit_code == 0
    script = (
        "from acme.toys.client import Client; from acme.toys.models import MessageModel;"
        "shops = Client().shops; print(callable(shops.toys), callable(shops.toys_.list))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True True\n", "")


@pytest.mark.parametrize("package", ["../evil", "a-b", "a..b", "", "acme.class"])
def test_a_package_needs_a_name_python_has(document: Path, tmp_path: Path, package: str) -> None:
    arguments = ["generate", "--document", str(document), "--out", str(tmp_path), "--package", package]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code in {1, 2}
    assert sorted(tmp_path.iterdir()) == [document]


def test_a_file_of_the_users_own_is_not_replaced(document: Path, tmp_path: Path) -> None:
    mine = tmp_path / "acme" / "toys" / "client.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("# mine\n")
    result = generate(document, tmp_path)
    assert result.exit_code == 1
    assert "client.py was not generated: move it, or choose another --package" in result.output
    assert [each.read_text() for each in mine.parent.iterdir()] == ["# mine\n"]
    mine.unlink()
    assert generate(document, tmp_path).exit_code == 0
    mine.write_text("# mine\n")  # drift, and mended
    assert generate(document, tmp_path).exit_code == 0
    assert "class Client" in mine.read_text()


def test_nothing_is_written_for_a_bad_document(document: Path, tmp_path: Path) -> None:
    document.write_text(document.read_text()[:-9])
    result = generate(document, tmp_path)
    assert result.exit_code == 1
    assert "refused, nothing was written" in result.output
    assert sorted(tmp_path.iterdir()) == [document]
    assert check(tmp_path).exit_code == 1
