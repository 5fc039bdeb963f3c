"""An emulator without a socket, on a clock that the test moves."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from concertpitch_emulator.app import create_app
from concertpitch_emulator.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"
SFT = {
    "baseModel": "gemini-2.0-flash-001",
    "supervisedTuningSpec": {"trainingDatasetUri": "gs://bucket/train.jsonl"},
}

HEADERS = {"host": "127.0.0.1", "content-type": "application/json"}

# Waiting moves the test's clock and lets others go on, but takes no time.
_REAL_SLEEP = asyncio.sleep


@dataclass
class Answer:
    status: int
    content_type: str
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Emulator:
    """Sends requests straight into the application; durations are those of speed 1."""

    def __init__(self, *faults: str, seed: int = 7, speed: float = 1.0) -> None:
        self.now = 1_760_000_000_000_000
        self.app = create_app(Config(speed=speed, seed=seed, faults=faults), clock=lambda: self.now)
        self.service = self.app.state.service
        self.credentials: tuple[bytes, bytes] | None = None
        self._loop = asyncio.new_event_loop()

    def later(self, seconds: float) -> None:
        self.now += round(seconds * 1_000_000)

    def get(self, path: str, query: str = "") -> Answer:
        return self.send("GET", path, query)

    def post(self, path: str, body: Any = None, query: str = "") -> Answer:
        content = b"" if body is None else json.dumps(body).encode()
        return self.send("POST", path, query, content)

    def create(self, **members: Any) -> Any:
        answer = self.post(JOBS, {**SFT, **members})
        assert answer.status == 200, answer.content
        return answer.json

    def send(
        self, verb: str, path: str, query: str = "", content: bytes = b"", headers: dict[str, str] = HEADERS
    ) -> Answer:
        return self.together((verb, path, query, content, headers))[0]

    def together(self, *requests: tuple[Any, ...]) -> list[Answer]:
        """Sends requests that overlap in time: verb, path, query and content, and headers if not the usual ones."""

        async def all_of_them() -> list[Answer]:
            return await asyncio.gather(*(self._answer(*request) for request in requests))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "sleep", self._sleep)
            return self._loop.run_until_complete(all_of_them())

    async def _sleep(self, seconds: float) -> None:
        self.later(seconds)
        await _REAL_SLEEP(0)

    async def _answer(
        self, verb: str, path: str, query: str, content: bytes, sent_headers: dict[str, str] = HEADERS
    ) -> Answer:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(name.encode(), value.encode()) for name, value in sent_headers.items()]
        scope = {
            "type": "http",
            "method": verb,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [*headers, self.credentials] if self.credentials else headers,
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", 80),
        }
        await self.app(scope, receive, send)
        headers = dict(sent[0]["headers"])
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(sent[0]["status"], headers.get(b"content-type", b"").decode(), body)

    def close(self) -> None:
        self._loop.close()


@pytest.fixture
def record() -> Callable[[str], Any]:
    """Reads a body of the real service; the records are not part of the project."""
    places = [Path(os.environ.get("CONCERTPITCH_SHARED", "nowhere"))]
    places += [folder / "shared" for folder in Path(__file__).resolve().parents]

    def body(name: str) -> Any:
        for place in places:
            if (place / "design.md").is_file():
                return json.loads((place / "records" / name).read_text())["body"]
        pytest.skip("records of real answers are not on this machine; CONCERTPITCH_SHARED names their folder")
        return None

    return body


@pytest.fixture(scope="session")
def start() -> Iterator[Callable[..., Emulator]]:
    """Makes emulators: `start("list/skips", seed=3)`."""
    made: list[Emulator] = []

    def make(*faults: str, **settings: Any) -> Emulator:
        made.append(Emulator(*faults, **settings))
        return made[-1]

    yield make
    for emulator in made:
        emulator.close()


@pytest.fixture
def emulator(start: Callable[..., Emulator]) -> Emulator:
    """An honest emulator."""
    return start()
