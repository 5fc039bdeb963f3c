"""Files in parts: an upload goes on where it stood, whatever breaks on the way."""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import stamina
from concertpitch_models.runtime import resumable, transport
from concertpitch_models.runtime.errors import ApiError
from concertpitch_models.runtime.media import Media
from concertpitch_models.runtime.message import Message
from concertpitch_models.runtime.transport import AsyncTransport, Transport

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT = bytes(range(256)) * 4 + b"the end"
CHUNK = 256
HOST = "https://shelf.example"


@pytest.fixture(autouse=True)
def _small_and_quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(resumable, "CHUNK", CHUNK)
    monkeypatch.setattr(transport, "CHUNK", CHUNK)
    with stamina.set_testing(True, attempts=3):
        yield


class Server:
    """One upload; `faults` are what happens to its requests, in their order, and "" or no more of them nothing."""

    def __init__(self, *faults: str, place: str = "/session/1") -> None:
        self.faults = list(faults)
        self.place = place
        self.stored = b""
        self.seen: list[tuple[str, str, str, str]] = []
        self.begun: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        fault = self.faults.pop(0) if self.faults else ""
        span = request.headers.get("content-range", "")
        self.seen.append((request.method, str(request.url), span, request.headers.get("authorization", "")))
        if fault.isdigit():
            return httpx.Response(int(fault), json={"error": {"status": "", "message": "a fault"}})
        if request.method == "POST":
            self.begun.append({**dict(request.headers), "body": request.content.decode()})
            return httpx.Response(200, headers={"location": self.place} if fault != "no place" else {})
        if fault == "half":
            self.stored += request.content[: len(request.content) // 2]
            raise httpx.ReadError("the connection broke")
        if request.content and fault != "nothing kept":
            assert span.startswith(f"bytes {len(self.stored)}-"), "a part that does not follow"
            self.stored += request.content
        if fault == "answer lost":
            raise httpx.ReadTimeout("no answer came")
        if len(self.stored) == int(span.rpartition("/")[2]):
            return httpx.Response(200, json={"name": "done"})
        return httpx.Response(308, headers={"range": f"bytes=0-{len(self.stored) - 1}"} if self.stored else {})


def upload(server: Server, *, blocking: bool, content: Any = CONTENT, resumable: bool = True) -> Message:
    media = Media(content, "image/png")
    sent: Any = {"service": "shelf/v1", "media": media, "resumable": resumable, "query": {"name": "scan"}}
    sent["body"] = Message.from_wire(b'{"title": "A scan"}')
    mocked = httpx.MockTransport(server)
    base, verb, path = f"{HOST}/shelf/v1", "POST", "b/1/files"
    if blocking:
        with Transport(base, token="t", http=httpx.Client(transport=mocked)) as carrier:
            return carrier.upload(verb, path, Message, **sent)

    async def run() -> Message:
        async with AsyncTransport(base, token="t", http=httpx.AsyncClient(transport=mocked)) as carrier:
            return await carrier.upload(verb, path, Message, **sent)

    return asyncio.run(run())


@pytest.mark.parametrize("blocking", [True, False])
def test_a_large_file_is_sent_in_parts(blocking: bool) -> None:
    server = Server()
    assert upload(server, blocking=blocking).model_extra == {"name": "done"}
    assert server.stored == CONTENT
    (begun,) = server.begun
    assert json.loads(begun["body"]) == {"title": "A scan"}
    assert (begun["x-upload-content-type"], begun["x-upload-content-length"]) == ("image/png", "1031")
    session = f"{HOST}/session/1"
    assert server.seen == [
        ("POST", f"{HOST}/upload/shelf/v1/b/1/files?name=scan&uploadType=resumable", "", "Bearer t"),
        ("PUT", session, "bytes 0-255/1031", "Bearer t"),
        ("PUT", session, "bytes 256-511/1031", "Bearer t"),
        ("PUT", session, "bytes 512-767/1031", "Bearer t"),
        ("PUT", session, "bytes 768-1023/1031", "Bearer t"),
        ("PUT", session, "bytes 1024-1030/1031", "Bearer t"),
    ]


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize(
    ("faults", "asked"),
    [
        (["503", "", "503"], 1),  # the session is opened again, a part is asked about and sent again
        (["", "half", "", "half"], 2),  # what arrived of a part is not sent again
        (["", "half", "500"], 2),  # the question itself fails
        (["", "answer lost"], 1),
        (["", "", "", "", "", "answer lost"], 1),  # all arrived, only its answer did not
    ],
)
def test_an_upload_goes_on_where_it_stood(blocking: bool, faults: list[str], asked: int) -> None:
    server = Server(*faults)
    assert upload(server, blocking=blocking).model_extra == {"name": "done"}
    assert server.stored == CONTENT
    assert sum(span == "bytes */1031" for _, _, span, _ in server.seen) == asked


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize(
    ("faults", "message", "requests"),
    [
        (["403"], "403: a fault", 1),
        (["", "404"], "404: a fault", 2),  # the server gave the session up
        (["", "503", "503", "503"], "503: a fault", 4),
        (["", "nothing kept"], "308: the server keeps nothing of what it is sent", 2),
        (["no place"], "200: the answer does not say where the upload is to be sent", 1),
    ],
)
def test_an_upload_that_cannot_go_on_is_an_error(
    blocking: bool, faults: list[str], message: str, requests: int
) -> None:
    server = Server(*faults)
    with pytest.raises(ApiError, match=f"^{message}$"):
        upload(server, blocking=blocking)
    assert len(server.seen) == requests


@pytest.mark.parametrize("blocking", [True, False])
def test_a_file_is_read_part_by_part(blocking: bool) -> None:
    class File(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size == CHUNK, "a large file is never whole in memory"
            return super().read(size)

    server = Server("", "half")
    upload(server, blocking=blocking, content=File(CONTENT))
    assert server.stored == CONTENT


def test_credentials_stay_with_the_host_they_are_for() -> None:
    server = Server(place="https://elsewhere.example/session/1")
    upload(server, blocking=True)
    assert {(url.partition("/")[0], token) for _, url, _, token in server.seen[1:]} == {("https:", "")}
    assert server.seen[0][3] == "Bearer t"


@pytest.mark.parametrize(("size", "resumable"), [(CHUNK, True), (CHUNK * 2, False)])
def test_one_request_is_enough_for_what_is_small_or_has_no_parts(size: int, resumable: bool) -> None:
    kinds = []

    def answer(request: httpx.Request) -> httpx.Response:
        kinds.append(request.url.params["uploadType"])
        assert CONTENT[:size] in request.content
        return httpx.Response(200, json={})

    upload(answer, blocking=True, content=BytesIO(CONTENT[:size]), resumable=resumable)  # type: ignore[arg-type]
    assert kinds == ["multipart"]
