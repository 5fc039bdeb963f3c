"""How fast a run may go and how long: a rate over all threads, and a moment after which nothing more is sent.

The rate is a token bucket of a second's worth of requests. It must not know what is sent.
"""

from __future__ import annotations

import threading
import time

from concertpitch.errors import OutOfTime


class Pace:
    """Shared by all threads that send.

    `rate` is in requests per second, 0 for as fast as they go; `until` is a moment of `time.monotonic`.
    """

    def __init__(self, rate: float = 0.0, until: float = float("inf")) -> None:
        self.until = until
        self._rate = rate
        self._burst = max(1.0, rate)
        self._tokens = self._burst
        self._filled = time.monotonic()
        self._lock = threading.Lock()
        self._hurry = threading.Event()

    def take(self) -> None:
        """Wait for leave to send one request; raises OutOfTime when there is none before the end."""
        wait = self._reserve()
        if time.monotonic() + wait >= self.until:
            raise OutOfTime
        if wait:
            time.sleep(wait)

    def _reserve(self) -> float:
        """Take a token, a future one if need be; the seconds until it is there."""
        if not self._rate:
            return 0.0
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate) - 1
            self._filled = now
            return max(0.0, -self._tokens / self._rate)

    def left(self) -> float:
        """Seconds until the end."""
        return self.until - time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait between two attempts; cut short by `hurry`."""
        self._hurry.wait(seconds)

    def hurry(self) -> None:
        """Cut waiting short from now on: the traffic is over, and its threads are to end."""
        self._hurry.set()

    def extend(self) -> None:
        """Lift the end, and let waiting take its time again: cleaning up always gets its share."""
        self.until = float("inf")
        self._hurry.clear()
