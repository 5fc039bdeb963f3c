"""Ids and numbers that look like the real service's and repeat under a seed; it must not know resources."""

from __future__ import annotations

import hashlib
import random
import re
import string
import uuid
from collections.abc import Mapping

_LEAST_ID = 10**18
_MOST_ID = 9_200_000_000_000_000_000

ANYBODY = "tuner@example.com"
"""Who calls where no credential says otherwise."""

_EMAIL = re.compile(r"[^@\s]{1,200}@[^@\s]{1,200}")
_BASE36 = string.digits + string.ascii_lowercase
_GRANTEES = 10**20


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def caller(authorization: str, api_key: str, query: Mapping[str, str]) -> str:
    """The e-mail address of a caller: a credential that is an address names its owner, any other one `ANYBODY`.

    So refreshed tokens, API keys and no credentials at all are the same person, and two persons can be told
    apart by whoever wants to.
    """
    token = authorization.partition(" ")[2].strip()
    for credential in (token, api_key, query.get("key", ""), query.get("access_token", "")):
        if is_email(credential):
            return credential.lower()
    return ANYBODY


def grantee_number(email: str) -> str:
    """The 21-digit number of an account or group; the same for the same address, as real ones are."""
    digest = hashlib.sha256(email.lower().encode()).digest()
    return str(_GRANTEES + int.from_bytes(digest[:8], "big") % _GRANTEES)


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

    def base36(self, length: int) -> str:
        """Lower-case letters and digits, the first one a letter."""
        return "".join(self._random.choice(_BASE36[10 if index == 0 else 0 :]) for index in range(length))
