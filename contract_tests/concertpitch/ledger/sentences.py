"""Sentences of a text, each with its place, and whether words quoted from the text stand in it.

Owns the splitting. Must not know documents, rules or which sentences bind anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_END = re.compile(r"[.!?]\)?(?=\s+[A-Z`\"'(\[*]|\s*$)|\n\s*\n")
_ABBREVIATION = re.compile(r"(?:\b(?:[Ee]\.g|[Ii]\.e|etc|vs)|^\d+)\.$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Passage:
    """A text of a document and the JSON pointer to it."""

    document: str
    where: str
    text: str


@dataclass(frozen=True)
class Sentence:
    """`passage.text[start:end]`."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence on one line."""
        return _SPACE.sub(" ", self.passage.text[self.start : self.end]).strip()

    def holds(self, quote: str) -> bool:
        """Whether words quoted from the passage stand in this sentence, at least in part."""
        found = self.passage.text.find(quote) if quote else -1
        while found >= 0:
            if found < self.end and found + len(quote) > self.start:
                return True
            found = self.passage.text.find(quote, found + 1)
        return False


def split(passage: Passage) -> Iterator[Sentence]:
    """The sentences of a passage in order; nothing of it is lost but white space."""
    start, text = 0, passage.text
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end].strip()
        if piece and not (_ABBREVIATION.search(piece) and end < len(text)):
            yield Sentence(passage, start, end)
            start = end
