"""ProtoJSON scalars that Python's own types would shorten or reject.

Owns their conversions. Each keeps the text of the wire, so that what was read is what is written: nine
digits of a second, either base64 alphabet. Must not know any particular API.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import GetCoreSchemaHandler, PlainSerializer
from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

Int64 = Annotated[int, PlainSerializer(str, return_type=str, when_used="json-unless-none")]
"""An int64 or uint64: `int` in Python, a string of digits in JSON."""

_NANOS = 1_000_000_000
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)")
_DURATION = re.compile(r"(-?)(\d+)(?:\.(\d{1,9}))?s")


class _Text(str):
    """Text with a meaning; any text is accepted from the wire, its meaning is looked at when asked for."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())


class Timestamp(_Text):
    """google.protobuf.Timestamp as RFC 3339 text, with up to nine digits of a second."""

    __slots__ = ()

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """Write a moment with a time zone. Raises `ValueError` without one."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone")
        return cls(moment.astimezone(UTC).isoformat().replace("+00:00", "Z"))

    def nanoseconds(self) -> int:
        """Count nanoseconds since 1970-01-01T00:00:00Z. Raises `ValueError` for text that is no timestamp."""
        match = _TIMESTAMP.fullmatch(self)
        if match is None:
            raise ValueError(f"{str(self)!r} is not an RFC 3339 timestamp")
        whole = datetime.fromisoformat(match[1].upper() + match[3].upper().replace("Z", "+00:00"))
        since = whole - datetime(1970, 1, 1, tzinfo=UTC)
        return (since.days * 86400 + since.seconds) * _NANOS + int((match[2] or "").ljust(9, "0"))

    def to_datetime(self) -> datetime:
        """Give the moment in UTC, cut to microseconds. Raises `ValueError` for text that is no timestamp."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.nanoseconds() // 1000)


class Duration(_Text):
    """google.protobuf.Duration: seconds with up to nine digits and an `s`, such as ``3.5s``."""

    __slots__ = ()

    @classmethod
    def of(cls, span: timedelta) -> Self:
        """Write a span of time."""
        micros = span // timedelta(microseconds=1)
        seconds, rest = divmod(abs(micros), 1_000_000)
        digits = f".{rest:06d}".rstrip("0").rstrip(".")
        return cls(f"{'-' if micros < 0 else ''}{seconds}{digits}s")

    def nanoseconds(self) -> int:
        """Count nanoseconds. Raises `ValueError` for text that is no duration."""
        match = _DURATION.fullmatch(self)
        if match is None:
            raise ValueError(f"{str(self)!r} is not a duration in seconds, such as 3.5s")
        count = int(match[2]) * _NANOS + int((match[3] or "").ljust(9, "0"))
        return -count if match[1] else count

    def to_timedelta(self) -> timedelta:
        """Give the span, cut to microseconds. Raises `ValueError` for text that is no duration."""
        nanoseconds = self.nanoseconds()
        span = timedelta(microseconds=abs(nanoseconds) // 1000)
        return -span if nanoseconds < 0 else span


class FieldMask(_Text):
    """google.protobuf.FieldMask: paths in lowerCamelCase, joined by commas."""

    __slots__ = ()

    @classmethod
    def of(cls, paths: Iterable[str]) -> Self:
        """Write paths given in lowerCamelCase."""
        return cls(",".join(paths))

    def paths(self) -> tuple[str, ...]:
        """Split the mask; an empty mask has no paths."""
        return tuple(path for path in self.split(",") if path)


class Base64(_Text):
    """Bytes as base64 text, in the standard or the URL-safe alphabet, with or without padding."""

    __slots__ = ()

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Write bytes in the standard alphabet with padding, as ProtoJSON prefers."""
        return cls(base64.b64encode(data).decode())

    def to_bytes(self) -> bytes:
        """Decode either alphabet. Raises `ValueError` for text that is no base64."""
        text = self.replace("-", "+").replace("_", "/").rstrip("=")
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
