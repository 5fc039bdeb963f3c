"""What a list with a filter must show, where filters work at all.

The documents call it "the standard list filter" and name no member that can be filtered: an API may support as
little as it likes (AIP-160), so a target that refuses a filter, or NOT, or OR, is not judged by it, and one that
ignores it is only warned of. Whether a filter works is read off what it leaves out; what it then shows is the
documents' own promise.
"""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.sources import aip, method
from concertpitch.subjects import Page
from concertpitch.subjects.vertex import Filtered

_NOT_FOUND, _INTERNAL = 404, 500
_STANDARD = method("list", part="parameters/filter/description", says="The standard list filter.")


@rule(
    "filter/shows-only-matching",
    DOCUMENTED,
    on=Filtered,
    when=lambda it: it.works,
    cite=_STANDARD,
    probe="filters",
)
def shows_only_matching(it: Filtered) -> Findings:
    """A list with a filter shows jobs that match it, on every page, and no others."""
    wrong = it.intruders
    if wrong:
        yield f"{it.shown} shows {len(wrong)} jobs that do not match, {wrong[0].shown} among them"


@rule(
    "filter/shows-all-matching",
    DOCUMENTED,
    on=Filtered,
    when=lambda it: it.works and it.walk.quiet and bool(it.expected),
    cite=_STANDARD,
    probe="filters",
)
def shows_all_matching(it: Filtered) -> Findings:
    """A walk with a filter shows every job that matches it."""
    shown = {job.key for job in it.walk.items}
    missing = [job for job in it.expected if job.key not in shown]
    if missing:
        of = f"{len(missing)} of {len(it.expected)} jobs that match"
        yield f"{it.shown} leaves out {of}, {missing[0].shown} among them"


@rule(
    "filter/is-not-ignored",
    ADVISED,
    on=Filtered,
    when=lambda it: len(it.terms) == 1 and bool(it.others),
    cite=aip(
        160, "Validation", says="the API **should** error with `INVALID_ARGUMENT`. Wherever validation is relaxed"
    ),
    probe="filters",
)
def is_not_ignored(it: Filtered) -> Findings:
    """A filter that is not supported is refused rather than ignored (no document names what is supported: warns)."""
    shown = {job.key for job in it.walk.items}
    if not it.works and all(job.key in shown for job in it.others):
        yield f"{it.shown} shows the same jobs as a list without it"


@rule(
    "filter/nothing-found-is-no-error",
    CONVENTION,
    on=Page,
    when=lambda page: bool(page.filter) and page.filter_accepted and page.token_known and not page.filter_broken,
    cite=aip(193, "Permission Denied", says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP"),
    probe="filters",
)
def nothing_found_is_no_error(page: Page) -> Findings:
    """Where filters are answered, one that finds nothing is answered with an empty list: its parent exists."""
    if page.call.status == _NOT_FOUND:
        yield f"a list with {page.filter} was answered 404, with other filters it was not"


@rule(
    "filter/malformed-is-refused",
    ADVISED,
    on=Page,
    when=lambda page: page.filter_broken and page.call.status < _INTERNAL and page.token_known,
    cite=aip(
        160, "Validation", says="the API **should** error with `INVALID_ARGUMENT`. Wherever validation is relaxed"
    ),
    probe="filters",
)
def malformed_is_refused(page: Page) -> Findings:
    """A filter that cannot be read is refused (SHOULD)."""
    if page.call.succeeded:
        yield f"the filter {page.filter} was accepted"
