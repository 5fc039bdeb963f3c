"""Rules for the Gemini API: tuned models, the operations that create them, permissions, base models."""

from concertpitch.rules.gemini import (
    base_models,
    create,
    delete,
    freedoms,
    lifecycle,
    lists,
    lookup,
    names,
    operation,
    ownership,
    patch,
    permission,
    progress,
    refusal,
    snapshots,
    times,
)

__all__ = [
    "base_models",
    "create",
    "delete",
    "freedoms",
    "lifecycle",
    "lists",
    "lookup",
    "names",
    "operation",
    "ownership",
    "patch",
    "permission",
    "progress",
    "refusal",
    "snapshots",
    "times",
]
