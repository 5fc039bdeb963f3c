"""Exchanges beside REST that change jobs: what they did cannot be read off the calls of tuningJobs."""

from __future__ import annotations

from collections.abc import Iterable

from concertpitch.exchange import Exchange
from concertpitch.protojson import items, message, text

_CANCEL = "cancel_tuning_job"


def cancelled_elsewhere(exchanges: Iterable[Exchange]) -> frozenset[str]:
    """The ids of jobs that somebody asked to cancel over MCP; nothing certain can be said of how they end."""
    found = set()
    for exchange in exchanges:
        if exchange.method == "POST" and "/mcp/" in exchange.path:
            asked = exchange.request.value
            for request in map(message, items(asked) if isinstance(asked, list) else [asked]):
                params = message(request.get("params"))
                if text(params.get("name")) == _CANCEL:
                    found.add(text(message(params.get("arguments")).get("name")).rpartition("/")[2])
    return frozenset(found)
