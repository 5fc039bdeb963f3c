"""What the service refuses in a request that is readable; it must not know how requests travel.

Limits and formats are those of the documents' descriptions, the texts those of real records where there are
any ("should be a GCS object of type JSONL.").
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.errors import Violation
from concertpitch_emulator.required import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_emulator.messages import Messages

_MAX_DISPLAY_NAME = 128
_MAX_LABEL = 64
_SEGMENT = r"[^/\s]+"
_GCS_JSONL = re.compile(r"gs://[a-z0-9][a-z0-9._-]*/\S(?:.*\S)?\.jsonl")
_DATASET = re.compile(rf"projects/{_SEGMENT}/locations/{_SEGMENT}/datasets/{_SEGMENT}")
_KMS_KEY = re.compile(
    rf"projects/{_SEGMENT}/locations/(?P<location>{_SEGMENT})/keyRings/{_SEGMENT}/cryptoKeys/{_SEGMENT}"
)
_MODEL = re.compile(rf"projects/{_SEGMENT}/locations/{_SEGMENT}/models/[^/\s@]+(@[^/\s@]+)?")
_BASE_MODEL = re.compile(r"(?:publishers/[\w-]+/models/)?[A-Za-z0-9][\w.@-]*")
_LABEL_CATEGORIES = {"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"}

_SPECS = ("supervisedTuningSpec", "preferenceOptimizationSpec")


def tuning_job(messages: Messages, job: dict[str, Any], location: str) -> Iterator[Violation]:
    """Everything wrong with the job to be made (canonical form)."""
    message = messages.named("TuningJob")
    yield from missing(messages, message, job, "tuning_job")
    yield from _source_model(job)
    specs = {field.name for field in message.fields.values() if field.oneof == "tuning_spec"}
    if not specs & job.keys():
        yield Violation("missing-spec", "tuning_job.tuning_spec", "Exactly one tuning spec must be set.")
    for name in specs & job.keys():
        yield from _tuning_spec(name, message.fields[name].snake, job[name])
    if len(job.get("tunedModelDisplayName", "")) > _MAX_DISPLAY_NAME:
        text = f"The display name can be up to {_MAX_DISPLAY_NAME} characters long."
        yield Violation("long-display-name", "tuning_job.tuned_model_display_name", text)
    yield from _labels(job.get("labels", {}))
    yield from _encryption(job.get("encryptionSpec", {}), location)


def _source_model(job: dict[str, Any]) -> Iterator[Violation]:
    if "preTunedModel" in job:
        name = job["preTunedModel"].get("tunedModelName", "")
        if not _MODEL.fullmatch(name):
            text = "tuned_model_name should be the resource name of a Model."
            yield Violation("bad-tuned-model", "tuning_job.pre_tuned_model.tuned_model_name", text)
    elif "baseModel" not in job:
        text = "Either base_model or pre_tuned_model must be set."
        yield Violation("missing-model", "tuning_job.base_model", text)
    elif not _BASE_MODEL.fullmatch(job["baseModel"]):
        text = "base_model should be the id of a supported model."
        yield Violation("bad-base-model", "tuning_job.base_model", text)


def _tuning_spec(name: str, snake: str, spec: dict[str, Any]) -> Iterator[Violation]:
    path = f"tuning_job.{snake}"
    if name in _SPECS:
        for member in ("training_dataset_uri", "validation_dataset_uri"):
            uri = spec.get("trainingDatasetUri" if member.startswith("t") else "validationDatasetUri")
            multimodal = name == "supervisedTuningSpec" and _DATASET.fullmatch(uri or "")
            if uri is not None and not multimodal and not _GCS_JSONL.fullmatch(uri):
                text = f"{member} should be a GCS object of type JSONL."
                yield Violation("bad-dataset", f"{path}.{member}", text)
    hyper = spec.get("hyperParameters", {})
    for member, snake_member in (
        ("epochCount", "epoch_count"),
        ("learningRateMultiplier", "learning_rate_multiplier"),
        ("learningRate", "learning_rate"),
    ):
        if str(hyper.get(member, "")).startswith("-"):
            text = f"{snake_member} should be positive."
            yield Violation("negative-hyperparameter", f"{path}.hyper_parameters.{snake_member}", text)
    if {"learningRate", "learningRateMultiplier"} <= hyper.keys():
        text = "learning_rate_multiplier is mutually exclusive with learning_rate."
        yield Violation("two-learning-rates", f"{path}.hyper_parameters.learning_rate_multiplier", text)


def _labels(labels: dict[str, str]) -> Iterator[Violation]:
    for key, value in labels.items():
        if not key:
            yield Violation("empty-label", "tuning_job.labels", "Label keys can not be empty.")
        if max(len(key), len(value)) > _MAX_LABEL:
            text = f"Label keys and values can be no longer than {_MAX_LABEL} characters."
            yield Violation("long-label", "tuning_job.labels", text)
        if not all(map(_may_label, key + value)):
            text = "Label keys and values can only contain lowercase letters, digits, underscores and dashes."
            yield Violation("label-characters", "tuning_job.labels", text)


def _may_label(character: str) -> bool:
    return character in "_-" or unicodedata.category(character) in _LABEL_CATEGORIES


def _encryption(spec: dict[str, Any], location: str) -> Iterator[Violation]:
    name = spec.get("kmsKeyName")
    if name is None:
        return
    path, key = "tuning_job.encryption_spec.kms_key_name", _KMS_KEY.fullmatch(name)
    if key is None:
        form = "projects/{project}/locations/{location}/keyRings/{key_ring}/cryptoKeys/{crypto_key}"
        yield Violation("bad-kms-key", path, f"kms_key_name must have the format {form}.")
    elif key["location"] != location:
        yield Violation("kms-key-region", path, "The Cloud KMS key must be in the same region as the resource.")
