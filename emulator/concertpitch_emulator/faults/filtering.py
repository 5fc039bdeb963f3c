"""Lies about filters, and about page tokens that were made for another list."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError, invalid
from concertpitch_emulator.filters import compile_filter
from concertpitch_emulator.vertex.calls import Call
from concertpitch_emulator.vertex.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.paging import Page, Window

_LIST = "tuningJobs.list"
_FIELDS = frozenset({"state", "tunedModelDisplayName", "baseModel", "labels"})


def _filter(call: Call) -> str:
    return call.query.get("filter", "") if call.method == _LIST else ""


def _readable(text: str) -> bool:
    try:
        return compile_filter(text, _FIELDS) is not None
    except ApiError:
        return False


def _rewriting(rewrite: Callable[[str], str]) -> Callable[[Call], None]:
    """A request hook that puts another filter in the place of one that can be read."""

    def hook(call: Call) -> None:
        if _readable(_filter(call)):
            call.query["filter"] = rewrite(_filter(call))

    return hook


def _drop_malformed(call: Call) -> None:
    if _filter(call) and not _readable(_filter(call)):
        call.query["filter"] = ""


def _forget_first(page: Page[Any], asked: Window, call: Call) -> Page[Any]:
    if _filter(call) and asked.start is None:
        page.items = page.items[1:]
    return page


def _nothing_is_unknown(page: Page[Any], _asked: Window, call: Call) -> Page[Any]:
    if _filter(call) and not page.items:
        raise ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "No tuning job matches the filter.", "unknown")
    return page


def _unfiltered_later(page: Page[Any], asked: Window, call: Call) -> Page[Any]:
    if _filter(call) and asked.start is not None:
        return paging.select(call.service.store.jobs(call.service.parent(call)), asked, None)
    return page


def _remember_token(body: Any, call: Call) -> Any:
    """Note which parent, filter and page size each token was given for."""
    if call.method == _LIST and "nextPageToken" in body:
        given = call.service.lore.setdefault("given", {})
        given[body["nextPageToken"]] = (call.path["project"], call.path["location"], _filter(call))
    return body


def _given_for(call: Call) -> tuple[str, str, str] | None:
    """What the token of a call was given for, None for one that was never given."""
    given = call.service.lore.get("given", {}).get(call.query.get("pageToken", "") if call.method == _LIST else "")
    return given if given is None else (given[0], given[1], given[2])


def _any_filter(call: Call) -> None:
    given, here = _given_for(call), (call.path.get("project", ""), call.path.get("location", ""))
    if given and given[:2] == here and given[2] != _filter(call):
        call.query.pop("pageToken")


def _any_parent(call: Call) -> None:
    given, here = _given_for(call), (call.path.get("project", ""), call.path.get("location", ""))
    if given and given[:2] != here:
        call.query.pop("pageToken")


def _end_for_unknown(error: ApiError, call: Call) -> ApiError | Reply:
    return reply(HTTPStatus.OK, {}) if error.kind == "page-token" and _given_for(call) is None else error


def _no_second_page(call: Call) -> None:
    if _given_for(call):
        raise invalid("The page token is invalid, or was made for another request.", "page-token")


def _failing(error: ApiError, call: Call) -> ApiError:
    failed = error.kind == "filter" and "(" in _filter(call)
    return ApiError(500, "INTERNAL", "Internal error encountered.", "internal") if failed else error


FAULTS = (
    Fault(
        id="filter/one-label",
        lie="A filter by any label looks at the label team.",
        breaks=("filter/shows-only-matching",),
        also=("filter/shows-all-matching",),
        request=_rewriting(lambda text: re.sub(r"labels\.[\w-]+", "labels.team", text)),
    ),
    Fault(
        id="filter/nothing-is-404",
        lie="A list whose filter finds nothing is answered 404.",
        breaks=("filter/nothing-found-is-no-error",),
        page=_nothing_is_unknown,
    ),
    Fault(
        id="filter/parenthesis-500",
        lie="A parenthesis that is left open in a filter is an internal error.",
        breaks=("refuse/client-fault-is-not-5xx",),
        refusal=_failing,
    ),
    Fault(
        id="filter/ignored",
        lie="A list shows the same jobs whatever its filter says.",
        breaks=("filter/is-not-ignored", "listing/token-of-another-filter"),
        request=_rewriting(lambda _text: ""),
    ),
    Fault(
        id="filter/inverted",
        lie="A filter shows the jobs that do not match it.",
        breaks=("filter/shows-only-matching", "filter/shows-all-matching"),
        request=_rewriting(lambda text: f"NOT ({text})"),
    ),
    Fault(
        id="filter/first-term-only",
        lie="Of a filter with AND, only the first term counts.",
        breaks=("filter/shows-only-matching",),
        request=_rewriting(lambda text: text.partition(" AND ")[0]),
    ),
    Fault(
        id="filter/negation-lost",
        lie="NOT and - in a filter are passed over.",
        breaks=("filter/shows-only-matching", "filter/shows-all-matching"),
        request=_rewriting(lambda text: text.removeprefix("NOT ").removeprefix("-")),
    ),
    Fault(
        id="filter/unequal-is-equal",
        lie="In a filter != counts as =.",
        breaks=("filter/shows-only-matching", "filter/shows-all-matching"),
        request=_rewriting(lambda text: text.replace("!=", "=")),
    ),
    Fault(
        id="filter/cancelled-too",
        lie="A filter for a state shows cancelled jobs too.",
        breaks=("filter/shows-only-matching",),
        request=_rewriting(
            lambda text: f'{text} OR state="JOB_STATE_CANCELLED"' if text.startswith("state=") else text
        ),
    ),
    Fault(
        id="filter/or-is-and",
        lie="OR in a filter counts as AND.",
        breaks=("filter/shows-all-matching",),
        request=_rewriting(lambda text: text.replace(" OR ", " AND ")),
    ),
    Fault(
        id="filter/forgets",
        lie="The newest job that matches a filter is left out.",
        breaks=("filter/shows-all-matching",),
        page=_forget_first,
    ),
    Fault(
        id="filter/first-page-only",
        lie="From the second page on, a filter is forgotten.",
        breaks=("filter/shows-only-matching",),
        page=_unfiltered_later,
    ),
    Fault(
        id="filter/malformed-accepted",
        lie="A filter that cannot be read is taken for none.",
        breaks=("filter/malformed-is-refused",),
        request=_drop_malformed,
    ),
    Fault(
        id="filter/token-of-any-filter",
        lie="A page token is taken with another filter than it was given for.",
        breaks=("listing/token-of-another-filter",),
        request=_any_filter,
        answer=_remember_token,
    ),
    Fault(
        id="list/token-of-any-parent",
        lie="A page token is taken in another location than it was given for.",
        breaks=("listing/token-of-another-parent",),
        request=_any_parent,
        answer=_remember_token,
    ),
    Fault(
        id="list/unknown-token-is-end",
        lie="A page token that was never given is answered with an empty page.",
        breaks=("refuse/bad-page-token-is-told",),
        refusal=_end_for_unknown,
        answer=_remember_token,
    ),
    Fault(
        id="list/second-page-refused",
        lie="The page tokens that a list gives are refused.",
        breaks=("listing/token-leads-on", "listing/page-size-may-change"),
        request=_no_second_page,
        answer=_remember_token,
    ),
)
