"""Overlays: what they add, and that one that does nothing is an error."""

from __future__ import annotations

from typing import Any

import pytest
from concertpitch_codegen.overlay import Overlay, apply
from concertpitch_codegen.problems import DocumentError

DOCUMENT = {
    "paths": {"/a": {"get": {"responses": {}}, "parameters": []}, "/b": {"post": {"responses": {}}}},
    "components": {"schemas": {"Job": {"type": "object", "x-google-oneof": {"spec": ["one"]}}}},
}


def overlay(**action: Any) -> Overlay:
    return Overlay("toy.json", {"overlay": "1.0.0", "actions": [action]})


def test_an_update_merges_and_says_who_did_it() -> None:
    done = apply(
        DOCUMENT,
        [
            overlay(
                **{"x-concertpitch-cite": "assumed"},
                target="$.components.schemas.Job",
                description="Because.",
                update={"x-google-oneof": {"spec": ["two"]}},
            )
        ],
    )
    assert done["components"]["schemas"]["Job"] == {
        "type": "object",
        "x-google-oneof": {"spec": ["one", "two"]},
        "x-concertpitch-overlay": [{"overlay": "toy.json", "cite": "assumed", "says": "Because."}],
    }
    assert DOCUMENT["components"]["schemas"]["Job"]["x-google-oneof"] == {"spec": ["one"]}  # type: ignore[index]


def test_a_wildcard_reaches_every_operation() -> None:
    action = {"x-concertpitch-cite": "https://google.aip.dev/193", "update": {"default": {}}}
    done = apply(DOCUMENT, [overlay(target="$.paths.*.*.responses", **action)])
    assert done["paths"]["/a"]["get"]["responses"] == {"default": {}}
    assert done["paths"]["/b"]["post"]["responses"] == {"default": {}}


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ({"target": "$.components.schemas.Jbo"}, "matches nothing"),
        ({"target": "$..schemas"}, "a target is made of names"),
        ({"x-concertpitch-cite": ""}, "has no x-concertpitch-cite"),
        ({"update": None, "remove": True}, "has no object to update with"),
    ],
)
def test_an_action_that_cannot_be_right_is_refused(action: dict[str, Any], sentence: str) -> None:
    good: dict[str, Any] = {
        "target": "$.components.schemas.Job",
        "update": {"a": 1},
        "x-concertpitch-cite": "assumed",
    }
    apply(DOCUMENT, [overlay(**good)])
    with pytest.raises(DocumentError, match=sentence):
        apply(DOCUMENT, [overlay(**(good | action))])
