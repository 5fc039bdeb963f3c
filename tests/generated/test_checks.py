"""What code constructs is checked; what a server sends is taken as it is."""

from __future__ import annotations

import pytest
from concertpitch_models.gemini_v1beta.models import TunedModel
from concertpitch_models.vertex_v1.models import (
    EncryptionSpec,
    EvaluationConfig,
    PreferenceOptimizationSpec,
    PreTunedModel,
    SupervisedTuningSpec,
    TuningJob,
    TuningJobState,
)


def test_two_members_of_a_oneof_cannot_be_constructed() -> None:
    with pytest.raises(ValueError, match="baseModel and preTunedModel exclude each other: at most one of source_model"):
        TuningJob(base_model="gemini", pre_tuned_model=PreTunedModel())
    with pytest.raises(ValueError, match="supervisedTuningSpec and preferenceOptimizationSpec exclude each other"):
        TuningJob(
            supervised_tuning_spec=SupervisedTuningSpec(),
            preference_optimization_spec=PreferenceOptimizationSpec(),
        )
    assert TuningJob(base_model="gemini", pre_tuned_model=None).base_model == "gemini"


def test_two_members_of_a_oneof_can_be_read() -> None:
    job = TuningJob.from_wire('{"baseModel": "gemini", "preTunedModel": {}}')
    assert job.pre_tuned_model == PreTunedModel()
    assert job.request_problems() == [
        "baseModel and preTunedModel exclude each other: at most one of source_model may be set"
    ]


def test_a_request_knows_what_is_required_and_what_is_output_only() -> None:
    job = TuningJob(
        name="mine",
        state=TuningJobState.JOB_STATE_RUNNING,
        encryption_spec=EncryptionSpec(),
        supervised_tuning_spec=SupervisedTuningSpec(evaluation_config=EvaluationConfig(metrics=[])),
    )
    assert job.request_problems() == [
        "name is output only",
        "state is output only",
        "encryptionSpec.kmsKeyName is required",
        "supervisedTuningSpec.trainingDatasetUri is required",
        "supervisedTuningSpec.evaluationConfig.outputConfig is required",
    ]


def test_a_good_request_has_no_problems() -> None:
    spec = SupervisedTuningSpec(training_dataset_uri="gs://bucket/file.jsonl")
    assert TuningJob(base_model="gemini", supervised_tuning_spec=spec).request_problems() == []


def test_immutable_fields_are_known() -> None:
    assert "baseModel" in TunedModel.__immutable__
    assert "tuningTask" in TunedModel.__required__
