"""What must be refused of jobs."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.rules.rest.refusal import wrong_only
from concertpitch.sources import aip, vertex
from concertpitch.subjects.vertex import Cancellation, Creation, Intrusion, JobRetrieval

_SUPERVISED = "supervisedTuningSpec"
_NOT_FOUND, _FORBIDDEN, _INTERNAL = 404, 403, 500


@rule(
    "refuse/unknown-job",
    CONVENTION,
    on=JobRetrieval,
    when=lambda get: (
        not get.known
        and get.lookalike
        and (get.open or get.call.succeeded)
        and get.call.served
        and get.call.status < _INTERNAL
        and not get.shows_another
        and (get.absent or get.job is None)
    ),
    cite=aip(
        193,
        "Permission Denied",
        says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP",
    ),
    probe="refusals",
)
def unknown_job(get: JobRetrieval) -> Findings:
    """A get of a job that does not exist answers 404."""
    if get.call.status not in {_NOT_FOUND, _FORBIDDEN, 401, 429}:
        yield f"a get of a job that does not exist was answered {get.call.status}"


@rule(
    "refuse/cancel-unknown-job",
    CONVENTION,
    on=Cancellation,
    when=lambda cancel: (
        not cancel.known and cancel.lookalike and cancel.open and cancel.call.served and cancel.call.status < _INTERNAL
    ),
    cite=aip(
        193,
        "Permission Denied",
        says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP",
    ),
    probe="refusals",
)
def cancel_unknown_job(cancel: Cancellation) -> Findings:
    """A cancel of a job that does not exist answers 404."""
    if cancel.call.status not in {_NOT_FOUND, _FORBIDDEN, 401, 429}:
        yield f"a cancel of a job that does not exist was answered {cancel.call.status}"


@rule(
    "refuse/missing-dataset",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: (
        wrong_only("missing")(creation)
        and any(path.endswith("trainingDatasetUri") for path in creation.request.missing)
    ),
    cite=vertex("SupervisedTuningSpec", "trainingDatasetUri", says="Required."),
    probe="refusals",
)
def missing_dataset(creation: Creation) -> Findings:
    """A tuning spec without a training dataset is refused (what ignores a newer kind of spec shows none)."""
    specs = {path.split(".")[0] for path in creation.request.missing}
    if creation.accepted and (_SUPERVISED in specs or (creation.job and specs & creation.job.body.keys())):
        yield "a tuning spec without trainingDatasetUri was accepted"


@rule(
    "refuse/empty-dataset",
    CONVENTION,
    on=Creation,
    when=lambda creation: (
        wrong_only("empty")(creation) and any(path.endswith("trainingDatasetUri") for path in creation.request.empty)
    ),
    cite=aip(203, "Required", says="values, and therefore setting a required field to a falsy value yields an"),
    probe="refusals",
)
def empty_dataset(creation: Creation) -> Findings:
    """An empty training dataset is refused like a missing one."""
    if creation.accepted:
        yield 'trainingDatasetUri "" was accepted'


@rule(
    "refuse/two-source-models",
    CONVENTION,
    on=Creation,
    when=lambda creation: wrong_only("both")(creation) and "source_model" in creation.request.both,
    cite=vertex("TuningJob", "preTunedModel", says="The pre-tuned model for continuous tuning."),
    probe="refusals",
)
def two_source_models(creation: Creation) -> Findings:
    """Both members of the oneof source_model in one request are refused."""
    if creation.accepted:
        yield "baseModel and preTunedModel together were accepted"


@rule(
    "refuse/two-tuning-specs",
    CONVENTION,
    on=Creation,
    when=lambda creation: wrong_only("both")(creation) and "tuning_spec" in creation.request.both,
    cite=vertex("TuningJob", "preferenceOptimizationSpec", says="Tuning Spec for Preference Optimization."),
    probe="refusals",
)
def two_tuning_specs(creation: Creation) -> Findings:
    """Two tuning specs in one request (oneof tuning_spec) are refused."""
    if creation.accepted:
        yield "two tuning specs together were accepted"


@rule(
    "auth/creates-nothing",
    CONVENTION,
    on=Intrusion,
    cite=aip(211, "Guidance", says="Services **must** check authorization before validating any request, to ensure"),
    probe="credentials",
)
def creates_nothing(intrusion: Intrusion) -> Findings:
    """A create that is refused for want of credentials makes no job."""
    if intrusion.shown:
        yield f"a create without credentials was answered {intrusion.call.status}, and its job is listed all the same"
