"""What must be refused of tuned models."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.rules.rest.refusal import judgeable, wrong_only
from concertpitch.sources import advice, aip, gemini, rpc
from concertpitch.sources import protojson as proto
from concertpitch.subjects.gemini import Patch, Tuning

_ID = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
_CONFLICT = 409
_ONEOF = proto("Duplicate values", says="Serializers must never serialize the same field multiple times, nor multiple")


@rule(
    "refuse/bad-tuned-model-id",
    DOCUMENTED,
    on=Tuning,
    when=lambda tuning: bool(
        tuning.asked_id and not _ID.fullmatch(tuning.asked_id) and not tuning.request.faults and judgeable(tuning)
    ),
    cite=gemini("CreateTunedModelRequest", "tunedModelId", says="The id must match the regular expression"),
    probe="limits",
)
def bad_tuned_model_id(tuning: Tuning) -> Findings:
    """An id that does not match the documented expression is given to no tuned model."""
    if tuning.accepted and tuning.model_id == tuning.asked_id:
        yield f"the id '{tuning.asked_id}' was accepted"


@rule(
    "refuse/used-tuned-model-id",
    CONVENTION,
    on=Tuning,
    when=lambda tuning: tuning.id_taken and not tuning.request.faults and judgeable(tuning),
    cite=aip(
        133, "User-specified IDs", says="duplicate resource name, the service **must** error with `ALREADY_EXISTS`."
    ),
    probe="limits",
)
def used_tuned_model_id(tuning: Tuning) -> Findings:
    """A create with an id that is taken is refused."""
    if tuning.accepted:
        yield f"the id {tuning.asked_id}, which is taken, was accepted again"


@rule(
    "refuse/used-id-is-conflict",
    CONVENTION,
    on=Tuning,
    when=lambda tuning: tuning.id_taken and not tuning.request.faults and tuning.refused,
    cite=aip(
        133, "User-specified IDs", says="duplicate resource name, the service **must** error with `ALREADY_EXISTS`."
    ),
    probe="limits",
)
def used_id_is_conflict(tuning: Tuning) -> Findings:
    """A create with an id that is taken answers 409."""
    if tuning.call.status != _CONFLICT:
        yield f"the id {tuning.asked_id}, which is taken, was answered {tuning.call.status}"


@rule(
    "tuned-model/id-given-once",
    CONVENTION,
    on=Tuning,
    when=lambda tuning: tuning.id_given_twice and not tuning.request.faults and (tuning.accepted or tuning.refused),
    cite=aip(
        133, "User-specified IDs", says="duplicate resource name, the service **must** error with `ALREADY_EXISTS`."
    ),
    probe="parallel",
)
def id_given_once(tuning: Tuning) -> Findings:
    """Of creates that ask for one id at the same moment, one is accepted."""
    if tuning.accepted:
        yield f"the id {tuning.asked_id} was given to another create at the same moment"


def _missing(tuning: Tuning, *members: str) -> bool:
    return any(path.endswith(members) for path in tuning.request.missing)


@rule(
    "refuse/missing-tuning-task",
    DOCUMENTED,
    on=Tuning,
    when=lambda tuning: wrong_only("missing")(tuning) and _missing(tuning, "tuningTask"),
    cite=gemini("TunedModel", "tuningTask", says="Required. The tuning task that creates the tuned model."),
    probe="refusals",
)
def missing_tuning_task(tuning: Tuning) -> Findings:
    """A create without a tuning task is refused."""
    if tuning.accepted:
        yield "a create without tuningTask was accepted"


@rule(
    "refuse/missing-training-data",
    DOCUMENTED,
    on=Tuning,
    when=lambda tuning: (
        not tuning.unreadable
        and tuning.request.faults <= {"missing", "empty"}
        and (_missing(tuning, "trainingData") or any(path.endswith("trainingData") for path in tuning.request.empty))
        and judgeable(tuning)
    ),
    cite=gemini("TuningTask", "trainingData", says="Required."),
    probe="refusals",
)
def missing_training_data(tuning: Tuning) -> Findings:
    """A tuning task without training data is refused; empty data is like none."""
    if tuning.accepted:
        yield "a tuning task without trainingData was accepted"


@rule(
    "refuse/two-sources",
    CONVENTION,
    on=Tuning,
    when=lambda tuning: wrong_only("both")(tuning) and "source_model" in tuning.request.both,
    cite=_ONEOF,
    probe="source",
)
def two_sources(tuning: Tuning) -> Findings:
    """Both members of the oneof source_model in one request are refused."""
    if tuning.accepted:
        yield "baseModel and tunedModelSource together were accepted"


@rule(
    "refuse/two-learning-rates",
    CONVENTION,
    on=Tuning,
    when=lambda tuning: (
        wrong_only("both")(tuning) and any(path.endswith("learning_rate_option") for path in tuning.request.both)
    ),
    cite=_ONEOF,
    probe="refusals",
)
def two_learning_rates(tuning: Tuning) -> Findings:
    """Both members of the oneof learning_rate_option in one request are refused."""
    if tuning.accepted:
        yield "learningRate and learningRateMultiplier together were accepted"


@rule(
    "refuse/no-examples",
    ADVISED,
    on=Tuning,
    when=lambda tuning: (
        not tuning.unreadable and not tuning.request.faults and tuning.examples == 0 and judgeable(tuning)
    ),
    cite=gemini("TuningExamples", "examples", says="The examples."),
    probe="refusals",
)
def no_examples(tuning: Tuning) -> Findings:
    """Training data without a single example is refused."""
    if tuning.accepted:
        yield "training data without examples were accepted"


@rule(
    "refuse/no-source",
    ADVISED,
    on=Tuning,
    when=lambda tuning: (
        not tuning.unreadable
        and not tuning.request.faults
        and not tuning.sent.keys() & {"baseModel", "tunedModelSource"}
        and judgeable(tuning)
    ),
    cite=advice("Without a source model there is nothing to tune."),
    probe="refusals",
)
def no_source(tuning: Tuning) -> Findings:
    """A create without any source model is refused."""
    if tuning.accepted:
        yield "a create without baseModel or tunedModelSource was accepted"


@rule(
    "refuse/malformed-patch",
    CONVENTION,
    on=Patch,
    when=lambda patch: patch.unreadable and (patch.call.succeeded or patch.call.refused),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="patch",
)
def malformed_patch(patch: Patch) -> Findings:
    """A patch with a body that is no JSON is refused."""
    if patch.call.succeeded:
        yield f"a patch with a body that is no JSON was answered {patch.call.status}"
