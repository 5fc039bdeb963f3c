"""What the rules of Vertex tuningJobs judge: jobs, creates, lists, cancels and rebases."""

from concertpitch.subjects.vertex.cancels import Cancellation, Cancels, JobRetrieval
from concertpitch.subjects.vertex.creations import Attempts, Creation, Intrusion, Kept
from concertpitch.subjects.vertex.filters import Filtered, Term
from concertpitch.subjects.vertex.jobs import Change, Distribution, Job, JobKey, Makers, Stats, Trail
from concertpitch.subjects.vertex.lists import JobPage, Sameness
from concertpitch.subjects.vertex.operations import Orphan, Outcome, Rebase

__all__ = [
    "Attempts",
    "Cancellation",
    "Cancels",
    "Change",
    "Creation",
    "Distribution",
    "Filtered",
    "Intrusion",
    "Job",
    "JobKey",
    "JobPage",
    "JobRetrieval",
    "Kept",
    "Makers",
    "Orphan",
    "Outcome",
    "Rebase",
    "Sameness",
    "Stats",
    "Term",
    "Trail",
]
