"""What the Gemini API refuses, in which words where they are recorded, and that nothing is stored then."""

from __future__ import annotations

from typing import Any

import pytest

MODELS = "tunedModels"
EXAMPLE = {"textInput": "1", "output": "2"}


def assert_refused(answer: Any, code: int, status: str) -> None:
    assert answer.status == code, answer.content
    assert answer.content_type == "application/json; charset=UTF-8"
    error = answer.json["error"]
    assert (error["code"], error["status"]) == (code, status)
    assert error["message"]


def task(**members: Any) -> dict[str, Any]:
    return {"tuningTask": {"trainingData": {"examples": {"examples": [EXAMPLE]}}, **members}}


BASE = {"baseModel": "models/text-bison-001"}
WRONG: dict[str, tuple[dict[str, Any], str | None]] = {
    "nothing": ({}, "tuned_model.tuning_task"),
    "no task": (BASE, "tuned_model.tuning_task"),
    "no data": (
        {**BASE, **task(trainingData=None, hyperparameters={"epochCount": 1})},
        "tuned_model.tuning_task.training_data",
    ),
    "no examples": (
        {**BASE, **task(trainingData={"examples": {"examples": []}})},
        "tuned_model.tuning_task.training_data.examples",
    ),
    "no output": (
        {**BASE, **task(trainingData={"examples": {"examples": [EXAMPLE, {"textInput": "1"}]}})},
        "tuned_model.tuning_task.training_data.examples.examples[1].output",
    ),
    "no model": (task(), "tuned_model.base_model"),
    "two models": ({**BASE, **task(), "tunedModelSource": {"tunedModel": "tunedModels/x"}}, "tuned_model"),
    "bad model": ({**task(), "baseModel": "text-bison-001"}, "tuned_model.base_model"),
    "model for something else": ({**task(), "baseModel": "models/embedding-001"}, "tuned_model.base_model"),
    "bad source": (
        {**task(), "tunedModelSource": {"tunedModel": "x"}},
        "tuned_model.tuned_model_source.tuned_model",
    ),
    "two rates": (
        {**BASE, **task(hyperparameters={"learningRate": 1, "learningRateMultiplier": 1})},
        "tuned_model.tuning_task.hyperparameters",
    ),
    "no epochs": (
        {**BASE, **task(hyperparameters={"epochCount": 0})},
        "tuned_model.tuning_task.hyperparameters.epoch_count",
    ),
    "negative batch": (
        {**BASE, **task(hyperparameters={"batchSize": -1})},
        "tuned_model.tuning_task.hyperparameters.batch_size",
    ),
    "infinite rate": (
        {**BASE, **task(hyperparameters={"learningRate": "Infinity"})},
        "tuned_model.tuning_task.hyperparameters.learning_rate",
    ),
    "huge rate": (
        {**BASE, **task(hyperparameters={"learningRateMultiplier": 1e300})},
        "tuned_model.tuning_task.hyperparameters.learning_rate_multiplier",
    ),
    "endless": (
        {**BASE, **task(hyperparameters={"epochCount": 2**31 - 1})},
        "tuned_model.tuning_task.hyperparameters.epoch_count",
    ),
    "fraction": (
        {**BASE, **task(hyperparameters={"epochCount": 1.5})},
        "tuned_model.tuning_task.hyperparameters.epoch_count",
    ),
    "hot": ({**BASE, **task(), "temperature": 1.1}, "tuned_model.temperature"),
    "not a number": ({**BASE, **task(), "temperature": "NaN"}, "tuned_model.temperature"),
    "negative top_k": ({**BASE, **task(), "topK": -1}, "tuned_model.top_k"),
    "long name": ({**BASE, **task(), "displayName": "x" * 41}, "tuned_model.display_name"),
    "unknown member": ({**BASE, **task(), "nonsense": 1}, "tuned_model"),
    "unknown deep member": ({**BASE, **task(nonsense=1)}, "tuned_model.tuning_task"),
    "text for a message": ({**BASE, "tuningTask": "x"}, "tuned_model.tuning_task"),
    "bad project": ({**BASE, **task(), "readerProjectNumbers": ["x"]}, "tuned_model.reader_project_numbers[0]"),
}


