"""What one sight of a job must show: its state, and what the state allows."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import text
from concertpitch.sources import google, method, records, vertex
from concertpitch.subjects.vertex import Job

_PENDING = frozenset({"JOB_STATE_QUEUED", "JOB_STATE_PENDING"})
_WITH_ERROR = frozenset({"JOB_STATE_FAILED", "JOB_STATE_CANCELLED"})
_MAX_RPC_CODE = 16
_CANCELLED_CODE = 1


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
    needs="a job that ends in JOB_STATE_FAILED",
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
    if isinstance(job.body.get("tunedModel", {}), dict) and not job.tuned_model.get("model"):
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
