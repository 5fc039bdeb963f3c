"""Exchanges -> an HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from concertpitch import __version__
from concertpitch.exchange import Exchange


def archive(exchanges: list[Exchange]) -> dict[str, Any]:
    """The whole trace. Credentials were never recorded; `_probe`, `_number`, `_attempt` are ours."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "concertpitch", "version": __version__},
            "entries": [_entry(exchange) for exchange in exchanges],
        }
    }


def _entry(exchange: Exchange) -> dict[str, Any]:
    took = round((exchange.answered - exchange.sent) * 1000, 3)
    request_type = next((value for name, value in exchange.request_headers if name == "content-type"), "")
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(exchange.request_headers),
        "queryString": _pairs(exchange.query),
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        text = exchange.request_body.decode("utf-8", "replace")
        request["postData"] = {"mimeType": request_type, "text": text}
    return {
        "_number": exchange.number,
        "_probe": exchange.probe,
        "_attempt": exchange.attempt,
        "startedDateTime": datetime.fromtimestamp(exchange.sent_at, UTC).isoformat(timespec="microseconds"),
        "time": took,
        "request": request,
        "response": {
            "status": exchange.status or 0,
            "statusText": exchange.failure or "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(exchange.headers),
            "content": _content(exchange),
            "redirectURL": exchange.header("location"),
            "headersSize": -1,
            "bodySize": len(exchange.body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
    }


def _content(exchange: Exchange) -> dict[str, Any]:
    content: dict[str, Any] = {"size": len(exchange.body), "mimeType": exchange.header("content-type")}
    try:
        return content | {"text": exchange.body.decode()}
    except UnicodeDecodeError:
        return content | {"text": base64.b64encode(exchange.body).decode(), "encoding": "base64"}


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
