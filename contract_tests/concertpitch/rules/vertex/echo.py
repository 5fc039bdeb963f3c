"""What was sent to create must come back."""

from __future__ import annotations

from typing import Any

from concertpitch import protojson
from concertpitch.catalogue import CONVENTION, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip
from concertpitch.subjects.vertex import Creation

_ECHO = aip(133, "Guidance", says="include any fields that were provided unless they are input only (see")


def _accepted(creation: Creation) -> bool:
    return creation.job is not None and not creation.request.faults


def _sent(*members: str) -> Any:
    return lambda creation: _accepted(creation) and any(creation.sent.get(member) for member in members)


def _echo(creation: Creation, member: str) -> Findings:
    sent = creation.sent.get(member)
    if sent and creation.job and creation.job.body.get(member) != sent:
        yield f"{member} was sent as {sent} and came back as {creation.job.body.get(member, 'absent')}"


@rule("create/echoes-base-model", CONVENTION, on=Creation, when=_sent("baseModel"), cite=_ECHO, probe="cohort")
def echoes_base_model(creation: Creation) -> Findings:
    """The base model comes back as it was sent."""
    sent, body = text(creation.sent.get("baseModel")), creation.job.body if creation.job else {}
    if text(body.get("baseModel")).rpartition("/")[2] != sent.rpartition("/")[2]:
        yield f"baseModel was sent as {sent} and came back as {body.get('baseModel', 'absent')}"


@rule(
    "create/echoes-display-name",
    CONVENTION,
    on=Creation,
    when=_sent("tunedModelDisplayName"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_display_name(creation: Creation) -> Findings:
    """The display name comes back as it was sent."""
    yield from _echo(creation, "tunedModelDisplayName")


@rule(
    "create/echoes-description",
    CONVENTION,
    on=Creation,
    when=_sent("description"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_description(creation: Creation) -> Findings:
    """The description comes back as it was sent."""
    yield from _echo(creation, "description")


@rule("create/echoes-labels", CONVENTION, on=Creation, when=_sent("labels"), cite=_ECHO, probe="cohort")
def echoes_labels(creation: Creation) -> Findings:
    """The labels come back as they were sent (a service may add its own)."""
    held = creation.job.body.get("labels", {}) if creation.job else {}
    if not isinstance(held, dict):
        return
    lost = sorted(key for key, value in message(creation.sent["labels"]).items() if held.get(key) != value)
    if lost:
        yield f"the labels {', '.join(lost)} came back changed or not at all"


@rule(
    "create/echoes-encryption-spec",
    CONVENTION,
    on=Creation,
    when=_sent("encryptionSpec"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_encryption_spec(creation: Creation) -> Findings:
    """The encryption key comes back as it was sent."""
    yield from _echo(creation, "encryptionSpec")


@rule(
    "create/echoes-service-account",
    CONVENTION,
    on=Creation,
    when=_sent("serviceAccount"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_service_account(creation: Creation) -> Findings:
    """The service account comes back as it was sent."""
    yield from _echo(creation, "serviceAccount")


def sent_hyperparameters(creation: Creation) -> dict[str, Any]:
    """The hyperparameters a create sent, in canonical form."""
    return {name: value for _, spec in _specs(creation) for name, value in message(spec.get("hyperParameters")).items()}


def _specs(creation: Creation) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, message(value))
        for name, value in creation.sent.items()
        if name.endswith("Spec") and name != "encryptionSpec"
    ]


@rule(
    "create/echoes-datasets",
    CONVENTION,
    on=Creation,
    when=lambda creation: _accepted(creation) and bool(_specs(creation)),
    cite=_ECHO,
    probe="cohort",
)
def echoes_datasets(creation: Creation) -> Findings:
    """The datasets come back as they were sent."""
    for name, sent in _specs(creation):
        held = message(creation.job.body.get(name)) if creation.job else {}
        for member in ("trainingDatasetUri", "validationDatasetUri"):
            if sent.get(member) and held.get(member) != sent[member]:
                yield f"{member} was sent as {sent[member]} and came back as {held.get(member, 'absent')}"


@rule(
    "create/echoes-hyperparameters",
    CONVENTION,
    on=Creation,
    when=lambda creation: _accepted(creation) and any(spec.get("hyperParameters") for _, spec in _specs(creation)),
    cite=_ECHO,
    probe="cohort",
)
def echoes_hyperparameters(creation: Creation) -> Findings:
    """The hyperparameters that were sent come back with their values."""
    for name, sent in _specs(creation):
        held = message(message(creation.job.body.get(name)).get("hyperParameters")) if creation.job else {}
        for member, value in message(sent.get("hyperParameters")).items():
            if not same_value(value, held.get(member)):
                yield f"{member} was sent as {value} and came back as {held.get(member, 'absent')}"


def same_value(sent: Any, held: Any) -> bool:
    """Equal as values: how the answer spells them is for the wire rules; a default may be left out."""
    if sent == held or (held is None and sent in (0, 0.0, "0", False, "ADAPTER_SIZE_UNSPECIFIED")):
        return True
    if isinstance(sent, str) and sent.startswith("ADAPTER_SIZE_"):
        return isinstance(held, int) or text(held).upper().endswith(sent.removeprefix("ADAPTER_SIZE_"))
    if isinstance(sent, str) and protojson.integer(sent) is not None:
        return protojson.integer(sent) == protojson.integer(held)
    return isinstance(sent, float) and protojson.number(held) == sent
