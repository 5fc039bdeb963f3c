"""Scalars of ProtoJSON: what a kind of field holds, and how it is printed. It must not know messages.

Source: protobuf.dev/programming-guides/json, Representation of each type.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

NOT_SET: Final = object()
"""What stands for a value that a kind does not hold."""

_MAX_DIGITS = 20
_EXACT = 2**53

_RANGES = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
_WIDE = {"int64", "uint64"}
INTEGERS = {*_RANGES, "integer"}
_FLOATS = {"double", "float", "number"}
_SPECIAL_FLOATS = {"NaN", "Infinity", "-Infinity"}
_FORMS = {
    "google-datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII),
    "google-duration": re.compile(r"-?\d{1,12}(\.\d{1,9})?s", re.ASCII),
}
TYPE_NAMES = {
    "int32": "TYPE_INT32",
    "integer": "TYPE_INT32",
    "uint32": "TYPE_UINT32",
    "int64": "TYPE_INT64",
    "uint64": "TYPE_UINT64",
    "double": "TYPE_DOUBLE",
    "number": "TYPE_DOUBLE",
    "float": "TYPE_FLOAT",
    "boolean": "TYPE_BOOL",
    "byte": "TYPE_BYTES",
    "google-datetime": "type.googleapis.com/google.protobuf.Timestamp",
    "google-duration": "type.googleapis.com/google.protobuf.Duration",
    "google-fieldmask": "type.googleapis.com/google.protobuf.FieldMask",
}


def scalar(kind: str, value: Any) -> Any:
    """The canonical form of one scalar, or `NOT_SET` where the kind does not hold it."""
    if kind in INTEGERS:
        number = integer(value)
        least, most = _RANGES.get(kind, _RANGES["int32"])
        if number is None or not least <= number <= most:
            return NOT_SET
        return str(number) if kind in _WIDE else number
    if kind in _FLOATS:
        return _float(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else NOT_SET
    return _text(kind, value) if isinstance(value, str) else NOT_SET


def _text(kind: str, value: str) -> Any:
    if kind == "byte":
        return _bytes(value)
    form = _FORMS.get(kind)
    return value if form is None or form.fullmatch(value) else NOT_SET


def integer(value: Any) -> int | None:
    """A whole number given as a JSON number or text, exponent allowed; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", value, re.ASCII):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > _MAX_DIGITS or number != number.to_integral_value():
        return None
    return int(number)


def _float(value: Any) -> Any:
    if isinstance(value, bool):
        return NOT_SET
    if isinstance(value, str):
        if value in _SPECIAL_FLOATS:
            return value
        try:
            value = float(value) if value.strip() == value and "_" not in value else None
        except ValueError:
            return NOT_SET
    if not isinstance(value, int | float) or not math.isfinite(value):
        return NOT_SET
    # The real service prints whole doubles without a fraction (learningRateMultiplier 1, min 25).
    return int(value) if float(value).is_integer() and abs(value) < _EXACT else float(value)


def _bytes(value: str) -> Any:
    padded = value.replace("-", "+").replace("_", "/").rstrip("=")
    padded += "=" * (-len(padded) % 4)
    try:
        return base64.b64encode(base64.b64decode(padded, validate=True)).decode()
    except (binascii.Error, ValueError):
        return NOT_SET
