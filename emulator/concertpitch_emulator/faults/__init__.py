"""The catalogue of faults: each breaks exactly one promise. Importing it starts nothing."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.faults import (
    accept,
    adopting,
    agreement,
    create,
    credentials,
    evaluation,
    filtering,
    gemini,
    life,
    listing,
    mcp,
    methods,
    names,
    operations,
    outcomes,
    presence,
    rebase,
    refuse,
    stable,
    stats,
    storing,
    strict,
    wire,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from concertpitch_emulator.hooks import Fault

# Several faults are told in this order; what changes the form of a member comes after what changes its value.
_FAMILIES = (
    names,
    presence,
    stats,
    agreement,
    life,
    stable,
    create,
    strict,
    adopting,
    storing,
    evaluation,
    refuse,
    credentials,
    accept,
    listing,
    filtering,
    methods,
    rebase,
    operations,
    outcomes,
    wire,
    mcp,
    gemini,
)


class UnknownFaultError(ValueError):
    """A fault was asked for that does not exist; the message names close ones."""

    def __init__(self, fault: str) -> None:
        close = difflib.get_close_matches(fault, FAULTS, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(close)}?" if close else "concertpitch_emulator.faults.FAULTS has them all."
        super().__init__(f"There is no fault {fault!r}. {hint}")


def chosen(ids: Iterable[str]) -> list[Fault[Any]]:
    """The faults of those ids, in the catalogue's order."""
    wanted = set(ids)
    for fault in sorted(wanted - FAULTS.keys()):
        raise UnknownFaultError(fault)
    return [fault for fault in FAULTS.values() if fault.id in wanted]


FAULTS: Mapping[str, Fault[Any]] = MappingProxyType(
    {fault.id: fault for family in _FAMILIES for fault in family.FAULTS}
)
