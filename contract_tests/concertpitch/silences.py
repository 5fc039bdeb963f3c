"""Sentences that deliberately have no rule, or that real records contradict, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Silence:
    """A sentence of a source (`says`), where it stands, and why no rule demands it."""

    source: str
    says: str
    why: str


SILENCES: tuple[Silence, ...] = ()
