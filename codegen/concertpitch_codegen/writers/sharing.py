"""Resources that have the same methods, as the `operations` of a hundred resources do: their methods are written once.

Owns which resources those are, and the name of the class that they share. Must not know templates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from concertpitch_codegen.writers.methods import Method, Resource


@dataclass(frozen=True, slots=True)
class Shared:
    """A class for methods that several resources have, the first of them `first`."""

    class_name: str
    first: Resource
    others: int

    @property
    def methods(self) -> list[Method]:
        return self.first.methods


def shared(resources: Iterable[Resource]) -> dict[str, Shared]:
    """Give the shared class of each resource that has one, by the resource's class name.

    Its own name begins with an underscore: it may change when another resource joins.
    """
    groups: dict[tuple[Method, ...], list[Resource]] = {}
    for each in resources:
        if each.methods:
            groups.setdefault(tuple(map(_alike, each.methods)), []).append(each)
    found: dict[str, Shared] = {}
    names: dict[str, int] = {}
    for members in groups.values():
        if len(members) > 1:
            name = "_" + members[0].attribute.title().replace("_", "")
            names[name] = names.get(name, 0) + 1
            numbered = f"{name}{names[name]}" if names[name] > 1 else name
            made = Shared(numbered, members[0], len(members) - 1)
            found |= {each.class_name: made for each in members}
    return found


def _alike(method: Method) -> Method:
    """Leave out what tells a method from the same one of another resource."""
    return replace(method, id="", source="", flat_path="")
