"""Ids and numbers that look like the real service's and repeat under a seed; it must not know resources."""

from __future__ import annotations

import hashlib
import random
import uuid

_LEAST_ID = 10**18
_MOST_ID = 9_200_000_000_000_000_000


def project_number(project: str) -> str:
    """The made-up number of a project; a project named by its number keeps it."""
    if project.isascii() and project.isdigit():
        return project
    digest = hashlib.sha256(project.encode()).digest()
    return str(100_000_000_000 + int.from_bytes(digest[:8], "big") % 900_000_000_000)


class Source:
    """Draws what the server makes up; the same seed gives the same draws in the same order."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - ids of a test double, no secrets

    def resource_id(self) -> str:
        """A 19-digit id that fits an int64."""
        return str(self._random.randrange(_LEAST_ID, _MOST_ID))

    def uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def between(self, least: int, most: int) -> int:
        return self._random.randint(least, most)
