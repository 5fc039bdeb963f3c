"""Time as whole microseconds since 1970 in UTC, and its printed form; it must not know who asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], int]
"""Gives the present instant in microseconds since the epoch; never goes back."""

SECOND = 1_000_000
HOUR = 3_600 * SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall_clock() -> Clock:
    """A clock that starts at the system's time and never goes back."""
    offset = time.time_ns() - time.monotonic_ns()
    return lambda: (offset + time.monotonic_ns()) // 1_000


def moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def stamp(micros: int) -> str:
    """An instant as the real service prints it: RFC 3339, Z, always six digits."""
    return f"{moment(micros):%Y-%m-%dT%H:%M:%S.%f}Z"
