"""Tuned models from create to their end, against the documents and recorded answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

PACKAGE = "type.googleapis.com/google.ai.generativelanguage"
MODELS = "tunedModels"


def test_create_answers_what_records_show(gemini, record) -> None:
    body = record("gemini/gdocs_rest_request_00_create.json")
    answer = gemini.ask("POST", MODELS, body)
    recorded = record("gemini/gdocs_rest_00_tunedModels_create.json")
    assert answer.json.keys() == recorded.keys()
    assert answer.json["metadata"].keys() == recorded["metadata"].keys()
    assert answer.json["metadata"]["totalSteps"] == recorded["metadata"]["totalSteps"]
    assert re.fullmatch(r"tunedModels/number-generator-model-[a-z0-9]{12}/operations/[a-z0-9]{12}", answer.json["name"])


def shape(value: Any) -> Any:
    """Names and JSON types, lists by their first and last items."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(value[0]), shape(value[-1])]
    return "number" if isinstance(value, int | float) else type(value).__name__


@pytest.mark.parametrize("name", ["gdocs_rest_05_tunedModels_get", "derrickob_tunedModels_get"])
def test_shape_of_a_model_is_the_recorded_one(gemini, record, name: str) -> None:
    recorded = record(f"gemini/{name}.json")
    made = gemini.create(
        displayName=recorded["displayName"],
        baseModel=recorded["baseModel"],
        hyperparameters=recorded["tuningTask"]["hyperparameters"],
        count=15,
    )
    gemini.emulator.later(10 if recorded["state"] == "CREATING" else 200)
    shown = gemini.get(made)
    assert shape(shown) == shape(recorded)
    assert list(shown) == list(recorded)
    for member in ("displayName", "baseModel", "state"):
        assert shown[member] == recorded[member]
    assert shown["tuningTask"]["hyperparameters"] == recorded["tuningTask"]["hyperparameters"]


def test_steps_and_epochs_are_the_recorded_ones(gemini, record) -> None:
    task = record("gemini/derrickob_tunedModels_get.json")["tuningTask"]
    made = gemini.create(count=15, hyperparameters=task["hyperparameters"])
    gemini.end()
    recorded = [(shot["step"], shot.get("epoch")) for shot in task["snapshots"]]
    assert [(shot["step"], shot.get("epoch")) for shot in gemini.get(made)["tuningTask"]["snapshots"]] == recorded


def test_shape_of_an_operation_is_the_recorded_one(gemini, record) -> None:
    recorded = record("gemini/derrickob_tunedModels_operations_get.json")
    operation = gemini.operation(count=15, hyperparameters={"epochCount": 5, "batchSize": 2, "learningRate": 0.001})
    for _ in range(100):
        shown = gemini.get(operation["name"], version="v1")
        if shown["metadata"].get("completedSteps") == recorded["metadata"]["completedSteps"]:
            break
        gemini.emulator.later(1)
    assert shape(shown) == shape(recorded)
    assert list(shown["metadata"]) == list(recorded["metadata"])
    assert shown["metadata"]["completedPercent"] == recorded["metadata"]["completedPercent"]


def test_states_follow_the_clock_without_anyone_polling(gemini) -> None:
    made = gemini.create()
    assert gemini.get(made)["state"] == "CREATING"
    assert gemini.get(made)["tuningTask"].keys() == {"hyperparameters"}
    gemini.emulator.later(10)
    assert gemini.get(made)["tuningTask"].keys() == {"startTime", "hyperparameters"}
    gemini.end()
    model = gemini.get(made)
    assert model["state"] == "ACTIVE"
    task = model["tuningTask"]
    assert task["completeTime"] == model["updateTime"]
    times = [model["createTime"], task["startTime"], *(shot["computeTime"] for shot in task["snapshots"])]
    assert sorted(times) == times
    assert times[-1] < task["completeTime"]
    gemini.end()
    assert gemini.get(made) == model


