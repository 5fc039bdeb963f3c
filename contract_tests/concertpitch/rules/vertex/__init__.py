"""Rules for Vertex tuningJobs and the operations they start."""

from concertpitch.rules.vertex import (
    cancel,
    create,
    echo,
    filters,
    freedoms,
    job,
    lifecycle,
    listing,
    names,
    operation,
    refusal,
    request,
    stability,
    stats,
    times,
)

__all__ = [
    "cancel",
    "create",
    "echo",
    "filters",
    "freedoms",
    "job",
    "lifecycle",
    "listing",
    "names",
    "operation",
    "refusal",
    "request",
    "stability",
    "stats",
    "times",
]
