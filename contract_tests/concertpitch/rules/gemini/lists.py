"""What lists of tuned models and permissions must show, how much at once, and what filters find."""

from __future__ import annotations

import json
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.sources import aip, gemini
from concertpitch.subjects import Page
from concertpitch.subjects.gemini import Filtered, ModelSameness

_TEN, _MOST = 10, 1000


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


def _equal(one: Any, other: Any) -> bool:
    """Equal as JSON texts, so that NaN equals itself."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@rule(
    "tuned-list/agrees-with-get",
    CONVENTION,
    on=ModelSameness,
    cite=aip(121, "Methods", says="resource schema for that resource across all methods **must** be the same."),
    probe="paging",
)
def agrees_with_get(same: ModelSameness) -> Findings:
    """A list shows a tuned model as get shows it."""
    listed, before, read = same.listed.body, same.before.body, same.read.body
    for name in sorted(listed.keys() & before.keys() & read.keys() - {"tuningTask"}):
        if _equal(before[name], read[name]) and not _equal(listed[name], read[name]):
            yield f"{same.read.shown}: {name} is {listed[name]} in a list, {read[name]} in a get"


@rule(
    "tuned-list/full-items",
    ADVISED,
    on=ModelSameness,
    cite=aip(132, "Response message", says="The response **should** usually include fully-populated resources unless"),
    probe="paging",
)
def full_items(same: ModelSameness) -> Findings:
    """A list shows all members of a tuned model that get shows."""
    lacking = sorted(set(same.read.body) - set(same.listed.body))
    if lacking:
        yield f"{same.read.shown}: a list leaves out {', '.join(lacking)}"


# ---- filters


def _operator(*names: str) -> Any:
    return lambda found: found.works and found.filter in names


@rule(
    "tuned-list/filter-owner",
    DOCUMENTED,
    on=Filtered,
    when=_operator("owner:me", "writers:me"),
    cite=gemini(
        "ListTunedModelsRequest", "filter", says='"owner:me" returns all tuned models to which caller has owner role'
    ),
    probe="filters",
)
def filter_owner(found: Filtered) -> Findings:
    """owner:me and writers:me find the caller's own tuned models (judged where some operator is seen to work)."""
    lost = [key for key in found.wanted if key not in found.found]
    if lost:
        yield f"{found.filter} does not find tunedModels/{lost[0]}, which the caller owns"


@rule(
    "tuned-list/filter-everyone",
    DOCUMENTED,
    on=Filtered,
    when=_operator("readers:everyone"),
    cite=gemini(
        "ListTunedModelsRequest",
        "filter",
        says='"readers:everyone" returns all tuned models that are shared with everyone',
    ),
    probe="filters",
)
def filter_everyone(found: Filtered) -> Findings:
    """readers:everyone finds what is shared with everyone, and nothing else (judged where operators work)."""
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
    when=lambda found: found.works and ":" not in found.filter,
    cite=gemini(
        "ListTunedModelsRequest",
        "filter",
        says="A filter is a full text search over the tuned model's description and display name.",
    ),
    probe="filters",
)
def filter_words(found: Filtered) -> Findings:
    """A word finds the tuned models that say it, in either case (judged where the search is seen to work)."""
    lost = [key for key in found.wanted if key not in found.found]
    strange = [key for key in found.unwanted if key in found.found]
    if lost and found.filter == found.filter.lower():
        yield f"'{found.filter}' does not find tunedModels/{lost[0]}, which says it"
    if strange:
        yield f"'{found.filter}' finds tunedModels/{strange[0]}, which does not say it"
