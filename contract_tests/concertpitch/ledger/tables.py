"""The rows that a surface's tables are made of.

Owns their shapes. Must not know surfaces, rules or documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Covered:
    """Words (`says`) at `source`, a document and a JSON pointer, and the rules that judge them."""

    source: str
    says: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Class:
    """Sentences whose place matches `where` and whose words match `says`: `rules` judge them, or `why` none does."""

    where: str
    says: str
    rules: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Contradiction:
    """What `one` says, what `other` says, and the reading taken; `wrong` is a name that a request must not use."""

    one: str
    says: str
    other: str
    against: str
    reading: str
    wrong: str = ""


def class_of(classes: Iterable[Class], where: str, says: str) -> Class | None:
    """The first class that a sentence is of."""
    return next((one for one in classes if re.search(one.where, where) and re.search(one.says, says)), None)
