"""A place in a JSON document: a value, the pointer to it, and the list its problems go to.

Owns type-checked access for all readers, so that a malformed document yields problems and never a
traceback. Must not know any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_codegen.document import Origin
from concertpitch_codegen.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = {str: "a string", bool: "true or false", dict: "an object", list: "a list"}


class Cursor:
    """One node of a document. All nodes of a document share one list of problems."""

    __slots__ = ("document", "pointer", "problems", "value")

    def __init__(self, document: str, value: Any, at: str, problems: list[Problem]) -> None:
        self.document = document
        self.value = value
        self.pointer = at
        self.problems = problems

    @property
    def origin(self) -> Origin:
        return Origin(self.document, self.pointer)

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def problem(self, message: str) -> None:
        self.problems.append(Problem(self.document, self.pointer, message))

    def at(self, key: str | int) -> Cursor:
        """Step down to a member that is known to exist."""
        return Cursor(self.document, self.value[key], self.pointer + pointer(key), self.problems)

    def members(self, key: str) -> Iterator[tuple[str, Cursor]]:
        """Yield the object-valued members of the object at `key`; an absent object has none."""
        for name in self._get(key, dict, {}):
            member = self.at(key).at(name)
            if isinstance(member.value, dict):
                yield name, member
            else:
                member.problem("is not an object")

    def text(self, key: str) -> str | None:
        value = self._get(key, str, None)
        return value if value is None else str(value)

    def required_text(self, key: str) -> str:
        if key not in self:
            self.problem(f"has no {key!r}")
        return self.text(key) or ""

    def flag(self, key: str) -> bool:
        return bool(self._get(key, bool, False))

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of strings."""
        items = self._get(key, list, [])
        if not all(isinstance(item, str) for item in items):
            self.at(key).problem("is not a list of strings")
            return ()
        return tuple(items)

    def flags(self, key: str) -> tuple[bool, ...]:
        """Read a list of booleans."""
        return tuple(bool(item) for item in self._get(key, list, []))

    def child(self, key: str) -> Cursor | None:
        """Step down to an object-valued member, or None where there is none."""
        return self.at(key) if self._get(key, dict, None) is not None else None

    def rest(self, known: frozenset[str]) -> dict[str, Any]:
        """Give the members that no reader code looks at, so that nothing is lost."""
        return {key: value for key, value in sorted(self.value.items()) if key not in known}

    def _get(self, key: str, kind: type, default: Any) -> Any:
        if key not in self:
            return default
        value = self.value[key]
        if not isinstance(value, kind):
            self.at(key).problem(f"is not {_NAMES[kind]}")
            return default
        return value
