"""What the Gemini API refuses in a request that is readable; it must not know how requests travel.

Limits are those of the documents' descriptions. A display name that is too long is refused as in records.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.errors import Violation
from concertpitch_emulator.gemini import numbers
from concertpitch_emulator.gemini.base_models import BY_NAME
from concertpitch_emulator.gemini.records import EVERYONE, OWNER
from concertpitch_emulator.identity import is_email
from concertpitch_emulator.required import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_emulator.messages import Messages

MAX_ID = 40
MAX_DISPLAY_NAME = 40
MAX_CORPUS_DISPLAY_NAME = 512
MAX_STEPS = 10_000
"""The emulator's own limit: a snapshot is kept of every step."""

_MAX_FLOAT = 3.4028234e38
_TUNED_MODEL_ID = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
_CORPUS_NAME = re.compile(r"corpora/[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_BASE_MODEL = re.compile(r"models/[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
_TUNED_MODEL = re.compile(r"tunedModels/[^/\s]{1,100}")


def tuned_model_id(given: str) -> Iterator[Violation]:
    if not _TUNED_MODEL_ID.fullmatch(given):
        text = "The id must have up to 40 characters and match [a-z]([a-z0-9-]{0,38}[a-z0-9])?."
        yield Violation(_wrong_id(given), "tuned_model_id", text)


def _wrong_id(given: str) -> str:
    if len(given) > MAX_ID:
        return "id-too-long"
    if not re.match("[a-z]", given):
        return "id-start"
    return "id-end" if given.endswith("-") else "id-characters"


def tuned_model(messages: Messages, model: dict[str, Any]) -> Iterator[Violation]:
    """Everything wrong with the tuned model to be made (canonical form)."""
    yield from missing(messages, messages.named("TunedModel"), model, "tuned_model")
    yield from _source_model(model)
    yield from settings(model)
    task = model.get("tuningTask", {})
    if task.get("trainingData"):
        yield from _training_data(task)


def settings(model: dict[str, Any]) -> Iterator[Violation]:
    """What is wrong with the members that create and patch share."""
    if len(model.get("displayName", "")) > MAX_DISPLAY_NAME:
        text = f"The display name can be up to {MAX_DISPLAY_NAME} characters long."
        yield Violation("long-display-name", "tuned_model.display_name", text)
    for name, snake in (("temperature", "temperature"), ("topP", "top_p")):
        if not _is_number(model.get(name, 0), 0, 1):
            yield Violation(f"bad-{snake}", f"tuned_model.{snake}", "The value must be in the range [0.0,1.0].")
    if model.get("topK", 0) < 0:
        yield Violation("bad-top_k", "tuned_model.top_k", "The value must not be negative.")


def _source_model(model: dict[str, Any]) -> Iterator[Violation]:
    if "tunedModelSource" in model:
        if not _TUNED_MODEL.fullmatch(model["tunedModelSource"].get("tunedModel", "")):
            text = "The source must have the form tunedModels/{tuned_model}."
            yield Violation("bad-tuned-model-source", "tuned_model.tuned_model_source.tuned_model", text)
        return
    name = model.get("baseModel", "")
    known = BY_NAME.get(name)
    if not name:
        text = "Either base_model or tuned_model_source must be set."
        yield Violation("missing-source-model", "tuned_model.base_model", text)
    elif not _BASE_MODEL.fullmatch(name):
        yield Violation("bad-base-model", "tuned_model.base_model", "The base model must have the form models/{model}.")
    elif known is not None and not known.tunable:
        text = f"The model {name} does not support createTunedModel."
        yield Violation("untunable-base-model", "tuned_model.base_model", text)


def _training_data(task: dict[str, Any]) -> Iterator[Violation]:
    examples = task["trainingData"].get("examples", {}).get("examples", [])
    path = "tuned_model.tuning_task"
    if not examples:
        yield Violation("no-examples", f"{path}.training_data.examples", "At least one example is needed.")
    sent = task.get("hyperparameters", {})
    found = list(_hyperparameters(sent, f"{path}.hyperparameters"))
    yield from found
    used = numbers.hyperparameters({}, len(examples)) | sent
    if not found and numbers.total_steps(used["epochCount"], len(examples), used["batchSize"]) > MAX_STEPS:
        text = f"The tuning would take more than {MAX_STEPS} steps."
        yield Violation("too-many-steps", f"{path}.hyperparameters.epoch_count", text)


def _hyperparameters(sent: dict[str, Any], path: str) -> Iterator[Violation]:
    for name, snake in (("epochCount", "epoch_count"), ("batchSize", "batch_size")):
        if sent.get(name, 1) < 1:
            yield Violation(f"bad-{snake}", f"{path}.{snake}", "The value must be positive.")
    for name, snake in (("learningRate", "learning_rate"), ("learningRateMultiplier", "learning_rate_multiplier")):
        value = sent.get(name, 1)
        if not _is_number(value, 0, _MAX_FLOAT) or not numbers.float32(value) > 0:
            yield Violation(f"bad-{snake}", f"{path}.{snake}", "The value must be a positive number.")


def permission(messages: Messages, value: dict[str, Any]) -> Iterator[Violation]:
    """What is wrong with a permission to be made; ownership can only be transferred."""
    yield from missing(messages, messages.named("Permission"), value, "permission")
    yield from role(value)
    email, kind = value.get("emailAddress", ""), value.get("granteeType", "")
    if kind == EVERYONE and email:
        text = "The field must not be set when the grantee type is EVERYONE."
        yield Violation("everyone-with-email", "permission.email_address", text)
    elif kind != EVERYONE and not is_email(email):
        text = "The e-mail address of the user or group must be set."
        yield Violation("missing-email" if not email else "bad-email", "permission.email_address", text)


def role(value: dict[str, Any]) -> Iterator[Violation]:
    """What is wrong with the role of a permission that is made or changed."""
    if value.get("role") == "ROLE_UNSPECIFIED":
        yield Violation("missing-role", "permission.role", "Required field is not set.")
    if value.get("role") == OWNER:
        text = "The role OWNER cannot be granted. Use transferOwnership."
        yield Violation("grants-owner", "permission.role", text)


def new_owner(messages: Messages, value: dict[str, Any]) -> Iterator[Violation]:
    """What is wrong with a request to transfer ownership."""
    email = value.get("emailAddress", "")
    yield from missing(messages, messages.named("TransferOwnershipRequest"), value, "")
    if email and not is_email(email):
        yield Violation("bad-email", "email_address", "The value must be an e-mail address.")


def corpus(value: dict[str, Any]) -> Iterator[Violation]:
    if len(value.get("displayName", "")) > MAX_CORPUS_DISPLAY_NAME:
        text = f"The display name can be up to {MAX_CORPUS_DISPLAY_NAME} characters long."
        yield Violation("long-display-name", "corpus.display_name", text)
    if "name" in value and not _CORPUS_NAME.fullmatch(value["name"]):
        text = "The name must be corpora/ and up to 40 lower-case letters, digits and dashes, no dash at an end."
        yield Violation("bad-corpus-name", "corpus.name", text)


def _is_number(value: Any, least: float, most: float) -> bool:
    return isinstance(value, int | float) and least <= value <= most
