"""What two reads of the same job may not disagree on."""

from __future__ import annotations

from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import instant, items, message, precedes, text
from concertpitch.rules.vertex.echo import same_value, sent_hyperparameters
from concertpitch.sources import advice, aip, records, vertex
from concertpitch.subjects.vertex import Change, Job, Kept, Trail

_UNCHANGED = aip(129, "User-Specified Fields", says="For user-specified fields, the value in response from the service")


def _moved(change: Change, member: str) -> Findings:
    """A member that was set and is now another value, or gone (a list may leave members out)."""
    before, after = change.before.body.get(member), change.after.body.get(member)
    if before in (None, "", {}, []) or before == after:
        return
    if after is None and "list" in {change.before.source, change.after.source}:
        return
    yield f"{change.after.shown}: {member} was {_short(before)} and is now {_short(after)}"


def _short(value: Any) -> str:
    shown = "absent" if value is None else str(value)
    return shown if len(shown) <= 90 else shown[:87] + "..."  # noqa: PLR2004 - one line of a report


def _time_moved(change: Change, member: str) -> Findings:
    """A time that was set and is now another instant, or gone."""
    before, after = instant(change.before.body.get(member)), change.after.body.get(member)
    if before is not None and instant(after) != before:
        if after is None and "list" in {change.before.source, change.after.source}:
            return
        if after is None or instant(after) is not None:
            yield f"{change.after.shown}: {member} was {change.before.body[member]} and is now {_short(after)}"


def _has(*members: str) -> Any:
    return lambda change: any(change.before.body.get(member) for member in members)


@rule(
    "stable/name",
    CONVENTION,
    on=Change,
    when=_has("name"),
    cite=aip(180, "Changing resource names", says="A resource **must not** change its [name][aip-122]."),
    probe="watch",
)
def name(change: Change) -> Findings:
    """A job keeps its name, project form included."""
    if change.after.name:
        yield from _moved(change, "name")


@rule(
    "stable/create-time",
    CONVENTION,
    on=Change,
    when=lambda change: change.before.create_time is not None,
    cite=vertex("TuningJob", "createTime", says="Time when the TuningJob was created."),
    probe="watch",
)
def create_time(change: Change) -> Findings:
    """A job's createTime never changes."""
    yield from _time_moved(change, "createTime")


@rule(
    "stable/start-time",
    DOCUMENTED,
    on=Change,
    when=lambda change: change.before.start_time is not None,
    cite=vertex("TuningJob", "startTime", says="for the first time entered"),
    probe="watch",
)
def start_time(change: Change) -> Findings:
    """A job's startTime is written once."""
    yield from _time_moved(change, "startTime")


@rule(
    "stable/end-time",
    DOCUMENTED,
    on=Change,
    when=lambda change: change.before.end_time is not None and change.before.ended,
    cite=vertex("TuningJob", "endTime", says="Time when the TuningJob entered"),
    probe="watch",
)
def end_time(change: Change) -> Findings:
    """An ended job's endTime is written once."""
    if change.after.ended:
        yield from _time_moved(change, "endTime")


@rule(
    "stable/update-time-never-falls",
    DOCUMENTED,
    on=Change,
    when=lambda change: change.before.update_time is not None and change.after.update_time is not None,
    cite=vertex("TuningJob", "updateTime", says="Time when the TuningJob was most recently updated."),
    probe="watch",
)
def update_time_never_falls(change: Change) -> Findings:
    """A job's updateTime never goes back (what a list shows may lag)."""
    if change.lagging:
        return
    if precedes(change.after.body["updateTime"], change.before.body["updateTime"]):
        yield (
            f"{change.after.shown}: updateTime was {change.before.body['updateTime']} "
            f"and is now {change.after.body['updateTime']}"
        )


@rule(
    "stable/base-model",
    CONVENTION,
    on=Change,
    when=_has("baseModel"),
    cite=_UNCHANGED,
    probe="watch",
)
def base_model(change: Change) -> Findings:
    """The base model of a job never changes."""
    yield from _moved(change, "baseModel")


