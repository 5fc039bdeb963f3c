"""Model pages: one Markdown page a message, with the table API references have.

Owns the page's form: name, type, description, notes; then what the table cannot say: oneofs and the
constants of its enums. Must not know source formats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_codegen.document import Anything, Array, Behavior, Enum, Map, Message, Ref, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from concertpitch_codegen.document import Definition, Document, Schema, Type

_NOTES = {
    Behavior.REQUIRED: "[required]",
    Behavior.OUTPUT_ONLY: "[readonly]",
    Behavior.INPUT_ONLY: "[writeonly]",
    Behavior.IMMUTABLE: "[immutable]",
    Behavior.IDENTIFIER: "[identifier]",
}
_WORDS = {"string": "String", "integer": "Integer", "number": "Number", "boolean": "Boolean"}


def write_pages(document: Document) -> dict[str, bytes]:
    """Write the pages of all messages and an index, by file name."""
    pages = {
        f"{definition.name}.md": "\n".join(_page(definition, document)) + "\n"
        for definition in document.definitions.values()
        if isinstance(definition, Message)
    }
    pages["README.md"] = "\n".join(_index(document)) + "\n"
    return {name: text.encode() for name, text in pages.items()}


def _index(document: Document) -> Iterator[str]:
    yield f"# {_cell(document.title)} {document.version}\n"
    yield f"The messages of {document.id}, revision {document.revision}.\n"
    for name, definition in document.definitions.items():
        if isinstance(definition, Message):
            yield f"- [{name}]({name}.md)"


def _page(message: Message, document: Document) -> Iterator[str]:
    yield f"# {message.name}\n"
    if message.deprecated:
        yield "Deprecated.\n"
    if message.description:
        yield f"{_prose(message.description)}\n"
    if message.fields:
        yield "## Properties\n"
        yield "| Name | Type | Description | Notes |\n| --- | --- | --- | --- |"
        for name, field in message.fields.items():
            written = _type(field.type, document.definitions)
            yield f"| **{_cell(name)}** | {written} | {_cell(field.description or '')} | {_notes(field)} |"
        yield ""
    for oneof in message.oneofs:
        members = ", ".join(f"**{_cell(each)}**" for each in oneof.members)
        yield f"At most one of {members} (`{oneof.name}`).\n"
    enums = {name: document.definitions[name] for field in message.fields.values() for name in _enums(field.type)}
    for enum in sorted(enums.items()):
        if isinstance(enum[1], Enum):
            yield from _enum(enum[1])
    told = [("", note) for note in message.notes]
    told += [(name, note) for name, field in message.fields.items() for note in field.notes]
    for name, note in told:
        about = f"**{_cell(name)}**: " * bool(name)
        yield f"Overlay: {about}{_cell(note.says)} ({_cell(note.cite)}; `{note.origin}`)\n"
    yield f"Source: {message.origin.document} {document.revision_of(message.origin)} `{message.origin.pointer}`"


def _enum(enum: Enum) -> Iterator[str]:
    yield f"## Enum: {enum.name}\n"
    yield "| Value | Number | Description |\n| --- | --- | --- |"
    for value in enum.values:
        number = "" if value.number is None else str(value.number)
        text = f"{'Deprecated. ' * value.deprecated}{value.description or ''}"
        yield f"| {_cell(value.name)} | {number} | {_cell(text)} |"
    yield ""


def _notes(schema: Schema) -> str:
    notes = [note for behavior, note in _NOTES.items() if schema.has(behavior)]
    if Behavior.REQUIRED not in {fact.behavior for fact in schema.behaviors}:
        notes.insert(0, "[optional]")
    return " ".join(notes + ["[deprecated]"] * schema.deprecated)


def _type(kind: Type, definitions: Mapping[str, Definition]) -> str:
    match kind:
        case Scalar(json_type, form):
            return f"**{_WORDS[json_type]}**{f' ({form})' if form else ''}"
        case Ref(name):
            return _link(name, definitions)
        case Array(items):
            return f"List of {_type(items.type, definitions)}"
        case Map(values):
            return f"Map of String to {_type(values.type, definitions)}"
        case Anything():
            return "**any**"


def _link(name: str, definitions: Mapping[str, Definition]) -> str:
    target = definitions.get(name)
    if isinstance(target, Enum):
        return f"[**{name}**](#enum-{name.lower()})"
    return f"[**{name}**]({name}.md)" if isinstance(target, Message) else f"**{name}**"


def _enums(kind: Type) -> Iterator[str]:
    match kind:
        case Ref(name):
            yield name
        case Array(inner) | Map(inner):
            yield from _enums(inner.type)


def _prose(text: str) -> str:
    """Keep text from being read as HTML or as a heading."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cell(text: str) -> str:
    """Put text into one cell of a table."""
    return " ".join(_prose(text).replace("|", "\\|").split())
