"""The rules, one module per noun. `RULES` holds them all by id, in the order they stand here."""

# isort: off - the order of the catalogue
from concertpitch.catalogue import RULES
from concertpitch.rules import (
    cancel,
    checkpoints,
    create,
    distributions,
    echo,
    envelope,
    freedoms,
    job,
    lifecycle,
    listing,
    metadata,
    names,
    operation,
    refusal,
    request,
    stability,
    stats,
    times,
    wire,
)

__all__ = [
    "RULES",
    "cancel",
    "checkpoints",
    "create",
    "distributions",
    "echo",
    "envelope",
    "freedoms",
    "job",
    "lifecycle",
    "listing",
    "metadata",
    "names",
    "operation",
    "refusal",
    "request",
    "stability",
    "stats",
    "times",
    "wire",
]
