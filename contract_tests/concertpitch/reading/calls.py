"""Exchanges -> calls: which method of the surface an exchange is on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from concertpitch.exchange import Exchange
from concertpitch.subjects import Call, Unrouted
from concertpitch.surfaces import Surface, routes

_SUCCESS = range(200, 300)


def calls_of(exchanges: Iterable[Exchange], surface: Surface, base_path: str) -> list[Call]:
    """The answered calls on paths of the surface, in the order they were sent.

    Exchanges without an answer, cut off, or on other paths are no calls: a failure of the network proves nothing.
    """
    found = []
    table = routes(surface)
    for exchange in sorted(exchanges, key=lambda exchange: exchange.sent):
        if exchange.status is None or exchange.truncated or not exchange.path.startswith(base_path):
            continue
        path = exchange.path[len(base_path) :]
        for route in table:
            match = route.pattern.fullmatch(path) if route.verb == exchange.method else None
            if match:
                found.append((exchange, route, tuple(match.groupdict().items()), path))
                break
    served = {route.method for exchange, route, *_ in found if exchange.status in _SUCCESS}
    return [
        Call(exchange, route, variables, *_place(path), route.method in served)
        for exchange, route, variables, path in found
    ]


def _place(path: str) -> tuple[str, str]:
    """The version and the resource name of a path."""
    version, _, resource = path.lstrip("/").partition("/")
    return version, resource.partition(":")[0]


def unrouted_of(
    exchanges: Iterable[Exchange], calls: Iterable[Call], surface: Surface, base_path: str
) -> Iterator[Unrouted]:
    """The answered exchanges below the version's path that are on no method of the surface."""
    routed = {call.exchange.number for call in calls}
    start = f"{base_path}/{surface.version}/"
    for exchange in exchanges:
        answered = exchange.status is not None and not exchange.truncated
        if answered and exchange.number not in routed and exchange.path.startswith(start):
            yield Unrouted(exchange)
