"""How a job and what it made are named, and how long texts may be."""

from __future__ import annotations

import re
import unicodedata

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import text
from concertpitch.rules.rest.wire import UPPER_SNAKE
from concertpitch.schema import family
from concertpitch.sources import aip, enum_value, records, vertex
from concertpitch.subjects import Enum
from concertpitch.subjects.vertex import Job, Makers

_JOB = re.compile(r"projects/[^/]+/locations/[^/]+/tuningJobs/[^/]+")
_MODEL = re.compile(r"projects/[^/]+/locations/[^/]+/models/[^/@]+@[^/@]+")
_ENDPOINT = re.compile(r"projects/[^/]+/locations/[^/]+/endpoints/[^/]+")
_EXPERIMENT = re.compile(r"projects/[^/]+/locations/[^/]+/metadataStores/[^/]+/contexts/[^/]+")
_MAX_DISPLAY_NAME = 128
_MAX_LABEL = 64


@rule(
    "job/has-name",
    CONVENTION,
    on=Job,
    cite=aip(122, "Guidance", says="Resources **must** expose a `name` field that contains its resource name."),
    probe="cohort",
)
def has_name(job: Job) -> Findings:
    """A job shows its resource name in `name`."""
    if not job.name:
        yield f"the {job.source} answer shows a job without a name"


@rule(
    "job/name-format",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(job.name),
    cite=vertex("TuningJob", "name", says="`projects/{project}/locations/{location}/tuningJobs/{tuning_job}`"),
    probe="cohort",
)
def name_format(job: Job) -> Findings:
    """A job's name is `projects/{project}/locations/{location}/tuningJobs/{tuning_job}`."""
    if not _JOB.fullmatch(job.name):
        yield f"a job is named '{job.name}'"


@rule(
    "job/model-name-format",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(text(job.tuned_model.get("model"))),
    cite=vertex("TunedModel", "model", says="`projects/{project}/locations/{location}/models/{model}@{version_id}`"),
    probe="watch",
)
def model_name_format(job: Job) -> Findings:
    """A tuned model is named `projects/{project}/locations/{location}/models/{model}@{version_id}`."""
    if not _MODEL.fullmatch(job.tuned_model["model"]):
        yield f"{job.shown}: tunedModel.model is '{job.tuned_model['model']}'"


@rule(
    "job/base-model-makes-version-one",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(_MODEL.fullmatch(text(job.tuned_model.get("model")))) and bool(job.body.get("baseModel")),
    cite=vertex("TunedModel", "model", says="When tuning from a base model, the version ID will be 1."),
    probe="watch",
)
def base_model_makes_version_one(job: Job) -> Findings:
    """A model tuned from a base model has version id 1."""
    version = job.tuned_model["model"].rpartition("@")[2]
    if version != "1" and "preTunedModel" not in job.body:
        yield f"{job.shown}: tuned from {job.body['baseModel']}, the model's version is '{version}'"


@rule(
    "job/model-is-its-own",
    ADVISED,
    on=Makers,
    cite=vertex("TunedModel", "model", says="When tuning from a base model, the version ID will be 1."),
    probe="watch",
)
def model_is_its_own(makers: Makers) -> Findings:
    """Two jobs that were tuned from a base model do not show the same model: each makes version 1 of a new one."""
    if len(makers.jobs) > 1:
        yield f"{len(makers.jobs)} jobs show the model {makers.model}, {makers.jobs[0].shown} among them"


@rule(
    "job/endpoint-name-format",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(text(job.tuned_model.get("endpoint"))),
    cite=vertex("TunedModel", "endpoint", says="`projects/{project}/locations/{location}/endpoints/{endpoint}`"),
    probe="watch",
)
def endpoint_name_format(job: Job) -> Findings:
    """A tuned model's endpoint is named `projects/{project}/locations/{location}/endpoints/{endpoint}`."""
    if not _ENDPOINT.fullmatch(job.tuned_model["endpoint"]):
        yield f"{job.shown}: tunedModel.endpoint is '{job.tuned_model['endpoint']}'"


