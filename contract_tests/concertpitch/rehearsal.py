"""What a run would send, without sending it: the run is rehearsed on the embedded emulator and summed up.

Rule 1: nothing goes to the target, not even a name look-up; no token command is run.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from concertpitch.credentials import Credentials
from concertpitch.embedded import TOKEN
from concertpitch.exchange import Exchange
from concertpitch.lab import Settings
from concertpitch.run import run
from concertpitch.surfaces import Route, Surface, routes

_SHAPES = 4
"""Body shapes shown per method; the rest are counted."""
_IDS = re.compile(r"(?<=/)(\d{6,}|[0-9a-f]{8}-[0-9a-f-]{20,})(?=[/:]|$)")


def plan(real: Settings, stage: str, rehearsed: Settings) -> Iterator[str]:
    """The lines that tell what a run with the `real` settings sends.

    `rehearsed` are the same settings for the emulator at `stage`, whose jobs end sooner; its deadline and its pace
    are left out, so that the whole plan is seen.
    """
    changes: dict[str, Any] = {"rate": 0.0, "deadline": 0.0, "control": None}
    quiet = replace(rehearsed, profile=real.profile, recipes=real.recipes, **changes)
    result = run(quiet, Credentials(TOKEN), lambda *_: None)
    surface = real.surface
    groups: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for one in result.exchanges:
        groups[one.method, _place(one, surface)].append(one)
    created = sum(_creates(one, surface) for one in result.exchanges)
    where = "the embedded emulator" if real.target == stage else real.target
    yield f"{surface.name} {surface.version} at {where}, profile {real.profile.value}: nothing was sent there."
    yield "A rehearsal on the embedded emulator sent (reads grow with the time that jobs take):"
    for (method, place), exchanges in sorted(groups.items(), key=lambda group: (group[0][1], group[0][0])):
        yield f"  {len(exchanges):5} x {method} {place}"
        shapes = Counter(_shape(one) for one in exchanges if one.request_body)
        for shape, count in shapes.most_common(_SHAPES):
            yield f"          {count} x {shape}"
        if len(shapes) > _SHAPES:
            yield f"          and {len(shapes) - _SHAPES} more bodies"
    yield (
        f"cost: {created} jobs, of at most {real.max_jobs} (--max-jobs); all are cancelled at the end"
        if real.writes
        else "cost: no job; nothing is created, changed or cancelled"
    )


def _route(exchange: Exchange, surface: Surface) -> tuple[Route, dict[str, str]] | None:
    for route in routes(surface):
        match = route.pattern.fullmatch(exchange.path) if route.verb == exchange.method else None
        if match:
            return route, match.groupdict()
    return None


def _place(exchange: Exchange, surface: Surface) -> str:
    """The path with its ids taken out, and the names of the query's parameters."""
    found, path = _route(exchange, surface), exchange.path
    for name, value in (found[1] if found else {}).items():
        if name not in {"projectsId", "locationsId"}:
            path = path.replace(f"/{value}", f"/{{{name}}}")
    names = sorted({name for name, _ in exchange.query} & {"pageSize", "pageToken", "filter"})
    return _IDS.sub("{id}", path) + (f"?{'&'.join(names)}" if names else "")


def _creates(exchange: Exchange, surface: Surface) -> bool:
    """Whether the emulator made a job of it."""
    found, answer = _route(exchange, surface), exchange.answer.value
    named = isinstance(answer, dict) and bool(answer.get("name"))
    making = found is not None and found[0].method.endswith((".create", ":create", ".rebaseTunedModel"))
    return making and named and exchange.status == 200  # noqa: PLR2004


def _shape(exchange: Exchange) -> str:
    if exchange.request.error:
        return f"{len(exchange.request_body)} bytes that are no JSON"
    return _members(exchange.request.value)


def _members(value: Any, depth: int = 0) -> str:
    """An object by its members' names, three deep; anything else by its JSON type."""
    if isinstance(value, dict) and depth < 3:  # noqa: PLR2004
        inner = (
            name + (f": {_members(member, depth + 1)}" if member and isinstance(member, dict) else "")
            for name, member in sorted(value.items())
        )
        return "{" + ", ".join(inner) + "}"
    return "{...}" if isinstance(value, dict) else "[...]" if isinstance(value, list) else json.dumps(value)[:20]
