"""Fetching: what is taken, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from concertpitch_codegen.problems import CodegenError, DocumentError
from concertpitch_codegen.sources.fetch import fetch
from concertpitch_codegen.sources.packages import Downloads, PackageFile, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = """
[packages.toys]
registry = "pypi"
version = "1"
sha256 = "0"

[documents."toy.v1"]
id = "toy:v1"
live = "{live}"
package = "toys"
member = "toy.v1.json"
select = ["shops.toys"]
messages = []
"""

LIVE_ONLY = """
[documents."toy.v1"]
id = "toy:v1"
live = "{live}"
stand_in = "toy.json"
"""
OPENAPI: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Toy API", "version": "v1", "x-google-revision": "20260102"},
    "servers": [{"url": "https://toy.googleapis.com"}],
    "paths": {
        "/v1/toys": {
            "get": {
                "operationId": "ListToys",
                "responses": {
                    "default": {
                        "description": "Successful operation",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ListToysResponse"}}},
                    }
                },
            }
        }
    },
    "components": {"schemas": {"ListToysResponse": {"type": "object"}}},
}


class Service:
    """A service that publishes whatever bytes a test gives it."""

    def __init__(self) -> None:
        self.status, self.body = 200, b""
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(service.status)
                self.send_header("content-length", str(len(service.body)))
                self.end_headers()
                self.wfile.write(service.body)

            def log_message(self, *_: Any) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/discovery"


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    thread = Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield service
    service.server.shutdown()
    service.server.server_close()
    thread.join()


@pytest.fixture
def specs(tmp_path: Path, service: Service) -> Path:
    (tmp_path / "sources.toml").write_text(SOURCES.format(live=service.url))
    return tmp_path


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes | Exception]:
    """The registry's package by member; an exception stands for a registry that cannot be reached."""
    members: dict[str, bytes | Exception] = {}

    def read(_: PackageFile, member: str) -> bytes:
        found = members[member]
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(PackageFile, "read", read)
    monkeypatch.setattr(Downloads, "get", lambda _, wanted: PackageFile(wanted, Path()))
    return members


def snapshot(specs: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in specs.rglob("*") if path.is_file()}


def test_the_pinned_package_is_cut_and_locked(
    specs: Path, package: dict[str, bytes | Exception], toy: dict[str, Any]
) -> None:
    package["toy.v1.json"] = json.dumps(toy).encode()
    assert list(fetch(specs)) == ["toy.v1 20260102: locked, 1 of 2 operations, 2 of 4 schemas"]
    pin = json.loads((specs / "specs.lock.json").read_text())["documents"]["toy.v1"]
    assert pin["revision"] == "20260102"
    assert pin["source"] == {
        "registry": "pypi",
        "package": "toys",
        "version": "1",
        "sha256": "0",
        "member": "toy.v1.json",
    }
    assert pin["reasons"] == {
        "ListToysResponse": "toy.shops.toys.list response",
        "Toy": "ListToysResponse.toys",
    }
    assert set(json.loads((specs / "documents/toy.v1.json").read_text())["schemas"]) == {
        "ListToysResponse",
        "Toy",
    }


def test_a_good_lock_needs_no_network(specs: Path, package: dict[str, bytes | Exception], toy: dict[str, Any]) -> None:
    package["toy.v1.json"] = json.dumps(toy).encode()
    list(fetch(specs))
    before = snapshot(specs)
    package["toy.v1.json"] = UnreachableError("no route")
    assert list(fetch(specs)) == ["toy.v1 20260102: locked, the slice agrees, nothing to fetch"]
    assert snapshot(specs) == before


def test_a_damaged_slice_is_fetched_again(
    specs: Path, package: dict[str, bytes | Exception], toy: dict[str, Any]
) -> None:
    package["toy.v1.json"] = json.dumps(toy).encode()
    list(fetch(specs))
    before = snapshot(specs)
    (specs / "documents/toy.v1.json").write_text("{}")
    assert list(fetch(specs)) == ["toy.v1 20260102: says the same as revision 20260102, the slice was cut again"]
    assert snapshot(specs) == before


