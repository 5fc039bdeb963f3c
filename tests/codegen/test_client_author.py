"""Tried as a client author would: a package for another Google API, a program against it, a server that is not kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from concertpitch_codegen.cli import main
from concertpitch_codegen.sources.config import load_sources
from concertpitch_codegen.sources.packages import Downloads, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = Path(__file__).parent / "data" / "translate.v3.json"
# What mypy knows of pydantic and httpx is the same here as in the checkout.
MYPY_CACHE = Path(__file__).parents[2] / ".mypy_cache"
PARENT, OPERATION = "projects/p/locations/l", "projects/p/locations/l/operations/1"
PROGRAM = """
import asyncio
import sys
from typing import assert_type

from acme.translate.client import AsyncClient, Client
from acme.translate.models import (
    GcsSource,
    Glossary,
    GlossaryInputConfig,
    LanguageCodePair,
    Operation,
    TranslateTextRequest,
)
from acme.translate.runtime.errors import ApiError, NotFoundError, PermissionDeniedError
from acme.translate.runtime.operations import result

PARENT = "projects/p/locations/l"


def main(base_url: str) -> None:
    with Client(base_url, token=lambda: "fresh") as client:
        glossaries = client.locations.glossaries
        found = [each.name for each in glossaries.list_all(PARENT, page_size=2)]
        assert found == ["a", "b", "c"], found

        wanted = Glossary(name="g", language_pair=LanguageCodePair(source_language_code="en"))
        missing = ["inputConfig is required", "languagePair.targetLanguageCode is required"]
        assert wanted.request_problems() == missing, wanted.request_problems()
        wanted.input_config = GlossaryInputConfig(gcs_source=GcsSource(input_uri="gs://bucket/terms.csv"))
        wanted.language_pair = LanguageCodePair(source_language_code="en", target_language_code="de")
        assert wanted.request_problems() == []
        started = glossaries.create(PARENT, wanted)
        seen: list[Operation] = []
        ended = client.locations.operations.wait_for(started.name or "", deadline=30, progress=seen.append)
        made = result(ended, Glossary)
        assert_type(made, Glossary)
        assert (made.name, made.entry_count, len(seen)) == ("g", 12, 2)

        failed = client.locations.operations.wait_for(f"{PARENT}/operations/refused")
        try:
            result(failed, Glossary)
        except PermissionDeniedError as error:
            assert (error.http_status, error.message) == (403, "no bucket")
        else:
            raise AssertionError("an operation's error is an exception")

        try:
            glossaries.get(f"{PARENT}/glossaries/none")
        except NotFoundError as error:
            assert_type(error, NotFoundError)
            assert error.details[0]["reason"] == "GONE"
        else:
            raise AssertionError("404 is an exception")

        request = TranslateTextRequest(contents=["hello"], target_language_code="de")
        answer = client.locations.translate_text(PARENT, request)
        texts = [each.translated_text for each in answer.translations or ()]
        assert_type(texts, list[str | None])
        assert texts == ["hallo"]

    with Client(base_url, attempts=1) as client:
        try:
            client.locations.glossaries.get(f"{PARENT}/glossaries/busy")
        except ApiError as error:
            assert (error.status, error.retry_after) == ("UNAVAILABLE", 0.0)


async def walk(base_url: str) -> list[str | None]:
    async with AsyncClient(base_url) as client:
        return [each.name async for each in client.locations.glossaries.list_all(PARENT, page_size=2)]


main(sys.argv[1])
assert asyncio.run(walk(sys.argv[1])) == ["a", "b", "c"]
print("done")
"""


class Service:
    """Translation as far as the program needs it: pages, an operation that takes its time, refusals that pass."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str | None]] = []
        self._looks = self._refusals = 0
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(*service.get(self.path))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self._answer(*service.post(self.path, body))

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                service.requests.append((self.command, self.path, self.headers["authorization"]))
                data = json.dumps(body).encode()
                self.send_response(status)
                if status in {429, 503}:
                    self.send_header("retry-after", "0")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def get(self, target: str) -> tuple[int, dict[str, Any]]:
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        match path.removeprefix(f"/v3/{PARENT}/").split("/"):
            case ["glossaries"] if query.get("pageToken") == ["next"]:
                return 200, {"glossaries": [{"name": "c", "newField": 1}]}
            case ["glossaries"]:
                assert query == {"pageSize": ["2"]}
                return 200, {"glossaries": [{"name": "a"}, {"name": "b"}], "nextPageToken": "next"}
            case ["operations", "1"]:
                self._looks += 1
                response = {"@type": "type.googleapis.com/x.Glossary", "name": "g", "entryCount": 12}
                done = {"done": True, "response": response} if self._looks > 1 else {}
                return 200, {"name": OPERATION, **done}
            case ["operations", "refused"]:
                return 200, {"name": "x", "done": True, "error": {"code": 7, "message": "no bucket"}}
            case ["glossaries", "busy"]:
                return 503, {"error": {"code": 503, "status": "UNAVAILABLE", "message": "later"}}
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "GONE"}]
        return 404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "no", "details": details}}

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path == f"/v3/{PARENT}/glossaries":
            assert body == {
                "name": "g",
                "languagePair": {"sourceLanguageCode": "en", "targetLanguageCode": "de"},
                "inputConfig": {"gcsSource": {"inputUri": "gs://bucket/terms.csv"}},
            }
            return 200, {"name": OPERATION}
        self._refusals += 1
        if self._refusals == 1:
            return 429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "slow down"}}
        return 200, {"translations": [{"translatedText": "hallo"}]}


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
def project(tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(PROGRAM)
    arguments = ["--document", str(DOCUMENT), "--out", str(tmp_path), "--package", "acme.translate"]
    result = CliRunner().invoke(main, ["generate", *arguments])
    assert result.exit_code == 0, result.output
    return tmp_path


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_the_program_runs(project: Path, service: Service) -> None:
    done = run(project, sys.executable, "program.py", service.url)
    assert (done.stderr, done.stdout) == ("", "done\n")
    translated = [each for each in service.requests if each[1].endswith(":translateText")]
    assert translated == [("POST", f"/v3/{PARENT}:translateText", "Bearer fresh")] * 2


@pytest.mark.parametrize(
    "checker",
    [
        ["mypy", "--strict", f"--cache-dir={MYPY_CACHE}", "-m", "program", "-p", "acme.translate"],
        ["pyright", "--pythonpath", sys.executable, "program.py", "acme"],
    ],
)
def test_the_program_passes_type_checkers(project: Path, checker: list[str]) -> None:
    done = run(project, sys.executable, "-m", *checker)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_sample_is_what_upstream_published(checkout: Path) -> None:
    """The committed slice is cut from the package that is pinned for our own documents, where that can be had."""
    package = load_sources(checkout / "specs").documents["aiplatform.v1"].package
    assert package
    try:
        with Downloads() as downloads:
            whole = json.loads(
                downloads.get(package).read("googleapiclient/discovery_cache/documents/translate.v3.json")
            )
    except UnreachableError as error:
        if os.environ.get("CONCERTPITCH_OFFLINE") != "1":
            raise
        pytest.skip(f"CONCERTPITCH_OFFLINE=1, and the package cannot be had: {error}")
    kept = json.loads(DOCUMENT.read_text())
    assert kept["revision"] == whole["revision"]
    for name, schema in kept["schemas"].items():
        assert schema == whole["schemas"][name]