@rule(
    "stable/display-name",
    CONVENTION,
    on=Change,
    when=_has("tunedModelDisplayName"),
    cite=_UNCHANGED,
    probe="watch",
)
def display_name(change: Change) -> Findings:
    """The display name of a job never changes (there is no method to change it)."""
    yield from _moved(change, "tunedModelDisplayName")


@rule("stable/description", CONVENTION, on=Change, when=_has("description"), cite=_UNCHANGED, probe="watch")
def description(change: Change) -> Findings:
    """The description of a job never changes."""
    yield from _moved(change, "description")


@rule("stable/labels", CONVENTION, on=Change, when=_has("labels"), cite=_UNCHANGED, probe="watch")
def labels(change: Change) -> Findings:
    """The labels the caller gave a job stay (a service may add its own)."""
    before, after = change.before.labels, change.after.body.get("labels")
    if after is None and "list" in {change.before.source, change.after.source}:
        return
    lost = sorted(key for key, value in before.items() if message(after).get(key) != value)
    if lost:
        yield f"{change.after.shown}: the labels {', '.join(lost)} changed or are gone"


_DATASETS = ("trainingDatasetUri", "validationDatasetUri")


@rule(
    "stable/datasets",
    CONVENTION,
    on=Change,
    when=lambda change: any(change.before.spec.get(member) for member in _DATASETS),
    cite=_UNCHANGED,
    probe="watch",
)
def datasets(change: Change) -> Findings:
    """The datasets of a job never change."""
    before, after = change.before.spec, change.after.spec
    if not change.after.has_spec:
        if "list" not in {change.before.source, change.after.source}:
            yield f"{change.after.shown}: the tuning spec was shown and is gone"
        return
    for member in _DATASETS:
        if before.get(member) and after and after.get(member) != before[member]:
            yield f"{change.after.shown}: {member} was {before[member]} and is now {_short(after.get(member))}"


@rule(
    "stable/encryption",
    CONVENTION,
    on=Change,
    when=_has("encryptionSpec", "serviceAccount"),
    cite=_UNCHANGED,
    probe="watch",
)
def encryption(change: Change) -> Findings:
    """The encryption key and the service account of a job never change."""
    yield from _moved(change, "encryptionSpec")
    yield from _moved(change, "serviceAccount")


_UNSET = (0, "0", "ADAPTER_SIZE_UNSPECIFIED")
"""What a printer of defaults shows for a hyperparameter that nobody has set."""


@rule(
    "stable/hyperparameters-set",
    OBSERVED,
    on=Change,
    when=lambda change: bool(message(change.before.spec.get("hyperParameters"))),
    cite=records("1 job seen twice", says="hyperParameters filled in by the server, none replaced"),
    probe="watch",
)
def hyperparameters_set(change: Change) -> Findings:
    """A hyperparameter that is set keeps its value."""
    before, after = change.before.spec["hyperParameters"], change.after.spec.get("hyperParameters")
    for member, value in before.items():
        if isinstance(after, dict) and after.get(member) != value and value not in _UNSET:
            yield f"{change.after.shown}: {member} was {value} and is now {_short(after.get(member))}"


@rule(
    "stable/tuned-model",
    CONVENTION,
    on=Change,
    when=lambda change: bool(change.before.tuned_model.get("model")) and change.before.ended,
    cite=aip(122, "Guidance", says="All resource names defined by an API **must** be unique within that API."),
    probe="watch",
)
def tuned_model(change: Change) -> Findings:
    """The model that an ended job made keeps its name."""
    before, after = change.before.tuned_model["model"], change.after.tuned_model.get("model")
    if text(after) and after != before:
        yield f"{change.after.shown}: tunedModel.model was {before} and is now {after}"


@rule(
    "stable/error",
    CONVENTION,
    on=Change,
    when=lambda change: change.before.ended and change.before.error_code is not None,
    cite=aip(216, "Resting states", says='"Resting states" are lifecycle states'),
    probe="watch",
)
def error(change: Change) -> Findings:
    """The error code of an ended job never changes."""
    if change.after.state == change.before.state and change.after.error_code not in {
        None,
        change.before.error_code,
    }:
        yield f"{change.after.shown}: error.code was {change.before.error_code} and is now {change.after.error_code}"


_READS = 4


