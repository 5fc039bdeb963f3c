"""Request bodies that probes send, each named for what it is about."""

from __future__ import annotations

from typing import Any

from concertpitch.probes.vertex.lab import VertexLab
from concertpitch.recipes import Recipe

Body = dict[str, Any]
PRE_TUNED_MODEL = "models/1234567890123456789@1"


def plain(lab: VertexLab, **members: Any) -> Body:
    """The least a supervised tuning job needs, and more members if given."""
    settings = lab.settings
    return {
        "baseModel": settings.base_model,
        "supervisedTuningSpec": {"trainingDatasetUri": settings.dataset},
    } | members


def tuned(lab: VertexLab, **spec: Any) -> Body:
    """A plain body with more members in its tuning spec."""
    body = plain(lab)
    return body | {"supervisedTuningSpec": body["supervisedTuningSpec"] | spec}


def with_dataset(lab: VertexLab, name: str) -> Body:
    """A plain body whose dataset is another object beside the usual one."""
    bucket = lab.settings.dataset.rpartition("/")[0]
    return plain(lab) | {"supervisedTuningSpec": {"trainingDatasetUri": f"{bucket}/{name}"}}


def scenarios(base_model: str, dataset: str) -> tuple[Recipe, ...]:
    """Recipes of the embedded emulator, which reads them off the name of the dataset (docs/emulator.md)."""
    bucket = dataset.rpartition("/")[0]
    return tuple(
        Recipe(
            name,
            "vertex",
            {"baseModel": base_model, "supervisedTuningSpec": {"trainingDatasetUri": f"{bucket}/{name}.jsonl"}},
            reaches,
            sure=False,
        )
        for name, reaches in (
            ("truncated", "JOB_STATE_SUCCEEDED"),
            ("endpoint-fails", "JOB_STATE_FAILED"),
            ("expires", "JOB_STATE_EXPIRED"),
            ("multimodal", "JOB_STATE_SUCCEEDED"),
        )
    )


def full(lab: VertexLab) -> Body:
    """Every member a caller may set, but encryption and service account."""
    body = tuned(
        lab,
        validationDatasetUri=lab.settings.dataset.replace("train", "validation"),
        hyperParameters={
            "epochCount": "3",
            "learningRateMultiplier": 0.5,
            "adapterSize": "ADAPTER_SIZE_FOUR",
        },
        exportLastCheckpointOnly=False,
    )
    return body | {
        "tunedModelDisplayName": "Concertpitch full",
        "description": "A job with all its members set. " * 8,
        "labels": {"team": "concertpitch", "stage": "1"},
    }


def last_checkpoint_only(lab: VertexLab) -> Body:
    return tuned(lab, exportLastCheckpointOnly=True, hyperParameters={"epochCount": "4"})


def evaluated(lab: VertexLab) -> Body:
    """A job whose checkpoints are evaluated."""
    bucket = lab.settings.dataset.rpartition("/")[0]
    config = {
        "metrics": [{"predefinedMetricSpec": {"metricSpecName": "instruction_following_v1"}}],
        "outputConfig": {"gcsDestination": {"outputUriPrefix": f"{bucket}/evaluations/"}},
    }
    return tuned(lab, evaluationConfig=config, hyperParameters={"adapterSize": "ADAPTER_SIZE_THIRTY_TWO"})


def preference(lab: VertexLab) -> Body:
    spec = {
        "trainingDatasetUri": lab.settings.dataset,
        "validationDatasetUri": lab.settings.dataset.replace("train", "validation"),
        "hyperParameters": {"beta": 0.1, "epochCount": "2", "adapterSize": "ADAPTER_SIZE_EIGHT"},
    }
    told = {"tunedModelDisplayName": "Concertpitch preference", "description": "A job of preference optimization."}
    return {"baseModel": lab.settings.base_model, "preferenceOptimizationSpec": spec} | told


def continuous(lab: VertexLab) -> Body:
    """A job that goes on from a tuned model."""
    body = plain(lab)
    del body["baseModel"]
    return body | {"preTunedModel": {"tunedModelName": f"{lab.parent()}/{PRE_TUNED_MODEL}"}}


def from_checkpoint(lab: VertexLab) -> Body:
    """A job that goes on from a checkpoint of a tuned model that is not its last."""
    body = continuous(lab)
    spec = body["supervisedTuningSpec"] | {"hyperParameters": {"adapterSize": "ADAPTER_SIZE_TWO"}}
    return body | {"preTunedModel": body["preTunedModel"] | {"checkpointId": "1"}, "supervisedTuningSpec": spec}


def encrypted(lab: VertexLab) -> Body:
    key = f"{lab.parent()}/keyRings/ring/cryptoKeys/key"
    return plain(
        lab,
        encryptionSpec={"kmsKeyName": key},
        serviceAccount=f"tuner@{lab.settings.project}.iam.gserviceaccount.com",
    )


def numeric_name(lab: VertexLab) -> Body:
    """Strings that look like numbers."""
    return plain(lab, tunedModelDisplayName="20261106", labels={"version": "1"})


def marked_up(lab: VertexLab) -> Body:
    """Text that a page, a shell or a form would rewrite."""
    return plain(
        lab,
        tunedModelDisplayName=' <b>A4 & "440"</b>  Hz%20\\ ',
        description="First line.\n\tSecond & <i>last</i> line, 1+1 = 100%25.\r\n",
        labels={"pitch_of-a4": "440_hz-"},
    )


def marked_up_dataset(lab: VertexLab) -> Body:
    """A dataset whose name a form, a shell or a file system would rewrite, and a number to be kept exactly."""
    bucket = lab.settings.dataset.rpartition("/")[0]
    uneven = {"learningRateMultiplier": 0.7123456789}  # which no float of 32 bits holds
    return tuned(lab, validationDatasetUri=f"{bucket}/Validation%20Set.jsonl", hyperParameters=uneven)


def international(lab: VertexLab) -> Body:
    """Text beyond ASCII."""
    return plain(
        lab,
        tunedModelDisplayName="Stimmgabel für Ärzte ♪ 音叉",
        description="Ein Auftrag mit Umlauten: äöü, und 音叉 😀.",
        labels={"größe": "klein_2-a"},
    )
