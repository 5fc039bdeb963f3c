"""ProtoJSON: request bodies into their one canonical form, and enum numbers out when a caller asks.

The canonical form is what an answer prints: lowerCamelCase, enum names, int64 as strings, unset members
absent. Violations are collected, not raised, and worded as Google's front end words them. It must not know
what a message is for. Source: protobuf.dev/programming-guides/json.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import orjson

from concertpitch_emulator.errors import ApiError, Violation, invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from concertpitch_emulator.messages import Field, Message, Messages

MAX_DEPTH = 100
MAX_BYTES = 20 * 1024 * 1024
_MAX_DIGITS = 20
_EXACT = 2**53

_RANGES = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
_WIDE = {"int64", "uint64"}
_INTEGERS = {*_RANGES, "integer"}
_FLOATS = {"double", "float", "number"}
_SPECIAL_FLOATS = {"NaN", "Infinity", "-Infinity"}
_FORMS = {
    "google-datetime": re.compile(
        r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
    ),
    "google-duration": re.compile(r"-?\d{1,12}(\.\d{1,9})?s", re.ASCII),
}
_NOT_SET: Final = object()


def load(content: bytes) -> Any:
    """The JSON value of a request body; an unreadable one raises the front end's 400."""
    if len(content) > MAX_BYTES:
        raise invalid(f"Request payload size exceeds the limit: {MAX_BYTES} bytes.", "too-large")
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        reason = str(error).partition(":")[0]
        if "depth" in reason or "recursion" in reason.lower():
            raise _too_deep() from None
        raise invalid(f"Invalid JSON payload received. {reason}.", "malformed-json") from None
    if content.count(b"{") + content.count(b"[") > MAX_DEPTH:
        _refuse_depth(value)
    return value


def read(
    messages: Messages, message: Message, value: Any, root: str
) -> tuple[dict[str, Any], list[Violation]]:
    """A body as a message in canonical form, with everything that is wrong with it.

    `root` is the path that violations start from: `tuning_job` where the body is that field of the request,
    empty where the body is the request itself.
    """
    reader = _Reader(messages)
    if not isinstance(value, dict):
        text = 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
        return {}, [Violation("wrong-type", root, text)]
    return reader.message(message, value, root), reader.violations


def with_enum_numbers(messages: Messages, message: Message, value: dict[str, Any]) -> dict[str, Any]:
    """A canonical message with numbers for enum names, as `$alt=json;enum-encoding=int` asks."""
    out = {}
    for name, member in value.items():
        field = message.fields.get(name)
        if field is None:
            out[name] = member
            continue
        convert = _numbering(messages, field)
        if field.shape == "list" and isinstance(member, list):
            out[name] = [convert(item) for item in member]
        elif field.shape == "map" and isinstance(member, dict):
            out[name] = {key: convert(item) for key, item in member.items()}
        else:
            out[name] = convert(member)
    return out


def known(messages: Messages, message: Message, value: dict[str, Any]) -> dict[str, Any]:
    """A canonical message without the members its version does not have."""
    out = {}
    for name, member in value.items():
        field = message.fields.get(name)
        if field is None or (field.enum is not None and member not in field.enum.numbers):
            continue
        if field.message is not None and field.shape == "one" and isinstance(member, dict):
            member = known(messages, messages[field.message], member)  # noqa: PLW2901 - narrowed in place
        out[name] = member
    return out


def _numbering(messages: Messages, field: Field) -> Callable[[Any], Any]:
    if field.enum is not None:
        numbers = field.enum.numbers
        return lambda name: numbers.get(name, name)
    if field.message is not None:
        inner = messages[field.message]
        return lambda value: with_enum_numbers(messages, inner, value) if isinstance(value, dict) else value
    return lambda value: value


def _too_deep() -> ApiError:
    return invalid(
        "Invalid JSON payload received. Message too deep. Max recursion depth reached.", "too-deep"
    )


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise _too_deep()


