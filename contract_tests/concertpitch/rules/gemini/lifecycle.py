"""In which states a tuned model may be seen after which, and what two reads of it may not disagree on.

A state without a row permits everything, so silence never convicts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import instant, precedes
from concertpitch.sources import aip, gemini, records
from concertpitch.subjects.gemini import SETTINGS, Kept, Life, ModelChange, TunedModel

LIFECYCLE: Mapping[str, frozenset[str]] = {"ACTIVE": frozenset(), "FAILED": frozenset()}
"""The states that may be seen after one state, itself apart (AIP-216, Resting states)."""
_LOOKS = 3
_PATIENCE, _FACTOR = 10.0, 5.0
"""A model counts as stuck after ten seconds and five times what the slowest model of the run took."""


@rule(
    "tuned-model/ended-stays-ended",
    CONVENTION,
    on=ModelChange,
    when=lambda change: change.before.state in LIFECYCLE and not change.touched,
    cite=aip(
        216, "Resting states", says='"Resting states" are lifecycle states that, absent user action, are expected to'
    ),
    probe="watch",
)
def ended_stays_ended(change: ModelChange) -> Findings:
    """A tuned model that is ACTIVE or FAILED stays so."""
    before, after = change.before.state, change.after.state
    if after and after != before and after not in LIFECYCLE[before]:
        yield f"{change.after.shown} went {before} -> {after}"


@rule(
    "tuned-model/ends-unpolled",
    OBSERVED,
    on=Life,
    when=lambda life: len(life.sightings) > 1 and life.pace is not None and not life.polled,
    cite=records("clients of this API", says="poll the tuned model only, never its operation"),
    probe="watch",
)
def ends_unpolled(life: Life) -> Findings:
    """A tuned model comes to its end though nobody reads its operation."""
    last = life.sightings[-1]
    if last.state == "CREATING" and life.lasted > max(_PATIENCE, _FACTOR * (life.pace or 0)):
        yield f"{last.shown} has been CREATING for {life.lasted:.0f} s, and its operation was never read"


@rule(
    "tuned-model/is-created",
    OBSERVED,
    on=Life,
    when=lambda life: len(life.sightings) > 1 and life.polled,
    cite=aip(216, "Enum values", says="temporary and will resolve to another state on its own, with no further user"),
    probe="watch",
)
def is_created(life: Life) -> Findings:
    """A tuned model leaves CREATING (a slow target may need more patience, so this only warns)."""
    last = life.sightings[-1]
    slow = max(_PATIENCE, _FACTOR * life.pace) if life.pace is not None else _PATIENCE
    if last.state == "CREATING" and life.lasted > slow:
        yield f"{last.shown} has been CREATING for {life.lasted:.0f} s; is --patience too short?"


def _listed(change: ModelChange) -> bool:
    """Whether one of the two is an item of a list, which may leave members out."""
    return "list" in {change.before.source, change.after.source}


def _short(value: Any) -> str:
    shown = "absent" if value is None else str(value)
    return shown if len(shown) <= 90 else shown[:87] + "..."  # noqa: PLR2004 - one line of a report


def _moved(change: ModelChange, before: Any, after: Any, name: str) -> Findings:
    """A value that was set and is now another, or gone; times are compared as instants."""
    if before in (None, "", {}, []) or before == after or (after is None and _listed(change)):
        return
    if instant(before) is not None and instant(before) == instant(after):
        return
    yield f"{change.after.shown}: {name} was {_short(before)} and is now {_short(after)}"


@rule(
    "tuned-model/create-time-stays",
    CONVENTION,
    on=ModelChange,
    when=lambda change: change.before.create_time is not None and not change.touched,
    cite=gemini("TunedModel", "createTime", says="The timestamp when this model was created."),
    probe="watch",
)
def create_time_stays(change: ModelChange) -> Findings:
    """A tuned model's createTime never changes."""
    yield from _moved(change, change.before.body["createTime"], change.after.body.get("createTime"), "createTime")


@rule(
    "tuned-model/start-time-stays",
    DOCUMENTED,
    on=ModelChange,
    when=lambda change: change.before.start_time is not None,
    cite=gemini("TuningTask", "startTime", says="The timestamp when tuning this model started."),
    probe="watch",
)
def start_time_stays(change: ModelChange) -> Findings:
    """A tuning's startTime is written once."""
    yield from _moved(change, change.before.task["startTime"], change.after.task.get("startTime"), "startTime")


