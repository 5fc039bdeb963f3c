"""What callers put into the paths of requests, quoted.

Owns which characters stay. Must not know any API.
"""

from __future__ import annotations

from urllib.parse import quote


def resource(value: str) -> str:
    """Put a resource name into a path: its slashes stay. Raises `ValueError` for an empty name."""
    return _quoted(value, safe="/:@~!$&'()*+,;=")


def segment(value: str | float) -> str:
    """Put one segment into a path. Raises `ValueError` for an empty one."""
    return _quoted(wire_text(value), safe="")


def wire_text(value: str | float) -> str:
    """Write a value as paths and query strings have it: true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(value: str, safe: str) -> str:
    if not value:
        raise ValueError("a name in the path is empty")
    return quote(value, safe=safe)