class _Reader:
    """One pass over one body; collects violations as it goes."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self.violations: list[Violation] = []

    def message(self, message: Message, value: dict[str, Any], path: str) -> dict[str, Any]:
        out: dict[str, Any] = {}
        chosen: dict[str, str] = {}
        for key, member in value.items():
            field = message.fields.get(key)
            if field is None:
                self._unknown(key, path)
            elif member is not None and not field.read_only and self._choose(field, key, path, chosen):
                read = self._member(field, member, f"{path}.{field.snake}" if path else field.snake)
                if read is not _NOT_SET and not _is_default(field, read):
                    out[field.name] = read
        return out

    def _choose(self, field: Field, key: str, path: str, chosen: dict[str, str]) -> bool:
        """Whether this member of a oneof is the first that is set."""
        if field.oneof is None or chosen.setdefault(field.oneof, field.name) == field.name:
            return True
        text = f"oneof field '{field.oneof}' is already set. Cannot set '{key}'"
        self._add(f"two-of-{field.oneof}", path, f"Invalid value at '{path}' (oneof), {text}")
        return False

    def _member(self, field: Field, value: Any, path: str) -> Any:
        if field.shape == "list":
            if not isinstance(value, list):
                return self._wrong("wrong-type", field, value, path)
            items = [self._value(field, item, f"{path}[{index}]") for index, item in enumerate(value)]
            return [item for item in items if item is not _NOT_SET]
        if field.shape == "map":
            if not isinstance(value, dict):
                return self._wrong("wrong-type", field, value, path)
            entries = {
                key: self._value(field, item, f"{path}[{index}].value")
                for index, (key, item) in enumerate(value.items())
            }
            return {key: item for key, item in entries.items() if item is not _NOT_SET}
        if isinstance(value, list) and field.kind != "any":
            name, parent = field.name, path.rpartition(".")[0]
            at = f" at '{parent}'" if parent else ""
            text = f'Unknown name "{name}"{at}: Proto field is not repeating, cannot start list.'
            self._add("wrong-type", parent, f"Invalid JSON payload received. {text}")
            return _NOT_SET
        return self._value(field, value, path)

    def _value(self, field: Field, value: Any, path: str) -> Any:
        if field.kind == "any":
            return value
        if field.message is not None:
            if not isinstance(value, dict):
                return self._wrong("wrong-type", field, value, path)
            return self.message(self._messages[field.message], value, path)
        if field.enum is not None:
            return self._enum(field, value, path)
        return self._scalar(field, value, path)

    def _enum(self, field: Field, value: Any, path: str) -> Any:
        enum = field.enum
        if enum is None:
            raise AssertionError(field.name)
        if isinstance(value, str) and value in enum.numbers:
            return value
        number = _integer(value) if not isinstance(value, str) or value.lstrip("-").isdigit() else None
        if number in enum.names:
            return enum.names[number]
        self._wrong("unknown-enum", field, value, path)
        return value if isinstance(value, str) else _NOT_SET

    def _scalar(self, field: Field, value: Any, path: str) -> Any:
        read = _scalar(field.kind, value)
        if read is not _NOT_SET:
            return read
        if field.kind in _INTEGERS and isinstance(value, str | float):
            fraction = isinstance(value, float)
            self._wrong("fractional-integer" if fraction else "bad-integer", field, value, path)
            return str(math.trunc(value)) if isinstance(value, float) and math.isfinite(value) else value
        return self._wrong("wrong-type", field, value, path)

    def _wrong(self, kind: str, field: Field, value: Any, path: str) -> Any:
        type_name = _TYPE_NAMES.get(field.kind, "TYPE_STRING")
        if field.enum is not None:
            type_name = field.enum.type_url
        elif field.message is not None:
            type_name = self._messages[field.message].type_url
        shown = orjson.dumps(value).decode()
        self._add(kind, path, f"Invalid value at '{path}' ({type_name}), {shown[:200]}")
        return _NOT_SET

    def _unknown(self, key: str, path: str) -> None:
        at = f" at '{path}'" if path else ""
        text = f'Invalid JSON payload received. Unknown name "{key[:200]}"{at}: Cannot find field.'
        self._add("unknown-field", path, text)

    def _add(self, kind: str, path: str, text: str) -> None:
        self.violations.append(Violation(kind, path, text))


_TYPE_NAMES = {
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


def _is_default(field: Field, value: Any) -> bool:
    """Whether the value is the same as absence."""
    if field.shape != "one":
        return not value
    if field.presence or field.kind == "any":
        return False
    return field.enum.numbers.get(value) == 0 if field.enum is not None else value in ("", 0, "0")


def _scalar(kind: str, value: Any) -> Any:
    """The canonical form of one scalar, or `_NOT_SET` where the kind does not hold it."""
    if kind in _INTEGERS:
        number = _integer(value)
        least, most = _RANGES.get(kind, _RANGES["int32"])
        if number is None or not least <= number <= most:
            return _NOT_SET
        return str(number) if kind in _WIDE else number
    if kind in _FLOATS:
        return _float(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else _NOT_SET
    return _text(kind, value) if isinstance(value, str) else _NOT_SET


def _text(kind: str, value: str) -> Any:
    if kind == "byte":
        return _bytes(value)
    form = _FORMS.get(kind)
    return value if form is None or form.fullmatch(value) else _NOT_SET


def _integer(value: Any) -> int | None:
    """A whole number given as a JSON number or text, exponent allowed; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and not re.fullmatch(
        r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", value, re.ASCII
    ):
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
        return _NOT_SET
    if isinstance(value, str):
        if value in _SPECIAL_FLOATS:
            return value
        try:
            value = float(value) if value.strip() == value and "_" not in value else None
        except ValueError:
            return _NOT_SET
    if not isinstance(value, int | float) or not math.isfinite(value):
        return _NOT_SET
    # The real service prints whole doubles without a fraction (learningRateMultiplier 1, min 25).
    return int(value) if float(value).is_integer() and abs(value) < _EXACT else float(value)


def _bytes(value: str) -> Any:
    padded = value.replace("-", "+").replace("_", "/").rstrip("=")
    padded += "=" * (-len(padded) % 4)
    try:
        return base64.b64encode(base64.b64decode(padded, validate=True)).decode()
    except (binascii.Error, ValueError):
        return _NOT_SET
