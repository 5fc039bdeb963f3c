"""What was sent to create must come back, and what was not sent has its documented default."""

from __future__ import annotations

import re
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import integer, message, number, text
from concertpitch.sources import aip, gemini, gemini_method
from concertpitch.subjects.gemini import Kept, Tuning

_ECHO = aip(133, "Guidance", says="include any fields that were provided unless they are input only (see")
_WORDS = re.compile(r"[A-Za-z]{1,12}( [A-Za-z]{1,12}){0,2}")
_CLOSE = 1e-6
_EPOCHS, _EPOCHS_OLD = {5}, {5, 10}
_BATCHES, _BATCHES_OLD = {4, 16}, {4, 16, 64}
_RATES, _RATES_OLD = (0.001, 0.0002), (0.001, 0.0002, 0.002)
"""Defaults; the protos of v1beta3, older than what is served there, name others, so either is taken."""


def _same(sent: Any, held: Any) -> bool:
    """Equal as values; a float may have lost what 32 bits cannot hold."""
    if isinstance(sent, str) and integer(sent) is not None and not isinstance(held, float):
        return integer(sent) == integer(held)
    one, other = number(integer(sent)) if isinstance(sent, str) else number(sent), number(held)
    if one is not None and other is not None:
        return abs(one - other) <= _CLOSE * max(1.0, abs(one))
    return bool(sent == held)


def _sent(*members: str) -> Any:
    return lambda kept: any(member in kept.tuning.sent for member in members)


def _echo(kept: Kept, *members: str) -> Findings:
    for member in members:
        sent, held = kept.tuning.sent.get(member), kept.model.body.get(member)
        if member in kept.tuning.sent and sent not in ("", []) and not _same(sent, held):
            shown = "absent" if held is None else held
            yield f"{kept.model.shown}: {member} was sent as {sent} and is {shown}"


