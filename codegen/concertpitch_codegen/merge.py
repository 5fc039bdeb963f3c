"""Several documents about one API as one `Document`.

Owns the precedence: the first document says which operations, messages and fields there are and what type
they have; the others add what its format lost (oneofs, enum numbers, field behaviour, what an Operation
carries), each fact with the place it was read from. Contradictions are reported, never settled in silence.
Must not know any format.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from concertpitch_codegen.document import (
    Array,
    Behavior,
    BehaviorFact,
    Definition,
    Document,
    Enum,
    Map,
    Message,
    Oneof,
    Operation,
    Parameter,
    Ref,
    Scalar,
    Schema,
)
from concertpitch_codegen.problems import Problem
from concertpitch_codegen.slicing import definition_references

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_OPPOSITE = {Behavior.REQUIRED: Behavior.OPTIONAL, Behavior.OPTIONAL: Behavior.REQUIRED}


def merge(base: Document, others: Iterable[Document]) -> tuple[Document, list[Problem]]:
    """Add to `base` what the others know of the same things.

    Give it with the contradictions that were found.
    """
    conflicts: list[Problem] = []
    for other in others:
        base = _merge(base, other, conflicts)
    return base, sorted(conflicts)


def _merge(base: Document, other: Document, conflicts: list[Problem]) -> Document:
    definitions = dict(base.definitions)
    for name, theirs in other.definitions.items():
        ours = definitions.get(name)
        if isinstance(ours, Message) and isinstance(theirs, Message):
            definitions[name] = _merge_message(ours, theirs, definitions, base, other, conflicts)
    routes = {(each.http_method, _anonymous(each.path)): each for each in other.operations.values()}
    operations = {}
    for identity, ours_ in base.operations.items():
        theirs_ = routes.get((ours_.http_method, _anonymous(ours_.path)))
        if theirs_ is None:
            operations[identity] = ours_
            continue
        operations[identity] = replace(
            ours_,
            parameters=_parameters(ours_, theirs_, base, conflicts),
            long_running=ours_.long_running or theirs_.long_running,
            extras={**theirs_.extras, **ours_.extras},
        )
        if theirs_.long_running:
            for wanted in (theirs_.long_running.response_type, theirs_.long_running.metadata_type):
                _adopt(wanted, definitions, other.definitions)
    return replace(
        base,
        operations=operations,
        definitions=dict(sorted(definitions.items())),
        others={**base.others, **other.others, other.id: other.revision},
    )


def _merge_message(
    ours: Message,
    theirs: Message,
    definitions: dict[str, Definition],
    base: Document,
    other: Document,
    conflicts: list[Problem],
) -> Message:
    fields = dict(ours.fields)
    for name in sorted(set(ours.fields) & set(theirs.fields)):
        mine, yours = ours.fields[name], theirs.fields[name]
        fields[name] = replace(
            mine,
            description=mine.description or yours.description,
            behaviors=_behaviors(mine, yours, base, conflicts),
            deprecated=mine.deprecated or yours.deprecated,
            extras={**yours.extras, **mine.extras},
        )
        if not _same(mine, yours, definitions):
            message = f"has the type {yours.type}, {mine.origin} has {mine.type}"
            conflicts.append(Problem(yours.origin.document, yours.origin.pointer, message))
        _merge_numbers(mine, yours, definitions, other.definitions)
    oneofs = tuple(
        Oneof(each.name, members, each.origin)
        for each in theirs.oneofs
        if (members := tuple(member for member in each.members if member in ours.fields))
    )
    return replace(ours, fields=fields, oneofs=oneofs or ours.oneofs, extras={**theirs.extras, **ours.extras})


def _parameters(ours: Operation, theirs: Operation, base: Document, conflicts: list[Problem]) -> tuple[Parameter, ...]:
    """Add to the parameters what the other document says of them."""
    known = {each.name: each.schema for each in theirs.parameters}
    return tuple(
        replace(
            each,
            schema=replace(
                each.schema,
                description=each.schema.description or known[each.name].description,
                behaviors=_behaviors(each.schema, known[each.name], base, conflicts),
            ),
        )
        if each.name in known
        else each
        for each in ours.parameters
    )


def _behaviors(mine: Schema, yours: Schema, base: Document, conflicts: list[Problem]) -> tuple[BehaviorFact, ...]:
    """Join the witnesses, but where they contradict each other only the base is believed."""
    added = list(yours.behaviors)
    for fact in yours.behaviors:
        silent = base.states_behavior and not mine.has(fact.behavior)
        opposed = _OPPOSITE.get(fact.behavior)
        if (silent and fact.behavior is not Behavior.OPTIONAL) or (opposed and mine.has(opposed)):
            added.remove(fact)
            says = "does not say so" if silent else f"says {opposed}"
            message = f"is {fact.behavior}, {mine.origin} {says}"
            conflicts.append(Problem(yours.origin.document, yours.origin.pointer, message))
    return (*mine.behaviors, *added)


def _merge_numbers(
    mine: Schema, yours: Schema, definitions: dict[str, Definition], others: Mapping[str, Definition]
) -> None:
    """Number the constants of the enum a field uses; the two documents call it by different names."""
    ours, theirs = definitions.get(_target(mine) or ""), others.get(_target(yours) or "")
    if not isinstance(ours, Enum) or not isinstance(theirs, Enum):
        return
    numbers = {value.name: value.number for value in theirs.values}
    values = tuple(replace(value, number=numbers.get(value.name)) for value in ours.values)
    definitions[ours.name] = replace(ours, values=values, numbers_from=theirs.origin)


def _adopt(name: str, definitions: dict[str, Definition], others: Mapping[str, Definition]) -> None:
    """Add a definition that the base lacks, and what it refers to."""
    queue = deque([name])
    while queue:
        wanted = queue.popleft()
        if wanted not in definitions and wanted in others:
            definitions[wanted] = others[wanted]
            queue.extend(target for _, target in definition_references(others[wanted]))


def _same(mine: Schema, yours: Schema, definitions: Mapping[str, Definition]) -> bool:
    """Compare two types as far as both formats state them."""
    match mine.type, yours.type:
        case (Array(left), Array(right)) | (Map(left), Map(right)):
            return _same(left, right, definitions)
        case Ref(left_name), Ref(right_name):
            return left_name == right_name or isinstance(definitions.get(left_name), Enum)
        case Scalar(left_type, left_format), Scalar(right_type, right_format):
            return (left_type, left_format) == (right_type, right_format)
    return type(mine.type) is type(yours.type)


def _target(schema: Schema) -> str | None:
    match schema.type:
        case Ref(name):
            return name
        case Array(inner) | Map(inner):
            return _target(inner)
    return None


def _anonymous(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path.lstrip("/"))
