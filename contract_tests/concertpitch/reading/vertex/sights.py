"""Jobs and changes -> the states and transitions of tuning jobs that a run saw.

A poller sees states at moments: what lies between two reads stays unseen, so a transition seen is the one from one
read to the next, documented or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from concertpitch.subjects.sights import Sights, Transition
from concertpitch.subjects.vertex import Change, Job, JobKey
from concertpitch.surfaces import Surface

_PREFIX, _UNSPECIFIED = "JOB_STATE_", "JOB_STATE_UNSPECIFIED"
_DOCUMENTED = (
    ("QUEUED", "RUNNING", "just created or resumed and processing has not yet begun"),
    ("PENDING", "RUNNING", "The service is preparing to run the job."),
    ("RUNNING", "SUCCEEDED", "The job completed successfully."),
    ("RUNNING", "CANCELLING", "The job is being cancelled."),
    ("CANCELLING", "SUCCEEDED", "may only go to either `JOB_STATE_SUCCEEDED`, `JOB_STATE_FAILED` or"),
    ("CANCELLING", "FAILED", "may only go to either `JOB_STATE_SUCCEEDED`, `JOB_STATE_FAILED` or"),
    ("CANCELLING", "CANCELLED", "`JOB_STATE_CANCELLED`."),
    ("PAUSED", "QUEUED", "The job has been stopped, and can be resumed."),
    ("RUNNING", "UPDATING", "Only jobs in the `RUNNING` state can be updated."),
    ("UPDATING", "RUNNING", "After updating, the job goes back to the `RUNNING` state."),
)
"""Transitions that a description of a JobState names or plainly implies, with its words."""


def documented_states(surface: Surface) -> list[str]:
    """The values of the enum JobState, in document order."""
    schemas = surface.schemas.openapi["components"]["schemas"]
    values: list[str] = next(schema["enum"] for schema in schemas.values() if _UNSPECIFIED in schema.get("enum", ()))
    return [value for value in values if value != _UNSPECIFIED]


def sights_of(subjects: Iterable[object], surface: Surface) -> Sights:
    """Count jobs by state, and by the states of two reads in turn."""
    known = documented_states(surface)
    states: dict[str, set[JobKey]] = defaultdict(set)
    moves: dict[tuple[str, str], set[JobKey]] = defaultdict(set)
    for one in subjects:
        if isinstance(one, Job) and one.state:
            states[one.state].add(one.key)
        elif isinstance(one, Change) and one.before.state and one.after.state not in {"", one.before.state}:
            moves[one.before.state, one.after.state].add(one.after.key)
    named = [(_PREFIX + before, _PREFIX + after) for before, after, _ in _DOCUMENTED]
    others = sorted(moves.keys() - set(named))
    return Sights(
        {state: len(states[state]) for state in [*known, *sorted(states.keys() - set(known))]},
        tuple(Transition(*pair, documented=pair in named, seen=len(moves[pair])) for pair in [*named, *others]),
    )
