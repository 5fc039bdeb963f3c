"""Input and output schemas of the tools, taken from the published v1 schemas. It must not know what a tool does.

Each is one self-contained JSON Schema 2020-12 of type object. Output schemas are open, as the API may grow; they
carry no descriptions, which would make a list of four tools as long as a book.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from concertpitch_models import documents

_SURFACE = "vertex_v1"
_REF = "#/$defs/"
_KEPT = frozenset({"$ref", "additionalProperties", "allOf", "enum", "items", "properties", "type"})


@lru_cache
def output(message: str) -> dict[str, Any]:
    """The schema of a message (`GoogleCloudAiplatformV1TuningJob`) with everything it refers to."""
    published = documents.schemas(_SURFACE)["$defs"]
    needed: dict[str, Any] = {}
    waiting = [message]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = _plain(published[name])
            waiting += _references(needed[name])
    root = needed[message] if any(message in _references(schema) for schema in needed.values()) else needed.pop(message)
    return {**root, **({"$defs": dict(sorted(needed.items()))} if needed else {})}


def empty() -> dict[str, Any]:
    """The schema of google.protobuf.Empty."""
    return {"type": "object"}


def _plain(schema: Any) -> Any:
    """A schema without what no validator looks at."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _plain(value) for key, value in schema.items() if key in _KEPT and key != "properties"}
    if "properties" in schema:
        out["properties"] = {name: _plain(value) for name, value in schema["properties"].items()}
    return out


def _references(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for part in schema for name in _references(part)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].removeprefix(_REF)] if "$ref" in schema else []
    return own + [name for part in schema.values() for name in _references(part)]
