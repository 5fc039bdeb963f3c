"""Honest statistics of a made data set: a few examples with their token counts.

Owns the arithmetic of a distribution; knows nothing of jobs.
"""

from __future__ import annotations

from typing import Any

BINS = 3


def distribution(values: list[int]) -> dict[str, Any]:
    """A SupervisedTuningDatasetDistribution of at least one value."""
    values = sorted(values)
    low, high, count = values[0], values[-1], len(values)
    width = max(1, (high - low + BINS) // BINS)
    bins: dict[int, list[int]] = {}
    for value in values:
        bins.setdefault((value - low) // width, []).append(value)
    return {
        "sum": str(sum(values)),
        "min": low,
        "max": high,
        "mean": sum(values) / count,
        "median": values[count // 2],
        "p5": values[count // 20],
        "p95": values[count * 19 // 20],
        "buckets": [
            {"count": len(inside), "left": low + number * width, "right": min(high, low + (number + 1) * width - 1)}
            for number, inside in sorted(bins.items())
        ],
    }


def stats(seed: int, *, whole: bool = False) -> dict[str, Any]:
    """SupervisedTuningDataStats of ten examples; `whole` adds what no record shows."""
    inputs = [20 + (seed * 7 + n * 13) % 90 for n in range(10)]
    outputs = [5 + (seed * 3 + n * 5) % 40 for n in range(10)]
    more = {
        "totalTruncatedExampleCount": "2",
        "truncatedExampleIndices": ["1", "7"],
        "droppedExampleReasons": ["Too many tokens.", "Invalid image."],
        "tuningStepCount": "8",
        "totalTuningCharacterCount": "4000",
        "totalBillableCharacterCount": "8000",
    }
    return (more if whole else {}) | {
        "tuningDatasetExampleCount": "10",
        "totalBillableTokenCount": str(sum(inputs) + sum(outputs)),
        "userInputTokenDistribution": distribution(inputs),
        "userOutputTokenDistribution": distribution(outputs),
        "userMessagePerExampleDistribution": distribution([2] * 10),
        "userDatasetExamples": [
            {"role": "user", "parts": [{"text": "Name a colour."}]},
            {"role": "model", "parts": [{"text": "Blue."}]},
        ],
    }