@pytest.mark.parametrize("version", ["v1beta", "v1beta3"])
def test_operation_from_start_to_end(start_gemini, version: str) -> None:
    gemini = start_gemini()
    gemini.version = version
    operation = gemini.operation(count=10)
    assert operation["metadata"]["@type"] == f"{PACKAGE}.{version}.CreateTunedModelMetadata"
    assert operation["metadata"]["totalSteps"] == 13
    seen = []
    for _ in range(50):
        gemini.emulator.later(5)
        other = gemini.get(operation["name"], version="v1")
        assert other == gemini.get(operation["name"])
        assert gemini.get(f"{operation['metadata']['tunedModel']}/operations") == {"operations": [other]}
        metadata = other["metadata"]
        seen.append(metadata.get("completedSteps", 0))
        assert len(metadata.get("snapshots", ())) == seen[-1]
        assert metadata.get("completedPercent", 0) == pytest.approx(100 * seen[-1] / 13)
        assert ("response" in other) == other.get("done", False)
    assert sorted(seen) == seen
    assert seen[-1] == 13
    assert other["response"] == {
        "@type": f"{PACKAGE}.{version}.TunedModel",
        **gemini.get(operation["metadata"]["tunedModel"]),
    }
    assert other["response"]["tuningTask"]["snapshots"] == metadata["snapshots"]


@pytest.mark.parametrize(
    ("first", "code", "steps"), [("tuning fails at its start", 3, 0), ("tuning fails half-way", 13, 6)]
)
def test_failures(gemini, first: str, code: int, steps: int) -> None:
    operation = gemini.operation(count=10, first=first)
    gemini.end()
    shown = gemini.get(operation["name"])
    assert shown["done"] is True
    assert shown["error"]["code"] == code
    assert "response" not in shown
    assert shown["metadata"].get("completedSteps", 0) in {steps, steps + 1}
    model = gemini.get(operation["metadata"]["tunedModel"])
    assert model["state"] == "FAILED"
    assert "completeTime" not in model["tuningTask"]
    assert len(model["tuningTask"].get("snapshots", ())) == shown["metadata"].get("completedSteps", 0)


def test_cancel(gemini) -> None:
    operation = gemini.operation()
    gemini.emulator.later(60)
    assert gemini.ask("POST", f"{operation['name']}:cancel", {}, version="v1").json == {}
    assert "done" not in gemini.get(operation["name"])
    gemini.emulator.later(6)
    shown = gemini.get(operation["name"])
    assert shown["error"]["code"] == 1
    assert gemini.get(operation["metadata"]["tunedModel"])["state"] == "FAILED"
    assert gemini.ask("POST", f"{operation['name']}:cancel", version="v1").json == {}
    gemini.end()
    assert gemini.get(operation["name"]) == shown


def test_cancel_after_the_end_changes_nothing(gemini) -> None:
    operation = gemini.operation()
    gemini.end()
    shown = gemini.get(operation["name"])
    assert gemini.ask("POST", f"{operation['name']}:cancel", version="v1").json == {}
    gemini.emulator.later(60)
    assert gemini.get(operation["name"]) == shown


DEFAULTS: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {
    "few examples": (4, {}, {"epochCount": 5, "batchSize": 4, "learningRate": 0.001}),
    "many examples": (1000, {}, {"epochCount": 5, "batchSize": 16, "learningRate": 0.0002}),
    "multiplier": (
        4,
        {"learningRateMultiplier": 2},
        {"epochCount": 5, "batchSize": 4, "learningRateMultiplier": 2},
    ),
    "float32": (4, {"learningRate": 0.123456789}, {"epochCount": 5, "batchSize": 4, "learningRate": 0.12345679}),
}


@pytest.mark.parametrize("row", DEFAULTS)
def test_hyperparameters(gemini, row: str) -> None:
    count, sent, used = DEFAULTS[row]
    assert gemini.get(gemini.create(count=count, hyperparameters=sent))["tuningTask"]["hyperparameters"] == used


@pytest.mark.parametrize(
    ("base", "values"),
    [
        ("models/text-bison-001", {"temperature": 0.7, "topP": 0.95, "topK": 40}),
        ("models/gemini-1.5-flash-001", {"temperature": 1, "topP": 0.95, "topK": 64}),
        ("models/never-listed", {"temperature": 0.9, "topP": 1, "topK": 1}),
    ],
)
def test_sampling_is_the_base_models(gemini, base: str, values: dict[str, float]) -> None:
    model = gemini.get(gemini.create(baseModel=base))
    assert {name: model[name] for name in values} == values
    zero = gemini.get(gemini.create(baseModel=base, topK=0, temperature=0, topP=0))
    assert {name: zero[name] for name in values} == dict.fromkeys(values, 0)


