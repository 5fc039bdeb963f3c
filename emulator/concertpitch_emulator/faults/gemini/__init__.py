"""The faults of the Gemini API, by family. Importing them starts nothing."""

from __future__ import annotations

from concertpitch_emulator.faults.gemini import (
    accepts,
    deletes,
    errors,
    filters,
    life,
    listing,
    members,
    names,
    operations,
    patching,
    permissions,
    presence,
    progress,
    refuses,
    transfers,
    wire,
)

# Several faults are told in this order; what leaves members out, or changes their form, comes last.
_FAMILIES = (
    names,
    members,
    life,
    progress,
    operations,
    listing,
    filters,
    permissions,
    transfers,
    patching,
    deletes,
    accepts,
    refuses,
    errors,
    presence,
    wire,
)

FAULTS = tuple(fault for family in _FAMILIES for fault in family.FAULTS)
