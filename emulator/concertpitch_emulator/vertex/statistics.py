"""Made-up but self-consistent statistics of a dataset; it must not know jobs.

The same dataset always has the same statistics. Their shape is that of real records: distributions without
billableSum, empty buckets left out, neighbours that do not touch, billable tokens = input + output.
"""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Any

_BUCKETS = 6
_TEXT_LIMIT = 400
_SAMPLES = 3
_DROPPED = 3
_PROMPT = "Summarise the following report in one sentence. "
# The smallest GIF, and a moment of a video.
_MEDIA = [
    {"inlineData": {"mimeType": "image/gif", "data": "R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="}},
    {
        "fileData": {"mimeType": "video/mp4", "fileUri": "gs://examples/harbour.mp4"},
        "videoMetadata": {"startOffset": "1.500s", "endOffset": "4s"},
    },
]
_SENTENCES = (
    "The river rose two metres overnight and closed the lower road. ",
    "A new bridge was opened by the mayor on Sunday afternoon. ",
    "The orchestra tuned to the oboe before the second act. ",
    "Farmers expect an early harvest after the dry spring. ",
    "The museum shows forty drawings that were thought to be lost. ",
    "Trains between the two cities run every half hour again. ",
)


@lru_cache(maxsize=4096)
def example_count(dataset: str) -> int:
    """How many examples the dataset holds."""
    return 20 + random.Random(f"examples {dataset}").randrange(480)  # noqa: S311 - made-up data, no secrets


@lru_cache(maxsize=1024)
def supervised(dataset: str, *, truncated: bool, multimodal: bool = False) -> dict[str, Any]:
    """`supervisedTuningDataStats` of a dataset; callers must not change it."""
    draw, count = random.Random(dataset), example_count(dataset)  # noqa: S311 - as above
    inputs, outputs = _lengths(draw, count, 5.2), _lengths(draw, count, 3.6)
    stats: dict[str, Any] = {
        "tuningDatasetExampleCount": str(count),
        "userInputTokenDistribution": _supervised_distribution(inputs),
        "userOutputTokenDistribution": _supervised_distribution(outputs),
        "userMessagePerExampleDistribution": _supervised_distribution([2] * count),
        "userDatasetExamples": [
            content
            for _ in range(_SAMPLES)
            for content in (_content("user", _text(draw, _PROMPT, 9)), _content("model", _text(draw, "", 2)))
        ],
        "totalBillableTokenCount": str(sum(inputs) + sum(outputs)),
    }
    if multimodal:
        stats["userDatasetExamples"].append({"role": "user", "parts": _MEDIA})
    if truncated:
        indices = sorted(draw.sample(range(1, count + _DROPPED + 1), _DROPPED))
        stats["totalTruncatedExampleCount"] = str(_DROPPED)
        stats["truncatedExampleIndices"] = [str(index) for index in indices]
        stats["droppedExampleReasons"] = ["The example has too many tokens."] * _DROPPED
    return stats


@lru_cache(maxsize=1024)
def preference(dataset: str, *, truncated: bool) -> dict[str, Any]:
    """`preferenceOptimizationDataStats` of a dataset; callers must not change it."""
    draw, count = random.Random(dataset), example_count(dataset)  # noqa: S311 - as above
    inputs, outputs = _lengths(draw, count, 5.2), _lengths(draw, count, 4.3)
    chosen = [1 + draw.randrange(3) for _ in range(count)]
    stats: dict[str, Any] = {
        "tuningDatasetExampleCount": str(count),
        "userInputTokenDistribution": _preference_distribution(inputs),
        "userOutputTokenDistribution": _preference_distribution(outputs),
        "scoresDistribution": _preference_distribution([score for pair in chosen for score in (pair, 0)]),
        "scoreVariancePerExampleDistribution": _preference_distribution([(pair / 2) ** 2 for pair in chosen]),
        "userDatasetExamples": [
            {
                "contents": [_content("user", _text(draw, _PROMPT, 9))],
                "completions": [
                    {"score": 1, "completion": _content("model", _text(draw, "", 2))},
                    {"score": 0, "completion": _content("model", _text(draw, "", 1))},
                ],
            }
            for _ in range(_SAMPLES)
        ],
        "totalBillableTokenCount": str(sum(inputs) + sum(outputs)),
    }
    if truncated:
        indices = sorted(draw.sample(range(1, count + _DROPPED + 1), _DROPPED))
        stats["droppedExampleIndices"] = [str(index) for index in indices]
        stats["droppedExampleReasons"] = ["The example has too many tokens."] * _DROPPED
    return stats


def _lengths(draw: random.Random, count: int, location: float) -> list[int]:
    return [1 + round(draw.lognormvariate(location, 0.5)) for _ in range(count)]


def _text(draw: random.Random, start: str, sentences: int) -> str:
    """A text as records show it: cut to exactly 400 characters, the last three being dots."""
    text = start + "".join(draw.choice(_SENTENCES) for _ in range(sentences))
    return text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 3] + "..."


def _content(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": text.rstrip()}]}


def _supervised_distribution(values: list[int]) -> dict[str, Any]:
    """SupervisedTuningDatasetDistribution: int64 sum, double counts."""
    return {"sum": str(sum(values)), **_summary(values), "buckets": _buckets(values)}


def _preference_distribution(values: list[int] | list[float]) -> dict[str, Any]:
    """DatasetDistribution: double sum, int64 counts."""
    buckets = [{**bucket, "count": str(bucket["count"])} for bucket in _buckets(values)]
    return {"sum": _plain(sum(values)), **_summary(values), "buckets": buckets}


def _summary(values: list[int] | list[float]) -> dict[str, Any]:
    ordered, last = sorted(values), len(values) - 1
    return {
        "min": _plain(ordered[0]),
        "max": _plain(ordered[-1]),
        "mean": _plain(round(sum(values) / len(values), 3)),
        "median": _plain((ordered[last // 2] + ordered[(last + 1) // 2]) / 2),
        "p5": _plain(ordered[round(0.05 * last)]),
        "p95": _plain(ordered[round(0.95 * last)]),
    }


def _buckets(values: list[int] | list[float]) -> list[dict[str, Any]]:
    """Up to six bins over the range; empty ones are left out, neighbours do not touch."""
    least, most = min(values), max(values)
    if most - least < _BUCKETS:
        return [
            {"count": sum(other == value for other in values), "left": _plain(value), "right": _plain(value)}
            for value in sorted(set(values))
        ]
    bins, left = [], least
    for number in range(1, _BUCKETS + 1):
        right = most if number == _BUCKETS else round(least + number * (most - least) / _BUCKETS)
        count = sum(left <= value <= right for value in values)
        if count:
            bins.append({"count": count, "left": _plain(left), "right": _plain(right)})
        left = right + 1
    return bins


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() else number
