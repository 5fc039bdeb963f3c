"""How fast a run may go and how long: a rate over all threads, and a moment after which nothing more is sent.

The rate is a token bucket of a second's worth of requests. It must not know what is sent.

A signal only notes that the run is to end, which is heard before the next request and while waiting: an exception out
of nowhere in the middle of a request leaves locks held and jobs running.
"""

from __future__ import annotations

import threading
import time
from types import FrameType

from concertpitch.errors import Interrupted, OutOfTime

_SLICE = 0.1
"""Seconds until a wish to end is heard while waiting."""


class Interruption:
    """A handler of signals that notes the wish to end early; a second signal ends the program at once."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


class Pace:
    """Shared by all threads that send.

    `rate` is in requests per second, 0 for as fast as they go; `until` is a moment of `time.monotonic`. All that waits
    or takes raises Interrupted when `interruption` says that the run is to end.
    """

    def __init__(
        self, rate: float = 0.0, until: float = float("inf"), interruption: Interruption | None = None
    ) -> None:
        self.until = until
        self._interruption = interruption or Interruption()
        self._lifted = False
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
        self.rest(wait)

    def rest(self, seconds: float) -> None:
        """Wait because what is asked for takes its time."""
        end = time.monotonic() + seconds
        self._heed()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE))
            self._heed()

    def _heed(self) -> None:
        if self._interruption.asked and not self._lifted:
            raise Interrupted

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
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self._hurry.wait(min(left, _SLICE)):
            self._heed()

    def hurry(self) -> None:
        """Cut waiting short from now on: the traffic is over, and its threads are to end."""
        self._hurry.set()

    def extend(self) -> None:
        """Lift the end, and let waiting take its time again: cleaning up always gets its share."""
        self.until = float("inf")
        self._lifted = True
        self._hurry.clear()
