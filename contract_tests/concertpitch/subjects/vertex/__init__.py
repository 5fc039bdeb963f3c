"""What the rules of Vertex tuningJobs judge: jobs, creates, lists, cancels and rebases."""

from concertpitch.subjects.vertex.cancels import Cancellation, Cancels, JobRetrieval
from concertpitch.subjects.vertex.creations import Creation, Kept
from concertpitch.subjects.vertex.jobs import Change, Distribution, Job, JobKey, Stats, Trail
from concertpitch.subjects.vertex.lists import JobPage, Sameness
from concertpitch.subjects.vertex.operations import Outcome, Rebase

__all__ = [
    "Cancellation",
    "Cancels",
    "Change",
    "Creation",
    "Distribution",
    "Job",
    "JobKey",
    "JobPage",
    "JobRetrieval",
    "Kept",
    "Outcome",
    "Rebase",
    "Sameness",
    "Stats",
    "Trail",
]