def test_tuning_of_a_tuned_model(gemini) -> None:
    first = gemini.create(baseModel="models/text-bison-001")
    source = {"baseModel": None, "tunedModelSource": {"tunedModel": first}}
    assert gemini.ask("POST", MODELS, gemini.body(**source)).json["error"]["status"] == "FAILED_PRECONDITION"
    gemini.end()
    second = gemini.get(gemini.create(**source))
    assert second["tunedModelSource"] == {"tunedModel": first, "baseModel": "models/text-bison-001"}
    assert "baseModel" not in second
    assert second["topK"] == 40
    gone = {"baseModel": None, "tunedModelSource": {"tunedModel": "tunedModels/gone"}}
    assert gemini.ask("POST", MODELS, gemini.body(**gone)).status == 404


def test_every_spelling_is_read(gemini) -> None:
    body = {
        "display_name": "Snake",
        "description": None,
        "base_model": "models/text-bison-001",
        "state": 2,
        "name": "tunedModels/mine",
        "createTime": "nonsense",
        "reader_project_numbers": [1, "2"],
        "tuning_task": {
            "training_data": {"examples": {"examples": [{"text_input": "1", "output": "2"}]}},
            "hyperparameters": {"epoch_count": "3", "batch_size": None, "learning_rate_multiplier": "0.5"},
            "snapshots": [{"step": 1}],
        },
    }
    answer = gemini.ask("POST", MODELS, body)
    assert answer.status == 200, answer.content
    model = gemini.get(answer.json["metadata"]["tunedModel"])
    assert model["name"] != "tunedModels/mine"
    assert model["displayName"] == "Snake"
    assert model["readerProjectNumbers"] == ["1", "2"]
    assert "description" not in model
    assert model["tuningTask"]["hyperparameters"] == {"epochCount": 3, "batchSize": 4, "learningRateMultiplier": 0.5}


def test_enum_numbers_only_on_request(gemini) -> None:
    made = gemini.create()
    query = "%24alt=json%3Benum-encoding%3Dint"
    assert gemini.get(made, query)["state"] == 1
    assert gemini.get(f"{made}/permissions", query)["permissions"][0]["role"] == 1
    assert gemini.get(made)["state"] == "CREATING"


@pytest.mark.parametrize(
    ("display_name", "pattern"),
    [
        ("Sentence Translator", "sentence-translator-[a-z0-9]{12}"),
        ("test_number_generator", "testnumbergenerator-[a-z0-9]{12}"),
        ("Saloon Next Number Generator Test", "saloon-next-number-generator-test-[a-z0-9]{6}"),
        ("x" * 40, "x{34}-[a-z0-9]{5}"),
        ("42 größen", "gren-[a-z0-9]{12}"),
        ("日本", "[a-z][a-z0-9]{11}"),
        (None, "[a-z][a-z0-9]{11}"),
    ],
)
def test_generated_names(gemini, display_name: str | None, pattern: str) -> None:
    made = {gemini.create(displayName=display_name) for _ in range(3)}
    assert len(made) == 3
    for name in made:
        assert re.fullmatch(f"tunedModels/{pattern}", name)
        assert re.fullmatch(r"tunedModels/[a-z]([a-z0-9-]{0,38}[a-z0-9])?", name)


def test_given_ids(gemini) -> None:
    for given in ("a", "a-1", "a" * 40, "b" + "-" * 38 + "9"):
        assert gemini.create(f"tunedModelId={given}") == f"tunedModels/{given}"
        assert gemini.ask("POST", MODELS, gemini.body(), f"tuned_model_id={given}").json["error"]["code"] == 409
    gemini.ask("DELETE", "tunedModels/a")
    assert gemini.create("tunedModelId=a") == "tunedModels/a"


def test_training_data_is_never_shown(gemini) -> None:
    operation = gemini.operation()
    for _ in range(3):
        for path in (operation["name"], operation["metadata"]["tunedModel"], MODELS):
            assert "trainingData" not in str(gemini.get(path))
        gemini.emulator.later(100)


def test_speed_scales_durations_only(start_gemini) -> None:
    gemini = start_gemini(speed=100)
    made = gemini.create()
    gemini.emulator.later(2)
    assert gemini.get(made)["state"] == "ACTIVE"
