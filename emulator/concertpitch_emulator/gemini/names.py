"""Ids that the server makes from display names; it must not know resources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from concertpitch_emulator.identity import Source

_MAX = 40
_RANDOM = 12
_LEAST_RANDOM = 5


def generated(display_name: str, source: Source, used: Container[str]) -> str:
    """An id that nothing has: the words of the display name joined by hyphens, and a random portion.

    It has at most 40 characters; the random portion has twelve, or as many as fit, and never less than five.
    """
    words = [re.sub(r"[^a-z0-9-]", "", word) for word in display_name.lower().split()]
    slug = re.sub(r"-+", "-", "-".join(filter(None, words))).lstrip("-0123456789")
    slug = slug[: _MAX - 1 - _LEAST_RANDOM].strip("-")
    length = min(_RANDOM, _MAX - 1 - len(slug))
    while True:
        made = source.base36(length)
        made = f"{slug}-{made}" if slug else made
        if made not in used:
            return made
