"""Recorded traffic -> exchanges: HTTP Archives (HAR 1.2) and VCR cassettes, in YAML or JSON.

Rule 1: what a recording does not hold is not made up: an entry whose answer's body was left out is marked as cut off,
so that nothing is judged from it.
Rule 2: credentials stay in the file: that there were some is read, not what they were.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from concertpitch.errors import UsageError
from concertpitch.exchange import REDACTED, Exchange
from concertpitch.protojson import items, message, text

_SECRET = frozenset({"authorization", "x-goog-api-key", "cookie"})
_GZIP = b"\x1f\x8b"
_GAP = 1.0
"""Seconds between two interactions of a cassette, which says in which order they were, but not when."""


def load(path: Path) -> list[Exchange]:
    """The exchanges of a recording in the order they were sent; raises UsageError for what is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    document = _parse(content, path)
    try:
        if isinstance(document.get("log"), dict):
            found = list(_entries(document["log"]))
        elif isinstance(document.get("interactions", document.get("http_interactions")), list):
            found = list(_interactions(document))
        else:
            raise UsageError(f"{path} is neither an HTTP Archive (log.entries) nor a cassette (interactions)")
    except (KeyError, TypeError, ValueError, OSError, EOFError, binascii.Error) as error:
        raise UsageError(f"{path} is damaged: {type(error).__name__} {error}") from error
    return found


def _parse(content: bytes, path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        try:
            document = yaml.safe_load(content)
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            reason = str(error).partition("\n")[0]
            raise UsageError(f"{path} is neither JSON nor YAML: {reason}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{path} holds no recording: its top level is no object")
    return document


def _entries(log: Mapping[str, Any]) -> Iterator[Exchange]:
    ours = message(log.get("creator")).get("name") == "concertpitch"  # holds made-up credentials only
    entries = sorted(items(log.get("entries")), key=lambda entry: _instant(entry["startedDateTime"]))
    for number, entry in enumerate(entries, 1):
        asked, answered = entry["request"], entry["response"]
        sent = _instant(entry["startedDateTime"])
        body = _har_body(message(answered.get("content")))
        status = int(answered.get("status") or 0) or None
        yield Exchange(
            number=int(entry.get("_number", number)),
            probe=text(entry.get("_probe")) or "recording",
            method=str(asked["method"]).upper(),
            url=str(asked["url"]),
            request_headers=_pairs(asked.get("headers")) if ours else _open(_pairs(asked.get("headers"))),
            request_body=text(message(asked.get("postData")).get("text")).encode(),
            sent=sent,
            sent_at=sent,
            answered=sent + max(0.0, float(entry.get("time") or 0)) / 1000,
            status=status,
            headers=_pairs(answered.get("headers")),
            body=body or b"",
            failure=None if status else str(answered.get("statusText") or "no answer was recorded"),
            truncated=status is not None and body is None,
        )


def _har_body(content: Mapping[str, Any]) -> bytes | None:
    """The body of an answer, None when it was left out of the recording."""
    kept = content.get("text")
    if not isinstance(kept, str):
        return b"" if not content.get("size") else None
    return base64.b64decode(kept) if content.get("encoding") == "base64" else kept.encode()


def _interactions(document: Mapping[str, Any]) -> Iterator[Exchange]:
    listed = document.get("interactions") or document.get("http_interactions") or []
    for number, entry in enumerate(listed, 1):
        asked, answered = entry["request"], entry["response"]
        status = message(answered.get("status")).get("code", answered.get("status_code", answered.get("status")))
        headers = _several(answered.get("headers"))
        body = _cassette_body(answered.get("body", answered.get("content")))
        if body.startswith(_GZIP):  # VCR keeps what came over the wire, unless told otherwise
            body = gzip.decompress(body)
        yield Exchange(
            number=number,
            probe="recording",
            method=str(asked["method"]).upper(),
            url=str(asked.get("uri") or asked["url"]),
            request_headers=_open(_several(asked.get("headers"))),
            request_body=_cassette_body(asked.get("body")),
            sent=number * _GAP,
            sent_at=number * _GAP,
            answered=number * _GAP + _GAP / 2,
            status=int(status),
            headers=headers,
            body=body,
        )


def _cassette_body(body: Any) -> bytes:
    """A body as VCR writes it: text, bytes, or an object with `string` or `base64_string`."""
    if isinstance(body, dict):
        if isinstance(body.get("base64_string"), str):
            return base64.b64decode(body["base64_string"])
        body = body.get("string")
    if isinstance(body, bytes):
        return body
    return str(body).encode() if body is not None else b""


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple((text(one.get("name")).lower(), text(one.get("value"))) for one in map(message, items(headers)))


def _several(headers: Any) -> tuple[tuple[str, str], ...]:
    """Headers as VCR writes them: a name leads to one value or to a list of them."""
    return tuple(
        (str(name).lower(), str(value))
        for name, values in message(headers).items()
        for value in (values if isinstance(values, list) else [values])
    )


def _open(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, REDACTED if name in _SECRET else value) for name, value in headers)


def _instant(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()
