"""The same resource seen several times: which sight certainly came before which."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from concertpitch.subjects import Listed

L = TypeVar("L", bound=Listed)


def pairs_of(sightings: Sequence[L]) -> Iterator[tuple[L, L]]:
    """Each sight with the latest one that was answered before its request left.

    Overlapping requests have no order, so they make no pair. A list may leave members out, so what another method
    shows is also held against the latest sighting that was no listing.
    """
    every, single = _Answered(sightings), _Answered([one for one in sightings if one.source != "list"])
    for after in sightings:
        before = every.latest(after)
        if before is not None:
            yield before, after
        if before is not None and before.source == "list" and after.source != "list":
            full = single.latest(after)
            if full is not None:
                yield full, after


class _Answered(Generic[L]):
    """Sightings of one resource in the order of their answers."""

    def __init__(self, sightings: Sequence[L]) -> None:
        self._sights = sorted(sightings, key=lambda one: one.exchange.answered)
        self._moments = [one.exchange.answered for one in self._sights]

    def latest(self, sight: L) -> L | None:
        """The latest one that was answered before the request of `sight` left."""
        earlier = bisect_right(self._moments, sight.exchange.sent)
        return self._sights[earlier - 1] if earlier else None
