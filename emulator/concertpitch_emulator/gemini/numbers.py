"""Numbers of a tuning as the Gemini API prints them; it must not know resources."""

from __future__ import annotations

import math
import struct
from typing import Any

_MOST_DIGITS = 9
_FEWEST_DIGITS = 6

DEFAULT_EPOCHS = 5
_MANY_EXAMPLES = 1000
"""Where the larger defaults begin; the documents say only that the number of examples decides."""


def float32(value: float) -> float:
    """The shortest decimal of a float's nearest 32-bit one; whole numbers are ints, as real answers print them."""
    nearest = struct.unpack("f", struct.pack("f", value))[0]
    shortest = next(
        (
            decimal
            for digits in range(_FEWEST_DIGITS, _MOST_DIGITS)
            if struct.pack("f", decimal := float(f"{nearest:.{digits}g}")) == struct.pack("f", nearest)
        ),
        float(f"{nearest:.{_MOST_DIGITS}g}"),
    )
    return int(shortest) if shortest.is_integer() else shortest


def total_steps(epochs: int, examples: int, batch: int) -> int:
    return math.ceil(epochs * examples / batch)


def epoch(step: int, batch: int, examples: int) -> int:
    """The epochs done after a step; the last step has done them all."""
    return step * batch // examples


def percent(done: int, total: int) -> float:
    return float32(100 * done / total)


def hyperparameters(sent: dict[str, Any], examples: int) -> dict[str, Any]:
    """The hyperparameters used: what was sent, and defaults for the rest."""
    many = examples >= _MANY_EXAMPLES
    used: dict[str, Any] = {
        "epochCount": sent.get("epochCount", DEFAULT_EPOCHS),
        "batchSize": sent.get("batchSize", 16 if many else 4),
    }
    if "learningRateMultiplier" in sent:
        return {**used, "learningRateMultiplier": float32(sent["learningRateMultiplier"])}
    return {**used, "learningRate": float32(sent.get("learningRate", 0.0002 if many else 0.001))}


def as_floats(values: dict[str, Any]) -> dict[str, Any]:
    """The members that are floats as they are stored: with the precision of 32 bits."""
    floats = {name: float32(values[name]) for name in ("temperature", "topP") if values.get(name) is not None}
    return {**values, **floats}
