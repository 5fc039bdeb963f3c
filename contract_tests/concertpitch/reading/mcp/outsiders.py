"""Exchanges at the endpoints -> those of the run, and those without its credentials.

Rule 1: as elsewhere, only a run that has credentials has outsiders, and what they do is kept out of everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from concertpitch.exchange import REDACTED, Exchange
from concertpitch.jsonrpc import reply
from concertpitch.protojson import message, text
from concertpitch.reading.credentials import presented
from concertpitch.reading.mcp.endpoints import ENDPOINTS, Endpoint, succeeded
from concertpitch.subjects import Presented
from concertpitch.subjects.mcp import Outsider

_REFUSALS = frozenset({401, 403})


def apart(exchanges: Sequence[Exchange]) -> tuple[list[Exchange], list[Exchange]]:
    """The run's own exchanges and those of outsiders; all are its own where nothing tells them apart."""
    if not any(presented(one) is Presented.OWN for one in exchanges):
        return list(exchanges), []
    strange = {id(one) for one in exchanges if one.path.endswith(ENDPOINTS) and presented(one) is not Presented.OWN}
    return [one for one in exchanges if id(one) not in strange], [one for one in exchanges if id(one) in strange]


def outsiders_of(endpoint: Endpoint, strange: Sequence[Exchange]) -> Iterator[Outsider]:
    """Requests of outsiders for a method that is served to the run, and to nobody without credentials."""
    here = [one for one in strange if one.path.endswith(endpoint.path) and one.status is not None and not one.trouble]
    served = {_method(one): one for one in endpoint.exchanges if succeeded(one)}
    demanding = {_method(one) for one in here if presented(one) is Presented.NONE and _refused(one)}
    for one in here:
        method = _method(one)
        if method in demanding & served.keys():
            bearer = served[method].sent_header("authorization") == REDACTED
            yield Outsider(one, endpoint.path, frozenset(endpoint.speaks), method, presented(one), bearer)


def _refused(exchange: Exchange) -> bool:
    """Whether nothing was served, be it told by the status or by an error in the body alone."""
    return exchange.status in _REFUSALS or (succeeded(exchange) and "error" in message(reply(exchange)))


def _method(exchange: Exchange) -> str:
    return text(message(exchange.request.value).get("method"))
