"""ProtoJSON: request bodies into their one canonical form, and enum numbers out when a caller asks.

The canonical form is what an answer prints: lowerCamelCase, enum names, int64 as strings, unset members
absent. Violations are collected, not raised, and worded as Google's front end words them. It must not know
what a message is for. Source: protobuf.dev/programming-guides/json.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.errors import MOST_VIOLATIONS, ApiError, Violation, invalid
from concertpitch_emulator.scalars import INTEGERS, NOT_SET, TYPE_NAMES, integer, scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from concertpitch_emulator.messages import Field, Message, Messages

MAX_DEPTH = 100
MAX_BYTES = 20 * 1024 * 1024


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


def read(messages: Messages, message: Message, value: Any, root: str) -> tuple[dict[str, Any], list[Violation]]:
    """A body as a message in canonical form, with what is wrong with it; after many violations nothing more is read.

    `root` is the path that violations start from: `tuning_job` where the body is that field of the request,
    empty where the body is the request itself.
    """
    reader = _Reader(messages)
    if not isinstance(value, dict):
        text = 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
        return {}, [Violation("wrong-type", root, text)]
    try:
        return reader.message(message, value, root), reader.violations
    except _TooManyViolations:
        return {}, reader.violations


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
    return invalid("Invalid JSON payload received. Message too deep. Max recursion depth reached.", "too-deep")


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


class _TooManyViolations(Exception):
    """The rest of the body is not worth reading."""


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
                if read is not NOT_SET and not _is_default(field, read):
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
            return [item for item in items if item is not NOT_SET]
        if field.shape == "map":
            if not isinstance(value, dict):
                return self._wrong("wrong-type", field, value, path)
            entries = {
                key: self._value(field, item, f"{path}[{index}].value")
                for index, (key, item) in enumerate(value.items())
            }
            return {key: item for key, item in entries.items() if item is not NOT_SET}
        if isinstance(value, list) and field.kind != "any":
            name, parent = field.name, path.rpartition(".")[0]
            at = f" at '{parent}'" if parent else ""
            text = f'Unknown name "{name}"{at}: Proto field is not repeating, cannot start list.'
            self._add("wrong-type", parent, f"Invalid JSON payload received. {text}")
            return NOT_SET
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
        number = integer(value) if not isinstance(value, str) or value.lstrip("-").isdigit() else None
        if number in enum.names:
            return enum.names[number]
        self._wrong("unknown-enum", field, value, path)
        return value if isinstance(value, str) else NOT_SET

    def _scalar(self, field: Field, value: Any, path: str) -> Any:
        read = scalar(field.kind, value)
        if read is not NOT_SET:
            return read
        if field.kind in INTEGERS and isinstance(value, str | float):
            fraction = isinstance(value, float)
            self._wrong("fractional-integer" if fraction else "bad-integer", field, value, path)
            return str(math.trunc(value)) if isinstance(value, float) and math.isfinite(value) else value
        return self._wrong("wrong-type", field, value, path)

    def _wrong(self, kind: str, field: Field, value: Any, path: str) -> Any:
        type_name = TYPE_NAMES.get(field.kind, "TYPE_STRING")
        if field.enum is not None:
            type_name = field.enum.type_url
        elif field.message is not None:
            type_name = self._messages[field.message].type_url
        shown = orjson.dumps(value).decode()
        self._add(kind, path, f"Invalid value at '{path}' ({type_name}), {shown[:200]}")
        return NOT_SET

    def _unknown(self, key: str, path: str) -> None:
        at = f" at '{path}'" if path else ""
        text = f'Invalid JSON payload received. Unknown name "{key[:200]}"{at}: Cannot find field.'
        self._add("unknown-field", path, text)

    def _add(self, kind: str, path: str, text: str) -> None:
        self.violations.append(Violation(kind, path, text))
        if len(self.violations) == MOST_VIOLATIONS:
            raise _TooManyViolations


def _is_default(field: Field, value: Any) -> bool:
    """Whether the value is the same as absence."""
    if field.shape != "one":
        return not value
    if field.presence or field.kind == "any":
        return False
    if field.enum is not None:
        return field.enum.numbers.get(value) == 0
    return value in (0, "0") if field.kind in INTEGERS else value in ("", 0)
