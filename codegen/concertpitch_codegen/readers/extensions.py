"""Facts that OpenAPI has no word for, as our own writer and overlays put them: `x-google-*` beside what they are about.

Owns their reading. Must not know the rest of a document.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from concertpitch_codegen.document import Behavior, BehaviorFact, Enum, Evidence, LongRunning, Oneof

if TYPE_CHECKING:
    from concertpitch_codegen.readers.cursor import Cursor

BEHAVIOR, EVIDENCE = "x-google-field-behavior", "x-concertpitch-evidence"
ONEOF, NUMBERS = "x-google-oneof", "x-google-enum-numbers"
OPERATION_INFO = "x-google-operation-info"
TEMPLATE, PATH_PARAMETERS = "x-google-path", "x-google-path-parameters"


def read_behaviors(at: Cursor) -> list[BehaviorFact]:
    """Read the listed behaviours, each with the evidence told beside it; what prose says is read from the prose."""
    found: list[BehaviorFact] = []
    evidence = at.child(EVIDENCE)
    for name in dict.fromkeys(at.texts(BEHAVIOR)):
        if name not in Behavior.__members__:
            at.at(BEHAVIOR).problem(f"has the behaviour {name!r}, which google.api.FieldBehavior does not have")
            continue
        told = evidence.texts(name) if evidence and name in evidence else (Evidence.FLAG,)
        origin = at.at(BEHAVIOR).origin
        found += [BehaviorFact(Behavior(name), Evidence(each), origin) for each in told if each in _STATED]
    return found


def read_oneofs(at: Cursor, fields: frozenset[str]) -> tuple[Oneof, ...]:
    """Read the oneofs of a message that has `fields`."""
    listed = at.child(ONEOF)
    found: list[Oneof] = []
    for name in listed.value if listed else ():
        place = listed.at(name) if listed else at
        members = tuple(dict.fromkeys(listed.texts(name))) if listed else ()
        if unknown := [each for each in members if each not in fields]:
            place.problem(f"has the member {unknown[0]!r}, which is no property beside it")
        found.append(Oneof(name, members, place.origin))
    return tuple(found)


def number(enum: Enum, at: Cursor) -> Enum:
    """Give the constants of an enum the numbers that stand beside it."""
    numbers = at.child(NUMBERS)
    if numbers is None:
        return enum
    for name, each in numbers.value.items():
        if type(each) is not int:
            numbers.at(name).problem("is not a whole number")
        elif all(value.name != name for value in enum.values):
            numbers.at(name).problem("is the number of a constant that is not listed")
    values = tuple(replace(value, number=numbers.value.get(value.name)) for value in enum.values)
    return replace(enum, values=values, numbers_from=numbers.origin)


def read_operation_info(at: Cursor) -> LongRunning | None:
    """Read what the Operation of a method carries."""
    info = at.child(OPERATION_INFO)
    if info is None:
        return None
    return LongRunning(info.required_text("response_type"), info.required_text("metadata_type"), info.origin)


_STATED = frozenset(Evidence) - {Evidence.TEXT}
