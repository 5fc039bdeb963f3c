"""Checkpoints against each other and the job's epochs, and what a create chooses of checkpoints and models."""

from __future__ import annotations

from itertools import combinations

from concertpitch.catalogue import CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import integer, message, text
from concertpitch.sources import aip, vertex
from concertpitch.subjects.vertex import Creation, Job

_ECHO = aip(133, "Guidance", says="include any fields that were provided unless they are input only (see")
_CHOICE = "exportLastCheckpointOnly"


def _epochs(job: Job) -> int | None:
    return integer(message(job.spec.get("hyperParameters")).get("epochCount"))


def _reached(job: Job) -> list[tuple[int, int]]:
    """Epoch and step of each checkpoint that shows both."""
    pairs = [(integer(one.get("epoch")), integer(one.get("step"))) for one in job.checkpoints]
    return [(epoch, step) for epoch, step in pairs if epoch is not None and step is not None]


@rule(
    "job/checkpoints-within-epochs",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(_epochs(job)) and any(integer(one.get("epoch")) for one in job.checkpoints),
    cite=vertex("TunedModelCheckpoint", "epoch", says="The epoch of the checkpoint."),
    probe="watch",
)
def checkpoints_within_epochs(job: Job) -> Findings:
    """No checkpoint is of an epoch beyond the job's epochCount."""
    for one in job.checkpoints:
        epoch = integer(one.get("epoch")) or 0
        if epoch > (_epochs(job) or 0):
            yield f"{job.shown} has {_epochs(job)} epochs and a checkpoint of epoch {epoch}"


@rule(
    "job/checkpoint-steps-follow-epochs",
    DOCUMENTED,
    on=Job,
    when=lambda job: len(_reached(job)) > 1,
    cite=vertex("TunedModelCheckpoint", "step", says="The step of the checkpoint."),
    probe="watch",
)
def checkpoint_steps_follow_epochs(job: Job) -> Findings:
    """A checkpoint of a later epoch is not of an earlier step."""
    for (epoch, step), (later, other) in combinations(sorted(_reached(job)), 2):
        if epoch < later and step > other:
            yield f"{job.shown}: epoch {epoch} ends at step {step}, epoch {later} at step {other}"
            return


def _accepted(creation: Creation) -> bool:
    return creation.job is not None and not creation.request.faults


def _chosen(creation: Creation) -> dict[str, bool]:
    """The specs of a create that say whether they ask for the last checkpoint only, and what they say."""
    said = {name: message(spec).get(_CHOICE) for name, spec in creation.sent.items() if name.endswith("Spec")}
    return {name: choice for name, choice in said.items() if isinstance(choice, bool)}


@rule(
    "create/echoes-checkpoint-choice",
    CONVENTION,
    on=Creation,
    when=lambda creation: _accepted(creation) and bool(_chosen(creation)),
    cite=_ECHO,
    probe="cohort",
)
def echoes_checkpoint_choice(creation: Creation) -> Findings:
    """That only the last checkpoint is wanted, or is not, comes back as it was sent (false may be left out)."""
    for name, sent in _chosen(creation).items():
        held = message(creation.job.body.get(name)).get(_CHOICE) if creation.job else None
        if held is not sent and (sent or held is True):
            yield f"{_CHOICE} was sent as {sent} and came back as {'absent' if held is None else held}"


def _model(job: object) -> str:
    """The id of the tuned model that a job goes on from, without its version."""
    name = text(message(message(job).get("preTunedModel")).get("tunedModelName"))
    return name.rpartition("/")[2].partition("@")[0]


def _checkpoint(job: object) -> str:
    """The id of the checkpoint that a job goes on from."""
    return text(message(message(job).get("preTunedModel")).get("checkpointId"))


@rule(
    "create/echoes-pre-tuned-model",
    CONVENTION,
    on=Creation,
    when=lambda creation: _accepted(creation) and bool(_model(creation.sent)),
    cite=_ECHO,
    probe="cohort",
)
def echoes_pre_tuned_model(creation: Creation) -> Findings:
    """The model and the checkpoint that a job goes on from come back as sent (the server may settle a version)."""
    held = _model(creation.job.body) if creation.job else ""
    if held != _model(creation.sent):
        yield f"the model {_model(creation.sent)} was sent to go on from and came back as {held or 'absent'}"
    sent, shown = _checkpoint(creation.sent), _checkpoint(creation.job.body if creation.job else {})
    if sent and shown != sent:
        yield f"the checkpoint {sent} was sent to go on from and came back as {shown or 'absent'}"
