"""Defaults, minima, maxima and patterns, which Google's documents write as strings for any declared type.

Owns their conversion to JSON values of that type. Must not know the rest of any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concertpitch_codegen.readers.cursor import Cursor

LIMITS = frozenset({"default", "maximum", "minimum", "pattern"})
_INTEGER_FORMATS = frozenset({"int64", "uint64", "int32", "uint32"})


def read_limits(at: Cursor) -> dict[str, Any]:
    """Read `default`, `minimum`, `maximum` and `pattern`; limits of an int64, a string in JSON, are ints."""
    limits: dict[str, Any] = {}
    for key in ("minimum", "maximum"):
        if key in at:
            limits[key] = _number(at, key)
    if "default" in at:
        limits["default"] = _default(at)
    if pattern := at.text("pattern"):
        limits["pattern"] = pattern
    return {key: value for key, value in limits.items() if value is not None}


def _number(at: Cursor, key: str) -> int | float | None:
    text = str(at.value[key])
    whole = at.value.get("type") == "integer" or str(at.value.get("format")) in _INTEGER_FORMATS
    try:
        return int(text) if whole else float(text)
    except ValueError:
        at.at(key).problem(f"is {text!r}, a number was expected")
        return None


def _default(at: Cursor) -> Any:
    value = at.value["default"]
    kind = at.value.get("type")
    if not isinstance(value, str) or not isinstance(kind, str) or kind in {"string", "any"}:
        return value
    if kind == "boolean" and value in {"true", "false"}:
        return value == "true"
    if kind in {"integer", "number"}:
        return _number(at, "default")
    at.at("default").problem(f"is {value!r}, which is no {kind}")
    return None
