"""Which states and transitions a run saw of those that the documents name, and which it did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Transition:
    """From one state to another: `documented` when a sentence names it, `seen` on so many resources."""

    before: str
    after: str
    documented: bool
    seen: int


@dataclass(frozen=True)
class Sights:
    """`states` maps each documented state to the number of resources seen in it, 0 included, in document order."""

    states: Mapping[str, int] = field(default_factory=dict)
    transitions: tuple[Transition, ...] = ()
