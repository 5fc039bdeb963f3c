"""Pages of a collection that only grows, newest first; it must not know what the items are.

A page costs its own length, however much is stored. Tokens are opaque, URL-safe and bound to the
collection and filter they were made for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from concertpitch_emulator.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000

_FORM = struct.Struct(">q8s")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Window:
    """What a caller asked for: at most `size` items from index `start` down (None: from the newest)."""

    size: int
    start: int | None


@dataclass(slots=True)
class Page(Generic[Item]):
    """Items, newest first, and the index the next page starts at; None at the end."""

    items: list[Item]
    following: int | None


def window(size: int, token: str, scope: str) -> Window:
    """The window of a request: 0 means the default size, too much is lowered, a negative size is refused."""
    if size < 0:
        raise invalid(f"The page size must not be negative, but is {size}.", "negative-page-size")
    size = min(size or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    return Window(size, position(token, scope) if token else None)


def select(items: Sequence[Item], asked: Window, wanted: Callable[[Item], bool] | None) -> Page[Item]:
    """One page of the items (oldest first in `items`) that are wanted."""
    index = len(items) - 1 if asked.start is None else min(asked.start, len(items) - 1)
    chosen: list[Item] = []
    while index >= 0:
        if wanted is None or wanted(items[index]):
            if len(chosen) == asked.size:
                return Page(chosen, index)
            chosen.append(items[index])
        index -= 1
    return Page(chosen, None)


def token(position: int, scope: str) -> str:
    packed = _FORM.pack(position, _seal(position, scope))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def position(token: str, scope: str) -> int:
    """The index in a token; one that was not made for this scope is refused."""
    try:
        packed = base64.b64decode(token.encode() + b"=" * (-len(token) % 4), b"-_", validate=True)
        index, seal = _FORM.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        raise _bad_token() from None
    if seal != _seal(index, scope):
        raise _bad_token()
    return int(index)


def _seal(position: int, scope: str) -> bytes:
    return hashlib.blake2b(f"{position} {scope}".encode("utf-8", "replace"), digest_size=8).digest()


def _bad_token() -> Exception:
    return invalid("The page token is invalid, or was made for another request.", "page-token")
