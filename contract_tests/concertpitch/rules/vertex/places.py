"""Where a job puts what it makes."""

from __future__ import annotations

from concertpitch.catalogue import OBSERVED, Findings, rule
from concertpitch.protojson import text
from concertpitch.sources import records
from concertpitch.subjects.vertex import Job

_MADE = ("model", "endpoint")


def _place(name: str) -> list[str]:
    """projects, project, locations, location; [] for a name of another form."""
    parts = name.split("/")
    return parts[:4] if parts[::2][:2] == ["projects", "locations"] else []


def _made(job: Job) -> dict[str, str]:
    """What the job names as made, as far as it is the name of a resource in a location."""
    named = {member: text(job.tuned_model.get(member)) for member in _MADE}
    return {member: name for member, name in named.items() if _place(name)}


@rule(
    "job/model-in-its-place",
    OBSERVED,
    on=Job,
    when=lambda job: bool(_place(job.name)) and bool(_made(job)),
    cite=records("3 of 3 jobs with a model", says="model and endpoint in the job's own project and location"),
    probe="watch",
)
def model_in_its_place(job: Job) -> Findings:
    """The model and the endpoint of a job are in its own project and location."""
    for member, name in _made(job).items():
        if _place(name) != _place(job.name):
            yield f"{job.shown} is in {'/'.join(_place(job.name))}, its {member} is {name}"
