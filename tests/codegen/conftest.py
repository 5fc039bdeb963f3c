"""Documents small enough to read in a test."""

from __future__ import annotations

import copy
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[2]

TOY: dict[str, Any] = {
    "kind": "discovery#restDescription",
    "discoveryVersion": "v1",
    "id": "toy:v1",
    "name": "toy",
    "version": "v1",
    "revision": "20260102",
    "title": "Toy API",
    "rootUrl": "https://toy.example/",
    "servicePath": "",
    "parameters": {"alt": {"type": "string", "location": "query", "enum": ["json"], "default": "json"}},
    "resources": {
        "shops": {
            "methods": {
                "get": {
                    "id": "toy.shops.get",
                    "path": "v1/{+name}",
                    "flatPath": "v1/shops/{shopsId}",
                    "httpMethod": "GET",
                    "parameters": {
                        "name": {
                            "type": "string",
                            "location": "path",
                            "required": True,
                            "pattern": "^shops/[^/]+$",
                        }
                    },
                    "parameterOrder": ["name"],
                    "response": {"$ref": "Shop"},
                }
            },
            "resources": {
                "toys": {
                    "methods": {
                        "list": {
                            "id": "toy.shops.toys.list",
                            "path": "v1/{+parent}/toys",
                            "flatPath": "v1/shops/{shopsId}/toys",
                            "httpMethod": "GET",
                            "parameters": {
                                "parent": {"type": "string", "location": "path", "required": True},
                                "pageSize": {
                                    "type": "integer",
                                    "format": "int32",
                                    "location": "query",
                                    "default": "10",
                                    "maximum": "100",
                                },
                                "tags": {"type": "string", "location": "query", "repeated": True},
                            },
                            "response": {"$ref": "ListToysResponse"},
                        }
                    }
                }
            },
        }
    },
    "schemas": {
        "Shop": {
            "id": "Shop",
            "type": "object",
            "properties": {
                "name": {
                    "type": "string",
                    "readOnly": True,
                    "description": "Output only. Identifier. The shop.",
                },
                "kind": {
                    "type": "string",
                    "enum": ["KIND_UNSPECIFIED", "BIG"],
                    "enumDescriptions": ["", "Big."],
                    "enumDeprecated": [False, True],
                },
                "address": {"type": "object", "properties": {"street": {"type": "string"}}},
            },
        },
        "Toy": {
            "id": "Toy",
            "type": "object",
            "properties": {
                "parts": {"type": "array", "items": {"$ref": "Toy"}, "description": "Optional. Its parts."},
                "price": {"type": "string", "format": "int64", "minimum": "1"},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "anything": {"type": "any"},
            },
        },
        "ListToysResponse": {
            "id": "ListToysResponse",
            "type": "object",
            "properties": {"toys": {"type": "array", "items": {"$ref": "Toy"}}},
        },
        "Unused": {"id": "Unused", "type": "object"},
    },
}


@pytest.fixture
def toy() -> dict[str, Any]:
    """A Discovery document with two methods, one schema that refers to itself and one that nothing uses."""
    return copy.deepcopy(TOY)


@pytest.fixture
def checkout() -> Path:
    """This checkout; tests read it, and copy what they change."""
    return CHECKOUT


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy what generation reads and writes, so that a test may spoil it."""
    models = Path("generated/concertpitch_models")
    shutil.copytree(CHECKOUT / "specs", tmp_path / "specs")
    shutil.copytree(CHECKOUT / models, tmp_path / models, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture
def published() -> Path:
    """The published OPENAPI3_0 documents, which may be read beside the checkout and not be part of it."""
    named = os.environ.get("CONCERTPITCH_SHARED")
    places = [Path(named)] if named else [each / "shared" for each in CHECKOUT.parents]
    shared = next((each for each in places if (each / "upstream/openapi").is_dir()), None)
    if shared is None:
        pytest.skip("the published documents are not here: set CONCERTPITCH_SHARED")
    return shared / "upstream" / "openapi"
