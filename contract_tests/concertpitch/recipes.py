"""Recipes: request bodies that lead a job to a state which no suite can force, as the target's owner knows them.

It must not know where they are written down, nor how they are sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """A create request of a surface; `reaches` is the state that its job comes to, '' when nothing special.

    `sure`: the target's owner says so; otherwise it is only tried, because it costs nothing.
    """

    name: str
    surface: str
    body: Mapping[str, Any]
    reaches: str = ""
    sure: bool = True
