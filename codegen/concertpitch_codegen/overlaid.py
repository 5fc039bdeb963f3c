"""Overlays as facts of a `Document`, so that they reach whatever is written from it.

Owns the way there: the document is written as OpenAPI, the overlays are done on that, both texts are read, and
what differs between the two readings, and nothing else, is changed in the document, with the overlay as its
evidence. So an overlay can say whatever OpenAPI and its `x-google-*` can, and no fact takes the detour that no
overlay touched. Must not know any action, nor any artefact.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from concertpitch_codegen.document import (
    Alias,
    Array,
    Definition,
    Document,
    Enum,
    Evidence,
    LongRunning,
    Map,
    Message,
    Note,
    Oneof,
    Operation,
    Origin,
    Parameter,
    Schema,
)
from concertpitch_codegen.overlay import Overlay, Touched, apply
from concertpitch_codegen.problems import DocumentError, Problem
from concertpitch_codegen.readers import openapi as reader
from concertpitch_codegen.writers.jsonschema import extension
from concertpitch_codegen.writers.openapi import openapi

if TYPE_CHECKING:
    from collections.abc import Mapping

Node = TypeVar("Node", Schema, Message, Enum, Alias, Operation)
_ROOT = ("title", "description", "version", "base_url")


def overlaid(document: Document, overlays: list[Overlay]) -> Document:
    """Bring the facts of `overlays` into `document`.

    Raises `DocumentError` for an action that cannot be done, matches nothing, or changes no fact.
    """
    if not overlays:
        return document
    plain = openapi(document)
    done = apply(plain, overlays)
    patch = _Patch(done.touched)
    result = patch.document(document, reader.read(plain, document.id), reader.read(done.document, document.id))
    without = {each.note for each in done.touched} - patch.used
    if without:
        message = "changes no fact: the document says so already, or has no place for it"
        raise DocumentError(Problem(each.origin.document, each.origin.pointer, message) for each in without)
    return replace(result, others={**result.others, **{each.id: each.version for each in overlays}})


class _Patch:
    """The differences between two readings, brought into a third document that has more facts than both."""

    def __init__(self, touched: tuple[Touched, ...]) -> None:
        self._touched = touched
        self.used: set[Note] = set()

    def document(self, ours: Document, was: Document, now: Document) -> Document:
        definitions = dict(ours.definitions)
        for name in was.definitions.keys() | now.definitions.keys():
            before, after = was.definitions.get(name), now.definitions.get(name)
            if after is None:
                self._notes(f"/components/schemas/{name}")
                definitions.pop(name, None)
            elif before != after:
                definitions[name] = self._definition(ours.definitions.get(name), before, after)
        operations = dict(ours.operations)
        for identity in was.operations.keys() | now.operations.keys():
            called, calls = was.operations.get(identity), now.operations.get(identity)
            if calls is None:
                self._notes(called.origin.pointer if called else "")
                operations.pop(identity, None)
            elif called != calls:
                operations[identity] = self._operation(ours.operations.get(identity), called, calls)
        changed = {key: getattr(now, key) for key in _ROOT if getattr(was, key) != getattr(now, key)}
        if changed:
            self._notes("/info", "/servers")
        return replace(
            ours,
            **changed,
            definitions=dict(sorted(definitions.items())),
            operations=dict(sorted(operations.items())),
        )

    # -- definitions

    def _definition(self, ours: Definition | None, was: Definition | None, now: Definition) -> Definition:
        at = now.origin.pointer
        match ours, was, now:
            case Message(), Message(), Message():
                return self._message(ours, was, now)
            case Enum(), Enum(), Enum():
                known = {each.name: each.number for each in was.values}
                new = any(each.number not in {None, known.get(each.name)} for each in now.values)
                source = self._origin(at) if new else ours.numbers_from
                changed = _changed(was, now, "values", "description")
                return self._noted(replace(ours, numbers_from=source, **changed), at)
            case Alias(), Alias(), Alias():
                schema = self._schema(ours.schema, was.schema, now.schema)
                kept = replace(ours, schema=schema, **_changed(was, now, "description", "deprecated"))
                return self._noted(kept, at)
        return self._new_definition(now)

    def _message(self, ours: Message, was: Message, now: Message) -> Message:
        at = now.origin.pointer
        own = [f"{at}/{key}" for key in ("description", "deprecated", "x-google-oneof", *was.extras, *now.extras)]
        changed = _changed(was, now, "description", "deprecated")
        if was.oneofs != now.oneofs:
            known = {each.name: each for each in ours.oneofs}
            changed["oneofs"] = tuple(
                known[each.name]
                if each.name in known and known[each.name].members == each.members
                else Oneof(each.name, each.members, self._origin(f"{at}/x-google-oneof/{each.name}"))
                for each in now.oneofs
            )
        if was.extras != now.extras:
            changed["extras"] = _extras(ours.extras, was.extras, now.extras)
        members = dict(ours.fields)
        for name in was.fields.keys() - now.fields.keys():
            self._notes(f"{at}/properties/{name}")
            members.pop(name, None)
        for name, after in now.fields.items():
            before = was.fields.get(name)
            if before is None or name not in members:
                members[name] = self._noted(self._new(after), after.origin.pointer)
            elif before != after:
                members[name] = self._schema(members[name], before, after)
        notes = (*ours.notes, *self._notes(*own)) if changed else ours.notes
        return replace(ours, fields=members, notes=notes, **changed)

    def _schema(self, ours: Schema, was: Schema, now: Schema) -> Schema:
        changed = _changed(was, now, "description", "deprecated")
        if was.type != now.type:
            changed["type"] = self._new(now).type
        for key in ("limits", "extras"):
            before, after = getattr(was, key), getattr(now, key)
            if before != after:
                changed[key] = _extras(getattr(ours, key), before, after)
        stated = {(fact.behavior, fact.evidence) for fact in was.behaviors}
        states = {(fact.behavior, fact.evidence) for fact in now.behaviors}
        source = self._origin(now.origin.pointer)
        behaviors = [fact for fact in ours.behaviors if (fact.behavior, fact.evidence) not in stated - states]
        behaviors += [
            replace(fact, evidence=Evidence.OVERLAY, origin=source)
            for fact in now.behaviors
            if (fact.behavior, fact.evidence) not in stated
        ]
        return self._noted(replace(ours, behaviors=tuple(behaviors), **changed), now.origin.pointer)

    # -- operations

    def _operation(self, ours: Operation | None, was: Operation | None, now: Operation) -> Operation:
        at = now.origin.pointer
        source = self._origin(at)
        if ours is None or was is None:
            parameters = tuple(replace(each, schema=self._new(each.schema)) for each in now.parameters)
            made: dict[str, Any] = {key: each and self._new(each) for key, each in _bodies(now).items()}
            made |= {"origin": source, "long_running": _carried(now, source), "parameters": parameters}
            return self._noted(replace(now, **made), at)
        changed = _changed(was, now, "description", "deprecated", "path", "template", "order", "http_method")
        before = _bodies(was)
        changed |= {key: each and self._new(each) for key, each in _bodies(now).items() if each != before[key]}
        if was.long_running != now.long_running:
            changed["long_running"] = _carried(now, source)
        if was.parameters != now.parameters:
            changed["parameters"] = self._parameters(ours, was, now)
        if was.extras != now.extras:
            changed["extras"] = _extras(ours.extras, was.extras, now.extras)
        return self._noted(replace(ours, **changed), at)

    def _parameters(self, ours: Operation, was: Operation, now: Operation) -> tuple[Parameter, ...]:
        before = {each.name: each for each in was.parameters}
        known = {each.name: each for each in ours.parameters}
        result = []
        for each in now.parameters:
            if each.name not in known or each.name not in before:
                result.append(replace(each, schema=self._new(each.schema)))
                continue
            mine, old = known[each.name], before[each.name]
            if old != each:
                schema = self._schema(mine.schema, old.schema, each.schema)
                mine = replace(mine, schema=schema, **_changed(old, each, "required", "repeated", "location"))
            result.append(mine)
        return tuple(result)

    # -- what is new

    def _new_definition(self, now: Definition) -> Definition:
        at = now.origin.pointer
        source = self._origin(at)
        match now:
            case Message():
                members = {name: self._new(each) for name, each in now.fields.items()}
                oneofs = tuple(replace(each, origin=source) for each in now.oneofs)
                return self._noted(replace(now, origin=source, fields=members, oneofs=oneofs), at)
            case Enum():
                return self._noted(replace(now, origin=source, numbers_from=now.numbers_from and source), at)
            case Alias():
                return self._noted(replace(now, origin=source, schema=self._new(now.schema)), at)

    def _new(self, schema: Schema) -> Schema:
        """Give a schema, and those inside it, the overlay as their origin."""
        source = self._origin(schema.origin.pointer)
        kind = schema.type
        match kind:
            case Array(inner):
                kind = Array(self._new(inner))
            case Map(inner):
                kind = Map(self._new(inner))
        behaviors = tuple(replace(fact, evidence=Evidence.OVERLAY, origin=source) for fact in schema.behaviors)
        return replace(schema, origin=source, type=kind, behaviors=behaviors)

    # -- provenance

    def _notes(self, *places: str) -> tuple[Note, ...]:
        """Find the actions that touched something at, in or around these places."""
        found = dict.fromkeys(each.note for each in self._touched for place in places if each.concerns(place))
        self.used.update(found)
        return tuple(found)

    def _origin(self, place: str) -> Origin:
        """Give where the last action that touched something at, in or around a place speaks of it."""
        self._notes(place)
        return next((each.origin(place) for each in reversed(self._touched) if each.concerns(place)), Origin("", place))

    def _noted(self, node: Node, place: str) -> Node:
        notes = tuple(dict.fromkeys((*node.notes, *self._notes(place))))
        return replace(node, notes=notes)


def _changed(was: Any, now: Any, *names: str) -> dict[str, Any]:
    known = {each.name for each in fields(was)}
    return {name: getattr(now, name) for name in names if name in known and getattr(was, name) != getattr(now, name)}


def _extras(ours: Mapping[str, Any], was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Bring a changed member into a mapping that may know it by its source's name."""
    different = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
    kept = {key: value for key, value in ours.items() if key not in different and extension(key) not in different}
    return kept | {key: now[key] for key in sorted(different & now.keys())}


def _bodies(operation: Operation) -> dict[str, Schema | None]:
    return {"request": operation.request, "response": operation.response, "error": operation.error}


def _carried(now: Operation, source: Origin) -> LongRunning | None:
    return replace(now.long_running, origin=source) if now.long_running else None
