"""Statuses of like requests -> whether their failures are no accident, as real services have internal errors too."""

from __future__ import annotations

from collections.abc import Sequence

_INTERNAL = 500
_MANY = 3
"""Failures, and of how many requests one at least."""


def always(statuses: Sequence[int | None]) -> bool:
    """Whether the same request was answered 5xx again, and never otherwise."""
    return len(statuses) > 1 and min(status or 0 for status in statuses) >= _INTERNAL


def many(statuses: Sequence[int | None]) -> bool:
    """Whether so many requests with one mistake failed that it is no accident."""
    failed = sum((status or 0) >= _INTERNAL for status in statuses)
    return failed >= _MANY and failed * _MANY >= len(statuses)
