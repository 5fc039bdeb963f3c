"""The passages of the pinned documents that speak of tuning jobs and their operations.

Owns what is in scope: the methods, their parameters, the messages a request or answer of them can carry, the system
parameters. Must not know rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from concertpitch.errors import UsageError
from concertpitch.ledger.sentences import Passage

DISCOVERY = ("aiplatform.v1", "aiplatform.v1beta1")
PROTOS = ("aiplatform.v1.protos", "aiplatform.v1beta1.protos")
METHODS = ("cancel", "create", "get", "list", "rebaseTunedModel")
"""Of tuningJobs; its operations are in scope as a whole."""
JOBS = "/resources/projects/resources/locations/resources/tuningJobs"
_IN_METADATA = "GenericOperationMetadata"
"""Reached through the metadata of an operation, which is of any type."""


def folder() -> Path:
    """The folder of the pinned documents; outside a checkout it raises UsageError."""
    for root in (Path.cwd(), *Path(__file__).resolve().parents):
        if (found := root / "specs" / "documents").is_dir():
            return found
    raise UsageError("the pinned documents are not here; run this in a checkout of Concertpitch")


@cache
def load(document: str) -> dict[str, Any]:
    """A pinned document by its id."""
    loaded: dict[str, Any] = json.loads((folder() / f"{document}.json").read_text(encoding="utf-8"))
    return loaded


def resolve(document: dict[str, Any], pointer: str) -> Any:
    """What a JSON pointer of a document points to; None when nothing is there."""
    value: Any = document
    for step in pointer.strip("/").split("/"):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return None
    return value


def schemas(document: str) -> list[str]:
    """The schemas of a Discovery document that a request or answer in scope can carry, by name."""
    loaded = load(document)
    todo = [ref for method in _methods(document).values() for ref in _references(method)]
    todo += [name for name in loaded["schemas"] if name.endswith(_IN_METADATA)]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _references(loaded["schemas"][name])
    return sorted(found)


def _methods(document: str) -> dict[str, Any]:
    """The methods in scope by JSON pointer."""
    jobs = resolve(load(document), JOBS)
    found = {f"{JOBS}/methods/{name}": jobs["methods"][name] for name in METHODS}
    operations = jobs["resources"]["operations"]["methods"]
    return found | {f"{JOBS}/resources/operations/methods/{name}": method for name, method in operations.items()}


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for inner in value.values() for ref in _references(inner)]
    return [ref for inner in value for ref in _references(inner)] if isinstance(value, list) else []


def passages(document: str) -> Iterator[Passage]:
    """Every description of a Discovery document that is in scope."""
    loaded = load(document)
    for pointer, method in _methods(document).items():
        yield from _descriptions(document, pointer, method)
    for name in schemas(document):
        yield from _descriptions(document, f"/schemas/{name}", loaded["schemas"][name])
    yield from _descriptions(document, "/parameters", loaded["parameters"])


def _descriptions(document: str, pointer: str, value: Any) -> Iterator[Passage]:
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if name == "description" and isinstance(inner, str):
            yield Passage(document, f"{pointer}/description", inner)
        elif name == "enumDescriptions":
            for index, text in enumerate(inner):
                yield Passage(document, f"{pointer}/enumDescriptions/{index}", text)
        else:
            yield from _descriptions(document, f"{pointer}/{name}", inner)
