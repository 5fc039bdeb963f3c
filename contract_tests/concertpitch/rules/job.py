"""What one sight of a job must show: names, times, and what its state allows."""

from __future__ import annotations

import re
import unicodedata
from email.utils import parsedate_to_datetime

from concertpitch.catalogue import CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import text
from concertpitch.sources import aip, google, method, records, vertex
from concertpitch.subjects import Job

_JOB = re.compile(r"projects/[^/]+/locations/[^/]+/tuningJobs/[^/]+")
_MODEL = re.compile(r"projects/[^/]+/locations/[^/]+/models/[^/@]+@[^/@]+")
_ENDPOINT = re.compile(r"projects/[^/]+/locations/[^/]+/endpoints/[^/]+")
_EXPERIMENT = re.compile(r"projects/[^/]+/locations/[^/]+/metadataStores/[^/]+/contexts/[^/]+")
_PENDING = frozenset({"JOB_STATE_QUEUED", "JOB_STATE_PENDING"})
_WITH_ERROR = frozenset({"JOB_STATE_FAILED", "JOB_STATE_CANCELLED"})
_WITH_END = frozenset({"JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED"})
_MAX_RPC_CODE = 16
_CANCELLED_CODE = 1
_MAX_DISPLAY_NAME = 128
_MAX_LABEL = 64

# ---- names


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


# ---- state, error, results


@rule(
    "job/has-state",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.source == "get",
    cite=method("cancel", says="to check whether the cancellation succeeded or whether the job completed"),
    probe="watch",
)
def has_state(job: Job) -> Findings:
    """A get shows in which state the job is."""
    if not job.state:
        yield f"{job.shown}: state is {job.body.get('state', 'absent')}"


@rule(
    "job/error-only-when-failed-or-cancelled",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.unended or job.ended,
    cite=vertex(
        "TuningJob",
        "error",
        says="Only populated when job's state is `JOB_STATE_FAILED` or `JOB_STATE_CANCELLED`.",
    ),
    probe="watch",
)
def error_only_when_failed_or_cancelled(job: Job) -> Findings:
    """A job carries `error` only in FAILED or CANCELLED."""
    if job.error and job.state not in _WITH_ERROR:
        yield f"{job.shown} is {job.short_state} and has error code {job.error.get('code')}"


@rule(
    "job/cancelled-has-code-1",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.state == "JOB_STATE_CANCELLED" and (job.source == "get" or job.error is not None),
    cite=method("cancel", says="`error` is set to a status with a `google.rpc.Status.code` of 1"),
    probe="cancel",
)
def cancelled_has_code_1(job: Job) -> Findings:
    """A job in CANCELLED carries `error` with the code 1."""
    if job.error_code != _CANCELLED_CODE:
        yield f"{job.shown} is CANCELLED and its error is {job.error or 'absent'}"


@rule(
    "job/error-code-is-rpc",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(job.error) and "code" in (job.error or {}),
    cite=google("RpcStatus", "code", says="should be an enum value of google.rpc.Code"),
    probe="watch",
)
def error_code_is_rpc(job: Job) -> Findings:
    """A job's error code is a google.rpc.Code from 1 to 16, not an HTTP status."""
    if job.error_code is not None and not 1 <= job.error_code <= _MAX_RPC_CODE:
        yield f"{job.shown}: error.code is {job.error_code}"


@rule(
    "job/failed-has-error",
    OBSERVED,
    on=Job,
    when=lambda job: job.state == "JOB_STATE_FAILED",
    cite=records("1 of 1 failed jobs", says="error beside JOB_STATE_FAILED"),
    probe="watch",
)
def failed_has_error(job: Job) -> Findings:
    """A job in FAILED says why in `error`."""
    if not job.error:
        yield f"{job.shown} is FAILED without an error"


@rule(
    "job/succeeded-has-model",
    OBSERVED,
    on=Job,
    when=lambda job: job.state == "JOB_STATE_SUCCEEDED" and job.source == "get",
    cite=records("2 of 2 succeeded jobs", says="tunedModel with model and endpoint"),
    probe="watch",
)
def succeeded_has_model(job: Job) -> Findings:
    """A job in SUCCEEDED names the model it made."""
    if not job.tuned_model.get("model"):
        yield f"{job.shown} is SUCCEEDED without tunedModel.model"


