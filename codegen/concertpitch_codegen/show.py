"""What documents say of one message, fact by fact, each with the place it stands.

Owns the text of `concertpitch-codegen show`. Must not know formats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_codegen.document import Alias, Enum, Message
from concertpitch_codegen.problems import CodegenError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from concertpitch_codegen.document import BehaviorFact, Definition, Document, Note

_SHOWN = 12  # suggestions for a name that is not there


def show(document: Document, name: str) -> Iterator[str]:
    """Yield lines about a definition, named in full or by the end of its name. Raises `CodegenError`."""
    definition = _find(document, name)
    yield f"{definition.name}  {definition.origin}"
    yield from _indented(definition.description)
    yield from _overlays(definition.notes, "  ")
    match definition:
        case Message():
            yield from _message(definition)
        case Enum():
            yield from _enum(definition)
        case Alias():
            yield f"  is {definition.schema.type}"


def _find(document: Document, name: str) -> Definition:
    if name in document.definitions:
        return document.definitions[name]
    ends = [each for each in document.definitions if each.endswith(name)]
    shortest = [each for each in ends if len(each) == min(map(len, ends))]
    if len(shortest) == 1:
        return document.definitions[shortest[0]]
    near = ends or [each for each in document.definitions if name.lower() in each.lower()]
    hint = f"; it has {', '.join(near[:_SHOWN])}" if near else ""
    raise CodegenError(f"{document.id} has no message {name!r}{hint}")


def _message(message: Message) -> Iterator[str]:
    if message.deprecated:
        yield "  deprecated"
    for key, value in sorted(message.extras.items()):
        yield f"  {key}: {value}"
    for oneof in message.oneofs:
        yield f"  at most one of {', '.join(oneof.members)}  ({oneof.name})  {oneof.origin}"
    for name, field in message.fields.items():
        yield f"  {name}: {field.type}  {field.origin}"
        yield from _indented(field.description, "      ")
        if field.deprecated:
            yield "      deprecated"
        for key, value in sorted({**field.limits, **field.extras}.items()):
            yield f"      {key}: {value}"
        yield from (_behavior(fact) for fact in field.behaviors)
        yield from _overlays(field.notes, "      ")


def _behavior(fact: BehaviorFact) -> str:
    return f"      {fact.behavior} by {fact.evidence}  {fact.origin}"


def _enum(enum: Enum) -> Iterator[str]:
    if enum.numbers_from:
        yield f"  numbers from {enum.numbers_from}"
    for value in enum.values:
        number = "" if value.number is None else f" = {value.number}"
        yield f"  {value.name}{number}{'  deprecated' if value.deprecated else ''}"
        yield from _indented(value.description, "      ")


def _overlays(notes: Iterable[Note], indent: str) -> Iterator[str]:
    for each in notes:
        yield f"{indent}overlay: {each.says} ({each.cite})  {each.origin}"


def _indented(text: str | None, indent: str = "  ") -> Iterator[str]:
    if text:
        yield f"{indent}{text}"