@rule(
    "stable/reading-changes-nothing",
    DOCUMENTED,
    on=Trail,
    when=lambda trail: len(_resting(trail)) >= _READS,
    cite=vertex("TuningJob", "updateTime", says="Time when the TuningJob was most recently updated."),
    probe="watch",
)
def reading_changes_nothing(trail: Trail) -> Findings:
    """Reading an ended job does not update it."""
    resting = _resting(trail)
    times = [job.body.get("updateTime") for job in resting]
    if len(set(map(str, times))) == len(times):
        yield f"{resting[-1].shown} has ended, and each of {len(times)} reads shows another updateTime"


def _resting(trail: Trail) -> list[Job]:
    """The gets of a job after its end that show an updateTime and nothing else that differs."""
    ended = [job for job in trail.sightings if job.ended and job.source == "get" and job.update_time is not None]
    if not ended:
        return []
    still = ended[-1].body | {"updateTime": ""}
    return [job for job in ended if job.body | {"updateTime": ""} == still]


@rule(
    "stable/outcome",
    CONVENTION,
    on=Trail,
    when=lambda trail: max(len(_outcomes(trail)), len(_errors(trail))) >= _READS,
    cite=aip(216, "Resting states", says='"Resting states" are lifecycle states that, absent user action, are'),
    probe="watch",
)
def outcome(trail: Trail) -> Findings:
    """What an ended job came to is not another endpoint, other checkpoints or another error at every read."""
    models = _outcomes(trail)
    for what, shown in (
        ("endpoint", [model.get("endpoint") for model in models]),
        ("checkpoints", [_checkpoint_ids(model) for model in models]),
        ("errors", _errors(trail)),
    ):
        if len(shown) >= _READS and all(shown) and len(set(map(str, shown))) == len(shown):
            yield f"{trail.sightings[-1].shown} has ended, and each of {len(shown)} reads shows other {what}"


def _outcomes(trail: Trail) -> list[dict[str, Any]]:
    """The tuned model in each get of a job that has ended and made one."""
    return [job.tuned_model for job in trail.sightings if job.ended and job.source == "get" and job.tuned_model]


def _errors(trail: Trail) -> list[dict[str, Any]]:
    """The error in each get of a job that has ended with one."""
    return [job.error for job in trail.sightings if job.ended and job.source == "get" and job.error]


def _checkpoint_ids(model: dict[str, Any]) -> list[Any]:
    return [message(one).get("checkpointId") for one in items(model.get("checkpoints"))]


@rule(
    "stable/sent-hyperparameters",
    CONVENTION,
    on=Kept,
    when=lambda kept: bool(sent_hyperparameters(kept.creation)),
    cite=_UNCHANGED,
    probe="watch",
)
def sent_hyperparameters_keep(kept: Kept) -> Findings:
    """A hyperparameter that the caller set keeps its value."""
    held = message(kept.job.spec.get("hyperParameters"))
    answered = message(kept.creation.job.spec.get("hyperParameters")) if kept.creation.job else {}
    for member, value in sent_hyperparameters(kept.creation).items():
        if kept.job.has_spec and answered.get(member) == value and not same_value(value, held.get(member)):
            now = _short(held.get(member))
            yield f"{kept.job.shown}: {member} was sent as {value}, in {kept.job.short_state} it is {now}"


@rule(
    "stable/experiment",
    ADVISED,
    on=Change,
    when=_has("experiment"),
    cite=advice("An experiment that is another at every read cannot be looked up."),
    probe="watch",
)
def experiment(change: Change) -> Findings:
    """The experiment of a job stays the same once it is shown (no clause says so, so this only warns)."""
    yield from _moved(change, "experiment")


@rule(
    "stable/statistics",
    ADVISED,
    on=Change,
    when=lambda change: (
        change.before.ended
        and change.after.state == change.before.state
        and bool(change.before.body.get("tuningDataStats"))
        and {change.before.source, change.after.source} == {"get"}
    ),
    cite=advice("What was found in a dataset does not change once the job that read it has ended."),
    probe="watch",
)
def statistics(change: Change) -> Findings:
    """The statistics of an ended job stay as a get has shown them (no clause says so, so this only warns)."""
    yield from _moved(change, "tuningDataStats")
