"""What rules judge. Each subject carries the exchanges it was read from; its type says which rules it meets.

Rule 1: subjects hold what was said on the wire and in which order, in the words of the API; they never judge.
Rule 2: they are made in `concertpitch.reading` and nowhere else.
"""

from concertpitch.subjects.calls import Answer, Call, Unrouted
from concertpitch.subjects.cancels import Cancellation, Cancels, Reads, Retrieval
from concertpitch.subjects.creations import Aftermath, Creation, FirstRead, Kept, Names
from concertpitch.subjects.jobs import Change, Distribution, Job, JobKey, Stats, Trail
from concertpitch.subjects.lists import Page, Sameness, Walk
from concertpitch.subjects.operations import Operation, OperationCall, OperationChange, OperationsPage, Outcome, Rebase
from concertpitch.subjects.refusals import Refusal
from concertpitch.subjects.values import (
    SEEN,
    Boolean,
    Double,
    Enum,
    Int32,
    Int64,
    Map,
    Message,
    Repeated,
    Seen,
    String,
    Timestamp,
)

__all__ = [
    "SEEN",
    "Aftermath",
    "Answer",
    "Boolean",
    "Call",
    "Cancellation",
    "Cancels",
    "Change",
    "Creation",
    "Distribution",
    "Double",
    "Enum",
    "FirstRead",
    "Int32",
    "Int64",
    "Job",
    "JobKey",
    "Kept",
    "Map",
    "Message",
    "Names",
    "Operation",
    "OperationCall",
    "OperationChange",
    "OperationsPage",
    "Outcome",
    "Page",
    "Reads",
    "Rebase",
    "Refusal",
    "Repeated",
    "Retrieval",
    "Sameness",
    "Seen",
    "Stats",
    "String",
    "Timestamp",
    "Trail",
    "Unrouted",
    "Walk",
]
