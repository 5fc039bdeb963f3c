"""`regenerate`: one step from upstream to a reviewable change, or no step at all."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from concertpitch_codegen import regenerate as module
from concertpitch_codegen.cli import main
from concertpitch_codegen.generate import check
from concertpitch_codegen.sources.packages import Downloads, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OVERLAY, FORM = "specs/overlays/gemini_v1beta3.json", "generativelanguage.v1beta3.openapi3_0.20260717.json"


def regenerate(root: Path, *more: str) -> Any:
    return CliRunner().invoke(main, ["regenerate", "--root", str(root), *more])


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: Any) -> None:
        raise UnreachableError("the registry cannot be reached")

    monkeypatch.setattr(Downloads, "get", unreachable)


def spoil(root: Path) -> None:
    """Take back what an overlay says of one field."""
    path = root / OVERLAY
    overlay = json.loads(path.read_text())
    overlay["actions"] = [each for each in overlay["actions"] if "readerProjectNumbers" not in each.get("update", {})]
    path.write_text(json.dumps(overlay))


@pytest.mark.usefixtures("offline")
def test_a_satisfied_lock_needs_no_network(copied: Path) -> None:
    result = regenerate(copied)
    assert result.exit_code == 0
    assert "- aiplatform.v1 20261106: locked, the slice agrees, nothing to fetch" in result.stdout
    assert "specs/, its lock and generated/ agree" in result.stdout
    assert "→" not in result.stdout


@pytest.mark.usefixtures("offline")
def test_a_change_is_told_as_markdown(copied: Path) -> None:
    spoil(copied)
    report = copied / "report.md"
    assert regenerate(copied, "--output", str(report)).exit_code == 0
    text = report.read_text()
    assert "## Gemini API v1beta3" in text
    assert "| field-removed | `GoogleAiGenerativelanguageV1beta3TunedModel.readerProjectNumbers`" in text
    assert text.count("→") == 1
    assert check(copied) == ([], [])


@pytest.mark.usefixtures("offline")
def test_without_network_and_lock_nothing_changes(copied: Path) -> None:
    (copied / "specs/documents/aiplatform.v1.json").unlink()
    before = snapshot(copied)
    result = regenerate(copied)
    assert result.exit_code == 1
    assert "the lock is not satisfied and what it needs cannot be reached; nothing was changed" in result.stderr
    assert snapshot(copied) == before


def test_a_failing_step_puts_everything_back(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(specs: Path, *, live: bool) -> Iterator[str]:
        (specs / "documents/generativelanguage.v1beta3.json").write_text("{}")
        (specs / "specs.lock.json").write_text("{}")
        yield "taken"

    def generate(root: Path, *, accept_new_meanings: bool) -> list[Any]:
        (root / "generated/concertpitch_models/vertex_v1/client.py").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "fetch", fetch)
    monkeypatch.setattr(module, "generate", generate)
    before = snapshot(copied)
    result = regenerate(copied)
    assert (result.exit_code, result.stderr) == (1, "concertpitch-codegen: [Errno 28] No space left on device\n")
    assert snapshot(copied) == before


def test_the_live_form_goes_all_the_way(copied: Path, published: Path) -> None:
    """The service's own document is fetched, outranks the protos, and what follows from it is written and checked."""
    body = (published / FORM).read_bytes().replace(b"default of 5 will", b"default of 7 will")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        sources = copied / "specs/sources.toml"
        address = f"http://127.0.0.1:{server.server_address[1]}"
        text = sources.read_text()
        for line in text.splitlines():
            if line.startswith("live = "):
                reached = address if line.endswith('OPENAPI3_0?version=v1beta3"') else "http://127.0.0.1:1"
                text = text.replace(line, f'live = "{reached}/"')
        sources.write_text(text)
        result = regenerate(copied, "--live")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert result.exit_code == 0, result.stderr
    assert "- generativelanguage.v1beta3 20260717: locked, 25 of 25 operations, 46 of 46 schemas" in result.stdout
    assert "- aiplatform.v1 20261106: kept as locked, because http://127.0.0.1:1/ cannot be reached" in result.stdout
    assert "UpdateTunedModelRequest/fields/updateMask: is REQUIRED" in result.stdout
    assert "Breaks source" not in result.stdout
    assert "Breaks the wire" not in result.stdout
    models = (copied / "generated/concertpitch_models/gemini_v1beta3/models.py").read_text()
    assert "If not set, a default of 7 will be used." in models
    assert "Source: generativelanguage.v1beta3 20260717 /components/schemas/TunedModel" in models
