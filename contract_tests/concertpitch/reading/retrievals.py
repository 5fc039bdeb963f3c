"""Which resources the target has shown, and gets of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache

from concertpitch.subjects import Call, Reads, Retrieval


class Acquaintance:
    """Which resources of one kind the target has shown, and since when."""

    def __init__(self, sights: Iterable[tuple[Hashable, str, float]]) -> None:
        """Made from key, id and moment of each sight."""
        self._since: dict[Hashable, float] = {}
        self._forms: set[str] = set()
        self._ids: set[tuple[str, float]] = set()
        for key, resource_id, moment in sights:
            self._since[key] = min(moment, self._since.get(key, float("inf")))
            self._forms.add(form(resource_id))
            self._ids.add((resource_id, moment))

    def known(self, key: Hashable, call: Call) -> bool:
        """Whether the resource had been shown before the call left."""
        return self._since.get(key, float("inf")) <= call.exchange.sent

    def may_exist(self, name: str, call: Call) -> bool:
        """Whether a resource of this name may exist when the call leaves: shown, or not written like those shown."""
        resource_id = name.rpartition("/")[2]
        if not name or form(resource_id) not in self._forms:
            return True
        return any(since <= call.exchange.sent for known, since in self._ids if known == resource_id)

    def lookalike(self, resource_id: str) -> bool:
        """Whether the id is written like the ids of resources that exist: as long, of the same kinds of characters."""
        return form(resource_id) in self._forms


def reads_of(retrievals: Iterable[Retrieval]) -> Iterator[Reads]:
    """The gets of each resource that the target had shown before."""
    grouped: dict[str, list[Call]] = defaultdict(list)
    for get in retrievals:
        if get.known:
            grouped[get.call.resource].append(get.call)
    for calls in grouped.values():
        yield Reads(tuple(calls))


@lru_cache(4096)
def form(resource_id: str) -> str:
    """How an id is written: its length and the kinds of its characters."""
    if resource_id.isdigit() and len(resource_id) < 8:  # noqa: PLR2004 - counted ids: any number is well formed
        return "9"
    return "".join("9" if char.isdigit() else "a" if char.isalpha() else char for char in resource_id)
