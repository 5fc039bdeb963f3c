"""Whether consumers send a message, read it, or both.

Owns the closure from the operations. Must not know how two documents are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_codegen.document import Alias, Behavior, Message, Ref
from concertpitch_codegen.slicing import schema_references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from concertpitch_codegen.document import Definition, Document


@dataclass(frozen=True, slots=True)
class Reach:
    """Names of the definitions that travel in requests, and of those that travel in responses.

    `in_path` names, for messages that are sent as whole bodies only, the fields that each such request's path
    gives already: nobody has to send them again.
    """

    requests: frozenset[str]
    responses: frozenset[str]
    in_path: Mapping[str, frozenset[str]]

    def __or__(self, newer: Reach) -> Reach:
        """Join two revisions: consumers of either count, but only callers of the older one have a path to lose."""
        return Reach(self.requests | newer.requests, self.responses | newer.responses, self.in_path)

    def label(self, name: str) -> str:
        """Say `request`, `response`, `both`, or `unused` of a definition."""
        sent, read = name in self.requests, name in self.responses
        return "both" if sent and read else "request" if sent else "response" if read else "unused"


def reach(document: Document) -> Reach:
    """Follow every operation's body and parameters one way, its answer the other."""
    sent: set[str] = set()
    read: set[str] = set()
    for operation in document.operations.values():
        for parameter in operation.parameters:
            sent.update(schema_references(parameter.schema))
        if operation.request:
            sent.update(schema_references(operation.request))
        if operation.response:
            read.update(schema_references(operation.response))
        if operation.long_running:
            read |= {operation.long_running.response_type, operation.long_running.metadata_type}
    requests = _closure(document, sent, Behavior.OUTPUT_ONLY)
    return Reach(requests, _closure(document, read, Behavior.INPUT_ONLY), _in_path(document, requests))


def _in_path(document: Document, requests: frozenset[str]) -> dict[str, frozenset[str]]:
    nested = {target for name in requests for target in _targets(document.definitions[name], Behavior.OUTPUT_ONLY)}
    found: dict[str, frozenset[str]] = {}
    for operation in document.operations.values():
        if operation.request and isinstance(operation.request.type, Ref):
            name = operation.request.type.name
            given = frozenset(each.name for each in operation.parameters if each.location == "path")
            found[name] = found.get(name, given) & given
    return {name: given for name, given in found.items() if name not in nested}


def _closure(document: Document, names: Iterable[str], left_out: Behavior) -> frozenset[str]:
    """Follow fields, but not those that do not travel this way."""
    reached: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name in document.definitions and name not in reached:
            reached.add(name)
            queue += _targets(document.definitions[name], left_out)
    return frozenset(reached)


def _targets(definition: Definition, left_out: Behavior) -> Iterator[str]:
    match definition:
        case Message():
            for field in definition.fields.values():
                if not field.has(left_out):
                    yield from schema_references(field)
        case Alias():
            yield from schema_references(definition.schema)
