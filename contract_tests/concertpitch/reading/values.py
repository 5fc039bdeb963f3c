"""Answers -> the values inside them, each once however often it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from concertpitch.protojson import items, message
from concertpitch.schema import Schemas
from concertpitch.subjects import SEEN, Answer, Call, Seen


def as_key(value: Any) -> str | bytes:
    """A text that is the same for equal JSON values only, written in the same order: 1, 1.0 and true differ."""
    try:
        text = orjson.dumps(value)
    except TypeError:  # an integer of more than 64 bits, half a character
        return repr(value)
    return repr(value) if b"null" in text else text  # NaN is written as null


def values_of(calls: list[Call], schemas: Schemas) -> Iterator[Answer | Seen]:
    """Every answer, and every value in a successful JSON answer.

    A resource that a list shows the hundredth time unchanged is read once: the items of a page are told apart by
    their text, so that judging stays in proportion to what differs.
    """
    told: set[tuple[str, bool, str | bytes]] = set()
    for call in calls:
        if not call.succeeded:
            continue
        yield Answer(call)
        body = call.exchange.answer
        if body.error:
            continue
        numbers = "enum-encoding=int" in " ".join(f"{name}={value}" for name, value in call.exchange.query)
        node = call.route.response
        pieces = [("", node, body.value)]
        for name, listed in message(body.value).items() if call.method.endswith(".list") else ():
            if isinstance(listed, list) and name in schemas.members(node):
                of = schemas.element(schemas.members(node)[name])
                pieces[0] = ("", node, {**pieces[0][2], name: []})
                pieces += [(f"/{name}/{index}", of, item) for index, item in enumerate(items(listed))]
        for pointer, of, value in pieces:
            key = (of.name, numbers, as_key(value))
            if key in told:
                continue
            told.add(key)
            for seen in schemas.values(of, value, pointer):
                kind = SEEN.get(seen.kind)
                if kind:
                    yield kind(call.exchange, seen, numbers)
