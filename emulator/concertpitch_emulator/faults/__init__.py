"""The catalogue of faults: each breaks exactly one promise. Importing it starts nothing."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING

from concertpitch_emulator.faults import (
    accept,
    create,
    life,
    listing,
    methods,
    names,
    operations,
    presence,
    refuse,
    stable,
    stats,
    storing,
    wire,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from concertpitch_emulator.hooks import Fault

_FAMILIES = (
    wire,
    names,
    presence,
    stats,
    life,
    stable,
    create,
    storing,
    refuse,
    accept,
    listing,
    methods,
    operations,
)


class UnknownFaultError(ValueError):
    """A fault was asked for that does not exist; the message names close ones."""

    def __init__(self, fault: str) -> None:
        close = difflib.get_close_matches(fault, FAULTS, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(close)}?" if close else "docs/faults.md lists them."
        super().__init__(f"There is no fault {fault!r}. {hint}")


def chosen(ids: Iterable[str]) -> list[Fault]:
    """The faults of those ids, each once."""
    faults = []
    for fault in dict.fromkeys(ids):
        if fault not in FAULTS:
            raise UnknownFaultError(fault)
        faults.append(FAULTS[fault])
    return faults


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.id: fault for family in _FAMILIES for fault in family.FAULTS}
)
