"""The definitions a reader collects, and names for those that a document leaves without one.

Owns the naming of enums and objects by their place, `TuningJob` + `state`, and that no made-up name takes
one the document declares. Must not know any format.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, repeat
from typing import TYPE_CHECKING

from concertpitch_codegen.document import Definition, Enum, EnumValue, Ref

if TYPE_CHECKING:
    from concertpitch_codegen.readers.cursor import Cursor

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")
PATH = re.compile(r"(?:[A-Za-z0-9_.\-~/:+$@*,=!()']++|\{[+/]?[A-Za-z0-9_.\-$@]+\*?\})*+\Z")


class Definitions:
    """What was defined so far, what the document declares, and what was referred to."""

    def __init__(self, declared: frozenset[str]) -> None:
        self.declared = declared
        self.found: dict[str, Definition] = {}
        self._references: list[tuple[str, Cursor]] = []

    def refer(self, name: str, at: Cursor) -> Ref:
        self._references.append((name, at))
        return Ref(name)

    def enum(
        self,
        name: str,
        at: Cursor,
        descriptions: tuple[str, ...],
        deprecated: tuple[bool, ...],
        *,
        named: bool = False,
    ) -> Ref:
        """Define an enum; one that the document does not name itself gets a name like `name`."""
        values = at.texts("enum")
        if len(set(values)) != len(values):
            at.at("enum").problem("has the same value twice")
        given = name if named else self.free(name, at)
        self.found[given] = Enum(
            name=given,
            origin=at.origin,
            values=tuple(
                EnumValue(value, description or None, old)
                for value, description, old in zip(
                    values, chain(descriptions, repeat(None)), chain(deprecated, repeat(False)), strict=False
                )
            ),
            description=at.text("description") if named else None,
            hoisted=not named,
        )
        return Ref(given)

    def free(self, name: str, at: Cursor) -> str:
        """Find a name for something unnamed, beside those the document declares."""
        for candidate in chain((name, name + "Value"), (f"{name}Value{number}" for number in range(2, 100))):
            if candidate not in self.declared and candidate not in self.found:
                return candidate
        at.problem(f"leaves no name free for {name!r}")
        return name

    def check_references(self) -> None:
        """Report every use of a name that the document does not declare."""
        for name, at in self._references:
            if name not in self.declared:
                at.problem(f"refers to the schema {name!r}, which the document does not have")

    def check_name(self, name: str, at: Cursor) -> bool:
        """Report a name that would be no name of a class or a file."""
        if NAME.match(name):
            return True
        at.problem(f"has the name {name!r}, which no generated class or file could have")
        return False


@lru_cache(maxsize=4096)
def pascal(name: str) -> str:
    """Write a name as a class has it: ``toys.list`` is ``ToysList``."""
    if name.isascii() and name.isalnum():  # as most are
        return name[0].upper() + name[1:]
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))
