"""The rules, one module per noun. Importing this package enters them all into the catalogue."""

from concertpitch.rules import (  # noqa: F401 - importing a module enters its rules
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
