"""What the rules of Vertex tuningJobs judge: jobs, creates, lists, cancels and long-running operations."""

from concertpitch.subjects.vertex.cancels import Cancellation, Cancels, Reads, Retrieval
from concertpitch.subjects.vertex.creations import Aftermath, Attempts, Creation, FirstRead, Intrusion, Kept, Names
from concertpitch.subjects.vertex.filters import Filtered, Term
from concertpitch.subjects.vertex.jobs import LIST_LAG, Change, Distribution, Job, JobKey, Stats, Trail
from concertpitch.subjects.vertex.lists import Page, Sameness, Walk
from concertpitch.subjects.vertex.operations import (
    Operation,
    OperationCall,
    OperationChange,
    OperationsPage,
    Outcome,
    Rebase,
)

__all__ = [
    "LIST_LAG",
    "Aftermath",
    "Attempts",
    "Cancellation",
    "Cancels",
    "Change",
    "Creation",
    "Distribution",
    "Filtered",
    "FirstRead",
    "Intrusion",
    "Job",
    "JobKey",
    "Kept",
    "Names",
    "Operation",
    "OperationCall",
    "OperationChange",
    "OperationsPage",
    "Outcome",
    "Page",
    "Reads",
    "Rebase",
    "Retrieval",
    "Sameness",
    "Stats",
    "Term",
    "Trail",
    "Walk",
]
