"""What lists of tuned models and permissions must show, how much at once, and what filters find."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.sources import aip, gemini
from concertpitch.subjects import Page, Walk
from concertpitch.subjects.gemini import Filtered, ModelSameness, PlainList, TunedModel

_TEN, _MOST = 10, 1000
_MAX_INT32, _BAD_REQUEST = 2**31 - 1, 400
_FEW = 2
"""Models that a list must still show: one may be lost where a token is an offset and something before it is deleted."""
_LONGEST = 90
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def _of(page: Page, *methods: str) -> bool:
    return page.call.succeeded and page.call.method.endswith(methods)


@rule(
    "tuned-list/ten-by-default",
    DOCUMENTED,
    on=Page,
    when=lambda page: _of(page, "tunedModels.list") and not page.call.query.get("pageSize"),
    cite=gemini("ListTunedModelsRequest", "pageSize", says="If unspecified, at most 10 tuned models will be returned."),
    probe="paging",
)
def ten_by_default(page: Page) -> Findings:
    """A page of tuned models has at most 10 unless more are asked for."""
    if len(page.items) > _TEN:
        yield f"without pageSize a page holds {len(page.items)} tuned models"


@rule(
    "permission/ten-by-default",
    DOCUMENTED,
    on=Page,
    when=lambda page: _of(page, "permissions.list") and not page.call.query.get("pageSize"),
    cite=gemini("ListPermissionsRequest", "pageSize", says="If unspecified, at most 10 permissions will be returned."),
    probe="paging",
)
def ten_by_default_for_permissions(page: Page) -> Findings:
    """A page of permissions has at most 10 unless more are asked for."""
    if len(page.items) > _TEN:
        yield f"without pageSize a page holds {len(page.items)} permissions"


@rule(
    "tuned-list/at-most-a-thousand",
    DOCUMENTED,
    on=Page,
    when=lambda page: page.call.succeeded and (page.size or 0) > _MOST,
    cite=gemini(
        "ListTunedModelsRequest",
        "pageSize",
        says="This method returns at most 1000 models per page, even if you pass a larger page_size.",
    ),
    probe="paging",
)
def at_most_a_thousand(page: Page) -> Findings:
    """A page has at most 1000 items, whatever is asked for."""
    if len(page.items) > _MOST:
        yield f"pageSize={page.size} was answered with {len(page.items)} items"


@rule(
    "tuned-list/takes-large-page-size",
    DOCUMENTED,
    on=Page,
    when=lambda page: (
        page.call.method.endswith(("models.list", "tunedModels.list", "permissions.list"))
        and _MOST < (page.size or 0) <= _MAX_INT32
        and page.call.query.keys() == {"pageSize"}
        and (page.call.succeeded or page.call.status == _BAD_REQUEST)
    ),
    cite=gemini(
        "ListTunedModelsRequest",
        "pageSize",
        says="This method returns at most 1000 models per page, even if you pass a larger page_size.",
    ),
    probe="paging",
)
def takes_large_page_size(page: Page) -> Findings:
    """A larger pageSize than 1000 may be passed."""
    if not page.call.succeeded:
        yield f"pageSize={page.size} was answered {page.call.status}"


@rule(
    "tuned-list/goes-on-after-a-delete",
    CONVENTION,
    on=Walk,
    when=lambda walk: walk.whole and any(page.anchor_gone for page in walk.pages) and len(walk.settled) >= _FEW,
    cite=aip(158, "Guidance", says="determine in time), the API **must** provide a `next_page_token`."),
    probe="delete",
)
def goes_on_after_a_delete(walk: Walk) -> Findings:
    """A list does not end where the model that a page ended with has been deleted (its token may be refused)."""
    since = next(index for index, page in enumerate(walk.pages) if page.anchor_gone)
    before = {item.key for page in walk.pages[:since] for item in page.items}
    left = [item for item in walk.expected if item.key in walk.settled and item.key not in before]
    if len(left) >= _FEW and not any(page.items for page in walk.pages[since:]):
        yield f"after a page whose last model was deleted the list ended, and {left[0].shown} was on no page"


def _equal(one: Any, other: Any) -> bool:
    """Equal as JSON texts, so that NaN equals itself."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _members(same: ModelSameness, model: TunedModel) -> Iterator[tuple[str, Any]]:
    """The members of a tuned model by name; those of the task, which moves on, only where the states agree."""
    resting = same.listed.state == same.read.state
    for name, value in sorted(model.body.items()):
        inner = value if isinstance(value, dict) else {}
        yield name, None if inner else value
        if name != "tuningTask" or resting:
            yield from ((f"{name}.{key}", inner[key]) for key in sorted(inner) if inner[key] not in _EMPTY)


