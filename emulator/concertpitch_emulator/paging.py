"""Pages of a collection; it must not know what the items are.

One that only grows is shown newest first, by index; one that also shrinks oldest first, by serial number. A
page costs its own length, however much is stored. Tokens are opaque, URL-safe and bound to the
collection and filter they were made for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from concertpitch_emulator.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000

_FORM = struct.Struct(">q8s")

Item = TypeVar("Item")


class Numbered(Protocol):
    """What has a serial number that no other item of its collection ever has."""

    serial: int


NumberedItem = TypeVar("NumberedItem", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Window:
    """What a caller asked for: at most `size` items from index or serial `start` on (None: from the first)."""

    size: int
    start: int | None


@dataclass(slots=True)
class Page(Generic[Item]):
    """Items in the order shown, and the index or serial the next page starts at; None at the end."""

    items: list[Item]
    following: int | None


def window(size: int, token: str, scope: str, default: int = DEFAULT_PAGE_SIZE, most: int = MAX_PAGE_SIZE) -> Window:
    """The window of a request: 0 means the default size, too much is lowered, a negative size is refused."""
    if size < 0:
        raise invalid(f"The page size must not be negative, but is {size}.", "negative-page-size")
    size = min(size or default, most)
    return Window(size, position(token, scope) if token else None)


def select(items: Sequence[Item], asked: Window, wanted: Callable[[Item], bool] | None) -> Page[Item]:
    """One page, newest first, of the items (oldest first in `items`) that are wanted."""
    index = len(items) - 1 if asked.start is None else min(asked.start, len(items) - 1)
    chosen: list[Item] = []
    while index >= 0:
        if wanted is None or wanted(items[index]):
            if len(chosen) == asked.size:
                return Page(chosen, index)
            chosen.append(items[index])
        index -= 1
    return Page(chosen, None)


def ascending(
    items: Sequence[NumberedItem], asked: Window, wanted: Callable[[NumberedItem], bool] | None = None
) -> Page[NumberedItem]:
    """One page, oldest first, of the items that are wanted; their serials rise."""
    chosen: list[NumberedItem] = []
    for index in range(bisect_left(items, asked.start or 0, key=lambda item: item.serial), len(items)):
        if wanted is None or wanted(items[index]):
            if len(chosen) == asked.size:
                return Page(chosen, items[index].serial)
            chosen.append(items[index])
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
