"""Lists of the Gemini API -> pages and walks, and what filters found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from concertpitch.reading.gemini.models import CREATE, DELETE
from concertpitch.reading.gemini.permissions import PARENTS, caller_of, role_on, writes_on
from concertpitch.reading.lists import Surroundings, pages_of, walks_of
from concertpitch.subjects import Call, Listed, Page, Walk
from concertpitch.subjects.gemini import BaseModel, Filtered, Permission, PlainList, Roster, TunedModel

_TRANSFER = "tunedModels.transferOwnership"


def _shown(items: Iterable[Listed]) -> dict[int, list[Listed]]:
    shown = defaultdict(list)
    for item in items:
        if item.source == "list":
            shown[item.exchange.number].append(item)
    return shown


def _of(calls: Iterable[Call], method: str) -> list[Call]:
    return [call for call in calls if call.method == method]


def model_lists_of(
    calls: list[Call], models: list[TunedModel], grouped: Mapping[str, list[TunedModel]], mine: frozenset[str]
) -> tuple[list[Page], list[Walk]]:
    """Lists of tuned models. Models that everyone may read, and those given away, are not expected on them."""
    gone = {call.path["tunedModelsId"]: call.exchange.sent for call in reversed(calls) if call.method == DELETE}
    pages = pages_of(_of(calls, "tunedModels.list"), "tunedModels", _shown(models), gone)
    left = {call.path["tunedModelsId"]: call.exchange.sent for call in reversed(calls) if _leaves(call)}
    writes = [
        call
        for call in calls
        if call.method in {CREATE, DELETE, "tunedModels.patch", _TRANSFER} or _leaves(call) or _returns(call)
    ]

    def expected(_: Page, began: float, ended: float) -> tuple[Listed, ...]:
        reads = (
            next((one for one in grouped.get(key, ()) if one.source == "get" and one.exchange.answered <= began), None)
            for key in sorted(mine)
            if left.get(key, float("inf")) > ended
        )
        return tuple(one for one in reads if one is not None)

    return pages, list(walks_of(pages, Surroundings(writes, models, mine, expected)))


def _leaves(call: Call) -> bool:
    """Whether a call may take a model off its owner's plain list: deleted, transferred, or shared with everyone."""
    shared = call.method == "tunedModels.permissions.create" and b"EVERYONE" in call.exchange.request_body
    numbered = call.method == "tunedModels.permissions.create" and b"email" not in call.exchange.request_body
    return call.method in {DELETE, _TRANSFER} or shared or numbered


def _returns(call: Call) -> bool:
    return call.method == "tunedModels.permissions.delete"


def permission_lists_of(calls: list[Call], permissions: list[Permission]) -> tuple[list[Page], list[Walk]]:
    """Lists of permissions on tuned models and corpora."""
    pages: list[Page] = []
    walks: list[Walk] = []
    for parent in PARENTS:
        found = pages_of(_of(calls, f"{parent}.permissions.list"), "permissions", _shown(permissions))
        writes = [
            call
            for call in calls
            if (".permissions." in call.method and not call.method.endswith((".get", ".list")))
            or call.method in {_TRANSFER, DELETE, "corpora.delete"}
        ]
        own = frozenset(one.key for one in permissions)
        pages += found
        walks += walks_of(found, Surroundings(writes, permissions, own, partial(_granted, permissions, writes)))
    return pages, walks


def _granted(
    permissions: Sequence[Permission], writes: Sequence[Call], first: Page, began: float, ended: float
) -> tuple[Listed, ...]:
    """The permissions on one resource that a list has shown, where nothing has been written since."""
    parent = first.call.resource.partition("/permissions")[0]
    seen = {
        one.key: one
        for one in permissions
        if one.parent == parent and one.source == "list" and one.exchange.answered <= began
    }
    written = [
        one.exchange
        for one in writes
        if one.resource.partition("/permissions")[0] == parent and one.exchange.sent <= ended
    ]
    return tuple(one for one in seen.values() if not any(w.answered > one.exchange.sent for w in written))


def base_model_lists_of(calls: list[Call], bases: list[BaseModel]) -> tuple[list[Page], list[Walk]]:
    """Lists of base models, which this run cannot change."""
    pages = pages_of(_of(calls, "models.list"), "models", _shown(bases))
    own = frozenset(one.key for one in bases)

    def expected(_: Page, began: float, ended: float) -> tuple[Listed, ...]:
        earlier = {one.key: one for one in bases if one.exchange.answered <= began}
        later = {one.key for one in bases if one.exchange.sent >= ended}
        return tuple(one for key, one in earlier.items() if key in later)

    return pages, list(walks_of(pages, Surroundings((), bases, own, expected)))


_OPERATORS = ("owner:me", "writers:me", "readers:me", "readers:everyone")


