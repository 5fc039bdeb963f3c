"""Requests that leave at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait


def at_once(sends: Sequence[Callable[[], object]]) -> None:
    """Call each in a thread of its own. None begins before all are ready, or on a busy machine they take turns."""
    start = threading.Barrier(max(1, len(sends)))

    def begin(send: Callable[[], object]) -> None:
        start.wait()
        send()

    with ThreadPoolExecutor(start.parties) as pool:
        wait([pool.submit(begin, send) for send in sends])
