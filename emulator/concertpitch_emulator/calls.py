"""One request on its way through the emulator, and the reply; it must not know any HTTP framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson

from concertpitch_emulator.errors import Violation, invalid, unreadable

JSON = "application/json; charset=UTF-8"

# docs.cloud.google.com/apis/docs/system-parameters; accepted in every request, only `alt` has an effect.
_SYSTEM_PARAMETERS = frozenset(
    {
        "access_token",
        "alt",
        "callback",
        "fields",
        "key",
        "oauth_token",
        "prettyPrint",
        "quotaUser",
        "uploadType",
        "upload_protocol",
        "userProject",
        "userIp",
        ".xgafv",
        "unique",
        "httpMethod",
        "apiVersion",
    }
)
_INT32 = (-(2**31), 2**31 - 1)


@dataclass(slots=True)
class Call:
    """A routed request. `method` is a Discovery method id from the resource on (`tuningJobs.get`).

    Each surface adds what its methods find on the way. `stranger`: its `credentials` are not those demanded.
    `content_type` is as sent. `marks` is the memory of active faults.
    """

    method: str
    version: str
    path: dict[str, str]
    query: dict[str, str]
    content: bytes
    now: int
    stranger: bool = field(default=False, kw_only=True)
    credentials: str = field(default="", kw_only=True)
    content_type: str = field(default="", kw_only=True)
    marks: dict[str, Any] = field(default_factory=dict, kw_only=True)

    @property
    def enum_numbers(self) -> bool:
        """Whether the caller asked for enum numbers (`$alt=json;enum-encoding=int`)."""
        return "enum-encoding=int" in self.query.get("alt", "")

    def check_query(self, own: dict[str, str]) -> None:
        """Settle the spelling of the method's own parameters; refuse what neither it nor the system knows.

        `own` leads from both spellings to the camelCase name.
        """
        unknown = []
        for name in list(self.query):
            if name in own:
                self.query[own[name]] = self.query.pop(name)
            elif name.removeprefix("$") in _SYSTEM_PARAMETERS:
                self.query[name.removeprefix("$")] = self.query.pop(name)
            else:
                unknown.append(_unbound(name))
        if unknown:
            raise unreadable(unknown)
        alt = self.query.get("alt", "json").partition(";")[0]
        if alt not in {"json", ""}:
            raise invalid(f"Invalid value for the query parameter alt: {alt[:50]!r}. Use json.", "alt")

    def int32(self, name: str, snake: str) -> int:
        """A query parameter as int32; 0 where it is absent or empty."""
        text = self.query.get(name, "")
        if not text:
            return 0
        digits = text.removeprefix("-")
        number = int(text) if digits.isascii() and digits.isdigit() and len(digits) < _INT32_DIGITS else None
        if number is None or not _INT32[0] <= number <= _INT32[1]:
            shown = orjson.dumps(text[:200]).decode()
            text = f"Invalid value at '{snake}' (TYPE_INT32), {shown}"
            raise unreadable([Violation("bad-query-integer", snake, text)])
        return number


_INT32_DIGITS = 12

CallT = TypeVar("CallT", bound=Call)


@dataclass(slots=True)
class Reply:
    """What goes back over the wire."""

    status: int
    content: bytes
    media_type: str = JSON


def reply(status: int, body: Any) -> Reply:
    return Reply(status, orjson.dumps(body))


def parse_query(raw: bytes) -> dict[str, str]:
    """A raw query string as names and values; of a repeated name the last value counts."""
    return dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)) if raw else {}


def _unbound(name: str) -> Violation:
    text = (
        f'Invalid JSON payload received. Unknown name "{name[:200]}": Cannot bind query parameter. '
        f"Field '{name[:200]}' could not be found in request message."
    )
    return Violation("unknown-query", "", text)
