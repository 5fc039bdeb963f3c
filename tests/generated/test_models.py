"""Models give back what the wire said, whatever it said."""

from __future__ import annotations

import gc
import importlib
import json
import pickle
import re
from typing import Any

import pytest
from concertpitch_models import documents
from concertpitch_models.runtime.message import Message
from concertpitch_models.vertex_v1 import models as v1
from concertpitch_models.vertex_v1beta1 import models as v1beta1
from pydantic import ValidationError


@pytest.mark.parametrize("collecting", [True, False])
def test_reading_leaves_the_garbage_collector_as_it_was(collecting: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        v1.TuningJob.from_wire(b"{}")
        with pytest.raises(ValidationError):
            v1.TuningJob.from_wire(b"{")
        assert gc.isenabled() == collecting
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("models", [v1, v1beta1])
def test_real_jobs_survive_a_round_trip(jobs: list[dict[str, Any]], models: Any) -> None:
    assert len(jobs) >= 6
    for body in jobs:
        job = models.TuningJob.from_wire(json.dumps(body))
        assert json.loads(job.to_wire()) == body
        assert job.state is not None
        assert job.state.is_known
        assert job.create_time is not None
        assert job.create_time.nanoseconds() <= job.update_time.nanoseconds()


@pytest.mark.parametrize("surface", ["gemini_v1beta", "gemini_v1beta3"])
def test_real_gemini_answers_survive_a_round_trip(
    gemini_answers: list[tuple[str, dict[str, Any]]], surface: str
) -> None:
    names = {
        operation["operationId"]: operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        for item in documents.openapi(surface)["paths"].values()
        for verb, operation in item.items()
        if verb != "parameters"
    }
    module = importlib.import_module(f"concertpitch_models.{surface}.models")
    by_name = {
        model.__doc__.split()[-1].rpartition(".")[2]: model for model in vars(module).values() if is_message(model)
    }
    checked = 0
    for operation, body in gemini_answers:
        if operation in names:
            model = by_name.get(re.sub(r".*(V1beta3?|Longrunning)", "", names[operation]), Message)
            assert json.loads(model.from_wire(json.dumps(body)).to_wire()) == body
            checked += 1
    assert checked >= 15


def is_message(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Message) and bool(value.__doc__)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"state": "JOB_STATE_INVENTED_LATER"},
        {"inventedLater": {"deep": [1, None, {"x": "y"}]}},
        {"createTime": "2026-01-02T03:04:05.123456789Z", "endTime": "2026-01-02T03:04:05Z"},
        {"createTime": "no time at all"},
        {"supervisedTuningSpec": {"hyperParameters": {}}},
        {"supervisedTuningSpec": {"hyperParameters": {"epochCount": "9007199254740993"}}},
        {"supervisedTuningSpec": {"hyperParameters": {"learningRateMultiplier": "NaN"}}},
        {"supervisedTuningSpec": {"hyperParameters": {"learningRateMultiplier": "-Infinity"}}},
        {"tuningDataStats": {"supervisedTuningDataStats": {"truncatedExampleIndices": ["1", "22"]}}},
        {"tuningDataStats": {"supervisedTuningDataStats": {"userDatasetExamples": [{"parts": [{"text": "x"}]}]}}},
        {"labels": {"a": "b", "schema": "c"}},
        {"baseModel": None},
        {"error": {"code": 13, "details": [{"@type": "type.googleapis.com/x", "y": 1}]}},
    ],
)
def test_nothing_is_lost(body: dict[str, Any]) -> None:
    assert json.loads(v1.TuningJob.from_wire(json.dumps(body)).to_wire()) == body


@pytest.mark.parametrize("data", ["+/8=", "-_8=", "-_8"])
def test_either_base64_alphabet_comes_back_as_it_was(data: str) -> None:
    body = {"parts": [{"inlineData": {"data": data, "mimeType": "x/y"}}]}
    content = v1.Content.from_wire(json.dumps(body))
    assert json.loads(content.to_wire()) == body
    assert content.parts is not None
    blob = content.parts[0].inline_data
    assert blob is not None
    assert blob.data is not None
    assert blob.data.to_bytes() == b"\xfb\xff"


def test_int64_is_an_int_in_python_and_text_on_the_wire() -> None:
    spec = v1.SupervisedHyperParameters(epoch_count=7)
    assert spec.to_wire() == b'{"epochCount":"7"}'
    read = v1.SupervisedHyperParameters.from_wire('{"epochCount": "9007199254740993"}')
    assert read.epoch_count == 9007199254740993
    assert v1.SupervisedHyperParameters.from_wire('{"epochCount": 3}').epoch_count == 3


def test_only_what_was_set_is_sent() -> None:
    job = v1.TuningJob(base_model="gemini", labels={"team": "x"})
    job.description = "tried"
    assert json.loads(job.to_wire()) == {"baseModel": "gemini", "labels": {"team": "x"}, "description": "tried"}


def test_wire_names_that_python_cannot_have_are_kept() -> None:
    schema = v1.Schema.from_wire('{"$ref": "#/$defs/x", "format": "y"}')
    assert json.loads(schema.to_wire()) == {"$ref": "#/$defs/x", "format": "y"}


@pytest.mark.parametrize("surface", documents.SURFACES)
def test_every_field_has_its_wire_name(surface: str) -> None:
    module = importlib.import_module(f"concertpitch_models.{surface}.models")
    by_pointer = {model.__doc__.split()[-1]: model for model in vars(module).values() if is_message(model)}
    for schema in documents.schemas(surface)["$defs"].values():
        pointer = schema["x-concertpitch-source"]["pointer"]
        if "properties" in schema and pointer:
            fields = by_pointer[pointer].model_fields.values()
            assert {each.serialization_alias or each.alias for each in fields} == set(schema["properties"])


def test_an_unknown_constant_is_a_value_of_its_enum() -> None:
    state = v1.TuningJobState("JOB_STATE_NEW")
    assert isinstance(state, v1.TuningJobState)
    assert (state, str(state), state.name, state.is_known) == ("JOB_STATE_NEW", "JOB_STATE_NEW", "JOB_STATE_NEW", False)
    assert state == v1.TuningJobState("JOB_STATE_NEW")
    assert len({state, v1.TuningJobState("JOB_STATE_NEW")}) == 1
    assert pickle.loads(pickle.dumps(state)) == state
    assert "JOB_STATE_NEW" not in v1.TuningJobState.__members__
    with pytest.raises(ValueError, match="3 is not a valid"):
        v1.TuningJobState(3)


def test_a_wrong_type_is_an_error() -> None:
    with pytest.raises(ValidationError):
        v1.TuningJob.from_wire('{"labels": "none"}')
    with pytest.raises(ValidationError):
        v1.TuningJob.from_wire("<html>")


def test_both_versions_have_their_own_fields() -> None:
    assert "distillation_spec" in v1beta1.TuningJob.model_fields
    assert "distillation_spec" not in v1.TuningJob.model_fields
    assert len(v1.TuningJob.model_fields) == 21


def test_a_message_that_holds_its_own_kind() -> None:
    from concertpitch_models.vertex_v1.models import Schema  # noqa: PLC0415 - not built before its first use

    schema = Schema.from_wire(b'{"items": {"properties": {"a": {"type": "STRING"}}}, "maxItems": "3"}')
    assert schema.items is not None
    assert schema.items.properties is not None
    assert schema.items.properties["a"].type == "STRING"
    assert schema.to_wire() == b'{"items":{"properties":{"a":{"type":"STRING"}}},"maxItems":"3"}'
