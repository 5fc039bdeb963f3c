"""Where the records of real services are, if they are here."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


def _shared() -> Path | None:
    named = os.environ.get("CONCERTPITCH_SHARED")
    candidates = [Path(named)] if named else [each / "shared" for each in Path(__file__).parents]
    return next((each for each in candidates if (each / "design.md").is_file()), None)


@pytest.fixture
def jobs() -> list[dict[str, Any]]:
    """The bodies of real tuning jobs; skips where the records are not on this machine."""
    return [each["body"] for each in _records("vertex") if "state" in each["body"]]


@pytest.fixture
def gemini_answers() -> list[tuple[str, dict[str, Any]]]:
    """Operation ids and whole bodies of real answers; skips where the records are not on this machine."""
    return [
        (f"generativelanguage.{each['method']}", each["body"])
        for each in _records("gemini")
        if each["kind"] == "response" and each["complete"]
    ]


def _records(api: str) -> list[dict[str, Any]]:
    shared = _shared()
    if shared is None:
        pytest.skip("the records of real services are not here: set CONCERTPITCH_SHARED")
    return [json.loads(path.read_text()) for path in sorted((shared / "records" / api).glob("*.json"))]
