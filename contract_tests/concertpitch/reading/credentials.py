"""Calls -> who sent them, and what the target answered to those who are not the run.

Rule 1: only a run that has credentials has strangers; in traffic without the run's own mark nobody is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.exchange import REDACTED, Exchange
from concertpitch.subjects import Admission, Call, Presented

_REFUSALS = range(400, 500)
_TOO_MANY = 429


def presented(exchange: Exchange) -> Presented:
    """What the request presented, read off its headers."""
    given = exchange.sent_header("authorization")
    if REDACTED in {given, exchange.sent_header("x-goog-api-key")}:
        return Presented.OWN
    if given is None:
        return Presented.NONE
    scheme, _, token = given.partition(" ")
    return Presented.WRONG if scheme.lower() == "bearer" and token.strip() else Presented.MALFORMED


def apart(calls: list[Call]) -> tuple[list[Call], list[Call]]:
    """The run's own calls, and those of strangers; all are the run's own where nothing tells them apart."""
    own = [call for call in calls if presented(call.exchange) is Presented.OWN]
    if not own:
        return calls, []
    return own, [call for call in calls if presented(call.exchange) is not Presented.OWN]


def admissions_of(own: list[Call], strangers: list[Call]) -> Iterator[Admission]:
    """What strangers were answered, if the target demands credentials: it refused one, and took the run's own."""
    twins: dict[tuple[str, str, bytes], Call] = {}
    for call in own:
        if call.succeeded or _request(call) not in twins:
            twins[_request(call)] = call
    found = [
        Admission(call, presented(call.exchange), twins[_request(call)])
        for call in strangers
        if _request(call) in twins
    ]
    demanded = any(
        one.presented is Presented.NONE
        and one.twin.succeeded
        and one.call.status in _REFUSALS
        and one.call.status != _TOO_MANY
        for one in found
    )
    yield from found if demanded else ()


def _request(call: Call) -> tuple[str, str, bytes]:
    exchange = call.exchange
    return exchange.method, exchange.url, exchange.request_body
