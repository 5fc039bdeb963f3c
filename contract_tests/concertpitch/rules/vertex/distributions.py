"""How the numbers of one distribution, and the sample of dropped examples, agree with each other."""

from __future__ import annotations

from itertools import pairwise

from concertpitch.catalogue import DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import integer, items, number
from concertpitch.sources import records, vertex
from concertpitch.subjects.vertex import Distribution, Stats

_DISTRIBUTION = "SupervisedTuningDatasetDistribution"
_PRINTED = 0.5
"""A mean may be printed as a whole number."""
_RELATIVE = 1e-3


def _counted(it: Distribution) -> float:
    """The number of values in all buckets."""
    return sum(number(bucket.get("count")) or 0.0 for bucket in it.buckets)


def _sum(it: Distribution) -> float | None:
    """The sum, an int64 or a double by the kind of tuning."""
    whole = integer(it.body.get("sum"))
    return it.number("sum") if whole is None else float(whole)


def _bounds(it: Distribution) -> list[tuple[float, float]]:
    """The lower and upper bound of each bucket that holds values, whichever is called left."""
    found = []
    for bucket in it.buckets:
        left, right = number(bucket.get("left")), number(bucket.get("right"))
        if left is not None and right is not None and (number(bucket.get("count")) or 0.0) > 0:
            found.append((min(left, right), max(left, right)))
    return found


def _slack(value: float) -> float:
    return _RELATIVE * max(1.0, abs(value))


def _between(low: float | None, value: float | None, high: float | None) -> bool:
    return low is not None and value is not None and high is not None and low <= value <= high


@rule(
    "stats/mean-is-sum-over-count",
    DOCUMENTED,
    on=Distribution,
    when=lambda it: (
        _sum(it) is not None
        and _between(it.number("min"), it.number("mean"), it.number("max"))
        and _counted(it) == it.stats.examples
        and _counted(it) > 0
    ),
    cite=vertex(_DISTRIBUTION, "sum", says="Sum of a given population of values."),
    probe="watch",
)
def mean_is_sum_over_count(it: Distribution) -> Findings:
    """The mean is the sum over the number of values, as far as it is printed."""
    mean, expected = it.number("mean") or 0.0, (_sum(it) or 0.0) / _counted(it)
    if abs(mean - expected) > _PRINTED + _slack(expected):
        yield f"{it.stats.job.shown}, {it.at}: mean {mean:g}, but {_sum(it):g} over {_counted(it):g} values"


@rule(
    "stats/buckets-within-range",
    DOCUMENTED,
    on=Distribution,
    when=lambda it: bool(_bounds(it)) and _between(it.number("min"), it.number("max"), it.number("max")),
    cite=vertex(f"{_DISTRIBUTION}DatasetBucket", "count", says="Number of values in the bucket."),
    probe="watch",
)
def buckets_within_range(it: Distribution) -> Findings:
    """No bucket that holds values lies wholly below the minimum or above the maximum."""
    low, high = it.number("min") or 0.0, it.number("max") or 0.0
    for left, right in _bounds(it):
        if right < low - _slack(low) or left > high + _slack(high):
            yield f"{it.stats.job.shown}, {it.at}: a bucket from {left:g} to {right:g}, outside {low:g} to {high:g}"


@rule(
    "stats/buckets-ascend",
    OBSERVED,
    on=Distribution,
    when=lambda it: len(_bounds(it)) > 1,
    cite=records("9 of 9 distributions", says="buckets in ascending order, none overlapping another"),
    probe="watch",
)
def buckets_ascend(it: Distribution) -> Findings:
    """The buckets stand in ascending order and do not overlap (they may touch)."""
    for (low, end), (start, high) in pairwise(_bounds(it)):
        if end > start + _slack(start):
            yield f"{it.stats.job.shown}, {it.at}: a bucket {low:g} to {end:g} before one {start:g} to {high:g}"
            return


@rule(
    "stats/sample-within-count",
    DOCUMENTED,
    on=Stats,
    when=lambda stats: (
        bool(items(stats.body.get("truncatedExampleIndices")))
        and integer(stats.body.get("totalTruncatedExampleCount")) is not None
    ),
    cite=vertex(
        "SupervisedTuningDataStats",
        "totalTruncatedExampleCount",
        says="The number of examples in the dataset that have been dropped.",
    ),
    probe="watch",
)
def sample_within_count(stats: Stats) -> Findings:
    """The sample of indices holds at most as many as examples were dropped."""
    shown, total = items(stats.body["truncatedExampleIndices"]), integer(stats.body["totalTruncatedExampleCount"]) or 0
    if len(shown) > total:
        yield f"{stats.job.shown}: {len(shown)} indices of {total} dropped examples"
