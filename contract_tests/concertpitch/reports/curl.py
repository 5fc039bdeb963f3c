"""Exchanges -> a shell script that sends them again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from concertpitch.exchange import REDACTED, Exchange

_VARIABLES = {"authorization": "Bearer $CONCERTPITCH_TOKEN", "x-goog-api-key": "$CONCERTPITCH_API_KEY"}
_OWN = frozenset({"user-agent", "accept"})


def command(exchange: Exchange) -> str:
    """One curl command line; credentials are taken from the environment when it runs."""
    parts = ["curl", "-sS", "-X", exchange.method]
    words = [shlex.quote(part) for part in parts]
    for name, value in exchange.request_headers:
        if value == REDACTED or REDACTED in value:
            words += ["-H", f'"{name}: {_VARIABLES[name]}"']
        elif name not in _OWN:
            words += ["-H", shlex.quote(f"{name}: {value}")]
    if exchange.request_body:
        words += ["--data-binary", shlex.quote(exchange.request_body.decode("utf-8", "replace"))]
    return " ".join([*words, shlex.quote(exchange.url)])


def script(exchanges: Iterable[Exchange]) -> str:
    """The exchanges in order, each with the status it had."""
    lines = ["#!/bin/sh"]
    for exchange in exchanges:
        lines += [f"# answered {exchange.status} then", command(exchange), "echo"]
    return "\n".join(lines) + "\n"
