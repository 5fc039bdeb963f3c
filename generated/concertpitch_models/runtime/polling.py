"""Waiting for something that ends by itself: a job, a long-running operation.

Owns the pauses and the deadline. Must not know what is polled.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

T = TypeVar("T")
DEADLINE = 3600.0  # seconds
_FIRST, _LONGEST, _GROWTH = 1.0, 30.0, 1.5  # pauses in seconds


def wait(
    poll: Callable[[], T],
    ended: Callable[[T], bool],
    *,
    deadline: float | None = DEADLINE,
    progress: Callable[[T], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Poll until `ended` says so, and give what was seen last.

    `deadline` is in seconds, None waits for ever. `progress` is told each state that was seen. Raises
    `TimeoutError` when the deadline passes first; what was polled goes on.
    """
    for pause in _pauses(deadline):
        seen = poll()
        if progress is not None:
            progress(seen)
        if ended(seen):
            return seen
        sleep(pause)
    raise TimeoutError(f"it has not ended within {deadline} s")


async def wait_async(
    poll: Callable[[], Awaitable[T]],
    ended: Callable[[T], bool],
    *,
    deadline: float | None = DEADLINE,
    progress: Callable[[T], None] | None = None,
    sleep: Callable[[float], Awaitable[None]] | None = None,
) -> T:
    """`wait` for coroutines; `sleep` is that of asyncio unless another is given."""
    import asyncio  # noqa: PLC0415 - takes longer to import than a blocking client

    for pause in _pauses(deadline):
        seen = await poll()
        if progress is not None:
            progress(seen)
        if ended(seen):
            return seen
        await (sleep or asyncio.sleep)(pause)
    raise TimeoutError(f"it has not ended within {deadline} s")


def _pauses(deadline: float | None) -> Iterator[float]:
    """Yield growing pauses, the last one cut so that one more poll falls on the deadline."""
    end = None if deadline is None else time.monotonic() + deadline
    pause = _FIRST
    while True:
        left = pause if end is None else end - time.monotonic()
        if left <= 0:
            yield 0.0
            return
        yield min(pause, left)
        pause = min(pause * _GROWTH, _LONGEST)