def filtered_of(
    walks: Sequence[Walk],
    grouped: Mapping[str, list[TunedModel]],
    rosters: Sequence[Roster],
    calls: list[Call],
    mine: frozenset[str],
) -> Iterator[Filtered]:
    """Every quiet walk through a filter of known meaning; nothing is wanted of one without an end."""
    found: list[Filtered] = []
    writes = writes_on(calls)
    gone = {call.path["tunedModelsId"]: call.exchange.sent for call in reversed(calls) if call.method == DELETE}
    plain: frozenset[object] = frozenset()
    shown_plainly: dict[str, frozenset[object]] = {}
    for walk in walks:
        text = walk.pages[0].call.query.get("filter", "")
        if not text and walk.whole:
            plain = frozenset(item.key for item in walk.items)
        if not text or not walk.readable or not walk.quiet:
            continue
        began, ended = walk.pages[0].call.exchange.sent, walk.pages[-1].call.exchange.answered
        kinds: dict[str, list[str]] = {"wanted": [], "unwanted": [], "shared": []}
        for key in sorted(mine):
            seen = [one for one in grouped.get(key, ()) if one.source == "get" and one.exchange.answered <= began]
            if not seen or gone.get(key, float("inf")) <= ended:
                continue
            parent = f"tunedModels/{key}"
            same = [one for one in rosters if one.parent == parent]
            since = max((one.exchanges[-1].answered for one in same if one.exchanges[-1].answered <= began), default=0)
            if any(since < one.exchange.answered and one.exchange.sent < ended for one in writes[parent]):
                continue
            standing = _kind(text, seen[-1], same, began)
            if standing and (standing == "unwanted" or walk.ended):
                kinds[standing].append(key)
        found.append(Filtered(walk, text, False, *map(tuple, kinds.values())))
        shown_plainly[text] = plain
    for one in found:
        kind = one.filter in _OPERATORS
        works = any(
            (other.filter in _OPERATORS) == kind
            and other.found & set(other.wanted)
            and (set(other.unwanted) & shown_plainly[other.filter]) - other.found
            for other in found
        )
        yield replace(one, works=works)


def _kind(text: str, model: TunedModel, rosters: list[Roster], began: float) -> str:
    """As what a filter has a model that this run made: wanted, unwanted, shared, or '' where that is not certain."""
    belongs = _belongs(text, model, rosters, began)
    if belongs is not None:
        return "wanted" if belongs else "unwanted"
    known = [one for one in rosters if one.exchanges[-1].answered <= began]
    owned = bool(known) and role_on(known[-1], caller_of(rosters)) == "OWNER"
    return "shared" if owned and text == "owner:me" else ""


def _belongs(text: str, model: TunedModel, rosters: list[Roster], began: float) -> bool | None:
    """Whether a filter finds a model that this run made; None when that is not certain.

    Roles include lesser ones, and no document says whether `readers:me` finds what the caller owns. What everyone
    may read is in doubt for all operators but its own; so is a word in another case, within another word, in the id.
    """
    known = [one for one in rosters if one.exchanges[-1].answered <= began]
    everyone = bool(known) and any(one.grantee_type == "EVERYONE" for one in known[-1].permissions)
    if ":" not in text:
        described = f"{model.display_name}\n{model.body.get('description', '')}"
        said = re.search(rf"\b{re.escape(text)}\b", described) is not None and not everyone
        return True if said else None if text.lower() in f"{model.key}\n{described}".lower() else False
    if not known:
        return None
    if any(one.grantee_type == "EVERYONE" and one.email for one in known[-1].permissions):
        return None
    if text == "readers:everyone":
        return everyone
    role = role_on(known[-1], caller_of(rosters))
    sure = {
        "owner:me": {"OWNER": True, "WRITER": False, "READER": False},
        "writers:me": {"WRITER": True, "READER": False},
    }
    return None if everyone else sure.get(text, {}).get(role)


def plain_lists_of(walks: Sequence[Walk], rosters: Sequence[Roster], calls: list[Call]) -> Iterator[PlainList]:
    """The whole and quiet walks without a filter while something of this run was shared with everyone."""
    writes = writes_on(calls)
    for walk in walks:
        began, ended = walk.pages[0].call.exchange.sent, walk.pages[-1].call.exchange.answered
        shared = []
        for parent in sorted({one.parent for one in rosters if one.parent.startswith("tunedModels/")}):
            known = [one for one in rosters if one.parent == parent and one.exchanges[-1].answered <= began]
            since = known[-1].exchanges[0].sent if known else 0.0
            written = any(since < one.exchange.answered and one.exchange.sent < ended for one in writes[parent])
            if (
                known
                and not written
                and any(one.grantee_type == "EVERYONE" and not one.email for one in known[-1].permissions)
            ):
                shared.append(parent.removeprefix("tunedModels/"))
        if shared and walk.whole and walk.quiet:
            yield PlainList(walk, tuple(shared))
