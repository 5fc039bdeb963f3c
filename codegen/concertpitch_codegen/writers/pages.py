"""Model pages: one Markdown page a message, with the table API references have.

Owns the page's form: name, type, description, notes; then what the table cannot say: oneofs and the
constants of its enums. Must not know source formats.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from concertpitch_codegen.document import Anything, Array, Behavior, Enum, Map, Message, Ref, Scalar
from concertpitch_codegen.textlimits import text_limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from concertpitch_codegen.document import Alias, Document, EnumValue, Schema, Type

_NOTES = {
    Behavior.REQUIRED: "[required]",
    Behavior.OUTPUT_ONLY: "[readonly]",
    Behavior.INPUT_ONLY: "[writeonly]",
    Behavior.IMMUTABLE: "[immutable]",
    Behavior.IDENTIFIER: "[identifier]",
}
_WORDS = {"string": "String", "integer": "Integer", "number": "Number", "boolean": "Boolean"}
_INDEX = "README.md"
_CODE = re.compile(r"`([^`\n]+)`")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z`\[])")


def write_pages(document: Document) -> dict[str, bytes]:
    """Write the pages of all messages and named types, and an index, by file name.

    An enum stands on the pages of the messages that use it.
    """
    return {name: "\n".join([*lines, ""]).encode() for name, lines in _Pages(document).all()}


class _Pages:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.definitions = document.definitions
        self.described = [each for each in document.definitions.values() if not isinstance(each, Enum)]
        self.files = _file_names(each.name for each in self.described)

    def all(self) -> Iterator[tuple[str, Iterator[str]]]:
        yield _INDEX, self._index()
        for each in self.described:
            yield self.files[each.name], self._page(each)

    def _index(self) -> Iterator[str]:
        document = self.document
        yield f"# {_cell(document.title)} {_cell(document.version)}\n"
        yield f"The messages of {document.id}, revision {_cell(document.revision)}.\n"
        for each in self.described:
            said = _SENTENCE_END.split(_cell(each.description or ""), maxsplit=1)[0]
            yield f"- [{each.name}]({self.files[each.name]}){': ' * bool(said)}{said}"

    def _page(self, described: Message | Alias) -> Iterator[str]:
        yield f"# {described.name}\n"
        if described.deprecated:
            yield "Deprecated.\n"
        if described.description:
            yield f"{_prose(described.description)}\n"
        if isinstance(described, Message):
            yield from self._message(described)
        else:
            yield f"Type: {self._type(described.schema.type)}\n"
        for note in described.notes:
            yield _overlay("", note.says, note.cite, str(note.origin))
        if isinstance(described, Message):
            for name, field in described.fields.items():
                for note in field.notes:
                    yield _overlay(name, note.says, note.cite, str(note.origin))
        origin = described.origin
        yield f"Source: {origin.document} {self.document.revision_of(origin)} `{origin.pointer}`"

    def _message(self, message: Message) -> Iterator[str]:
        if message.fields:
            yield "## Properties\n"
            yield "| Name | Type | Description | Notes |\n| --- | --- | --- | --- |"
            for name, field in message.fields.items():
                written = self._type(field.type)
                yield f"| **{_cell(name)}** | {written} | {_cell(field.description or '')} | {_notes(field)} |"
            yield ""
        for oneof in message.oneofs:
            if len(oneof.members) > 1:
                members = ", ".join(f"**{_cell(each)}**" for each in oneof.members)
                yield f"At most one of {members} (`{oneof.name}`).\n"
        used = {name for field in message.fields.values() for name in _references(field.type)}
        for name in sorted(used):
            if isinstance(enum := self.definitions.get(name), Enum):
                yield from _enum(enum)

    def _type(self, kind: Type) -> str:
        match kind:
            case Scalar(json_type, form):
                return f"**{_WORDS[json_type]}**{f' ({form})' if form else ''}"
            case Ref(name):
                return self._link(name)
            case Array(items):
                return f"List of {self._type(items.type)}"
            case Map(values):
                return f"Map of String to {self._type(values.type)}"
            case Anything():
                return "**any**"

    def _link(self, name: str) -> str:
        if isinstance(self.definitions.get(name), Enum):
            return f"[**{name}**](#{_anchor(f'Enum: {name}')})"
        return f"[**{name}**]({self.files[name]})"


def _file_names(names: Iterable[str]) -> dict[str, str]:
    """Name a file for each page, also where case alone tells two names apart, as some file systems ignore it."""
    taken = {_INDEX.lower()}
    files = {}
    for name in names:
        stem = name
        while f"{stem}.md".lower() in taken:
            stem += "_"
        files[name] = f"{stem}.md"
        taken.add(files[name].lower())
    return files


def _enum(enum: Enum) -> Iterator[str]:
    """Write a table of the constants, with the columns that something is known for."""
    yield f"## Enum: {enum.name}\n"
    columns = {
        "Value": [_cell(each.name) for each in enum.values],
        "Number": ["" if each.number is None else str(each.number) for each in enum.values],
        "Description": [_cell(_said(each)) for each in enum.values],
    }
    shown = {title: column for title, column in columns.items() if title == "Value" or any(column)}
    yield f"| {' | '.join(shown)} |\n|{' --- |' * len(shown)}"
    for row in zip(*shown.values(), strict=True):
        yield f"| {' | '.join(row)} |"
    yield ""


def _said(value: EnumValue) -> str:
    return f"{'Deprecated. ' * value.deprecated}{value.description or ''}"


def _overlay(name: str, says: str, cite: str, place: str) -> str:
    about = f"**{_cell(name)}**: " * bool(name)
    return f"Overlay: {about}{_cell(says)} ({_cell(cite)}; `{place}`)\n"


def _notes(schema: Schema) -> str:
    notes = [note for behavior, note in _NOTES.items() if schema.has(behavior)]
    if not schema.has(Behavior.REQUIRED):
        notes.insert(0, "[optional]")
    notes += ["[deprecated]"] * schema.deprecated
    return " ".join(notes + [f"[{each.name} `{_cell(str(each.value))}`]" for each in text_limits(schema)])


def _references(kind: Type) -> Iterator[str]:
    match kind:
        case Ref(name):
            yield name
        case Array(inner) | Map(inner):
            yield from _references(inner.type)


def _anchor(heading: str) -> str:
    """Write the anchor of a heading as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _prose(text: str) -> str:
    """Keep text from being read as HTML. Markdown does not resolve entities in its own code spans, HTML's does."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CODE.sub(lambda code: f"<code>{code[1]}</code>" if "&" in code[1] else code[0], escaped)


def _cell(text: str) -> str:
    """Put text into one cell of a table."""
    return " ".join(_prose(text).replace("|", "\\|").split())
