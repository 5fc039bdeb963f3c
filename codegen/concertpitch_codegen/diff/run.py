"""From two documents a user names to a report and a verdict.

Owns the steps. Must not know the form of a report.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from concertpitch_codegen.convert import load_document
from concertpitch_codegen.diff.approvals import approved, load_approvals
from concertpitch_codegen.diff.compare import compare
from concertpitch_codegen.diff.report import Comparison
from concertpitch_codegen.diff.rules import Severity
from concertpitch_codegen.problems import CodegenError
from concertpitch_codegen.slicing import cut

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.document import Document


def diff(old: str, new: str, select: tuple[str, ...], approvals: Path | None) -> Comparison:
    """Compare two files or URLs, or what is selected of both.

    Raises `CodegenError` or `DocumentError` when they cannot be compared.
    """
    accepted = load_approvals(approvals) if approvals else {}
    was, now = _load(old), _load(new)
    if was.api != now.api and was.operations.keys().isdisjoint(now.operations):
        raise CodegenError(f"{old} describes {was.title}, {new} describes {now.title}: name two revisions of one API")
    before, after = (cut(each, select).document if select else each for each in (was, now))
    changes = compare(before, after, in_old=was.definitions, in_new=now.definitions)
    today = dt.datetime.now(tz=dt.UTC).date()
    return Comparison(
        old=f"{before.title} {before.version} {before.revision}",
        new=f"{after.title} {after.version} {after.revision}",
        changes=changes,
        approved=frozenset(each.fingerprint for each in changes if approved(each, accepted, today)),
        ended={each.fingerprint: each.until.isoformat() for each in accepted.values() if each.until < today},
    )


def fails(comparison: Comparison, fail_on: str) -> bool:
    """Say whether a change at least as bad as `fail_on`, a severity or `none`, is not approved."""
    if fail_on == "none":
        return False
    least = Severity[fail_on.upper()]
    return any(each.severity >= least and each.fingerprint not in comparison.approved for each in comparison.changes)


def _load(where: str) -> Document:
    return load_document(where).document
