"""The rules, one module per noun, in one folder per surface. `RULES` holds them all by id, in catalogue order."""

from collections.abc import Mapping

from concertpitch.catalogue import RULES, Rule
from concertpitch.rules import client, gemini, mcp, rest, vertex

__all__ = ["FOLDERS", "RULES", "client", "gemini", "mcp", "rest", "rules_of", "vertex"]

FOLDERS: Mapping[str, tuple[str, ...]] = {
    "vertex": ("vertex", "rest"),
    "gemini": ("gemini", "rest"),
    "mcp": ("mcp",),
    "client": ("client",),
}
"""Which folders hold the rules of a surface; `rest` is for every surface in JSON over HTTP, `client` for clients."""


def rules_of(surface: str) -> dict[str, Rule]:
    """The rules for a surface, by id."""
    return {rule.id: rule for rule in RULES.values() if rule.folder in FOLDERS[surface]}
