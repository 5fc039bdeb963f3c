"""Recorded traffic -> verdicts, by the same rules as live traffic. Nothing is sent.

Rule 1: a surface, in each of its versions, is judged when the recording holds a call of it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from concertpitch import recordings
from concertpitch.errors import CannotJudge, UsageError
from concertpitch.exchange import Exchange
from concertpitch.reading import sights_of
from concertpitch.rules import rules_of
from concertpitch.run import Result
from concertpitch.surfaces import MCP, Surface, routes
from concertpitch.verdicts import judge

_ENDPOINTS = frozenset({"generate", "tuning"})


def replay(path: Path, surfaces: Iterable[Surface], base_url: str = "") -> list[Result]:
    """Judge a recording, one result per surface and version it holds calls of.

    Raises UsageError for a file that is no recording, and where calls to several servers are mixed and `base_url`
    does not say which to judge; CannotJudge when there is no call of any surface.
    """
    began = time.monotonic()
    exchanges = recordings.load(path)
    results = []
    for surface in surfaces:
        found = _by_base(exchanges, surface)
        if base_url:
            found = {base: kept for base, kept in found.items() if base == base_url.rstrip("/")}
        if len(found) > 1:
            raise UsageError(f"{path} holds calls to {' and '.join(sorted(found))}; say which to judge by --base-url")
        for base, kept in found.items():
            result = Result(str(path), surface, "replay", 0, urlsplit(base).path, [], kept, 0.0, path.stem)
            subjects = result.subjects(kept)
            result.verdicts = judge(rules_of(surface.name), subjects, {})
            result.sights = sights_of(subjects, surface)
            result.seconds = time.monotonic() - began
            results.append(result)
    if not results:
        raise CannotJudge(f"{path} holds {len(exchanges)} exchanges, but no call that a surface knows")
    return results


def _by_base(exchanges: list[Exchange], surface: Surface) -> dict[str, list[Exchange]]:
    """The exchanges by the base URL before a surface's path; all others go with the base they are under."""
    found: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        base = _base(exchange, surface)
        if base is not None:
            found[base].append(exchange)
    taken = {exchange.number for kept in found.values() for exchange in kept}
    for exchange in exchanges:
        for base, kept in found.items():
            if exchange.url.startswith(f"{base}/") and exchange.number not in taken:
                kept.append(exchange)
    return {base: sorted(kept, key=lambda one: one.number) for base, kept in found.items()}


def _base(exchange: Exchange, surface: Surface) -> str | None:
    """The base URL of an exchange on a method of the surface, None for any other."""
    parts = urlsplit(exchange.url)
    if surface == MCP:
        prefix, mark, endpoint = parts.path.rpartition("/mcp/")
        return f"{parts.scheme}://{parts.netloc}{prefix}" if mark and endpoint in _ENDPOINTS else None
    prefix, mark, rest = parts.path.partition(f"/{surface.version}/")
    methods = (route for route in routes(surface) if route.verb == exchange.method)
    if mark and any(route.pattern.fullmatch(mark + rest) for route in methods):
        return f"{parts.scheme}://{parts.netloc}{prefix}"
    return None