@rule(
    "job/checkpoint-endpoint-format",
    DOCUMENTED,
    on=Job,
    when=lambda job: any(text(one.get("endpoint")) for one in job.checkpoints),
    cite=vertex(
        "TunedModelCheckpoint",
        "endpoint",
        says="`projects/{project}/locations/{location}/endpoints/{endpoint}`",
    ),
    probe="watch",
)
def checkpoint_endpoint_format(job: Job) -> Findings:
    """A checkpoint's endpoint is named `projects/{project}/locations/{location}/endpoints/{endpoint}`."""
    for one in job.checkpoints:
        if text(one.get("endpoint")) and not _ENDPOINT.fullmatch(one["endpoint"]):
            yield f"{job.shown}: the endpoint of a checkpoint is '{one['endpoint']}'"


@rule(
    "job/experiment-name-format",
    OBSERVED,
    on=Job,
    when=lambda job: bool(text(job.body.get("experiment"))),
    cite=records("3 of 3 ended jobs", says="metadataStores/default/contexts/tuning-experiment-"),
    probe="watch",
)
def experiment_name_format(job: Job) -> Findings:
    """An experiment is the full name of a metadata context."""
    if not _EXPERIMENT.fullmatch(job.body["experiment"]):
        yield f"{job.shown}: experiment is '{job.body['experiment']}'"


@rule(
    "job/display-name-limit",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(job.display_name),
    cite=vertex("TuningJob", "tunedModelDisplayName", says="The name can be up to 128 characters long"),
    probe="limits",
)
def display_name_limit(job: Job) -> Findings:
    """A display name has at most 128 characters (code points)."""
    if len(job.display_name) > _MAX_DISPLAY_NAME:
        yield f"{job.shown}: tunedModelDisplayName has {len(job.display_name)} characters"


@rule(
    "job/label-limits",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(job.labels),
    cite=vertex(
        "TuningJob",
        "labels",
        says="Label keys and values can be no longer than 64 characters (Unicode codepoints)",
    ),
    probe="limits",
)
def label_limits(job: Job) -> Findings:
    """Label keys and values have at most 64 characters (code points)."""
    for key, value in job.labels.items():
        for what, shown in (("key", key), ("value", text(value))):
            if len(shown) > _MAX_LABEL:
                yield f"{job.shown}: a label {what} has {len(shown)} characters"


@rule(
    "job/label-characters",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(job.labels),
    cite=vertex(
        "TuningJob",
        "labels",
        says="can only contain lowercase letters, numeric characters, underscores and dashes",
    ),
    probe="limits",
)
def label_characters(job: Job) -> Findings:
    """Label keys and values hold lowercase letters, digits, underscores and dashes only."""
    for key, value in job.labels.items():
        for shown in (key, text(value)):
            if any(_not_for_labels(char) for char in shown):
                yield f"{job.shown}: the label '{shown}' holds other characters"


def _not_for_labels(char: str) -> bool:
    """International characters are allowed, so beyond ASCII only capitals are certainly wrong."""
    if char.isascii():
        return not (char.islower() or char.isdigit() or char in "_-")
    return unicodedata.category(char) == "Lu"


@rule(
    "wire/enum-keeps-prefix",
    DOCUMENTED,
    on=Enum,
    when=lambda value: isinstance(value.value, str) and bool(UPPER_SNAKE.fullmatch(value.value)),
    cite=enum_value("TuningJob", "state", 4, says="The job completed successfully."),
    probe="watch",
)
def enum_keeps_prefix(value: Enum) -> Findings:
    """An enum value carries the prefix that all documented values of its enum carry."""
    prefix = family(value.seen.node.schema["enum"])
    if not str(value.value).startswith(prefix):
        yield f"{value.at} is {value.shown}, without the prefix {prefix}"
