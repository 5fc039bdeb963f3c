"""Two documents of one API, compared operation by operation and message by message.

Owns which facts of a message are compared. Order, revision, title and provenance are no facts of the API, and
a definition that only has a made-up name is part of the field it stands in. Must not know formats, nor how bad
a change is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_codegen.diff.change import Change
from concertpitch_codegen.diff.fields import compare_schema
from concertpitch_codegen.diff.operations import compare_operations
from concertpitch_codegen.diff.reach import reach
from concertpitch_codegen.document import Alias, Behavior, Enum, Message

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from concertpitch_codegen.diff.reach import Reach
    from concertpitch_codegen.document import Document, Schema


def compare(old: Document, new: Document, *, in_old: Container[str] = (), in_new: Container[str] = ()) -> list[Change]:
    """List every change from `old` to `new`, worst first, then by subject.

    For slices, `in_old` and `in_new` name the definitions of the whole documents: a definition that is still in
    the document has left the slice, and was not removed.
    """
    changes = [*compare_operations(old, new), *_definitions(old, new, in_old, in_new)]
    return sorted(changes, key=lambda each: (-each.severity, each.subject, each.rule, each.old, each.new))


def _definitions(old: Document, new: Document, in_old: Container[str], in_new: Container[str]) -> Iterator[Change]:
    before, after = reach(old), reach(new)
    joined = before | after
    for name in sorted(old.definitions.keys() | new.definitions.keys()):
        was, now = old.definitions.get(name), new.definitions.get(name)
        if was is None and now is not None:
            rule = "schema-entered-slice" if name in in_old else "schema-added"
            yield from [Change(rule, name, after.label(name), now.origin)] * (not now.hoisted)
        elif was is not None and now is None:
            rule = "schema-left-slice" if name in in_new else "schema-removed"
            yield from [Change(rule, name, before.label(name), was.origin)] * (not was.hoisted)
        elif isinstance(was, Message) and isinstance(now, Message):
            yield from _message(was, now, joined)
        elif isinstance(was, Enum) and isinstance(now, Enum):
            yield from _enum(was, now, joined.label(name))
        elif isinstance(was, Alias) and isinstance(now, Alias):
            yield from compare_schema(name, was.schema, now.schema, joined.label(name))
        elif was is not None and now is not None:
            kinds = [type(each).__name__.lower() for each in (was, now)]
            yield Change("field-type-changed", name, joined.label(name), now.origin, *kinds)


def _message(was: Message, now: Message, travels: Reach) -> Iterator[Change]:
    direction, in_path = travels.label(now.name), travels.in_path.get(now.name, frozenset())
    if (was.description or "") != (now.description or ""):
        yield Change("text-changed", now.name, direction, now.origin, was.description or "", now.description or "")
    if was.deprecated != now.deprecated:
        rule = "schema-deprecated" if now.deprecated else "schema-restored"
        yield Change(rule, now.name, direction, now.origin)
    for name in sorted(was.fields.keys() | now.fields.keys()):
        subject = f"{now.name}.{name}"
        before, after = was.fields.get(name), now.fields.get(name)
        if before is None and after is not None:
            required = after.has(Behavior.REQUIRED) and name not in in_path
            rule = "required-field-added" if required else "field-added"
            yield Change(rule, subject, _narrowed(direction, after), after.origin, new=str(after.type))
        elif before is not None and after is None:
            rule = "required-field-removed" if before.has(Behavior.REQUIRED) else "field-removed"
            yield Change(rule, subject, _narrowed(direction, before), before.origin, old=str(before.type))
        elif before is not None and after is not None:
            narrowed = _narrowed(direction, before) if before.has(Behavior.OUTPUT_ONLY) else direction
            for change in compare_schema(subject, before, after, narrowed):
                if change.rule != "field-became-required" or name not in in_path:
                    yield change
    yield from _oneofs(was, now, direction)


def _narrowed(direction: str, schema: Schema) -> str:
    """Direction of one field: an output-only field is not sent, an input-only field is not read."""
    if direction == "both" and schema.has(Behavior.OUTPUT_ONLY):
        return "response"
    return "request" if direction == "both" and schema.has(Behavior.INPUT_ONLY) else direction


def _oneofs(was: Message, now: Message, direction: str) -> Iterator[Change]:
    before = {member: each.name for each in was.oneofs for member in each.members}
    after = {member: each.name for each in now.oneofs for member in each.members}
    for member in sorted(before.keys() ^ after.keys()):
        if member in was.fields and member in now.fields:
            rule = "oneof-member-added" if member in after else "oneof-member-removed"
            subject = f"{now.name}.{member}"
            yield Change(rule, subject, direction, now.origin, before.get(member, ""), after.get(member, ""))


def _enum(was: Enum, now: Enum, direction: str) -> Iterator[Change]:
    before = {each.name: each for each in was.values}
    after = {each.name: each for each in now.values}
    for name in sorted(before.keys() ^ after.keys()):
        rule = "enum-value-added" if name in after else "enum-value-removed"
        yield Change(rule, f"{now.name}.{name}", direction, now.origin)
    for name in sorted(before.keys() & after.keys()):
        old, new, subject = before[name], after[name], f"{now.name}.{name}"
        if None not in {old.number, new.number} and old.number != new.number:
            yield Change("enum-number-changed", subject, direction, now.origin, str(old.number), str(new.number))
        if old.deprecated != new.deprecated:
            rule = "enum-value-deprecated" if new.deprecated else "enum-value-restored"
            yield Change(rule, subject, direction, now.origin)
        if (old.description or "") != (new.description or ""):
            yield Change("text-changed", subject, direction, now.origin, old.description or "", new.description or "")
