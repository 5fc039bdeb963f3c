"""What is wrong with a document, as values: a place and a sentence.

Owns the record of a problem and the one exception that carries them. Must not know what any format looks
like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of one document.

    `pointer` is an RFC 6901 JSON pointer, empty for the document as a whole; in a .proto file, line and column.
    """

    document: str
    pointer: str
    message: str

    def __str__(self) -> str:
        place = f"{self.document}#{self.pointer}" if self.pointer else self.document
        return f"{place}: {self.message}"


class DocumentError(Exception):
    """A document, or what was made of it, cannot be used; nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[DocumentError], tuple[tuple[Problem, ...]]]:
        """Travel between processes with the problems, not only their text."""
        return DocumentError, (self.problems,)


class CodegenError(Exception):
    """A command cannot go on, for a reason outside any document. The message says what to do next."""


def refuse(document: str, message: str, pointer: str = "") -> DocumentError:
    """Make the error for a single problem."""
    return DocumentError([Problem(document, pointer, message)])


def pointer(*tokens: str | int) -> str:
    """Join reference tokens to an RFC 6901 pointer: ``pointer("a/b", 0)`` is ``/a~1b/0``."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
