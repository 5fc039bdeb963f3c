"""`.proto` files as documents of a user's own: the tree, its imports, and what is said when one is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from concertpitch_codegen.cli import main

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "google/api/annotations.proto": """
        syntax = "proto3"; package google.api;
        import "google/api/http.proto"; import "google/protobuf/descriptor.proto";
        extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
    """,
    "google/api/http.proto": """
        syntax = "proto3"; package google.api;
        message HttpRule {
          oneof pattern { string get = 2; string put = 3; string post = 4; string delete = 5; string patch = 6;
                          CustomHttpPattern custom = 8; }
          string body = 7;
          repeated HttpRule additional_bindings = 11;
        }
        message CustomHttpPattern { string kind = 1; string path = 2; }
    """,
    "acme/toys/v1/toy.proto": """
        syntax = "proto3"; package acme.toys.v1;
        message Toy { string name = 1; oneof source { string maker = 2; int64 part = 3; } }
    """,
    "acme/toys/v1/toys.proto": """
        syntax = "proto3"; package acme.toys.v1;
        // import "in/a/comment.proto";
        import "google/api/annotations.proto"; import public "acme/toys/v1/toy.proto";
        service Toys {
          rpc GetToy(GetToyRequest) returns (Toy) { option (google.api.http) = { get: "/v1/{name=shops/*/toys/*}" }; }
          rpc Watch(GetToyRequest) returns (stream Toy);
        }
        message GetToyRequest { string name = 1; }
    """,
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, words)))


@pytest.mark.parametrize("place", ["acme/toys/v1", "acme/toys/v1/toys.proto"])
def test_a_package_is_a_document_with_what_it_imports(tree: Path, place: str) -> None:
    done = run("convert", tree / place, "-o", tree / "made.json")
    assert (done.exit_code, done.output.count("1 operations, 3 schemas in and out")) == (0, 1)
    assert "without an HTTP rule" in done.output
    made = json.loads((tree / "made.json").read_text())
    assert list(made["paths"]) == ["/v1/shops/{shopsId}/toys/{toysId}"]
    assert made["components"]["schemas"]["AcmeToysV1Toy"]["x-google-oneof"] == {"source": ["maker", "part"]}
    assert made["x-concertpitch-rpc-only"] == ["acme.toys.v1.Toys.Watch"]
    shown = run("show", "Toy", "--document", tree / place)
    assert "at most one of maker, part" in shown.output
    assert run("diff", tree / place, tree / place).exit_code == 0


def test_a_changed_field_is_a_change(tree: Path) -> None:
    old = tree / "acme" / "toys" / "v1"
    new = tree / "new" / "acme" / "toys" / "v1"
    new.mkdir(parents=True)
    (tree / "new" / "google").symlink_to(tree / "google")
    for each in old.iterdir():
        (new / each.name).write_text(each.read_text().replace("string maker", "bytes maker"))
    assert "imports google/api/annotations.proto, which is outside of" in run("diff", old, new).output
    (tree / "new" / "google").unlink()
    (tree / "google").rename(tree / "new" / "google")
    (tree / "google").symlink_to(tree / "new" / "google")  # which is below the old root, so all is well
    told = run("diff", old, new)
    assert told.exit_code == 1
    assert "field-type-changed" in told.output


def test_a_package_is_generated_from_protos_and_checked_without_them(tree: Path) -> None:
    chosen = ("--out", tree / "out", "--package", "acme")
    done = run("generate", "--document", tree / "acme/toys/v1", *chosen)
    assert done.exit_code == 0, done.output
    assert "Toys.Watch: the client has no such method" in done.output
    (tree / "acme/toys/v1/toy.proto").unlink()
    assert run("check", *chosen).exit_code == 0
    assert "def get(self, name: str) -> models.AcmeToysV1Toy:" in (tree / "out/acme/client.py").read_text()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("google/api/http.proto", None, "google/api/annotations.proto: imports google/api/http.proto: put that file"),
        ("acme/toys/v1/toy.proto", "package acme.toys.v1;\nmessage Toy {", "acme/toys/v1/toy.proto"),
        ("acme/toys/v1/toy.proto", "message Toy {}", "not one package"),
        ("acme/toys/v1/toys.proto", "package acme.toys.v1;", "has no service"),
    ],
)
def test_what_is_wrong_has_a_place_and_a_way_out(tree: Path, name: str, text: str | None, expected: str) -> None:
    if text is None:
        (tree / name).unlink()
    else:
        (tree / name).write_text(text)
    done = run("convert", tree / "acme" / "toys" / "v1", "-o", tree / "made.json")
    assert done.exit_code == 1
    assert expected in done.output
    assert not (tree / "made.json").exists()


def test_other_places_are_refused(tree: Path) -> None:
    assert "holds no .proto files" in run("convert", tree).output
    assert "cannot be read" in run("convert", tree / "none.proto").output
    assert "download the tree" in run("convert", "https://toys.example/toys.proto").output


def test_a_slice_of_protos_is_openapi(tree: Path) -> None:
    result = run("slice", tree / "acme/toys/v1", "--select", "/v1/shops", "-o", tree / "cut.json")
    assert result.exit_code == 0, result.output
    written = json.loads((tree / "cut.json").read_text())
    assert written["openapi"] == "3.1.0"
    assert list(written["paths"]) == ["/v1/shops/{shopsId}/toys/{toysId}"]
    assert [name for name in written["components"]["schemas"] if "Toy" in name]
    assert run("convert", tree / "cut.json").exit_code == 0


def test_a_file_without_a_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "toy.proto").write_text('syntax = "proto3";\nmessage Toy {}\n')
    result = CliRunner().invoke(main, ["convert", str(tmp_path / "toy.proto")])
    assert result.exit_code == 1
    assert "toy.proto declares no package" in result.output