@rule(
    "tuned-model/complete-time-stays",
    DOCUMENTED,
    on=ModelChange,
    when=lambda change: change.before.complete_time is not None,
    cite=gemini("TuningTask", "completeTime", says="The timestamp when tuning this model completed."),
    probe="watch",
)
def complete_time_stays(change: ModelChange) -> Findings:
    """A tuning's completeTime is written once."""
    yield from _moved(change, change.before.task["completeTime"], change.after.task.get("completeTime"), "completeTime")


@rule(
    "tuned-model/update-time-never-falls",
    DOCUMENTED,
    on=ModelChange,
    when=lambda change: None not in (change.before.update_time, change.after.update_time),
    cite=gemini("TunedModel", "updateTime", says="The timestamp when this model was updated."),
    probe="watch",
)
def update_time_never_falls(change: ModelChange) -> Findings:
    """A tuned model's updateTime never goes back."""
    if precedes(change.after.body["updateTime"], change.before.body["updateTime"]):
        yield (
            f"{change.after.shown}: updateTime was {change.before.body['updateTime']} "
            f"and is now {change.after.body['updateTime']}"
        )


def _at_rest(life: Life) -> list[TunedModel]:
    return [one for one in life.sightings if one.ended and one.update_time is not None]


@rule(
    "tuned-model/update-time-rests",
    ADVISED,
    on=Life,
    when=lambda life: not life.written and len(_at_rest(life)) >= _LOOKS,
    cite=gemini("TunedModel", "updateTime", says="The timestamp when this model was updated."),
    probe="watch",
)
def update_time_rests(life: Life) -> Findings:
    """An ended model that nobody changes is not updated at every look (a service may touch it, so this only warns)."""
    *_, first, second, third = _at_rest(life)
    if len({first.update_time, second.update_time, third.update_time}) == _LOOKS:
        yield f"{third.shown}: updateTime was another at each of the last {_LOOKS} looks"


@rule(
    "tuned-model/base-model-stays",
    DOCUMENTED,
    on=ModelChange,
    when=lambda change: bool(change.before.base_model) and not change.touched,
    cite=gemini("TunedModel", "baseModel", says="Immutable."),
    probe="watch",
)
def base_model_stays(change: ModelChange) -> Findings:
    """The base model of a tuned model never changes."""
    yield from _moved(change, change.before.base_model, change.after.base_model or None, "the base model")


@rule(
    "tuned-model/hyperparameters-stay",
    DOCUMENTED,
    on=ModelChange,
    when=lambda change: bool(change.before.hyperparameters) and not change.touched,
    cite=gemini("TuningTask", "hyperparameters", says="Immutable."),
    probe="watch",
)
def hyperparameters_stay(change: ModelChange) -> Findings:
    """A hyperparameter that is set keeps its value."""
    after = change.after.hyperparameters
    for name, value in change.before.hyperparameters.items():
        if after or not _listed(change):
            yield from _moved(change, value, after.get(name), name)


@rule(
    "tuned-model/settings-stay",
    CONVENTION,
    on=ModelChange,
    when=lambda change: not change.touched and any(name in change.before.body for name in SETTINGS),
    cite=aip(129, "User-Specified Fields", says="For user-specified fields, the value in response from the service"),
    probe="watch",
)
def settings_stay(change: ModelChange) -> Findings:
    """Name, description, sampling and readers of a tuned model do not change unless somebody patches them."""
    for name in SETTINGS:
        yield from _moved(change, change.before.body.get(name), change.after.body.get(name), name)


@rule(
    "tuned-model/adopts-no-display-name",
    CONVENTION,
    on=Kept,
    when=lambda kept: "displayName" not in kept.tuning.sent and bool(kept.others),
    cite=aip(
        129,
        "Single Owner Fields",
        says="server **must** respect the value (or lack thereof) for all client owned fields",
    ),
    probe="cohort",
)
def adopts_no_display_name(kept: Kept) -> Findings:
    """A model created without a display name does not show that of another create."""
    if kept.model.display_name in kept.others:
        yield f"{kept.model.shown} was created without a display name and shows '{kept.model.display_name}' of another"
