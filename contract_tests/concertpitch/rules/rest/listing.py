"""What a list must do, page by page and over a whole walk."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import items, message, text
from concertpitch.sources import advice, aip, method, protojson
from concertpitch.subjects import Listed, Page, Walk

_UNSAFE = re.compile(r"[\s+&#%\"<>\\^`{|}]")
_BAD_REQUEST, _INTERNAL, _FRESH = 400, 500, 60.0
_OTHER_REASONS = frozenset({401, 403, 429})
_OTHER_ARGUMENTS = aip(
    158, "Guidance", says="any arguments are different, the API **should** send an `INVALID_ARGUMENT`"
)
_LARGE, _MAX_INT32 = 1000, 2**31 - 1


def _refused(page: Page) -> bool:
    return page.call.status == _BAD_REQUEST and page.bare_accepted and page.token_known


@rule(
    "listing/member-name",
    DOCUMENTED,
    on=Page,
    when=lambda page: page.call.succeeded and bool(message(page.call.exchange.answer.value)),
    cite=method("list", part="response/$ref", says="GoogleCloudAiplatformV1ListTuningJobsResponse"),
    probe="paging",
)
def member_name(page: Page) -> Findings:
    """The items of a page stand in the member that the document names: `tuningJobs`, `tunedModels` and so on."""
    body = message(page.call.exchange.answer.value)
    others = [
        name
        for name, value in body.items()
        if name != page.member and any(f"{page.member}/" in text(message(item).get("name")) for item in items(value))
    ]
    if others and page.member not in body:
        yield f"the {page.member} stand in '{others[0]}'"


@rule(
    "listing/page-size-bound",
    CONVENTION,
    on=Page,
    when=lambda page: (
        page.call.succeeded and (page.size or 0) > 0 and page.member in message(page.call.exchange.answer.value)
    ),
    cite=aip(158, "Guidance", says="field, allowing users to specify the maximum number of results to return."),
    probe="paging",
)
def page_size_bound(page: Page) -> Findings:
    """A page holds at most pageSize items."""
    if page.size is not None and len(page.items) > page.size:
        yield f"asked for at most {page.size} items, the page holds {len(page.items)}"


@rule(
    "listing/page-size-optional",
    CONVENTION,
    on=Page,
    when=lambda page: (
        not page.call.query and (page.call.succeeded or (page.call.status == _BAD_REQUEST and page.sized_accepted))
    ),
    cite=aip(158, "Guidance", says="The `page_size` field **must not** be required."),
    probe="paging",
)
def page_size_optional(page: Page) -> Findings:
    """A list without pageSize is answered."""
    if page.call.status == _BAD_REQUEST:
        yield "a list without any parameter was answered 400, one with a pageSize is not"


@rule(
    "listing/page-size-zero",
    CONVENTION,
    on=Page,
    when=lambda page: page.call.query == {"pageSize": "0"} and (page.call.succeeded or _refused(page)),
    cite=aip(158, "Guidance", says="If the user does not specify `page_size` (or specifies `0`), the API"),
    probe="paging",
)
def page_size_zero(page: Page) -> Findings:
    """pageSize=0 means the default, not an error."""
    if not page.call.succeeded:
        yield f"pageSize=0 was answered {page.call.status}"


@rule(
    "listing/page-size-coerced",
    ADVISED,
    on=Page,
    when=lambda page: (
        _LARGE < (page.size or 0) <= _MAX_INT32
        and page.call.query.keys() == {"pageSize"}
        and (page.call.succeeded or _refused(page))
    ),
    cite=aip(158, "Guidance", says="API, the API **should** coerce down to the maximum permitted page size."),
    probe="paging",
)
def page_size_coerced(page: Page) -> Findings:
    """A page size above the maximum is lowered, not refused."""
    if not page.call.succeeded:
        yield f"pageSize={page.size} was answered {page.call.status}"


@rule(
    "listing/page-size-may-change",
    CONVENTION,
    on=Page,
    when=lambda page: (
        page.giver is not None
        and not page.spent
        and page.giver.call.query.get("pageSize") != page.call.query.get("pageSize")
        and page.giver.scope == page.scope
        and not page.anchor_gone
        and (page.size or 0) > 0
        and page.call.status in {200, _BAD_REQUEST}
    ),
    cite=aip(158, "Guidance", says="If the user changes the `page_size` in a request for subsequent pages, the"),
    probe="paging",
)
def page_size_may_change(page: Page) -> Findings:
    """The page size may change from page to page."""
    if not page.call.succeeded:
        yield f"a known page token with another pageSize was answered {page.call.status}"


@rule(
    "listing/token-leads-on",
    CONVENTION,
    on=Page,
    when=lambda page: (
        page.giver is not None
        and not page.spent
        and page.giver.scope == page.scope
        and not page.anchor_gone
        and page.giver.call.query.get("pageSize") == page.call.query.get("pageSize")
        and page.call.exchange.sent - page.giver.call.exchange.answered < _FRESH
        and page.call.status < _INTERNAL
        and page.call.status not in _OTHER_REASONS
    ),
    cite=aip(158, "Guidance", says="determine in time), the API **must** provide a `next_page_token`."),
    probe="paging",
)
def token_leads_on(page: Page) -> Findings:
    """A page token works when it is sent at once with the same arguments."""
    if not page.call.succeeded:
        yield f"a page token that was just given was answered {page.call.status}"


@rule(
    "listing/token-of-another-parent",
    ADVISED,
    on=Page,
    when=lambda page: (
        page.giver is not None
        and page.giver.call.resource != page.call.resource
        and page.bare_accepted
        and page.call.status < _INTERNAL
    ),
    cite=_OTHER_ARGUMENTS,
    probe="paging",
)
def token_of_another_parent(page: Page) -> Findings:
    """A page token of another location or project is refused (SHOULD; a token that is an offset holds no parent)."""
    if page.call.succeeded:
        yield f"a page token of another parent was taken by {page.call.exchange.path}"


@rule(
    "listing/token-of-another-filter",
    ADVISED,
    on=Page,
    when=lambda page: (
        page.giver is not None
        and page.giver.call.resource == page.call.resource
        and page.giver.filter != page.filter
        and page.call.status < _INTERNAL
    ),
    cite=_OTHER_ARGUMENTS,
    probe="filters",
)
def token_of_another_filter(page: Page) -> Findings:
    """A page token is refused with another filter than the one it was given for (SHOULD)."""
    if page.call.succeeded:
        yield f"a page token of the filter '{page.giver.filter if page.giver else ''}' was taken with '{page.filter}'"


@rule(
    "listing/empty-token",
    CONVENTION,
    on=Page,
    when=lambda page: page.call.query == {"pageToken": ""} and (page.call.succeeded or _refused(page)),
    cite=protojson("Presence and default-values", says="serializers should omit it from the output"),
    probe="paging",
)
def empty_token(page: Page) -> Findings:
    """An empty pageToken asks for the first page, as an absent one does."""
    if not page.call.succeeded:
        yield f"an empty pageToken was answered {page.call.status}"


@rule(
    "listing/token-url-safe",
    CONVENTION,
    on=Page,
    when=lambda page: bool(page.next_token),
    cite=aip(158, "Opacity", says="Page tokens provided by APIs **must** be opaque (but URL-safe) strings, and"),
    probe="paging",
)
def token_url_safe(page: Page) -> Findings:
    """A page token holds no character that a URL's query gives another meaning."""
    unsafe = sorted(set(_UNSAFE.findall(page.next_token)))
    if unsafe:
        yield f"the page token '{page.next_token}' holds {' '.join(map(repr, unsafe))}"


