"""One field, or one parameter, before and after.

Owns the comparison of types, behaviour, limits and prose. A behaviour that only moved between flag and
prose is no change, and prose is compared without the words that state behaviour. Must not know what holds
the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_codegen.behavior import without_words
from concertpitch_codegen.diff.change import Change
from concertpitch_codegen.diff.patterns import relation
from concertpitch_codegen.document import Array, Behavior, Map, Ref, Scalar
from concertpitch_codegen.textlimits import text_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.document import Schema, Type

_BECAME = {
    Behavior.REQUIRED: ("field-became-required", "field-became-optional"),
    Behavior.OUTPUT_ONLY: ("field-became-output-only", "field-became-writable"),
    Behavior.INPUT_ONLY: ("field-became-input-only", "field-became-readable"),
    Behavior.IMMUTABLE: ("field-became-immutable", "field-became-mutable"),
    Behavior.IDENTIFIER: ("field-became-identifier", "field-lost-identifier"),
}


def compare_schema(subject: str, was: Schema, now: Schema, direction: str) -> Iterator[Change]:
    """Yield what changed from `was` to `now`."""

    def change(rule: str, old: object = "", new: object = "") -> Change:
        return Change(rule, subject, direction, now.origin, str(old), str(new))

    if str(was.type) != str(now.type):
        yield change(_type_rule(was.type, now.type), was.type, now.type)
    had, has = ({fact.behavior for fact in each.behaviors} for each in (was, now))
    for behavior in sorted((had ^ has) & _BECAME.keys()):
        gained, lost = _BECAME[behavior]
        yield change(gained if behavior in has else lost)
    if was.deprecated != now.deprecated:
        yield change("field-deprecated" if now.deprecated else "field-restored")
    if was.limits or now.limits:
        yield from (change(rule, old, new) for rule, old, new in _limits(was, now))
    if was.description != now.description:
        yield from (change(rule, old, new) for rule, old, new in _prose(was, now))
    inner = _inner(was.type), _inner(now.type)
    if inner[0] and inner[1] and str(was.type) == str(now.type):
        yield from compare_schema(f"{subject}[]", inner[0], inner[1], direction)


def _type_rule(was: Type, now: Type) -> str:
    """Tell text that became an enum, hoisted to a definition of its own, from other changes."""
    text = Scalar("string")
    if was == text and isinstance(now, Ref):
        return "field-became-enum"
    return "field-became-text" if isinstance(was, Ref) and now == text else "field-type-changed"


def _limits(was: Schema, now: Schema) -> Iterator[tuple[str, object, object]]:
    for key, narrower in (("minimum", 1), ("maximum", -1)):
        old, new = was.limits.get(key), now.limits.get(key)
        if old == new:
            continue
        narrowed = old is None or (new is not None and (new - old) * narrower > 0)
        yield "limit-narrowed" if narrowed else "limit-widened", _said(key, old), _said(key, new)
    if (pattern := was.limits.get("pattern")) != now.limits.get("pattern"):
        new = now.limits.get("pattern")
        yield f"pattern-{relation(pattern, new)}", _said("", pattern), _said("", new)
    if (default := was.limits.get("default")) != now.limits.get("default"):
        new = now.limits.get("default")
        rule = "default-stated" if default is None else "default-unstated" if new is None else "default-changed"
        yield rule, _said("", default), _said("", new)


def _prose(was: Schema, now: Schema) -> Iterator[tuple[str, object, object]]:
    had, has = ({each.name: each.value for each in text_limits(schema)} for schema in (was, now))
    for name in sorted(had.keys() & has.keys()):
        old, new = had[name], has[name]
        if isinstance(old, str) or isinstance(new, str):
            if name == "pattern" and old != new:
                yield f"pattern-{relation(str(old), str(new))}", old, new
        elif old != new:
            narrowed = new > old if name.startswith("min") else new < old
            yield "limit-narrowed" if narrowed else "limit-widened", _said(name, old), _said(name, new)
    before, after = without_words(was.description), without_words(now.description)
    if before != after:
        yield "text-changed", before, after


def _said(key: str, value: object) -> str:
    return "" if value is None else f"{key} {value}".strip()


def _inner(kind: Type) -> Schema | None:
    match kind:
        case Array(inner) | Map(inner):
            return inner
    return None