@rule(
    "job/no-results-while-pending",
    OBSERVED,
    on=Job,
    when=lambda job: job.state in _PENDING,
    cite=records("4 of 4 pending jobs", says="no tunedModel, tuningDataStats or endTime"),
    probe="cohort",
)
def no_results_while_pending(job: Job) -> Findings:
    """A job that waits to run shows no model yet."""
    if job.tuned_model:
        yield f"{job.shown} is {job.short_state} and has tunedModel"


@rule(
    "job/checkpoints-only-if-enabled",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.spec.get("exportLastCheckpointOnly") is True and bool(job.tuned_model),
    cite=vertex(
        "TunedModel",
        "checkpoints",
        says="This field is only populated for tuning jobs that enable intermediate checkpoints.",
    ),
    probe="watch",
)
def checkpoints_only_if_enabled(job: Job) -> Findings:
    """A job with `exportLastCheckpointOnly` shows no intermediate checkpoints."""
    if job.checkpoints:
        yield f"{job.shown} exports its last checkpoint only and shows {len(job.checkpoints)} checkpoints"


@rule(
    "job/checkpoint-ids-differ",
    DOCUMENTED,
    on=Job,
    when=lambda job: len(job.checkpoints) > 1,
    cite=vertex("TunedModelCheckpoint", "checkpointId", says="The ID of the checkpoint."),
    probe="watch",
)
def checkpoint_ids_differ(job: Job) -> Findings:
    """The checkpoints of a model have different ids."""
    ids = [text(one.get("checkpointId")) for one in job.checkpoints if one.get("checkpointId")]
    if len(set(ids)) < len(ids):
        yield f"{job.shown}: checkpoint ids are {', '.join(ids)}"


@rule(
    "job/one-source-model",
    CONVENTION,
    on=Job,
    cite=vertex("TuningJob", "preTunedModel", says="The pre-tuned model for continuous tuning."),
    probe="cohort",
)
def one_source_model(job: Job) -> Findings:
    """A job is tuned from a base model or a pre-tuned model, never both (oneof source_model)."""
    if "baseModel" in job.body and "preTunedModel" in job.body:
        yield f"{job.shown} shows both baseModel and preTunedModel"


@rule(
    "job/one-tuning-spec",
    CONVENTION,
    on=Job,
    cite=vertex("TuningJob", "supervisedTuningSpec", says="Tuning Spec for Supervised Fine Tuning."),
    probe="cohort",
)
def one_tuning_spec(job: Job) -> Findings:
    """A job has one tuning spec (oneof tuning_spec)."""
    specs = sorted(name for name in job.body if name.endswith("Spec") and name != "encryptionSpec")
    if len(specs) > 1:
        yield f"{job.shown} shows {' and '.join(specs)}"


# ---- times


@rule(
    "job/has-create-time",
    OBSERVED,
    on=Job,
    cite=records("6 of 6 jobs", says="createTime"),
    probe="cohort",
)
def has_create_time(job: Job) -> Findings:
    """A job shows when it was created."""
    if not job.body.get("createTime"):
        yield f"{job.shown} has no createTime"


_FUTURE = 6 * 3600 * 1_000_000_000
"""Nanoseconds ahead of the server's own clock that no run reaches, accelerated emulators included."""


@rule(
    "job/times-not-in-future",
    DOCUMENTED,
    on=Job,
    when=lambda job: _server_clock(job) is not None and job.create_time is not None,
    cite=vertex("TuningJob", "updateTime", says="Time when the TuningJob was most recently updated."),
    probe="cohort",
)
def times_not_in_future(job: Job) -> Findings:
    """A time that a job shows is not hours ahead of the Date header of the same answer."""
    now = _server_clock(job) or 0
    for name, time in (
        ("createTime", job.create_time),
        ("startTime", job.start_time),
        ("endTime", job.end_time),
        ("updateTime", job.update_time),
    ):
        if time is not None and time > now + _FUTURE:
            yield f"{job.shown}: {name} is {job.body[name]}, the answer's Date is {job.exchange.header('date')}"