@rule(
    "tuned-model/echoes-display-name",
    CONVENTION,
    on=Kept,
    when=_sent("displayName"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_display_name(kept: Kept) -> Findings:
    """The display name comes back as it was sent."""
    yield from _echo(kept, "displayName")


@rule(
    "tuned-model/echoes-description",
    CONVENTION,
    on=Kept,
    when=_sent("description"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_description(kept: Kept) -> Findings:
    """The description comes back as it was sent."""
    yield from _echo(kept, "description")


@rule(
    "tuned-model/echoes-base-model",
    CONVENTION,
    on=Kept,
    when=_sent("baseModel"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_base_model(kept: Kept) -> Findings:
    """The base model comes back as it was sent."""
    sent, held = text(kept.tuning.sent["baseModel"]), kept.model.base_model
    if held.rpartition("/")[2] != sent.rpartition("/")[2]:
        yield f"{kept.model.shown}: baseModel was sent as {sent} and is {held or 'absent'}"


@rule(
    "tuned-model/echoes-source",
    CONVENTION,
    on=Kept,
    when=_sent("tunedModelSource"),
    cite=_ECHO,
    probe="source",
)
def echoes_source(kept: Kept) -> Findings:
    """The tuned model that a tuning goes on from comes back as it was sent."""
    sent = message(kept.tuning.sent["tunedModelSource"]).get("tunedModel")
    held = message(kept.model.body.get("tunedModelSource")).get("tunedModel")
    if sent and text(held).rpartition("/")[2] != text(sent).rpartition("/")[2]:
        yield f"{kept.model.shown}: tunedModelSource.tunedModel was sent as {sent} and is {held or 'absent'}"


@rule(
    "tuned-model/echoes-sampling",
    CONVENTION,
    on=Kept,
    when=_sent("temperature", "topP", "topK"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_sampling(kept: Kept) -> Findings:
    """temperature, topP and topK come back as they were sent, 0 included."""
    yield from _echo(kept, "temperature", "topP", "topK")


@rule(
    "tuned-model/echoes-reader-project-numbers",
    CONVENTION,
    on=Kept,
    when=_sent("readerProjectNumbers"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_reader_project_numbers(kept: Kept) -> Findings:
    """The project numbers of readers come back as they were sent."""
    sent, held = kept.tuning.sent["readerProjectNumbers"], kept.model.body.get("readerProjectNumbers")
    if sent and held != sent:
        yield f"{kept.model.shown}: readerProjectNumbers were sent as {sent} and are {held or 'absent'}"


@rule(
    "tuned-model/echoes-hyperparameters",
    CONVENTION,
    on=Kept,
    when=lambda kept: bool(kept.tuning.hyperparameters),
    cite=_ECHO,
    probe="cohort",
)
def echoes_hyperparameters(kept: Kept) -> Findings:
    """The hyperparameters that were sent come back with their values."""
    held = kept.model.hyperparameters
    for name, value in kept.tuning.hyperparameters.items():
        if not _same(value, held.get(name)):
            yield f"{kept.model.shown}: {name} was sent as {value} and is {held.get(name, 'absent')}"


def _unset(name: str) -> Any:
    """A hyperparameter that was not sent and is shown."""
    return lambda kept: name not in kept.tuning.hyperparameters and name in kept.model.hyperparameters


def _old(kept: Kept) -> bool:
    return kept.tuning.call.version == "v1beta3"


@rule(
    "tuned-model/default-epoch-count",
    DOCUMENTED,
    on=Kept,
    when=_unset("epochCount"),
    cite=gemini("Hyperparameters", "epochCount", says="If not set, a default of 5 will be used."),
    probe="cohort",
)
def default_epoch_count(kept: Kept) -> Findings:
    """Without epochCount, 5 epochs are used."""
    held = integer(kept.model.hyperparameters["epochCount"])
    if held is not None and held not in (_EPOCHS_OLD if _old(kept) else _EPOCHS):
        yield f"{kept.model.shown}: epochCount was not sent and is {held}"


@rule(
    "tuned-model/default-batch-size",
    DOCUMENTED,
    on=Kept,
    when=_unset("batchSize"),
    cite=gemini("Hyperparameters", "batchSize", says="If not set, a default of 4 or 16 will be used"),
    probe="cohort",
)
def default_batch_size(kept: Kept) -> Findings:
    """Without batchSize, batches of 4 or 16 are used."""
    held = integer(kept.model.hyperparameters["batchSize"])
    if held is not None and held not in (_BATCHES_OLD if _old(kept) else _BATCHES):
        yield f"{kept.model.shown}: batchSize was not sent and is {held}"


@rule(
    "tuned-model/default-learning-rate",
    DOCUMENTED,
    on=Kept,
    when=lambda kept: _unset("learningRate")(kept) and "learningRateMultiplier" not in kept.tuning.hyperparameters,
    cite=gemini("Hyperparameters", "learningRate", says="If not set, a default of 0.001 or 0.0002 will be calculated"),
    probe="cohort",
)
def default_learning_rate(kept: Kept) -> Findings:
    """Without a learning rate, 0.001 or 0.0002 is used."""
    held = number(kept.model.hyperparameters["learningRate"])
    rates = _RATES_OLD if _old(kept) else _RATES
    if held is not None and not any(abs(held - rate) <= _CLOSE for rate in rates):
        yield f"{kept.model.shown}: learningRate was not sent and is {held}"


@rule(
    "tuned-model/default-sampling",
    DOCUMENTED,
    on=Kept,
    when=lambda kept: (
        kept.base is not None
        and any(
            name in kept.base.body and name in kept.model.body and name not in kept.tuning.sent
            for name in ("temperature", "topP", "topK")
        )
    ),
    cite=gemini(
        "TunedModel",
        "temperature",
        says="This value specifies default to be the one used by the base model while creating the model.",
    ),
    probe="catalogue",
)
def default_sampling(kept: Kept) -> Findings:
    """temperature, topP and topK that were not sent are those of the base model."""
    base = kept.base.body if kept.base else {}
    for name in ("temperature", "topP", "topK"):
        held = kept.model.body.get(name)
        if name not in kept.tuning.sent and name in base and held is not None and not _same(base[name], held):
            yield f"{kept.model.shown}: {name} was not sent and is {held}, the base model's is {base[name]}"


@rule(
    "tuned-model/id-as-asked",
    DOCUMENTED,
    on=Tuning,
    when=lambda tuning: bool(tuning.accepted and tuning.asked_id and tuning.model_id and not tuning.request.faults),
    cite=gemini("CreateTunedModelRequest", "tunedModelId", says="The unique id for the tuned model if specified."),
    probe="limits",
)
def id_as_asked(tuning: Tuning) -> Findings:
    """A tuned model is created under the id that was asked for."""
    if tuning.model_id != tuning.asked_id and not tuning.id_taken:
        yield f"asked for the id {tuning.asked_id}, tunedModels/{tuning.model_id} is created"


@rule(
    "tuned-model/id-from-display-name",
    ADVISED,
    on=Tuning,
    when=lambda tuning: bool(
        tuning.accepted and tuning.model_id and not tuning.asked_id and _WORDS.fullmatch(tuning.display_name)
    ),
    cite=gemini(
        "TunedModel",
        "name",
        says="the id portion of the name will be set by concatenating the words of the display_name with hyphens",
    ),
    probe="cohort",
)
def id_from_display_name(tuning: Tuning) -> Findings:
    """An id that the server makes begins with the words of the display name (other ids harm nobody, so this warns)."""
    words = "-".join(tuning.display_name.lower().split())
    if not tuning.model_id.startswith(f"{words}-"):
        yield f"with the display name '{tuning.display_name}', tunedModels/{tuning.model_id} is created"


@rule(
    "tuning-operation/answered-by-create",
    DOCUMENTED,
    on=Tuning,
    when=lambda tuning: tuning.accepted,
    cite=gemini_method("ModelService.CreateTunedModel", part="output", says="google.longrunning.Operation"),
    probe="cohort",
)
def answered_by_create(tuning: Tuning) -> Findings:
    """Create answers a long-running operation."""
    body = message(tuning.call.exchange.answer.value)
    if "operations/" not in text(body.get("name")) and not body.keys() & {"metadata", "done"}:
        yield f"create answered {', '.join(sorted(body)) or 'nothing'} with the name '{body.get('name')}'"
