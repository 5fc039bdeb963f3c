"""Which requests are sent again, when, and how often. Waiting and counting are tenacity's.

Rule 1: only what is safe is repeated: a GET, or anything when the answer proves that nothing was done (429, 503, a
credential refused as expired) or when no connection was made.
Rule 2: what is asked in vain again and again is not asked again: a target that is gone or out of quota ends soon.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_result,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)

from concertpitch.exchange import Exchange, Trouble
from concertpitch.pace import Pace

ATTEMPTS, TIMEOUTS = 5, 2
"""Most attempts of one request, and most of them that may end in a timeout."""
SECONDS = 60.0
"""After this time no further attempt is begun; a longer Retry-After is not waited for."""
_IN_VAIN = 10
"""Failed attempts in a row, over all requests, after which nothing is repeated until something is answered."""
_SAME_IN_VAIN = 2
"""Times that one request was given up, after which it is sent but once until it is answered: a quota stays used up."""
_NOTHING_DONE = frozenset({Trouble.TOO_MANY, Trouble.UNAVAILABLE, Trouble.REFUSED})
_UNAUTHORIZED = 401


class Retries:
    """Safe to use from several threads. `pause` is the first wait in seconds where the target names none."""

    def __init__(self, pace: Pace, pause: float) -> None:
        self._pace = pace
        self._pause = pause
        self._lock = threading.Lock()
        self._vain = 0
        self._given_up: Counter[str] = Counter()

    def run(self, what: str, once: Callable[[int, float], Exchange], renewed: Callable[[Exchange], bool]) -> Exchange:
        """Send until there is an answer or a limit is met; the last exchange.

        `what` names the request, `once` sends it, given the attempt's number and the seconds waited before it,
        `renewed` tells whether credentials that were refused have been replaced.
        """
        attempts: list[Exchange] = []
        waited = 0.0

        def attempt() -> Exchange:
            exchange = once(len(attempts) + 1, waited)
            attempts.append(exchange)
            self._note(exchange)
            return exchange

        def again(exchange: Exchange) -> bool:
            if exchange.status == _UNAUTHORIZED:
                return len(attempts) == 1 and renewed(exchange)
            return worth_repeating(exchange) and self._hope(what, attempts)

        def sleep(seconds: float) -> None:
            nonlocal waited
            waited = seconds
            self._pace.sleep(seconds)

        retrying = Retrying(
            retry=retry_if_result(again),
            wait=self._wait,
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(min(SECONDS, max(0.0, self._pace.left()))),
            sleep=sleep,
            retry_error_callback=lambda _: attempts[-1],
        )
        last: Exchange = retrying(attempt)
        self._settle(what, last)
        return last

    def _wait(self, state: RetryCallState) -> float:
        exchange: Exchange | None = state.outcome.result() if state.outcome else None
        if exchange is not None and exchange.status == _UNAUTHORIZED:
            return 0.0
        asked = retry_after(exchange) if exchange is not None else None
        backoff = wait_exponential_jitter(multiplier=self._pause, max=SECONDS / 4, jitter=self._pause)
        return backoff(state) if asked is None else asked

    def _hope(self, what: str, attempts: list[Exchange]) -> bool:
        timeouts = sum(one.trouble is Trouble.TIMEOUT for one in attempts)
        with self._lock:
            vain = self._vain >= _IN_VAIN or self._given_up[what] >= _SAME_IN_VAIN
        return timeouts < TIMEOUTS and not vain

    def _note(self, exchange: Exchange) -> None:
        with self._lock:
            self._vain = self._vain + 1 if exchange.trouble else 0

    def _settle(self, what: str, last: Exchange) -> None:
        with self._lock:
            if last.trouble:
                self._given_up[what] += 1
            else:
                del self._given_up[what]


def worth_repeating(exchange: Exchange) -> bool:
    """Whether a repetition may help and can do no harm."""
    return exchange.trouble in _NOTHING_DONE or (exchange.method == "GET" and exchange.trouble is not None)


def retry_after(exchange: Exchange) -> float | None:
    """The seconds that an answer asks to wait (RFC 9110, 10.2.3); None when it asks nothing readable.

    A date is taken relative to the answer's own Date, so that clocks need not agree.
    """
    asked = exchange.header("retry-after").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked)
        now = parsedate_to_datetime(exchange.header("date")) if exchange.header("date") else datetime.now(UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, TypeError):  # TypeError: one of them has no time zone
        return None


def kind_of(error: Exception) -> Trouble | None:
    """What kept an answer away; None when asking again cannot help."""
    if isinstance(error, httpx.TimeoutException):
        return Trouble.TIMEOUT
    if isinstance(error, httpx.ConnectError):
        return None if _lasting(error) else Trouble.REFUSED
    return Trouble.LOST if isinstance(error, httpx.HTTPError) else None


def _lasting(error: BaseException | None) -> bool:
    """Whether a failure to connect will not pass by itself: a name nobody knows, a certificate nobody trusts."""
    while error is not None:
        if isinstance(error, socket.gaierror | ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
