"""A place in a JSON document: a value, the pointer to it, and the list its problems go to.

Owns type-checked access for all readers, so that a malformed document yields problems and never a
traceback. Must not know any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from concertpitch_codegen.document import Origin
from concertpitch_codegen.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_T = TypeVar("_T")
_NAMES = {str: "strings", bool: "true and false"}


def _step(key: str) -> str:
    """Write a key as a step of a JSON pointer."""
    return key if "/" not in key and "~" not in key else key.replace("~", "~0").replace("/", "~1")


class Cursor:
    """One object of a document, or a place in it to report. All share the document's list of problems."""

    __slots__ = ("document", "pointer", "problems", "value")

    def __init__(self, document: str, value: Any, at: str, problems: list[Problem]) -> None:
        self.document = document
        self.value = value
        self.pointer = at
        self.problems = problems

    @property
    def origin(self) -> Origin:
        return Origin(self.document, self.pointer)

    def place(self, key: str) -> Origin:
        """Say where a member stands whose name needs no escapes."""
        return Origin(self.document, f"{self.pointer}/{key}")

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def problem(self, message: str) -> None:
        self.problems.append(Problem(self.document, self.pointer, message))

    def at(self, key: str) -> Cursor:
        """Step down to a member that is known to exist."""
        return Cursor(self.document, self.value[key], f"{self.pointer}/{_step(key)}", self.problems)

    def members(self, key: str) -> Iterator[tuple[str, Cursor]]:
        """Yield the object-valued members of the object at `key`; an absent object has none."""
        node = self.child(key)
        if node is None:
            return
        document, pointer, problems = node.document, node.pointer, node.problems
        for name, value in node.value.items():
            # Most names need no escapes, and to see that here is quicker than a call.
            step = name if name.isalnum() else _step(name)
            member = Cursor(document, value, f"{pointer}/{step}", problems)
            if isinstance(value, dict):
                yield name, member
            else:
                member.problem("is not an object")

    def text(self, key: str) -> str | None:
        value = self.value.get(key)
        if value is None or isinstance(value, str):
            return value
        self.at(key).problem("is not a string")
        return None

    def required_text(self, key: str) -> str:
        if key not in self.value:
            self.problem(f"has no {key!r}")
        return self.text(key) or ""

    def number(self, key: str) -> int | None:
        """Read a whole number; an absent one is None."""
        value = self.value.get(key)
        if value is None or type(value) is int:
            return value
        self.at(key).problem("is not a whole number")
        return None

    def flag(self, key: str) -> bool:
        value = self.value.get(key, False)
        if value is True or value is False:
            return value
        self.at(key).problem("is not true or false")
        return False

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of strings."""
        return tuple(self._list(key, str))

    def flags(self, key: str) -> tuple[bool, ...]:
        """Read a list of booleans."""
        return tuple(self._list(key, bool))

    def child(self, key: str) -> Cursor | None:
        """Step down to an object-valued member whose name needs no escapes, or None where there is none."""
        value = self.value.get(key)
        if isinstance(value, dict):
            return Cursor(self.document, value, f"{self.pointer}/{key}", self.problems)
        if value is not None:
            self.at(key).problem("is not an object")
        return None

    def items(self, key: str) -> Iterator[Cursor]:
        """Yield the members of the list at `key`, each an object; an absent list has none."""
        listed = self.value.get(key, [])
        if not isinstance(listed, list):
            self.at(key).problem("is not a list")
            return
        for index, each in enumerate(listed):
            member = Cursor(self.document, each, f"{self.pointer}/{key}/{index}", self.problems)
            if isinstance(each, dict):
                yield member
            else:
                member.problem("is not an object")

    def rest(self, known: frozenset[str]) -> dict[str, Any]:
        """Give the members that no reader code looks at, so that nothing is lost."""
        if self.value.keys() <= known:
            return {}
        return {key: value for key, value in sorted(self.value.items()) if key not in known}

    def _list(self, key: str, kind: type[_T]) -> list[_T]:
        items = self.value.get(key, [])
        if isinstance(items, list) and set(map(type, items)) <= {kind}:
            return items
        self.at(key).problem(f"is not a list of {_NAMES[kind]}")
        return []
