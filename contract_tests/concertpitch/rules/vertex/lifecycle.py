"""In which states a job may be seen after which: what the documents say, as a table, and the rules on it.

A poller sees reachability, not edges: states between two reads stay unseen. A state without a row permits
everything, so silence never convicts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from concertpitch.catalogue import CONVENTION, DOCUMENTED, OBSERVED, Cite, Findings, rule
from concertpitch.sources import aip, enum_value, method, records
from concertpitch.subjects.vertex import Change, Trail

_CANCELLING = "JOB_STATE_CANCELLING"


@dataclass(frozen=True)
class Row:
    """The states that may be seen after one state, itself apart, and the sentence that says so."""

    then: frozenset[str]
    cite: Cite


_RESTING = aip(
    216,
    "Resting states",
    says='"Resting states" are lifecycle states that, absent user action, are expected to',
)
LIFECYCLE: Mapping[str, Row] = {
    "JOB_STATE_SUCCEEDED": Row(frozenset(), _RESTING),
    "JOB_STATE_FAILED": Row(frozenset(), _RESTING),
    "JOB_STATE_CANCELLED": Row(frozenset(), _RESTING),
    "JOB_STATE_EXPIRED": Row(frozenset(), _RESTING),
    _CANCELLING: Row(
        frozenset({"JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED"}),
        enum_value(
            "TuningJob",
            "state",
            6,
            says="From this state the job may only go to either `JOB_STATE_SUCCEEDED`, `JOB_STATE_FAILED` or "
            "`JOB_STATE_CANCELLED`.",
        ),
    ),
}


def forbidden(change: Change) -> bool:
    """Whether the table says that the first state cannot lead to the second."""
    row = LIFECYCLE.get(change.before.state)
    if row is None or not change.after.state or change.lagging:
        return False
    return change.after.state not in {change.before.state, *row.then}


@rule(
    "life/ended-stays-ended",
    CONVENTION,
    on=Change,
    when=lambda change: change.before.state in LIFECYCLE and change.before.state != _CANCELLING,
    cite=_RESTING,
    probe="watch",
)
def ended_stays_ended(change: Change) -> Findings:
    """A job that succeeded, failed, was cancelled or expired stays so."""
    if forbidden(change):
        yield f"{change.after.shown} went {change.before.short_state} -> {change.after.short_state}"


@rule(
    "life/cancelling-only-ends",
    DOCUMENTED,
    on=Change,
    when=lambda change: change.before.state == _CANCELLING,
    cite=LIFECYCLE[_CANCELLING].cite,
    probe="cancel",
)
def cancelling_only_ends(change: Change) -> Findings:
    """From CANCELLING a job goes to SUCCEEDED, FAILED or CANCELLED only."""
    if forbidden(change):
        yield f"{change.after.shown} went CANCELLING -> {change.after.short_state}"


_PATIENCE, _FACTOR = 10.0, 5.0
"""A state that passes counts as stuck after ten seconds and five times what the slowest job of the run took."""
_WAITING = frozenset({"JOB_STATE_QUEUED", "JOB_STATE_PENDING"})


@rule(
    "life/no-way-back",
    OBSERVED,
    on=Change,
    when=lambda change: change.before.state == "JOB_STATE_RUNNING",
    cite=records("printed polls of 2 jobs", says="PENDING, then RUNNING 15 times and more, then SUCCEEDED"),
    probe="watch",
)
def no_way_back(change: Change) -> Findings:
    """A running job does not wait again (it may after a pause, so this only warns)."""
    if change.after.state in _WAITING and not change.lagging:
        yield f"{change.after.shown} went RUNNING -> {change.after.short_state}"


def _stuck(trail: Trail, lasted: float) -> bool:
    return trail.pace is not None and lasted > max(_PATIENCE, _FACTOR * trail.pace)


@rule(
    "life/cancelling-resolves",
    CONVENTION,
    on=Trail,
    when=lambda trail: trail.pace is not None and any(job.state == _CANCELLING for job in trail.sightings),
    cite=aip(216, "Enum values", says="temporary and will resolve to another state on its own, with no further user"),
    probe="cancel",
)
def cancelling_resolves(trail: Trail) -> Findings:
    """A job does not stay in CANCELLING while others of the run come to their end several times over."""
    lasted = trail.lasted(trail.sightings, frozenset({_CANCELLING}))
    if _stuck(trail, lasted):
        yield f"{trail.sightings[-1].shown} has been CANCELLING for {lasted:.0f} s"


@rule(
    "life/job-is-executed",
    OBSERVED,
    on=Trail,
    when=lambda trail: len(trail.untouched) > 1 and not any(job.ended for job in trail.untouched),
    cite=method("create", says="A created tuning job will be subsequently executed"),
    probe="watch",
)
def job_is_executed(trail: Trail) -> Findings:
    """A created job leaves its waiting state (a slow target may need more patience, so this only warns)."""
    lasted = trail.lasted(trail.untouched, _WAITING)
    if lasted > _PATIENCE and (trail.pace is None or _stuck(trail, lasted)):
        yield f"{trail.sightings[-1].shown} has been waiting for {lasted:.0f} s; is --patience too short?"
