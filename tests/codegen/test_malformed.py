"""Whatever stands at whatever place of a document: it is read, or refused with a pointer; never a traceback."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from concertpitch_codegen.counting import check_counts
from concertpitch_codegen.overlaid import overlaid
from concertpitch_codegen.overlay import Overlay
from concertpitch_codegen.problems import DocumentError, pointer
from concertpitch_codegen.readers import discovery
from concertpitch_codegen.readers.formats import read
from concertpitch_codegen.writers.openapi import openapi

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1.5,
    "",
    "x",
    "{a",
    "a/b",
    [],
    {},
    [1],
    [[]],
    [None],
    {"$ref": 5},
    {"x": "y"},
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in members:
        yield (*at, key)
        yield from places(each, (*at, key))


def spoiled(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the value with something strange at one place, for every place and every strange thing, and without it."""
    for place in places(value):
        for strange in (*STRANGE, ...):
            changed = copy.deepcopy(value)
            node = changed
            for step in place[:-1]:
                node = node[step]
            if strange is ...:
                del node[place[-1]]
            else:
                node[place[-1]] = copy.deepcopy(strange)
            yield f"{pointer(*place)} = {strange!r}", changed


def use(raw: dict[str, Any]) -> None:
    document = read(raw, "toy")
    check_counts(document, openapi(document))


def failures(raw: dict[str, Any], do: Any = use) -> list[str]:
    do(raw)
    found = []
    for what, changed in spoiled(raw):
        try:
            do(changed)
        except DocumentError:
            continue
        except Exception as error:  # noqa: BLE001 - what is looked for
            found.append(f"{what}: {type(error).__name__} {error}")
    return found


def test_discovery(toy: dict[str, Any]) -> None:
    assert failures(toy) == []


def test_openapi(form: dict[str, Any]) -> None:
    assert failures(form) == []


def test_our_own_form(toy: dict[str, Any]) -> None:
    written = openapi(discovery.read(toy, "toy.v1"))
    written["components"]["schemas"]["Toy"]["x-google-oneof"] = {"what": ["price", "labels"]}
    written["components"]["schemas"]["ShopKind"]["x-google-enum-numbers"] = {"BIG": 1}
    assert failures(written) == []


def test_protos(checkout: Path) -> None:
    raw = json.loads((checkout / "specs/documents/generativelanguage.v1beta3.protos.json").read_text())
    kept = ("TunedModel", "TunedModelSource", "TransferOwnershipRequest", "TransferOwnershipResponse")
    package = "google.ai.generativelanguage.v1beta3"
    raw["messages"] = {f"{package}.{name}": raw["messages"][f"{package}.{name}"] for name in kept}
    raw["methods"] = {name: each for name, each in raw["methods"].items() if name.endswith(("TransferOwnership",))}
    fields = raw["messages"][f"{package}.TunedModel"]["fields"]
    for name in list(fields):
        if name not in {"name", "state", "temperature", "tunedModelSource"}:
            del fields[name]
    assert failures(raw) == []


def test_overlays(toy: dict[str, Any]) -> None:
    document = discovery.read(toy, "toy.v1")
    raw = {
        "overlay": "1.0.0",
        "info": {"title": "t", "version": "1"},
        "actions": [
            {
                "target": "$.components.schemas.Shop",
                "x-concertpitch-cite": "assumed",
                "update": {
                    "properties": {"open": {"type": "string", "enum": ["YES"]}},
                    "x-google-oneof": {"a": ["open"]},
                },
            },
            {
                "target": "$.paths.*.get.parameters[?@.name=='tags']",
                "x-concertpitch-cite": "assumed",
                "update": {"description": "Tags."},
            },
            {
                "target": "$.components.schemas.Toy.properties.anything",
                "x-concertpitch-cite": "assumed",
                "remove": True,
            },
        ],
    }
    assert failures(raw, lambda changed: overlaid(document, [Overlay("toy.json", changed)])) == []


def test_takeovers_do_not_multiply() -> None:
    """Forty schemas that take over the next one twice would be a billion parts, taken one by one."""
    schemas: dict[str, Any] = {
        f"S{number}": {"allOf": [{"$ref": f"#/components/schemas/S{number + 1}"}] * 2} for number in range(40)
    }
    schemas["S40"] = {"type": "object", "properties": {"last": {"type": "string"}}}
    raw = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": schemas}}
    first = read(raw, "toy").definitions["S0"]
    assert list(getattr(first, "fields", ())) == ["last"]


@pytest.mark.parametrize("depth", [150, 190])
def test_what_parses_can_be_read(depth: int) -> None:
    """The reader goes as deep as the parser lets a text be."""
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth // 2):
        schema = {"type": "array", "items": schema}
    raw = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    document = read(raw | {"components": {"schemas": {"Deep": schema}}}, "toy")
    assert openapi(document)["components"]["schemas"]["Deep"]["type"] == "array"