@pytest.mark.parametrize("version", ["v1beta", "v1beta3"])
@pytest.mark.parametrize("row", WRONG)
def test_wrong_model(gemini, row: str, version: str) -> None:
    body, field = WRONG[row]
    answer = gemini.ask("POST", MODELS, body, version=version)
    assert_refused(answer, 400, "INVALID_ARGUMENT")
    fields = [violation["field"] for violation in answer.json["error"]["details"][0]["fieldViolations"]]
    assert field in fields
    assert gemini.get(MODELS) == {}


@pytest.mark.parametrize("given", ["A", "9", "-a", "a-", "a_b", "a" * 41, "a.b", "a/b", "%C3%A9"])
def test_wrong_id(gemini, given: str) -> None:
    answer = gemini.ask("POST", MODELS, gemini.body(), f"tunedModelId={given}")
    assert_refused(answer, 400, "INVALID_ARGUMENT")
    assert gemini.get(MODELS) == {}


RIGHT: dict[str, dict[str, Any]] = {
    "40 astral characters": {"displayName": "𝄞" * 40},
    "long description": {"description": "x" * 5000},
    "both ends of temperature": {"temperature": 1, "topP": 0},
    "no top_k": {"topK": 0},
    "one example": {"count": 1},
}


@pytest.mark.parametrize("row", RIGHT)
def test_right_model(gemini, row: str) -> None:
    model = gemini.get(gemini.create(**RIGHT[row]))
    assert {**model, **RIGHT[row]} == {**model, **{name: RIGHT[row][name] for name in RIGHT[row].keys() - model.keys()}}


def test_unknown_model_is_refused_in_the_recorded_words(gemini, record) -> None:
    recorded = record("errors/cookbook_404_generatenum392.json")
    name = recorded["error"]["message"].split()[2]
    assert gemini.ask("GET", name).json == recorded


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "tunedModels/x"),
        ("PATCH", "tunedModels/x"),
        ("DELETE", "tunedModels/x"),
        ("POST", "tunedModels/x:transferOwnership"),
        ("POST", "tunedModels/x:cancel"),
        ("GET", "tunedModels/x/permissions"),
        ("POST", "tunedModels/x/permissions"),
        ("GET", "tunedModels/x/permissions/1"),
        ("PATCH", "tunedModels/x/permissions/1"),
        ("DELETE", "tunedModels/x/permissions/1"),
        ("GET", "tunedModels/x/operations"),
        ("GET", "tunedModels/x/operations/1"),
        ("GET", "corpora/x"),
        ("DELETE", "corpora/x"),
        ("GET", "corpora/x/permissions"),
        ("GET", "corpora/x/permissions/1"),
        ("GET", "models/x"),
        ("GET", "nothing"),
        ("PUT", "tunedModels/x"),
        ("POST", "models"),
        ("GET", "tunedModels/"),
    ],
)
def test_not_found(gemini, verb: str, path: str) -> None:
    assert_refused(gemini.ask(verb, path), 404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["permissions/1", "operations/1"])
def test_unknown_child(gemini, path: str) -> None:
    assert_refused(gemini.ask("GET", f"{gemini.create()}/{path}"), 404, "NOT_FOUND")


def test_versions_have_only_their_own_methods(gemini) -> None:
    operation = gemini.operation()
    for version, verb, path in (
        ("v1beta3", "GET", "corpora"),
        ("v1", "GET", "tunedModels"),
        ("v1beta", "POST", f"{operation['name']}:cancel"),
    ):
        assert_refused(gemini.ask(verb, path, version=version), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    "query",
    [
        "pageSize=-1",
        "pageSize=ten",
        "pageToken=nonsense",
        "nonsense=1",
        "filter=owner%3Ayou",
        "filter=readers%3A",
        "filter=writers%3Aeveryone",
        "filter=%22open",
    ],
)
def test_wrong_list(gemini, query: str) -> None:
    assert_refused(gemini.ask("GET", MODELS, query=query), 400, "INVALID_ARGUMENT")