def test_without_lock_and_network_there_is_nothing_to_go_on(specs: Path, package: dict[str, bytes | Exception]) -> None:
    package["toy.v1.json"] = UnreachableError("no route")
    with pytest.raises(CodegenError, match="no route"):
        list(fetch(specs))
    assert list(snapshot(specs)) == [str(specs / "sources.toml")]


@pytest.fixture
def locked(specs: Path, package: dict[str, bytes | Exception], toy: dict[str, Any]) -> Path:
    package["toy.v1.json"] = json.dumps(toy).encode()
    list(fetch(specs))
    return specs


@pytest.mark.parametrize(
    ("status", "spoil", "sentence"),
    [
        (200, lambda text: b"<html>sign in</html>", "is an HTML or XML page"),
        (200, lambda text: text[:-200], "the text ends early|is not JSON"),
        (200, lambda text: b"", "is not JSON"),
        (200, lambda text: text.replace(b'"toy:v1"', b'"toy:v2"'), "is 'toy:v2', 'toy:v1' was asked for"),
        (200, lambda text: text.replace(b'"v1"', b'"v2"'), "has the name 'toy' and the version 'v2'"),
        (200, lambda text: text.replace(b"20260102", b"yesterday"), "has no revision date"),
        (200, lambda text: text.replace(b"20260102", b"20250102"), "is older than the locked 20260102"),
        (200, lambda text: text.replace(b'"id": "toy:v1",', b'"id": "toy:v1", "id": "toy:v1",'), "twice"),
        (200, lambda text: text.replace(b'"$ref": "Toy"', b'"$ref": "Boy"'), "refers to the schema 'Boy'"),
        (200, lambda text: text.replace(b"toy.shops.toys.list", b"toy.shops.boys.list"), "has no method"),
        (404, lambda text: text, "answered 404 Not Found"),
        (302, lambda text: text, "answered 302 Found"),
        (500, lambda text: b"", "answered 500"),
    ],
)
def test_a_bad_answer_is_refused_and_changes_nothing(
    locked: Path, service: Service, toy: dict[str, Any], status: int, spoil: Any, sentence: str
) -> None:
    service.status, service.body = status, spoil(json.dumps(toy).encode())
    before = snapshot(locked)
    with pytest.raises(DocumentError, match=sentence):
        list(fetch(locked, live=True))
    assert snapshot(locked) == before


def test_an_older_revision_comes_back_on_purpose(locked: Path, service: Service, toy: dict[str, Any]) -> None:
    toy["revision"] = "20250102"
    toy["schemas"]["Toy"]["properties"].pop("price")
    service.body = json.dumps(toy).encode()
    assert list(fetch(locked, live=True, allow_older=True)) == [
        "toy.v1 20260102 -> 20250102: 1 of 2 operations, 2 of 4 schemas"
    ]
    assert "price" not in (locked / "documents/toy.v1.json").read_text()


def test_another_revision_date_alone_is_no_change(locked: Path, service: Service, toy: dict[str, Any]) -> None:
    service.body = json.dumps(toy | {"revision": "20260303", "etag": "new"}).encode()
    before = snapshot(locked)
    assert list(fetch(locked, live=True)) == ["toy.v1 20260102: says the same as revision 20260303, nothing to write"]
    assert snapshot(locked) == before


def test_an_unreachable_service_keeps_a_good_lock(locked: Path, service: Service) -> None:
    text = (locked / "sources.toml").read_text().replace(service.url, "http://127.0.0.1:1/nothing")
    (locked / "sources.toml").write_text(text)
    (sentence,) = fetch(locked, live=True)
    assert sentence.startswith("toy.v1 20260102: kept as locked, because http://127.0.0.1:1/nothing cannot be reached")


