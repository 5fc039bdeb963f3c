"""One request and what came back: the only thing the rules' world is made of.

Rule 1: an exchange knows nothing of APIs, probes or rules; it is what a wire tap would have written down.
Rule 2: it never changes after it was recorded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

MAX_DEPTH_MESSAGE = "nested too deeply to read"
REDACTED = "REDACTED"
"""What stands in an exchange where the run's own credentials were sent."""


class Trouble(StrEnum):
    """What stood between a request and an answer that says something about the API."""

    TOO_MANY = "429"
    """The target asks to be asked less often."""
    UNAVAILABLE = "503"
    GATEWAY = "502 or 504"
    """Something in front of the target got no answer from it."""
    TIMEOUT = "timeout"
    REFUSED = "connection refused"
    """No connection was made, so nothing was sent."""
    LOST = "connection lost"


_TROUBLED = {429: Trouble.TOO_MANY, 502: Trouble.GATEWAY, 503: Trouble.UNAVAILABLE, 504: Trouble.GATEWAY}


@dataclass(frozen=True)
class Reading:
    """A body read as JSON.

    `value` is None when `error` says why the body is no JSON (RFC 8259). `duplicates` lists names that stood
    twice in one object; `constants` lists NaN, Infinity and -Infinity written as bare literals.
    """

    value: Any = None
    error: str | None = None
    duplicates: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()


_NAME_ENDS = '":'


def _names(value: Any) -> int:
    """How often a value, written as compact JSON, holds what ends a name; -1 where that cannot be told."""
    try:
        return orjson.dumps(value).count(_NAME_ENDS.encode())
    except TypeError:  # an integer of more than 64 bits, half a character
        return -1


def read_json(body: bytes) -> Reading:
    """Read `body` leniently, noting what strict JSON forbids; never raises."""
    if not body.strip():
        return Reading(error="the body is empty")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return Reading(error=f"the body is not UTF-8: byte 0x{body[error.start]:02x} at offset {error.start}")
    duplicates: list[str] = []
    constants: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            duplicates.extend(sorted({name for name in names if names.count(name) > 1}))
        return found

    def constant(name: str) -> float:
        constants.append(name)
        return float(name)

    try:
        value = json.loads(text, parse_constant=constant)
        if text.count(_NAME_ENDS) != _names(value):  # a name may have stood twice: read again, with an eye on each
            constants.clear()
            value = json.loads(text, object_pairs_hook=members, parse_constant=constant)
    except json.JSONDecodeError as error:
        return Reading(error=f"the body is not JSON: {error.msg} at character {error.pos}")
    except RecursionError:
        return Reading(error=f"the body is {MAX_DEPTH_MESSAGE}")
    except ValueError as error:  # an integer of thousands of digits
        return Reading(error=f"the body is not readable: {error}")
    return Reading(value, None, tuple(duplicates), tuple(constants))


@dataclass(frozen=True)
class Exchange:
    """A request that was sent and its answer, or the failure to get one.

    `sent` and `answered` are seconds on one monotonic clock, taken just before the first byte left and just
    after the last byte came. `sent_at` is UTC wall-clock time in seconds since 1970. `status` is None when
    `failure` says why no complete answer came. `truncated` marks an answer cut off at the size limit, or a stream
    that was opened to listen. A request that was sent again is one exchange per `attempt`, each sent `waited` seconds
    after the one before was answered; `failed` is the kind of failure when no answer came.
    """

    number: int
    probe: str
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    sent: float
    sent_at: float
    answered: float
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    failure: str | None = None
    truncated: bool = False
    attempt: int = 1
    waited: float = 0.0
    failed: Trouble | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What kept the API from answering, so that the exchange proves nothing about it; None when it answered.

        None also when the request could not be sent at all, whatever the target does.
        """
        return self.failed if self.status is None else _TROUBLED.get(self.status)

    @cached_property
    def path(self) -> str:
        return urlsplit(self.url).path

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        return tuple(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @cached_property
    def answer(self) -> Reading:
        """The answer's body as JSON."""
        return read_json(self.body)

    @cached_property
    def request(self) -> Reading:
        """The request's body as JSON."""
        return read_json(self.request_body)

    @property
    def media_type(self) -> str:
        """The answer's media type in lower case without parameters, or ''."""
        return self.header("content-type").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        """The first value of an answer's header, or ''."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def sent_header(self, name: str) -> str | None:
        """The value of a header of the request, None where it was not sent."""
        wanted = name.lower()
        return next((value for key, value in self.request_headers if key.lower() == wanted), None)

    @cached_property
    def server_time(self) -> int | None:
        """Nanoseconds since 1970 of the answer's Date header, or None."""
        try:
            return int(parsedate_to_datetime(self.header("date")).timestamp()) * 1_000_000_000
        except (ValueError, TypeError):
            return None

    def before(self, other: Exchange) -> bool:
        """Whether this answer was complete before the other request left (real-time order)."""
        return self.answered <= other.sent

    def __str__(self) -> str:
        outcome = self.failure if self.status is None else str(self.status)
        return f"#{self.number} {self.method} {self.url} -> {outcome}"
