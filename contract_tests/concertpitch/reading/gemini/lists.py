"""Lists of the Gemini API -> pages and walks, and what filters found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from concertpitch.reading.gemini.models import CREATE, DELETE
from concertpitch.reading.gemini.permissions import PARENTS
from concertpitch.reading.lists import Surroundings, pages_of, walks_of
from concertpitch.subjects import Call, Listed, Page, Walk
from concertpitch.subjects.gemini import BaseModel, Filtered, Permission, Roster, TunedModel

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
    pages = pages_of(_of(calls, "tunedModels.list"), "tunedModels", _shown(models))
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
        walks += walks_of(found, Surroundings(writes, permissions, own, lambda *_: ()))
    return pages, walks


def base_model_lists_of(calls: list[Call], bases: list[BaseModel]) -> tuple[list[Page], list[Walk]]:
    """Lists of base models, which this run cannot change."""
    pages = pages_of(_of(calls, "models.list"), "models", _shown(bases))
    own = frozenset(one.key for one in bases)
    read = [one for one in bases if one.source == "get"]

    def expected(_: Page, began: float, __: float) -> tuple[Listed, ...]:
        return tuple(one for one in read if one.exchange.answered <= began)

    return pages, list(walks_of(pages, Surroundings((), bases, own, expected)))


_OPERATORS = ("owner:me", "writers:me", "readers:me", "readers:everyone")


def filtered_of(
    walks: Sequence[Walk],
    grouped: Mapping[str, list[TunedModel]],
    rosters: Sequence[Roster],
    calls: list[Call],
    mine: frozenset[str],
) -> Iterator[Filtered]:
    """Every walk through a filter that this suite knows the meaning of, to its end."""
    found: list[Filtered] = []
    gone = {call.path["tunedModelsId"]: call.exchange.sent for call in reversed(calls) if call.method == DELETE}
    for walk in walks:
        text = walk.pages[0].call.query.get("filter", "")
        if not text or walk.pages[-1].next_token or not walk.readable or not walk.quiet:
            continue
        began, ended = walk.pages[0].call.exchange.sent, walk.pages[-1].call.exchange.answered
        wanted: list[str] = []
        unwanted: list[str] = []
        for key in sorted(mine):
            seen = [one for one in grouped.get(key, ()) if one.source == "get" and one.exchange.answered <= began]
            if not seen or gone.get(key, float("inf")) <= ended:
                continue
            belongs = _belongs(text, seen[-1], [one for one in rosters if one.parent == f"tunedModels/{key}"], began)
            if belongs is not None:
                (wanted if belongs else unwanted).append(key)
        found.append(Filtered(walk, text, False, tuple(wanted), tuple(unwanted)))
    for one in found:
        kind = one.filter in _OPERATORS
        works = any(
            (other.filter in _OPERATORS) == kind
            and other.found & set(other.wanted)
            and set(other.unwanted) - other.found
            for other in found
        )
        yield Filtered(one.walk, one.filter, works, one.wanted, one.unwanted)


def _belongs(text: str, model: TunedModel, rosters: list[Roster], began: float) -> bool | None:
    """Whether a filter finds a model of this run; None when that is not certain.

    The run owns what it made and nobody transferred. What everyone may read is left out of all but its own operator.
    """
    if ":" not in text:
        described = f"{model.display_name}\\n{model.body.get('description', '')}".lower()
        return text.lower() in described
    known = [one for one in rosters if one.exchanges[-1].answered <= began]
    if not known:
        return None
    everyone = any(one.grantee_type == "EVERYONE" for one in known[-1].permissions)
    if text == "readers:everyone":
        return everyone
    return True if text in {"owner:me", "writers:me"} and not everyone else None
