"""Where a job puts what it makes."""

from __future__ import annotations

import re

from concertpitch.catalogue import OBSERVED, Findings, rule
from concertpitch.protojson import text
from concertpitch.sources import records
from concertpitch.subjects.vertex import Job

_MADE = ("model", "endpoint")
_LOCATED = re.compile(r"projects/[^/]+/locations/([^/]+)/.+")


def _location(name: str) -> str:
    """The location in the name of a resource; '' for a name of another form."""
    match = _LOCATED.fullmatch(name)
    return match[1] if match else ""


def _made(job: Job) -> dict[str, str]:
    """The locations of what the job names as made."""
    named = {member: _location(text(job.tuned_model.get(member))) for member in _MADE}
    return {member: location for member, location in named.items() if location}


@rule(
    "job/model-in-its-location",
    OBSERVED,
    on=Job,
    when=lambda job: _location(job.name) == job.key[1] and bool(_made(job)),
    cite=records("3 of 3 jobs with a model", says="model and endpoint in the job's own location"),
    probe="watch",
)
def model_in_its_location(job: Job) -> Findings:
    """The model and the endpoint of a job are in its own location."""
    for member, location in _made(job).items():
        if location != job.key[1]:
            yield f"{job.shown} is in {job.key[1]}, its {member} in {location}"