def _short(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."


@rule(
    "tuned-list/agrees-with-get",
    ADVISED,
    on=ModelSameness,
    cite=aip(121, "Methods", says="resource schema for that resource across all methods **must** be the same."),
    probe="paging",
)
def agrees_with_get(same: ModelSameness) -> Findings:
    """A list shows a tuned model as get shows it, and what is inside it (a list may lag, so this only warns)."""
    before, read = dict(_members(same, same.before)), dict(_members(same, same.read))
    listed = dict(_members(same, same.listed))
    for name in sorted(listed.keys() & before.keys() & read.keys()):
        if _equal(before[name], read[name]) and not _equal(listed[name], read[name]):
            yield f"{same.read.shown}: {name} is {_short(listed[name])} in a list, {_short(read[name])} in a get"


@rule(
    "tuned-list/full-items",
    ADVISED,
    on=ModelSameness,
    cite=aip(132, "Response message", says="The response **should** usually include fully-populated resources unless"),
    probe="paging",
)
def full_items(same: ModelSameness) -> Findings:
    """A list shows all members of a tuned model that get shows, and what is inside them."""
    listed = dict(_members(same, same.listed))
    shown = [name for name, _ in _members(same, same.read) if name.partition(".")[0] in {name, *listed}]
    lacking = [name for name in shown if name not in listed]
    if lacking:
        yield f"{same.read.shown}: a list leaves out {', '.join(lacking)}"


# ---- filters


def _known(found: Filtered) -> bool:
    return bool(found.wanted or found.unwanted)


@rule(
    "tuned-list/filter-owner",
    DOCUMENTED,
    on=Filtered,
    when=lambda found: found.works and found.filter in {"owner:me", "writers:me"},
    cite=gemini(
        "ListTunedModelsRequest", "filter", says='"owner:me" returns all tuned models to which caller has owner role'
    ),
    probe="filters",
)
def filter_owner(found: Filtered) -> Findings:
    """owner:me and writers:me find what the caller owns or may write (judged where some operator is seen to work)."""
    lost = [key for key in found.wanted if key not in found.found]
    strange = [key for key in found.unwanted if key in found.found]
    if lost:
        yield f"{found.filter} does not find tunedModels/{lost[0]}, for which the caller has that role"
    if strange:
        yield f"{found.filter} finds tunedModels/{strange[0]}, for which the caller has a lesser role"


@rule(
    "tuned-list/filter-owner-finds-shared",
    ADVISED,
    on=Filtered,
    when=lambda found: found.works and bool(found.shared),
    cite=gemini(
        "ListTunedModelsRequest", "filter", says='"owner:me" returns all tuned models to which caller has owner role'
    ),
    probe="filters",
)
def filter_owner_finds_shared(found: Filtered) -> Findings:
    """owner:me finds what the caller owns and has shared with everyone ("by default" may mean it too: warns)."""
    lost = [key for key in found.shared if key not in found.found]
    if lost:
        yield f"{found.filter} does not find tunedModels/{lost[0]}, which the caller owns and everyone may read"


@rule(
    "tuned-list/filter-everyone",
    DOCUMENTED,
    on=Filtered,
    when=lambda found: found.filter == "readers:everyone" and _known(found),
    cite=gemini(
        "ListTunedModelsRequest",
        "filter",
        says='"readers:everyone" returns all tuned models that are shared with everyone',
    ),
    probe="filters",
)
def filter_everyone(found: Filtered) -> Findings:
    """readers:everyone finds what is shared with everyone, and nothing else (a target may refuse, not ignore it)."""
    lost = [key for key in found.wanted if key not in found.found]
    strange = [key for key in found.unwanted if key in found.found]
    if lost:
        yield f"readers:everyone does not find tunedModels/{lost[0]}, which everyone may read"
    if strange:
        yield f"readers:everyone finds tunedModels/{strange[0]}, which not everyone may read"


@rule(
    "tuned-list/filter-words",
    DOCUMENTED,
    on=Filtered,
    when=lambda found: ":" not in found.filter and _known(found),
    cite=gemini(
        "ListTunedModelsRequest",
        "filter",
        says="A filter is a full text search over the tuned model's description and display name.",
    ),
    probe="filters",
)
def filter_words(found: Filtered) -> Findings:
    """A word finds the tuned models that say it, and no others (a target may refuse filters, not ignore them)."""
    lost = [key for key in found.wanted if key not in found.found]
    strange = [key for key in found.unwanted if key in found.found]
    if lost:
        yield f"'{found.filter}' does not find tunedModels/{lost[0]}, which says it"
    if strange:
        yield f"'{found.filter}' finds tunedModels/{strange[0]}, which does not say it"


@rule(
    "tuned-list/leaves-out-what-is-shared",
    ADVISED,
    on=PlainList,
    cite=gemini(
        "ListTunedModelsRequest",
        "filter",
        says="By default, results will not include tuned models shared with everyone.",
    ),
    probe="filters",
)
def leaves_out_what_is_shared(listed: PlainList) -> Findings:
    """A list without a filter leaves out what is shared with everyone (the caller's own may be meant or not: warns)."""
    shown = {item.key for item in listed.walk.items}
    for key in listed.shared:
        if key in shown:
            yield f"tunedModels/{key} is shared with everyone and listed without a filter"
