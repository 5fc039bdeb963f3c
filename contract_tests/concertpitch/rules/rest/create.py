"""What any create must lead to."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, Findings, rule
from concertpitch.sources import aip
from concertpitch.subjects import FirstRead, Names

_NO_READ = frozenset({400, 404, 405, 409, 410, 412, 422, 501})
"""Answers that call a get wrong; who asks (401, 403) and how often (429) is another matter."""


@rule(
    "create/names-unique",
    CONVENTION,
    on=Names,
    cite=aip(122, "Guidance", says="All resource names defined by an API **must** be unique within that API."),
    probe="parallel",
)
def names_unique(names: Names) -> Findings:
    """No two creates give the same name."""
    seen: set[str] = set()
    for name in names.names:
        if name in seen:
            yield f"{name} was given twice"
        seen.add(name)


@rule(
    "create/readable-at-once",
    CONVENTION,
    on=FirstRead,
    cite=aip(
        121,
        "Strong Consistency",
        says="Following a successful create that is the latest mutation on a resource, a get",
    ),
    probe="cohort",
)
def readable_at_once(read: FirstRead) -> Findings:
    """What was created can be read as soon as its create is answered."""
    if read.read.status in _NO_READ:
        yield f"{read.shown} was created and the next get answered {read.read.status}"
