"""What a list of jobs must show."""

from __future__ import annotations

import json
import re
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.sources import aip, method
from concertpitch.subjects.vertex import JobPage, Sameness

_PROJECT_NUMBER = re.compile(r"\d+")
_LISTS = method("list", says="Lists tuning jobs in a location.")


@rule(
    "listing/only-its-location",
    DOCUMENTED,
    on=JobPage,
    when=lambda page: bool(page.jobs) and page.call.parent[1] != "-",
    cite=_LISTS,
    probe="isolation",
)
def only_its_location(page: JobPage) -> Findings:
    """A list shows jobs of the location asked for only."""
    for job in page.jobs:
        parts = job.name.split("/")
        if len(parts) == 6 and parts[3] != page.call.parent[1]:  # noqa: PLR2004 - projects/*/locations/*/tuningJobs/*
            yield f"the list of {page.call.parent[1]} shows {job.name}"
            return


@rule(
    "listing/only-its-project",
    DOCUMENTED,
    on=JobPage,
    when=lambda page: page.call.succeeded,
    cite=_LISTS,
    probe="isolation",
)
def only_its_project(page: JobPage) -> Findings:
    """A list shows jobs of one project only."""
    projects = {job.name.split("/")[1] for job in page.jobs if job.name.count("/") > 1}
    numbers = {project for project in projects if _PROJECT_NUMBER.fullmatch(project)}
    if len(numbers) > 1 or len(projects - numbers) > 1:
        yield f"one list shows jobs of the projects {', '.join(sorted(projects))}"
    for job in page.strangers:
        if job.key[1] in job.name:  # another location is for the rule above
            yield f"the list of {page.call.parent[0]} shows {job.name}, which was created in another project"
            return


def _equal(one: Any, other: Any) -> bool:
    """Equal as JSON texts, so that NaN equals itself."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _within(listed: Any, read: Any) -> bool:
    """Whether all that a list shows of a message is what get shows; it may leave members out, however deep."""
    if isinstance(listed, dict) and isinstance(read, dict):
        return all(name in read and _within(value, read[name]) for name, value in listed.items())
    if isinstance(listed, list) and isinstance(read, list):
        return len(listed) == len(read) and all(map(_within, listed, read))
    return _equal(listed, read)


def _lacking(listed: Any, read: Any, at: str = "") -> list[str]:
    """The members, by their paths, that get shows and a list leaves out."""
    if isinstance(listed, dict) and isinstance(read, dict):
        gone = [f"{at}{name}" for name in sorted(read.keys() - listed.keys())]
        return gone + [one for name in listed for one in _lacking(listed[name], read.get(name), f"{at}{name}.")]
    return []


def _short(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= 90 else shown[:87] + "..."  # noqa: PLR2004 - one line of a report


def _different(same: Sameness) -> list[str]:
    """The members on which the list differs from two gets that agree with each other."""
    listed, before, read = same.listed.body, same.before.body, same.read.body
    return sorted(
        name
        for name in listed.keys() & before.keys() & read.keys()
        if _equal(before[name], read[name])
        and not (_equal if name == "labels" else _within)(listed[name], read[name])  # a map has no members to leave out
    )


@rule(
    "listing/agrees-with-get",
    CONVENTION,
    on=Sameness,
    cite=aip(121, "Methods", says="resource schema for that resource across all methods **must** be the same."),
    probe="paging",
)
def agrees_with_get(same: Sameness) -> Findings:
    """A list shows an ended job as get shows it."""
    for name in _different(same) if not same.lagging else ():
        yield f"{same.read.shown}: {name} is {_short(same.listed.body[name])} in a list, not what get shows"


@rule(
    "listing/full-items",
    ADVISED,
    on=Sameness,
    cite=aip(
        132,
        "Response message",
        says="The response **should** usually include fully-populated resources unless",
    ),
    probe="paging",
)
def full_items(same: Sameness) -> Findings:
    """A list shows all members of a job that get shows."""
    lacking = _lacking(same.listed.body, same.read.body)
    if lacking:
        yield f"{same.read.shown}: a list leaves out {', '.join(lacking)}"
