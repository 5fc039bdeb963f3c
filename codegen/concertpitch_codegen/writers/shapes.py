"""What a method is by the shape of what it takes and gives: one that lists, or one that shows when something has ended.

Owns the recognition. Must not know what is made of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_codegen.document import Array, Enum, Message, Ref
from concertpitch_codegen.writers.naming import constant_name, snake_case
from concertpitch_codegen.writers.templates import literal

if TYPE_CHECKING:
    from concertpitch_codegen.document import Document, Operation

_ENDED = ("SUCCEEDED", "FAILED", "CANCELLED", "CANCELED", "EXPIRED", "COMPLETED", "DONE")


@dataclass(frozen=True, slots=True)
class Pages:
    """A list method: the field that holds the items; None where several may."""

    items: str | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How to see that what a get method gives has ended: its `state` is one of `states`, or it is `done`."""

    states: tuple[str, ...]


def pages_of(operation: Operation, document: Document) -> Pages | None:
    """Recognise a list method by its tokens (AIP-158): `pageToken` goes in, `nextPageToken` comes out."""
    if not operation.response or not isinstance(operation.response.type, Ref):
        return None
    answer = document.definitions.get(operation.response.type.name)
    if not isinstance(answer, Message) or "nextPageToken" not in answer.fields:
        return None
    if all(each.name != "pageToken" for each in operation.parameters):
        return None
    lists = [
        name
        for name, each in answer.fields.items()
        if isinstance(each.type, Array) and isinstance(each.type.items.type, Ref)
    ]
    if not lists:
        return None
    items = _items(lists, operation.id)
    return Pages(snake_case(items) if items else None)


def _items(lists: list[str], method_id: str) -> str | None:
    """Choose the list that a method is about, by its name and that of its resource: warnings may stand beside it."""
    if len(lists) == 1:
        return lists[0]
    resource, method = ("", *method_id.lower().split("."))[-2:]
    exact = [name for name in lists if name.lower() in {resource, "items"}]
    alike = [
        name
        for name in lists
        if f"{name}s".lower() == resource
        or method.endswith(name.lower())
        or (resource and (name.lower().endswith(resource) or f"{resource}s".endswith(name.lower())))
    ]
    return next((found[0] for found in (exact, alike) if len(found) == 1), None)


def ending_of(operation: Operation, document: Document, names: dict[str, str]) -> Ending | None:
    """Recognise what ends by itself: an Operation by `done` (AIP-151), a job by a `state` that can fail."""
    if operation.http_method != "GET" or not operation.response or not isinstance(operation.response.type, Ref):
        return None
    answer = document.definitions.get(operation.response.type.name)
    if not isinstance(answer, Message) or not operation.id.endswith(".get"):
        return None
    if {"done", "response", "error"} <= answer.fields.keys():
        return Ending(())
    state = answer.fields.get("state")
    states = document.definitions.get(state.type.name) if state and isinstance(state.type, Ref) else None
    if not isinstance(states, Enum):
        return None
    last = [each.name for each in states.values if each.name.endswith(_ENDED)]
    if not any(each.endswith("FAILED") for each in last) or len(last) == 1:
        return None
    named = Counter(constant_name(each.name) for each in states.values)
    enum = names[states.name]
    # What cannot be named as it is, or as another one is, is told by its value.
    return Ending(tuple(f"{enum}.{each}" if named[each] == 1 else f"{enum}({literal(each)})" for each in last))
