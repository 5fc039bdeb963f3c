"""Answers of 400 and above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import items, message
from concertpitch.subjects.calls import Call


@dataclass(frozen=True)
class Refusal:
    """An answer with a status of 400 and above to a call of the surface.

    `client_fault` says what is wrong with the request, '' when nothing is known to be. `repeated`: the same request was
    answered 5xx again and never otherwise, or many requests with this mistake were.
    """

    call: Call
    client_fault: str
    repeated: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges

    @property
    def envelope(self) -> Any:
        return message(self.call.exchange.answer.value).get("error")

    @property
    def error(self) -> dict[str, Any]:
        return message(self.envelope)

    @property
    def details(self) -> list[dict[str, Any]]:
        return [message(item) for item in items(self.error.get("details"))]
