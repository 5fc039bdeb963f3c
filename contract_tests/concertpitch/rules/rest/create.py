"""What any create must lead to."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, Findings, rule
from concertpitch.sources import aip, rpc
from concertpitch.subjects import Attempts, FirstRead, Names

_PATTERN = 3
"""Internal errors in a row that are no accident any more."""
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


@rule(
    "create/valid-is-no-internal-error",
    CONVENTION,
    on=Attempts,
    when=lambda attempts: len(attempts.creates) >= _PATTERN and attempts.akin,
    cite=rpc("Code.INTERNAL", says="some invariants expected by the"),
    probe="limits",
)
def valid_is_no_internal_error(attempts: Attempts) -> Findings:
    """A right create is not answered with an internal error again and again, where one much like it is accepted."""
    if attempts.failed:
        times = f"{len(attempts.creates)} creates of one body (display name '{attempts.creates[0].display_name[:40]}')"
        yield f"{times} were answered 500, one that is much like it was accepted"