@rule(
    "listing/no-repeats",
    CONVENTION,
    on=Walk,
    when=lambda walk: walk.quiet and len(walk.pages) > 1 and walk.readable,
    cite=aip(158, "Guidance", says="determine in time), the API **must** provide a `next_page_token`."),
    probe="paging",
)
def no_repeats(walk: Walk) -> Findings:
    """A walk that nothing disturbs shows each item once."""
    if walk.looped:
        return
    first: dict[object, int] = {}
    for number, page in enumerate(walk.pages, 1):
        for item in page.items:
            if item.key in first:
                yield f"{item.shown} is on page {first[item.key]} and again on page {number}"
            first.setdefault(item.key, number)


@rule(
    "listing/complete",
    CONVENTION,
    on=Walk,
    when=lambda walk: walk.whole and bool(walk.expected),
    cite=aip(158, "Guidance", says="determine in time), the API **must** provide a `next_page_token`."),
    probe="paging",
)
def complete(walk: Walk) -> Findings:
    """A walk to the end shows every item that existed when it began (a list may lag for some seconds: AIP-121)."""
    missing = [item for item in _missing(walk) if item.key in walk.settled]
    if missing:
        yield (
            f"{len(missing)} of {len(walk.expected)} items that a get shows are on none of {len(walk.pages)} pages, "
            f"{missing[0].shown} among them"
        )


def _missing(walk: Walk) -> list[Listed]:
    """The items that a walk should show and does not, as far as it was not disturbed."""
    shown = {item.key for item in walk.items}
    return [item for item in walk.expected if item.key not in shown] if walk.quiet or len(walk.pages) == 1 else []


@rule(
    "listing/is-up-to-date",
    ADVISED,
    on=Walk,
    when=lambda walk: walk.whole and bool(walk.expected),
    cite=advice("AIP-121 promises strong consistency of get only; callers list what they have just created."),
    probe="paging",
)
def is_up_to_date(walk: Walk) -> Findings:
    """A list shows an item at once when a get does (nothing promises it, so this only warns)."""
    late = [item for item in _missing(walk) if item.key not in walk.settled]
    if late:
        yield f"{len(late)} items that a get had just shown are not listed, {late[0].shown} among them"


@rule(
    "listing/ends",
    CONVENTION,
    on=Walk,
    when=lambda walk: len(walk.pages) > 1 and walk.readable,
    cite=aip(158, "Guidance", says="If the end of the collection has been reached, the `next_page_token` field"),
    probe="paging",
)
def ends(walk: Walk) -> Findings:
    """A walk comes to its end: no token leads back, and empty pages do not go on for ever."""
    if walk.looped:
        yield f"the page token '{walk.looped}' was given twice in one walk of {len(walk.pages)} pages"
        return
    keys = [item.key for item in walk.items]
    if keys and not walk.whole and walk.quiet and len(keys) >= 3 * len(set(keys)):
        yield f"{len(walk.pages)} pages show {len(set(keys))} items again and again, and there is still a token"
    tail = next((index for index, page in enumerate(reversed(walk.pages)) if page.items), len(walk.pages))
    if not walk.whole and tail > 20:  # noqa: PLR2004 - empty pages are legal, twenty in a row are no search
        yield f"the last {tail} pages are empty, and there is still a token"
