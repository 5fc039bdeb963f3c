"""Patches of tuned models, with a mask and without, and deletes."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def made(gemini) -> dict[str, Any]:
    name = gemini.create(displayName="before", description="old", temperature=0.5)
    gemini.end()
    return gemini.get(name)


# Mask, body, what changes (None: gone), and what the answer holds (None: the whole model).
CHANGES: dict[str, tuple[str, dict[str, Any], dict[str, Any], set[str] | None]] = {
    "one": ("displayName", {"displayName": "after"}, {"displayName": "after"}, {"displayName"}),
    "two": (
        "display_name,description",
        {"displayName": "after", "description": "new"},
        {"displayName": "after", "description": "new"},
        {"displayName", "description"},
    ),
    "only what is masked": (
        "description",
        {"displayName": "after", "description": "new", "temperature": 1},
        {"description": "new"},
        {"description"},
    ),
    "cleared": ("description", {"displayName": "x"}, {"description": None}, set()),
    "back to the base model's": ("temperature", {}, {"temperature": 0.9}, {"temperature"}),
    "zero": ("topK", {"topK": 0}, {"topK": 0}, {"topK"}),
    "projects": (
        "readerProjectNumbers",
        {"readerProjectNumbers": [7]},
        {"readerProjectNumbers": ["7"]},
        {"readerProjectNumbers"},
    ),
    "output only": ("state,createTime", {"state": 3, "createTime": "x"}, {}, set()),
    "no mask": ("", {"displayName": "after", "state": 3}, {"displayName": "after"}, None),
    "nothing": ("", {}, {}, None),
    "everything": (
        "*",
        {"displayName": "after"},
        {"displayName": "after", "description": None, "temperature": 0.9},
        {"displayName", "temperature", "topP", "topK"},
    ),
}


@pytest.mark.parametrize("version", ["v1beta", "v1beta3"])
@pytest.mark.parametrize("row", CHANGES)
def test_patch(gemini, made: dict[str, Any], row: str, version: str) -> None:
    mask, body, change, answered = CHANGES[row]
    gemini.version = version
    answer = gemini.ask("PATCH", made["name"], body, f"updateMask={mask}" if mask else "")
    assert answer.status == 200, answer.content
    after = {name: value for name, value in {**made, **change}.items() if value is not None}
    assert gemini.get(made["name"]) == after
    assert answer.json == (after if answered is None else {name: after[name] for name in answered})


def test_patch_answers_what_is_recorded(gemini, made, record) -> None:
    recorded = record("gemini/derrickob_tunedModels_patch.json")
    answer = gemini.ask("PATCH", made["name"], recorded, "updateMask=displayName%2Cdescription")
    assert answer.json == recorded


def test_a_model_may_be_sent_back_as_it_was_read(gemini, made) -> None:
    """As generated clients do: with output-only members, enum numbers and what is immutable."""
    read = gemini.get(made["name"], "$alt=json%3Benum-encoding%3Dint")
    for query in ("updateMask=description%2CbaseModel%2CtuningTask", ""):
        assert gemini.ask("PATCH", made["name"], {**read, "description": "new"}, query).status == 200
        assert gemini.get(made["name"]) == {**made, "description": "new"}


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "unknown member": ("nonsense", {}),
    "unknown deep member": ("tuningTask.nonsense", {}),
    "below a scalar": ("displayName.x", {}),
    "long name": ("displayName", {"displayName": "x" * 41}),
    "hot": ("temperature", {"temperature": 2}),
    "base model": ("baseModel", {"baseModel": "models/text-bison-001"}),
    "epochs": ("tuningTask.hyperparameters", {"tuningTask": {"hyperparameters": {"epochCount": 9}}}),
    "data": (
        "tuningTask.trainingData",
        {"tuningTask": {"trainingData": {"examples": {"examples": [{"output": "x"}]}}}},
    ),
    "base model without a mask": ("", {"baseModel": "models/text-bison-001"}),
    "unknown in the body": ("displayName", {"displayName": "x", "nonsense": 1}),
}


@pytest.mark.parametrize("row", WRONG)
def test_wrong_patch(gemini, made: dict[str, Any], row: str) -> None:
    mask, body = WRONG[row]
    answer = gemini.ask("PATCH", made["name"], body, f"updateMask={mask}" if mask else "")
    assert answer.json["error"]["status"] == "INVALID_ARGUMENT"
    assert gemini.get(made["name"]) == made


@pytest.mark.parametrize("body", [None, {}])
def test_delete_forgets_the_model_and_what_is_below_it(gemini, body: Any) -> None:
    operation = gemini.operation()
    name = operation["metadata"]["tunedModel"]
    permission = gemini.get(f"{name}/permissions")["permissions"][0]["name"]
    kept = gemini.create()
    assert gemini.ask("DELETE", name, body).json == {}
    for path in (name, operation["name"], permission, f"{name}/permissions", f"{name}/operations"):
        assert gemini.ask("GET", path).status == 404
    assert gemini.ask("DELETE", name).status == 404
    assert [model["name"] for model in gemini.get("tunedModels")["tunedModels"]] == [kept]


def test_corpora(gemini) -> None:
    made = gemini.ask("POST", "corpora", {"displayName": "Docs on Retrieval"}).json
    assert made["name"].startswith("corpora/docs-on-retrieval-")
    assert made.keys() == {"name", "displayName", "createTime", "updateTime"}
    assert gemini.get(made["name"]) == made
    named = gemini.ask("POST", "corpora", {"name": "corpora/1-mine"}).json
    assert named["name"] == "corpora/1-mine"
    assert gemini.ask("POST", "corpora", {"name": "corpora/1-mine"}).status == 409
    for wrong in (
        {"name": "mine"},
        {"name": "corpora/-x"},
        {"name": "corpora/" + "x" * 41},
        {"displayName": "x" * 513},
    ):
        assert gemini.ask("POST", "corpora", wrong).status == 400
    assert gemini.ask("DELETE", made["name"], query="force=maybe").status == 400
    assert gemini.ask("DELETE", made["name"], query="force=true").json == {}
    assert gemini.ask("GET", made["name"]).status == 404