def _server_clock(job: Job) -> int | None:
    """Nanoseconds since 1970 of the answer's Date header, or None."""
    try:
        return int(parsedate_to_datetime(job.exchange.header("date")).timestamp()) * 1_000_000_000
    except (ValueError, TypeError):
        return None


@rule(
    "job/end-time-only-when-ended",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.unended or job.state in _WITH_END,
    cite=vertex("TuningJob", "endTime", says="entered any of the following JobStates"),
    probe="watch",
)
def end_time_only_when_ended(job: Job) -> Findings:
    """A job that has an `endTime` is in a state that ends it."""
    if job.body.get("endTime") and job.state not in _WITH_END:
        yield f"{job.shown} is {job.short_state} and has endTime {job.body['endTime']}"


@rule(
    "job/ended-has-end-time",
    OBSERVED,
    on=Job,
    when=lambda job: job.state in _WITH_END and job.source == "get",
    cite=records("3 of 3 ended jobs", says="endTime"),
    probe="watch",
)
def ended_has_end_time(job: Job) -> Findings:
    """A job that has ended shows when."""
    if not job.body.get("endTime"):
        yield f"{job.shown} is {job.short_state} without an endTime"


@rule(
    "job/ran-has-start-time",
    OBSERVED,
    on=Job,
    when=lambda job: job.state in {"JOB_STATE_RUNNING", "JOB_STATE_SUCCEEDED"} and job.source == "get",
    cite=records("2 of 2 succeeded jobs", says="startTime"),
    probe="watch",
)
def ran_has_start_time(job: Job) -> Findings:
    """A job that runs, or ran to its end, shows when it started."""
    if not job.body.get("startTime"):
        yield f"{job.shown} is {job.short_state} without a startTime"


@rule(
    "job/start-not-before-create",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.create_time is not None and job.start_time is not None,
    cite=vertex("TuningJob", "startTime", says="for the first time entered the `JOB_STATE_RUNNING` state"),
    probe="watch",
)
def start_not_before_create(job: Job) -> Findings:
    """A job does not start before it is created."""
    if (job.start_time or 0) < (job.create_time or 0):
        yield f"{job.shown}: startTime {job.body['startTime']} is before createTime {job.body['createTime']}"


@rule(
    "job/end-not-before-start",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.end_time is not None and (job.start_time or job.create_time) is not None,
    cite=vertex("TuningJob", "endTime", says="Time when the TuningJob entered any of the following JobStates"),
    probe="watch",
)
def end_not_before_start(job: Job) -> Findings:
    """A job does not end before it starts or is created."""
    for name, earlier in (("startTime", job.start_time), ("createTime", job.create_time)):
        if earlier is not None and (job.end_time or 0) < earlier:
            yield f"{job.shown}: endTime {job.body['endTime']} is before {name} {job.body[name]}"
            return


@rule(
    "job/update-not-before-create",
    DOCUMENTED,
    on=Job,
    when=lambda job: job.create_time is not None and job.update_time is not None,
    cite=vertex("TuningJob", "updateTime", says="Time when the TuningJob was most recently updated."),
    probe="cohort",
)
def update_not_before_create(job: Job) -> Findings:
    """A job was not updated before it was created."""
    if (job.update_time or 0) < (job.create_time or 0):
        yield f"{job.shown}: updateTime {job.body['updateTime']} is before createTime {job.body['createTime']}"


@rule(
    "job/update-not-before-end",
    OBSERVED,
    on=Job,
    when=lambda job: job.ended and job.end_time is not None and job.update_time is not None,
    cite=records("3 of 3 ended jobs", says="endTime == updateTime"),
    probe="watch",
)
def update_not_before_end(job: Job) -> Findings:
    """An ended job was last updated when it ended, or later."""
    if (job.update_time or 0) < (job.end_time or 0):
        yield f"{job.shown}: updateTime {job.body['updateTime']} is before endTime {job.body['endTime']}"


# ---- limits


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
