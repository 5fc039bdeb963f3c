"""ProtoJSON scalars, read leniently into Python values.

Source: https://protobuf.dev/programming-guides/json/. Whether a value is *well* formed is a rule's business;
these readers answer None for what they cannot make sense of, so that one fault is not reported by every rule.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

_TIMESTAMP = re.compile(r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,30}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
_DURATION = re.compile(r"(-?\d+)(?:\.(\d{1,9}))?s")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NANOS = 1_000_000_000
_LAST_SECOND = 59
"""A leap second is read as the one before it."""
SPECIAL_DOUBLES = frozenset({"NaN", "Infinity", "-Infinity"})


def instant(value: Any) -> int | None:
    """Nanoseconds since 1970-01-01T00:00:00Z of an RFC 3339 text (no zone is read as UTC), or None."""
    return _instant(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def _instant(value: str) -> int | None:
    match = _TIMESTAMP.fullmatch(value)
    if match is None:
        return None
    *fields, fraction, zone = match.groups()
    try:
        year, month, day, hour, minute, second = map(int, fields)
        moment = datetime(year, month, day, hour, minute, min(second, _LAST_SECOND), tzinfo=UTC)
        seconds = int((moment - _EPOCH).total_seconds())
    except ValueError:
        return None
    if zone and zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        seconds -= (1 if zone[0] == "+" else -1) * (hours * 3600 + minutes * 60)
    return seconds * _NANOS + int((fraction or "0").ljust(9, "0"))


def precedes(one: object, other: object) -> bool:
    """Whether the first of two RFC 3339 texts is the earlier time, as far as both are written out.

    Real answers print times of one body with 6 and with 9 digits, so what is cut off says nothing.
    """
    first, second = instant(one), instant(other)
    if first is None or second is None:
        return False
    unit = max(_unit(str(one)), _unit(str(other)))
    return first // unit < second // unit


def _unit(value: str) -> int:
    """The nanoseconds that the last digit of an RFC 3339 text stands for."""
    match = _TIMESTAMP.fullmatch(value)
    fraction: str = (match[7] if match else "") or ""
    return int(10 ** (9 - len(fraction)))


def duration(value: Any) -> float | None:
    """Seconds of a duration text such as `1.5s`, or None."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return float(f"{match[1]}.{match[2] or 0}") if match else None


def integer(value: Any) -> int | None:
    """An integer written as a number or a decimal string, or None."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value) if _INTEGER.fullmatch(value) else float(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def number(value: Any) -> float | None:
    """A double written as a number or as one of the three special strings, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and value in SPECIAL_DOUBLES else None


def text(value: Any) -> str:
    """A string, or '' for anything else (absent and empty are the same without field presence)."""
    return value if isinstance(value, str) else ""


def message(value: Any) -> dict[str, Any]:
    """A JSON object, or {} for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A JSON array, or [] for anything else."""
    return value if isinstance(value, list) else []


def camel(name: str) -> str:
    """The lowerCamelCase JSON name of a proto field name."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
