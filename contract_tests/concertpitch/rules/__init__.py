"""The rules, one module per noun. `RULES` holds them all by id, in the order they stand here."""

from concertpitch.catalogue import RULES
from concertpitch.rules import (
    cancel,
    create,
    job,
    lifecycle,
    listing,
    operation,
    refusal,
    request,
    stability,
    stats,
    wire,
)

__all__ = [
    "RULES",
    "cancel",
    "create",
    "job",
    "lifecycle",
    "listing",
    "operation",
    "refusal",
    "request",
    "stability",
    "stats",
    "wire",
]
