"""Calls -> creates of any resource with what their requests say, and what followed them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from concertpitch.protojson import text
from concertpitch.schema import Schemas, read_request
from concertpitch.subjects import Aftermath, Call, Create, FirstRead, Names, Walk

_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"')
_FREE_MEMBERS = frozenset({"tunedModelDisplayName", "displayName", "labels", "description", "temperature"})
C = TypeVar("C", bound=Create)


def unreadable(call: Call) -> bool:
    """Whether the request body is no JSON to any parser, however lenient.

    Real parsers of this API take trailing commas, so only what cannot be a JSON value counts: brackets that do
    not match, or a text that starts with neither `{` nor `[`.
    """
    body = call.exchange.request_body
    if call.exchange.request.error is None or not body.strip():
        return False
    bare = _STRINGS.sub('""', body.decode("utf-8", "replace"))
    balanced = bare.count("{") == bare.count("}") and bare.count("[") == bare.count("]")
    return not balanced or bare.lstrip()[:1] not in {"{", "["}


def creates_of(calls: Iterable[Call], method: str, schemas: Schemas, make: Callable[[Create], C]) -> list[C]:
    """The calls of one create method in the order sent, each with the accepted ones that resemble it.

    `make` turns what every create has into what the surface wants to know of it.
    """
    plain = []
    for call in calls:
        if call.method != method or call.route.request is None:
            continue
        body = call.exchange.request.value if call.exchange.request_body.strip() else {}
        request = read_request(schemas, call.route.request, body)
        plain.append(make(Create(call, request, unreadable(call), {})))
    places = {create.call.resource for create in plain if create.accepted}
    same, near = defaultdict(list), defaultdict(list)
    for create in plain:
        if create.accepted and not create.request.faults and not create.call.query:
            same[_text(create.sent)].append(create)
            near[_text(_bound(create))].append(create)
    return [
        replace(
            create,
            alike=None if create.call.query else _other(create, same[_text(create.sent)]),
            akin=_other(create, near[_text(_bound(create))]),
            open=create.call.resource in places,
        )
        for create in plain
    ]


def first_reads_of(
    made: Iterable[tuple[Create, Hashable, str]],
    gets: Iterable[tuple[Hashable, Call]],
    deletes: Iterable[tuple[Hashable, Call]] = (),
) -> Iterator[FirstRead]:
    """The first get of each created resource that left after the create was answered, and before it was deleted.

    `made` holds creates with the key and short name of what they made, `gets` and `deletes` the calls with the key
    they are for.
    """
    asked: dict[Hashable, list[Call]] = defaultdict(list)
    for key, call in gets:
        asked[key].append(call)
    ended: dict[Hashable, list[Call]] = defaultdict(list)
    for key, call in deletes:
        ended[key].append(call)
    for create, key, shown in made:
        later = (call for call in asked[key] if create.call.exchange.before(call.exchange))
        first = next(later, None)
        if first is not None and not any(
            one.exchange.answered > create.call.exchange.sent and one.exchange.sent < first.exchange.answered
            for one in ended[key]
        ):
            yield FirstRead(create, first, shown)


def names_of(named: Iterable[tuple[Create, str]]) -> Iterator[Names]:
    """The names given in each collection, by the resource name that the creates were sent to."""
    given: dict[str, list[tuple[Create, str]]] = defaultdict(list)
    for create, name in named:
        given[create.call.resource].append((create, name))
    for found in given.values():
        if len(found) > 1:
            yield Names(tuple(name for _, name in found), tuple(create for create, _ in found))


def aftermaths_of(creates: Iterable[Create], walks: list[Walk]) -> Iterator[Aftermath]:
    """Each refused create whose display name is its own, with the next whole walk of its collection."""
    every = list(creates)
    used = Counter(create.display_name for create in every)
    for create in every:
        name = create.display_name
        if name and used[name] == 1 and create.refused:
            later = (
                walk
                for walk in walks
                if walk.whole
                and walk.pages[0].call.resource == create.call.resource
                and create.call.exchange.before(walk.pages[0].call.exchange)
            )
            following = next(later, None)
            if following is not None:
                found = (item for item in following.items if text(getattr(item, "display_name", "")) == name)
                yield Aftermath(create, following, next(found, None))


def _bound(create: Create) -> dict[str, object]:
    return {name: value for name, value in create.sent.items() if name not in _FREE_MEMBERS}


def _text(body: object) -> str:
    return json.dumps(body, sort_keys=True)


def _other(create: C, candidates: list[C]) -> C | None:
    """An accepted create that is not this one; of the same parent, so that a closed location proves nothing."""
    return next(
        (one for one in candidates if one.call is not create.call and one.call.resource == create.call.resource),
        None,
    )
