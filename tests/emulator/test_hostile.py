"""What no client sends, over a socket: each gets an answer in time, none a server error, and nothing is stored."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from concertpitch_emulator.protojson import MAX_BYTES

JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"
MODELS = "/v1beta/tunedModels"
MCP = "/mcp/tuning"
PLACES = [JOBS, f"/v1beta1{JOBS.removeprefix('/v1')}:rebaseTunedModel", MODELS, "/v1beta/corpora", MCP]
RIGHT = {
    JOBS: {"baseModel": "m", "supervisedTuningSpec": {"trainingDatasetUri": "gs://bucket/train.jsonl"}},
    MODELS: {
        "baseModel": "models/gemini-1.0-pro-001",
        "tuningTask": {"trainingData": {"examples": {"examples": [{"textInput": "1", "output": "2"}]}}},
    },
}
REBASE = {"tunedModelRef": {"tunedModel": "projects/my-project/locations/us-central1/models/1"}}
PATIENCE = 20
"""Seconds; an answer that takes longer is a hang."""
DEEP = 10_000
WRONG_BODIES = {
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "lists without end": b"[" * DEEP,
    "deep member": b'{"labels":' + b'{"a":' * 900 + b"1" + b"}" * 901,
    "not UTF-8": b'{"baseModel":"\xff\xfe"}',
    "overlong UTF-8": b'{"displayName":"\xc0\xaf"}',
    "UTF-16": '{"displayName":"x"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"temperature":NaN}',
    "Infinity": b'{"temperature":-Infinity}',
    "a number beyond doubles": b'{"temperature":1e999}',
    "an integer of 5000 digits": b'{"tuningTask":{"hyperparameters":{"epochCount":"' + b"9" * 5000 + b'"}}}',
    "an enum of 5000 digits": b'{"supervisedTuningSpec":{"hyperParameters":{"adapterSize":"' + b"9" * 5000 + b'"}}}',
    "a lone surrogate": b'{"displayName":"\\ud800"}',
    "a lone surrogate as key": b'{"\\udfff":1}',
    "an unknown key twice": b'{"x":1,"x":2}',
    "too long": b'"' + b"a" * MAX_BYTES + b'"',
    "fifty megabytes": b'"' + b"a" * 50_000_000 + b'"',
    "null": b"null",
    "a number": b"1",
    "an empty list": b"[]",
}
WRONG_HEADERS = {
    "negative length": "Content-Length: -1",
    "two lengths": "Content-Length: 2\r\nContent-Length: 3",
    "a length and chunks": "Content-Length: 2\r\nTransfer-Encoding: chunked",
    "a chunk without a size": "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n",
    "a control character": "X-Odd: \x01",
}
ODD_HEADERS = {
    "a long one": "X-Long: " + "a" * 1_000_000,
    "five thousand": "\r\n".join(f"X-{number}: a" for number in range(5000)),
    "not ASCII": "Authorization: \xff\r\nX-Goog-Api-Key: \xff\r\nContent-Type: \xff",
    "half an address": "Origin: http://[::1",
    "compressed": "Content-Encoding: gzip",
    "an upgrade": "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
}
SEGMENTS = [
    *("%00", "a%00b", "%2F", "a%2Fb", "..", "../..", "%2e%2e", "%2e%2e%2f%2e%2e", "%ff", "%", "%zz", "a;b", "a%23b"),
    *("/", "a//b", ":cancel", "%3Acancel", "a:b:c", "a%0d%0aX:1", "%F0%9F%98%80", "{x}", "x" * 30_000),
]
QUERIES = ["%ff=1", "=", "pageSize=%00", "pageSize=%C2%B2", "pageToken=%ff", "filter=" + "(" * 5000, "$alt=%ff", "a=%"]


@dataclass
class Answer:
    status: int
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Server:
    url: str
    client: httpx.Client

    def send(self, raw: bytes, *, half_close: bool = False) -> list[Answer]:
        """Every answer to the bytes of a connection; fails where the server neither answers nor hangs up."""
        place = urlsplit(self.url)
        with socket.create_connection((place.hostname, place.port), PATIENCE) as connection:
            try:
                connection.sendall(raw)
                if half_close:
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                assert len(raw) > MAX_BYTES  # the server need not read on
            came = b"".join(iter(lambda: _received(connection), b""))
        return list(_answers(came))

    def stored(self) -> list[Any]:
        places = (JOBS, f"{JOBS.removesuffix('tuningJobs')}operations", MODELS, "/v1beta/corpora")
        return [self.client.get(place).json() for place in places]


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def _answers(came: bytes) -> Iterator[Answer]:
    while came:
        head, _, rest = came.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.[01] (\d{3}) ", head)
        assert status, came[:200]
        length = re.search(rb"(?i)content-length: (\d+)", head)
        size = int(length[1]) if length else 0 if status[1] in (b"100", b"202") else len(rest)
        yield Answer(int(status[1]), rest[:size])
        came = rest[size:]


def request(verb: str, path: str, content: bytes = b"", headers: str = "", version: str = "1.1") -> bytes:
    head = [f"{verb} {path} HTTP/{version}", "Host: 127.0.0.1", "Connection: close"]
    head += [headers] if headers else []
    if content:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + content


def check_refusal(answer: Answer, path: str) -> None:
    """A refusal in the words of its surface."""
    assert 400 <= answer.status < 500
    if path != MCP:
        assert answer.json["error"]["code"] == answer.status
    elif answer.content:
        assert answer.json["error"]["code"] < 0


@contextmanager
def running(complaints: Path, speed: float) -> Iterator[str]:
    """The base URL of an emulator that must not complain."""
    command = [sys.executable, "-m", "concertpitch_emulator", "--speed", str(speed), "--seed", "1"]
    with (
        complaints.open("w") as stderr,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        try:
            assert process.stdout
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
    assert "Traceback" not in complaints.read_text()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    complaints = tmp_path_factory.mktemp("emulator") / "stderr"
    with running(complaints, 0.01) as url, httpx.Client(base_url=url) as client:
        yield Server(url, client)


@pytest.fixture(autouse=True)
def unharmed(server: Server) -> Iterator[None]:
    """Whatever a test has sent has stored nothing, and the server goes on."""
    before = server.stored()
    yield
    assert server.stored() == before


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("name", WRONG_BODIES)
def test_body(server: Server, path: str, name: str) -> None:
    (answer,) = server.send(request("POST", path, WRONG_BODIES[name]))
    check_refusal(answer, path)


@pytest.mark.parametrize("path", [JOBS, MODELS, MCP])
@pytest.mark.parametrize("name", WRONG_HEADERS)
def test_framing(server: Server, path: str, name: str) -> None:
    """No message can be read, so no surface can word the refusal."""
    (answer,) = server.send(request("POST", path, headers=WRONG_HEADERS[name]))
    assert answer.status == 400


@pytest.mark.parametrize("path", [JOBS, MODELS, MCP])
@pytest.mark.parametrize("name", ODD_HEADERS)
def test_headers(server: Server, path: str, name: str) -> None:
    (answer,) = server.send(request("POST", path, b"[]", ODD_HEADERS[name]))
    check_refusal(answer, path)


@pytest.mark.parametrize("path", RIGHT)
@pytest.mark.parametrize(
    "framing", ["Content-Length: 5000\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n"]
)
def test_body_cut_off(server: Server, path: str, framing: str) -> None:
    """What has come would make a right create, were it all."""
    content = json.dumps(RIGHT[path])
    said = framing.format(*(content,) if framing.count("{") == 1 else (len(content), content))
    raw = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{said}".encode()
    assert all(answer.status == 400 for answer in server.send(raw, half_close=True))


@pytest.mark.parametrize("path", [JOBS, MODELS, MCP])
@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda segment: segment[:12])
def test_path(server: Server, path: str, segment: str) -> None:
    for verb in ("GET", "POST", "PATCH", "DELETE"):
        (answer,) = server.send(request(verb, f"{path}/{segment}"))
        assert 400 <= answer.status < 500
        assert answer.json["error"]["code"] == answer.status


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:12])
def test_query(server: Server, query: str) -> None:
    for path in (JOBS, MODELS, "/v1beta/corpora", "/v1beta/models"):
        (answer,) = server.send(request("GET", f"{path}?{query}"))
        assert answer.status == 200 or answer.json["error"]["code"] == answer.status == 400


@pytest.mark.parametrize("path", [JOBS, MODELS])
def test_other_versions_of_http(server: Server, path: str) -> None:
    for raw in (request("GET", path, version="1.0"), f"GET {path} HTTP/1.0\r\n\r\n".encode()):
        assert [answer.status for answer in server.send(raw)] == [200]


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    kept = [
        request("GET", JOBS).replace(b"Connection: close\r\n", b""),
        request("POST", MODELS, b"{").replace(b"Connection: close\r\n", b""),
        request("GET", MCP).replace(b"Connection: close\r\n", b""),
    ]
    answers = server.send(b"".join(kept) * 50 + request("GET", f"{JOBS}/1"))
    assert [answer.status for answer in answers] == [200, 400, 405] * 50 + [404]


def test_what_is_no_http(server: Server) -> None:
    for raw in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00" * 1000, b"CONNECT a:1 HTTP/1.1\r\n\r\n"):
        assert [answer.status for answer in server.send(raw)] == [400]


def test_a_server_stopped_while_somebody_waits(tmp_path) -> None:
    with running(tmp_path / "stderr", 0.01) as url:
        started = httpx.post(f"{url}{JOBS}:rebaseTunedModel", json=REBASE).json()
        place = urlsplit(url)
        waiting = socket.create_connection((place.hostname, place.port), PATIENCE)
        waiting.sendall(request("POST", f"/v1/{started['name']}:wait"))
        # An answer on another connection comes after the wait has begun.
        assert httpx.get(f"{url}/v1/{started['name']}").status_code == 200
    with waiting:
        (answer,) = _answers(b"".join(iter(lambda: _received(waiting), b"")))
    assert (answer.status, answer.json["name"]) == (200, started["name"])