def test_an_endless_answer_is_cut_off(locked: Path, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concertpitch_codegen.sources.live.MAX_BYTES", 1000)
    service.body = b" " * 5000
    with pytest.raises(DocumentError, match="sends more than 1000 bytes"):
        list(fetch(locked, live=True))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('package = "toys"', 'package = "boys"', "names the package 'boys', which is not listed"),
        ('member = "toy.v1.json"', "", r"\[documents.toy.v1\] has no text 'member'"),
        ('select = ["shops.toys"]', 'select = "shops"', "has 'select', which is not a list of texts"),
        ('documents."toy.v1"', 'documents."../toy"', "documents has the name '../toy'"),
        ("[packages.toys]", "[packages", "sources.toml is not TOML"),
    ],
)
def test_a_wrong_sources_file_says_what_is_wrong(specs: Path, old: str, new: str, sentence: str) -> None:
    path = specs / "sources.toml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CodegenError, match=sentence):
        list(fetch(specs))


def test_a_lock_that_cannot_be_read_is_not_overwritten(locked: Path) -> None:
    (locked / "specs.lock.json").write_text('{"documents": {"toy.v1": {"revision": "1"}}}')
    before = snapshot(locked)
    with pytest.raises(CodegenError, match=r"specs\.lock\.json cannot be understood"):
        list(fetch(locked))
    assert snapshot(locked) == before


@pytest.fixture
def live_only(specs: Path, service: Service) -> Path:
    """Name a document that no package has."""
    (specs / "sources.toml").write_text(LIVE_ONLY.format(live=service.url))
    service.body = json.dumps(OPENAPI).encode()
    return specs


def test_a_document_served_live_only_has_a_stand_in(live_only: Path) -> None:
    before = snapshot(live_only)
    assert list(fetch(live_only)) == ["toy.v1: is served live only, an overlay stands in for it; fetch --live takes it"]
    assert snapshot(live_only) == before


def test_the_openapi_form_is_taken_live(live_only: Path, service: Service) -> None:
    assert list(fetch(live_only, live=True)) == ["toy.v1 20260102: locked, 1 of 1 operations, 1 of 1 schemas"]
    assert json.loads((live_only / "documents/toy.v1.json").read_text()) == OPENAPI
    pin = json.loads((live_only / "specs.lock.json").read_text())["documents"]["toy.v1"]
    assert pin["source"] == {"url": service.url}
    assert list(fetch(live_only)) == ["toy.v1 20260102: locked, the slice agrees, nothing to fetch"]
    service.body = json.dumps(OPENAPI | {"info": OPENAPI["info"] | {"x-google-revision": "20250102"}}).encode()
    with pytest.raises(DocumentError, match="is older than the locked 20260102"):
        list(fetch(live_only, live=True))
    (live_only / "documents/toy.v1.json").unlink()
    with pytest.raises(CodegenError, match="is served live only: run concertpitch-codegen fetch --live"):
        list(fetch(live_only))


def test_without_the_service_the_stand_in_stays(live_only: Path, service: Service) -> None:
    (live_only / "sources.toml").write_text(LIVE_ONLY.format(live="http://127.0.0.1:1/nothing"))
    (sentence,) = fetch(live_only, live=True)
    assert sentence.startswith("toy.v1: an overlay stands in, because http://127.0.0.1:1/nothing cannot be reached")
    assert list(snapshot(live_only)) == [str(live_only / "sources.toml")]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"https://toy.", b"https://boy.", "is 'boy:v1' by its server and version, 'toy:v1' was asked for"),
        (b'"v1"', b'"v2"', "is 'toy:v2' by its server and version"),
        (b"20260102", b"today", "has no revision date: 'today'"),
        (b"schemas/ListToysResponse", b"schemas/Nothing", "refers to the schema 'Nothing'"),
    ],
)
def test_a_bad_openapi_answer_is_refused(
    live_only: Path, service: Service, old: bytes, new: bytes, sentence: str
) -> None:
    service.body = service.body.replace(old, new)
    before = snapshot(live_only)
    with pytest.raises(DocumentError, match=sentence):
        list(fetch(live_only, live=True))
    assert snapshot(live_only) == before
