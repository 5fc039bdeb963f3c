"""One line of the ledger: a sentence or fact, and where it stands.

Owns the words for it. Must not know how a standing is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What became of a sentence."""

    RULED = "RULED"
    """Rules judge it."""
    SILENT = "SILENT"
    """No rule, for a reason."""
    DESCRIPTIVE = "DESCRIPTIVE"
    """It names a thing and binds nobody."""
    OPEN = "OPEN"
    """A gap."""


@dataclass(frozen=True)
class Entry:
    """A sentence (`says`) of `source` at `where`; `why` it is silent, `also` the document that says the same."""

    source: str
    where: str
    says: str
    standing: Standing
    rules: tuple[str, ...] = ()
    why: str = ""
    also: str = ""
