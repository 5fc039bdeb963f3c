"""Two documents of one API, compared operation by operation and message by message.

Owns which facts are compared. Order, revision, title and provenance are no facts of the API. Must not know
formats, nor how bad a change is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_codegen.diff.change import Change
from concertpitch_codegen.diff.fields import compare_schema
from concertpitch_codegen.diff.reach import Reach, reach
from concertpitch_codegen.document import Alias, Behavior, Enum, Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.document import Document, Operation, Parameter, Schema


def compare(old: Document, new: Document) -> list[Change]:
    """List every change from `old` to `new`, worst first, then by subject."""
    changes = [*_operations(old, new), *_definitions(old, new)]
    return sorted(changes, key=lambda each: (-each.severity, each.subject, each.rule, each.old, each.new))


def _operations(old: Document, new: Document) -> Iterator[Change]:
    for name in sorted(old.operations.keys() | new.operations.keys()):
        was, now = old.operations.get(name), new.operations.get(name)
        if was is None and now is not None:
            yield Change("operation-added", name, "request", now.origin)
        elif was is not None and now is None:
            yield Change("operation-removed", name, "request", was.origin)
        elif was is not None and now is not None:
            yield from _operation(was, now)


def _operation(was: Operation, now: Operation) -> Iterator[Change]:
    def changed(rule: str, before: object, after: object) -> Iterator[Change]:
        if before != after:
            yield Change(rule, now.id, "request", now.origin, str(before or ""), str(after or ""))

    yield from changed("operation-moved", f"{was.http_method} {was.path}", f"{now.http_method} {now.path}")
    yield from changed("operation-body-changed", _shown(was.request), _shown(now.request))
    yield from changed("operation-answer-changed", _shown(was.response), _shown(now.response))
    yield from changed("text-changed", was.description, now.description)
    if was.long_running and now.long_running:
        before, after = was.long_running, now.long_running
        yield from changed(
            "operation-result-changed",
            f"{before.response_type}, {before.metadata_type}",
            f"{after.response_type}, {after.metadata_type}",
        )
    if was.deprecated != now.deprecated:
        rule = "operation-deprecated" if now.deprecated else "operation-restored"
        yield Change(rule, now.id, "request", now.origin)
    for scope in sorted(set(was.scopes) ^ set(now.scopes)):
        rule = "scope-added" if scope in now.scopes else "scope-removed"
        yield Change(rule, now.id, "request", now.origin, new=scope)
    yield from _parameters(was, now)


def _parameters(was: Operation, now: Operation) -> Iterator[Change]:
    before = {each.name: each for each in was.parameters}
    after = {each.name: each for each in now.parameters}
    for name in sorted(before.keys() | after.keys()):
        subject = f"{now.id}({name})"
        if name not in before:
            rule = "required-parameter-added" if _needed(after[name]) else "parameter-added"
            yield Change(rule, subject, "request", after[name].schema.origin)
        elif name not in after:
            rule = "required-parameter-removed" if _needed(before[name]) else "parameter-removed"
            yield Change(rule, subject, "request", before[name].schema.origin)
        else:
            yield from _parameter(subject, before[name], after[name])


def _parameter(subject: str, was: Parameter, now: Parameter) -> Iterator[Change]:
    if (was.location, was.repeated) != (now.location, now.repeated):
        before, after = (f"{each.location}{' repeated' * each.repeated}" for each in (was, now))
        yield Change("parameter-type-changed", subject, "request", now.schema.origin, before, after)
    if _needed(was) != _needed(now):
        rule = "parameter-became-required" if _needed(now) else "parameter-became-optional"
        yield Change(rule, subject, "request", now.schema.origin)
    # Requiredness was compared above, where the flag counts as much as the text.
    for change in compare_schema(subject, was.schema, now.schema, "request"):
        if change.rule == "field-type-changed":
            yield Change("parameter-type-changed", subject, "request", change.origin, change.old, change.new)
        elif change.rule not in {"field-became-required", "field-became-optional"}:
            yield change


def _needed(parameter: Parameter) -> bool:
    return parameter.required or parameter.schema.has(Behavior.REQUIRED)


def _definitions(old: Document, new: Document) -> Iterator[Change]:
    before, after = reach(old), reach(new)
    for name in sorted(old.definitions.keys() | new.definitions.keys()):
        was, now = old.definitions.get(name), new.definitions.get(name)
        if was is None and now is not None:
            yield Change("schema-added", name, after.label(name), now.origin)
        elif was is not None and now is None:
            yield Change("schema-removed", name, before.label(name), was.origin)
        elif isinstance(was, Message) and isinstance(now, Message):
            yield from _message(was, now, _joined(name, before, after))
        elif isinstance(was, Enum) and isinstance(now, Enum):
            yield from _enum(was, now, _joined(name, before, after))
        elif isinstance(was, Alias) and isinstance(now, Alias):
            yield from compare_schema(name, was.schema, now.schema, _joined(name, before, after))
        elif was is not None and now is not None:
            kinds = [type(each).__name__.lower() for each in (was, now)]
            yield Change("field-type-changed", name, _joined(name, before, after), now.origin, *kinds)


def _joined(name: str, before: Reach, after: Reach) -> str:
    """Direction of a definition that is in both documents: consumers of either revision count."""
    joined = Reach(before.requests | after.requests, before.responses | after.responses)
    return joined.label(name)


def _message(was: Message, now: Message, direction: str) -> Iterator[Change]:
    if (was.description or "") != (now.description or ""):
        yield Change("text-changed", now.name, direction, now.origin, was.description or "", now.description or "")
    if was.deprecated != now.deprecated:
        rule = "schema-deprecated" if now.deprecated else "schema-restored"
        yield Change(rule, now.name, direction, now.origin)
    for name in sorted(was.fields.keys() | now.fields.keys()):
        subject = f"{now.name}.{name}"
        before, after = was.fields.get(name), now.fields.get(name)
        if before is None and after is not None:
            required = after.has(Behavior.REQUIRED)
            rule = "required-field-added" if required else "field-added"
            yield Change(rule, subject, _narrowed(direction, after), after.origin, new=str(after.type))
        elif before is not None and after is None:
            rule = "required-field-removed" if before.has(Behavior.REQUIRED) else "field-removed"
            yield Change(rule, subject, _narrowed(direction, before), before.origin, old=str(before.type))
        elif before is not None and after is not None:
            narrowed = _narrowed(direction, before) if before.has(Behavior.OUTPUT_ONLY) else direction
            yield from compare_schema(subject, before, after, narrowed)
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


def _shown(schema: Schema | None) -> str:
    return str(schema.type) if schema else ""
