"""An emulator seen as the Gemini API, with what its tests say often."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENDS = 200
"""Seconds after which a tuning has ended."""


def examples(count: int = 4, *, first: str = "1") -> dict[str, Any]:
    """Training data of that many examples."""
    texts = [first, *(str(number) for number in range(2, count + 1))]
    return {"examples": {"examples": [{"textInput": text, "output": "x"} for text in texts]}}


class Gemini:
    """Says things to an emulator at one version, as one caller or another."""

    def __init__(self, emulator: Any, version: str = "v1beta") -> None:
        self.emulator = emulator
        self.version = version

    def body(self, count: int = 4, first: str = "1", **members: Any) -> dict[str, Any]:
        """A right create request; `hyperparameters` goes where it belongs."""
        task = {"trainingData": examples(count, first=first), "hyperparameters": members.pop("hyperparameters", {})}
        return {"baseModel": "models/gemini-1.0-pro-001", "tuningTask": task, **members}

    def create(self, query: str = "", **members: Any) -> str:
        """Make a tuned model; its name."""
        return self.operation(query, **members)["metadata"]["tunedModel"]

    def operation(self, query: str = "", **members: Any) -> dict[str, Any]:
        """Make a tuned model; the operation."""
        answer = self.ask("POST", "tunedModels", self.body(**members), query)
        assert answer.status == 200, answer.content
        return answer.json

    def ask(self, verb: str, path: str, body: Any = None, query: str = "", version: str = "") -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        return self.emulator.send(verb, f"/{version or self.version}/{path}", query, content)

    def get(self, path: str, query: str = "", version: str = "") -> dict[str, Any]:
        answer = self.ask("GET", path, None, query, version)
        assert answer.status == 200, answer.content
        return answer.json

    def end(self) -> None:
        """Let every tuning end."""
        self.emulator.later(ENDS)

    @contextlib.contextmanager
    def caller(self, email: str, *, key: bool = False) -> Iterator[None]:
        """Requests inside carry that address as a bearer token or an API key."""
        name, value = (b"x-goog-api-key", email) if key else (b"authorization", f"Bearer {email}")
        self.emulator.credentials = (name, value.encode())
        yield
        self.emulator.credentials = None


@pytest.fixture
def gemini(emulator: Any) -> Gemini:
    """An honest emulator at v1beta."""
    return Gemini(emulator)


@pytest.fixture(scope="session")
def start_gemini(start: Callable[..., Any]) -> Callable[..., Gemini]:
    """Makes Gemini emulators: `start_gemini("model/no-name", speed=10)`."""
    return lambda *faults, **settings: Gemini(start(*faults, **settings))
