"""The faults of the Gemini API, by family. Importing them starts nothing."""

from __future__ import annotations

from dataclasses import replace

from concertpitch_emulator.faults.gemini import (
    accepts,
    deletes,
    errors,
    filters,
    further,
    lasting,
    life,
    listing,
    members,
    names,
    neighbours,
    operations,
    patching,
    permissions,
    presence,
    progress,
    refuses,
    transfers,
    wire,
)
from concertpitch_emulator.faults.gemini.breaks import BREAKS

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
    further,
    neighbours,
    lasting,
    presence,
    wire,
)

FAULTS = tuple(
    replace(fault, breaks=fault.breaks or BREAKS[fault.id]) for family in _FAMILIES for fault in family.FAULTS
)
