"""Lies about lists: pages, tokens, sizes, what is in them and how it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.errors import invalid
from concertpitch_emulator.faults.telling import JobHook
from concertpitch_emulator.paging import MAX_PAGE_SIZE
from concertpitch_emulator.vertex.hooks import Fault, JobView

if TYPE_CHECKING:
    from concertpitch_emulator.paging import Page, Window
    from concertpitch_emulator.vertex.calls import Call
    from concertpitch_emulator.vertex.records import JobRecord

_LIST = "tuningJobs.list"
_UNSAFE = "+ &/"
_TOKENS = ("pageToken", "page_token")
_SIZES = ("pageSize", "page_size")

PageHook = Callable[["Page[Any]", "Window", "Call"], "Page[Any]"]


def _parameter(call: Call, names: tuple[str, ...]) -> str | None:
    return next((call.query[name] for name in names if name in call.query), None)


def _put(call: Call, names: tuple[str, ...], value: str) -> None:
    for name in names:
        if name in call.query:
            call.query[name] = value


def _following(change: Callable[[int, int], int | None]) -> PageHook:
    """A page hook that moves the start of the next page; sees it and the length of this one."""

    def hook(page: Page[Any], _asked: Window, _call: Call) -> Page[Any]:
        if page.following is not None:
            page.following = change(page.following, len(page.items))
        return page

    return hook


def _lose_newest(page: Page[Any], _asked: Window, call: Call) -> Page[Any]:
    jobs = call.service.store.jobs(call.service.parent(call))
    page.items = [job for job in page.items if job is not jobs[-1]]
    return page


def _first_again(page: Page[Any], _asked: Window, call: Call) -> Page[Any]:
    if page.following is None and page.items:
        page.following = len(call.service.store.jobs(call.service.parent(call))) - 1
    return page


def _same_again(page: Page[Any], asked: Window, call: Call) -> Page[Any]:
    if page.following is not None:
        top = len(call.service.store.jobs(call.service.parent(call))) - 1
        page.following = top if asked.start is None else asked.start
    return page


def _empty_for_ever(page: Page[Any], asked: Window, _call: Call) -> Page[Any]:
    if page.following is None:
        page.following = min(asked.start or 0, 0) - 1
    return page


def _all_in_one(call: Call) -> None:
    if call.method == _LIST and (_parameter(call, _SIZES) or "-").isdigit():
        _put(call, _SIZES, str(MAX_PAGE_SIZE))


def _one_more(call: Call) -> None:
    size = _parameter(call, _SIZES) or "-"
    if call.method == _LIST and size.isdigit() and int(size):
        _put(call, _SIZES, str(int(size) + 1))


def _refusing(found: Callable[[str | None, str | None], bool], text: str) -> Callable[[Call], None]:
    """A request hook that refuses some sizes and tokens (None: not sent)."""

    def hook(call: Call) -> None:
        if call.method == _LIST and found(_parameter(call, _SIZES), _parameter(call, _TOKENS)):
            raise invalid(text)

    return hook


def _token_of(call: Call, wrap: Callable[[str], Any], body: Any) -> Any:
    if call.method == _LIST and "nextPageToken" in body:
        body["nextPageToken"] = wrap(body["nextPageToken"])
    return body


def _unsafe_token(body: Any, call: Call) -> Any:
    return _token_of(call, lambda token: _UNSAFE + token, body)


def _read_unsafe_token(call: Call) -> None:
    if call.method == _LIST:
        _put(call, _TOKENS, (_parameter(call, _TOKENS) or "").removeprefix(_UNSAFE))


def _sized_token(body: Any, call: Call) -> Any:
    return _token_of(call, lambda token: f"{call.query.get('pageSize', '')}.{token}", body)


def _read_sized_token(call: Call) -> None:
    size, dot, token = (_parameter(call, _TOKENS) or "").partition(".")
    if call.method != _LIST or not dot:
        return
    if size != (_parameter(call, _SIZES) or ""):
        raise invalid("The page size must be that of the first page.")
    _put(call, _TOKENS, token)


def _number_token(body: Any, call: Call) -> Any:
    tokens = call.service.lore.setdefault("tokens", [])

    def number(token: str) -> int:
        tokens.append(token)
        return len(tokens)

    return _token_of(call, number, body)


def _read_number_token(call: Call) -> None:
    number, tokens = _parameter(call, _TOKENS) or "", call.service.lore.get("tokens", [])
    if call.method == _LIST and number.isascii() and number.isdigit() and 0 < int(number[:9]) <= len(tokens):
        _put(call, _TOKENS, tokens[int(number[:9]) - 1])


def _other_key(body: Any, call: Call) -> Any:
    if call.method == _LIST and "tuningJobs" in body:
        body["jobs"] = body.pop("tuningJobs")
    return body


def _all_locations_later(jobs: list[JobRecord], call: Call) -> list[JobRecord]:
    return _all_locations(jobs, call) if _parameter(call, _TOKENS) else jobs


def _all_locations(_jobs: list[JobRecord], call: Call) -> list[JobRecord]:
    project = call.service.parent(call).project
    return [job for job in call.service.store.all_jobs() if job.parent.project == project]


def _all_projects(_jobs: list[JobRecord], call: Call) -> list[JobRecord]:
    location = call.service.parent(call).location
    return [job for job in call.service.store.all_jobs() if job.parent.location == location]


def _in_lists(change: JobHook) -> JobHook:
    def hook(job: dict[str, Any], view: JobView) -> dict[str, Any]:
        return change(job, view) if view.call.method == _LIST else job

    return hook


def _still_running(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    return {**job, "state": "JOB_STATE_RUNNING"} if view.phase.state == "JOB_STATE_SUCCEEDED" else job


def _no_labels(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    return {name: value for name, value in job.items() if name != "labels"}


def _loud_name(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    return {**job, "tunedModelDisplayName": str(job.get("tunedModelDisplayName", "")).upper()}


_PAGES = (
    Fault(
        id="list/repeats",
        lie="The last job of a page is the first of the next.",
        breaks=("listing/no-repeats",),
        page=_following(lambda start, length: start + 1 if length > 1 else start),
    ),
    Fault(
        id="list/skips",
        lie="One job is lost between two pages.",
        breaks=("listing/complete",),
        page=_following(lambda start, _length: start - 1 if start else None),
    ),
    Fault(
        id="list/loses-newest",
        lie="The newest job is not listed.",
        breaks=("listing/is-up-to-date",),
        also=("listing/complete",),
        page=_lose_newest,
    ),
    Fault(
        id="list/no-token",
        lie="There is no token though there is more.",
        breaks=("listing/complete",),
        page=_following(lambda _start, _length: None),
    ),
    Fault(
        id="list/ignores-page-size",
        lie="A page holds as many jobs as it can, whatever was asked.",
        breaks=("listing/page-size-bound",),
        request=_all_in_one,
    ),
    Fault(
        id="list/one-too-many",
        lie="A page holds one job more than asked.",
        breaks=("listing/page-size-bound",),
        request=_one_more,
    ),
    Fault(
        id="list/token-loops",
        lie="The last page leads to the first.",
        breaks=("listing/ends",),
        page=_first_again,
    ),
    Fault(
        id="list/same-token",
        lie="Every page gives the same token, which leads to the same page.",
        breaks=("listing/ends",),
        page=_same_again,
    ),
    Fault(
        id="list/token-on-last-page-forever",
        lie="After the end come empty pages with ever new tokens.",
        breaks=("listing/ends",),
        page=_empty_for_ever,
    ),
)

_PARAMETERS = (
    Fault(
        id="list/unsafe-token",
        lie="Tokens hold characters that a URL cannot.",
        breaks=("listing/token-url-safe",),
        request=_read_unsafe_token,
        answer=_unsafe_token,
    ),
    Fault(
        id="list/token-fixes-page-size",
        lie="A page of another size than the one before is refused.",
        breaks=("listing/page-size-may-change",),
        request=_read_sized_token,
        answer=_sized_token,
    ),
    Fault(
        id="list/page-size-required",
        lie="A list without a page size is refused.",
        breaks=("listing/page-size-optional",),
        request=_refusing(lambda size, _token: size is None, "page_size must be set."),
    ),
    Fault(
        id="list/page-size-zero-refused",
        lie="The page size 0 is refused.",
        breaks=("listing/page-size-zero",),
        request=_refusing(lambda size, _token: size == "0", "page_size must be positive."),
    ),
    Fault(
        id="list/large-page-size-refused",
        lie="A page size above the maximum is refused.",
        breaks=("listing/page-size-coerced",),
        request=_refusing(
            lambda size, _token: (size or "-").isdigit() and int(size or 0) > MAX_PAGE_SIZE,
            f"page_size must not be more than {MAX_PAGE_SIZE}.",
        ),
    ),
    Fault(
        id="list/empty-token-refused",
        lie="An empty page token is refused.",
        breaks=("listing/empty-token",),
        request=_refusing(lambda _size, token: token == "", "page_token must not be empty."),
    ),
    Fault(
        id="list/token-number",
        lie="Page tokens are JSON numbers.",
        breaks=("wire/string-is-string",),
        request=_read_number_token,
        answer=_number_token,
    ),
    Fault(
        id="list/other-key",
        lie="The jobs of a list are called jobs.",
        breaks=("listing/member-name",),
        answer=_other_key,
    ),
)

_ITEMS = (
    Fault(
        id="list/all-locations-later",
        lie="From the second page on, a list shows the jobs of every location.",
        breaks=("listing/only-its-location",),
        also=("listing/complete", "listing/no-repeats"),
        collection=_all_locations_later,
    ),
    Fault(
        id="list/all-locations",
        lie="A list shows the jobs of every location.",
        breaks=("listing/only-its-location",),
        collection=_all_locations,
    ),
    Fault(
        id="list/other-project",
        lie="A list shows the jobs of every project.",
        breaks=("listing/only-its-project",),
        collection=_all_projects,
    ),
    Fault(
        id="list/stale-state",
        lie="A list shows jobs that succeeded as running.",
        breaks=("listing/agrees-with-get", "job/end-time-only-when-ended"),
        job=_in_lists(_still_running),
    ),
    Fault(
        id="list/without-labels",
        lie="A list shows jobs without their labels.",
        breaks=("listing/full-items",),
        job=_in_lists(_no_labels),
    ),
    Fault(
        id="list/other-display-name",
        lie="A list shows display names in upper case.",
        breaks=("listing/agrees-with-get", "stable/display-name"),
        job=_in_lists(_loud_name),
    ),
)

FAULTS = (*_PAGES, *_PARAMETERS, *_ITEMS)
