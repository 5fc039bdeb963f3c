"""The catalogue of changes: what each is called, its mirror, and how much it breaks.

Owns ids and severities. A severity depends on the direction a thing travels in: what narrows a request breaks
senders, what takes something out of a response breaks readers. Must not know how changes are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """What a consumer notices, widest last.

    The breaks are those of AIP-180: the same request does something else (semantic), or is no longer
    understood (wire), or the program does not even compile against the new API (source).
    """

    TEXT = 0
    COMPATIBLE = 1
    SEMANTIC = 2
    WIRE = 3
    SOURCE = 4

    @property
    def label(self) -> str:
        return self.name.lower()

    @property
    def breaks(self) -> bool:
        return self >= Severity.SEMANTIC


TEXT, COMPATIBLE, SEMANTIC, WIRE, SOURCE = Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change.

    `in_request` holds where consumers send the thing, `in_response` where they only read it.
    """

    id: str
    mirror: str
    in_request: Severity
    in_response: Severity


def _pair(one: tuple[str, Severity, Severity], other: tuple[str, Severity, Severity]) -> tuple[Rule, Rule]:
    return Rule(one[0], other[0], *one[1:]), Rule(other[0], one[0], *other[1:])


def _own_mirror(name: str, in_request: Severity, in_response: Severity) -> tuple[Rule]:
    return (Rule(name, name, in_request, in_response),)


_ALL = (
    *_own_mirror("service-moved", WIRE, WIRE),
    *_pair(("operation-added", COMPATIBLE, COMPATIBLE), ("operation-removed", SOURCE, SOURCE)),
    *_pair(("operation-deprecated", COMPATIBLE, COMPATIBLE), ("operation-restored", COMPATIBLE, COMPATIBLE)),
    *_pair(("scope-added", COMPATIBLE, COMPATIBLE), ("scope-removed", SEMANTIC, SEMANTIC)),
    *_own_mirror("operation-moved", WIRE, WIRE),
    *_own_mirror("operation-body-changed", SOURCE, SOURCE),
    *_own_mirror("operation-answer-changed", SOURCE, SOURCE),
    *_own_mirror("operation-result-changed", SOURCE, SOURCE),
    *_pair(("media-added", COMPATIBLE, COMPATIBLE), ("media-removed", SOURCE, SOURCE)),
    *_own_mirror("parameters-reordered", SOURCE, SOURCE),
    *_pair(("parameter-added", COMPATIBLE, COMPATIBLE), ("parameter-removed", SOURCE, SOURCE)),
    *_pair(("required-parameter-added", WIRE, WIRE), ("required-parameter-removed", SOURCE, SOURCE)),
    *_pair(("parameter-became-required", WIRE, WIRE), ("parameter-became-optional", COMPATIBLE, COMPATIBLE)),
    *_own_mirror("parameter-type-changed", SOURCE, SOURCE),
    *_pair(("schema-added", COMPATIBLE, COMPATIBLE), ("schema-removed", SOURCE, SOURCE)),
    *_pair(("schema-entered-slice", COMPATIBLE, COMPATIBLE), ("schema-left-slice", SOURCE, SOURCE)),
    *_pair(("field-added", COMPATIBLE, COMPATIBLE), ("field-removed", SOURCE, SOURCE)),
    *_pair(("required-field-added", WIRE, COMPATIBLE), ("required-field-removed", SOURCE, SOURCE)),
    *_own_mirror("field-type-changed", SOURCE, SOURCE),
    *_pair(("field-became-enum", SEMANTIC, SOURCE), ("field-became-text", SOURCE, SOURCE)),
    *_pair(("field-became-required", WIRE, COMPATIBLE), ("field-became-optional", COMPATIBLE, COMPATIBLE)),
    *_pair(("field-became-output-only", SEMANTIC, COMPATIBLE), ("field-became-writable", COMPATIBLE, COMPATIBLE)),
    *_pair(("field-became-input-only", SEMANTIC, SEMANTIC), ("field-became-readable", COMPATIBLE, COMPATIBLE)),
    *_pair(("field-became-immutable", SEMANTIC, COMPATIBLE), ("field-became-mutable", COMPATIBLE, COMPATIBLE)),
    *_pair(("field-became-identifier", COMPATIBLE, COMPATIBLE), ("field-lost-identifier", COMPATIBLE, COMPATIBLE)),
    *_pair(("field-deprecated", COMPATIBLE, COMPATIBLE), ("field-restored", COMPATIBLE, COMPATIBLE)),
    *_pair(("schema-deprecated", COMPATIBLE, COMPATIBLE), ("schema-restored", COMPATIBLE, COMPATIBLE)),
    *_pair(("enum-value-added", COMPATIBLE, COMPATIBLE), ("enum-value-removed", SOURCE, SOURCE)),
    *_pair(("enum-value-deprecated", COMPATIBLE, COMPATIBLE), ("enum-value-restored", COMPATIBLE, COMPATIBLE)),
    *_own_mirror("enum-number-changed", WIRE, WIRE),
    *_pair(("oneof-member-added", SEMANTIC, COMPATIBLE), ("oneof-member-removed", COMPATIBLE, SEMANTIC)),
    *_pair(("limit-narrowed", SEMANTIC, COMPATIBLE), ("limit-widened", COMPATIBLE, SEMANTIC)),
    *_pair(("pattern-narrowed", SEMANTIC, COMPATIBLE), ("pattern-widened", COMPATIBLE, SEMANTIC)),
    *_own_mirror("pattern-changed", SEMANTIC, SEMANTIC),
    *_pair(("default-stated", COMPATIBLE, COMPATIBLE), ("default-unstated", SEMANTIC, SEMANTIC)),
    *_own_mirror("default-changed", SEMANTIC, SEMANTIC),
    *_own_mirror("text-changed", TEXT, TEXT),
)
RULES = {rule.id: rule for rule in _ALL}
