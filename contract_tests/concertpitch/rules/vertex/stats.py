"""The statistics of the tuning data: numbers that must agree with each other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from concertpitch.catalogue import ADVISED, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import integer, items, message, number, text
from concertpitch.sources import records, vertex
from concertpitch.subjects import Message
from concertpitch.subjects.vertex import Distribution, Job, Stats

_DISTRIBUTION = "SupervisedTuningDatasetDistribution"
_STATS = "SupervisedTuningDataStats"
_SUPERVISED = "supervisedTuningDataStats"
_KINDS = frozenset({"supervised", "preferenceOptimization", "distillation"})
_ROLES = frozenset({"user", "model", "system", "function", "tool"})
"""What datasets of the guide hold; the description of Content names the first two."""
_ROUNDING = 1e-6
"""Relative: real answers print sums as integers and means rounded to a few digits."""


def _exceeds(left: float, right: float) -> bool:
    return left > right + _ROUNDING * max(1.0, abs(left), abs(right))


@rule(
    "stats/one-kind",
    DOCUMENTED,
    on=Job,
    when=lambda job: bool(job.body.get("tuningDataStats")),
    cite=vertex("TuningDataStats", "supervisedTuningDataStats", says="The SFT Tuning data stats."),
    probe="watch",
)
def one_kind(job: Job) -> Findings:
    """A job has the statistics of one kind of tuning (oneof tuning_data_stats)."""
    holder = job.body["tuningDataStats"]
    if isinstance(holder, dict) and len([name for name in holder if name.endswith("Stats")]) > 1:
        yield f"{job.shown}: tuningDataStats holds {' and '.join(sorted(holder))}"


@rule(
    "stats/fits-the-tuning",
    ADVISED,
    on=Job,
    when=lambda job: bool(_kinds(job.body, "Spec") and _kinds(message(job.body.get("tuningDataStats")), "DataStats")),
    cite=vertex("TuningDataStats", "preferenceOptimizationDataStats", says="Statistics for preference optimization."),
    probe="watch",
)
def fits_the_tuning(job: Job) -> Findings:
    """A job has the statistics of its own kind of tuning."""
    spec, stats = _kinds(job.body, "Spec"), _kinds(message(job.body.get("tuningDataStats")), "DataStats")
    if spec.isdisjoint(stats):
        yield f"{job.shown} is tuned by {', '.join(sorted(spec))} and has statistics of {', '.join(sorted(stats))}"


def _kinds(body: Mapping[str, Any], ending: str) -> set[str]:
    """The kinds of tuning that members with this ending are about."""
    return {name.removesuffix(ending).removesuffix("Tuning") for name in body if name.endswith(ending)} & _KINDS


@rule(
    "stats/role-is-documented",
    DOCUMENTED,
    on=Message,
    when=lambda it: it.seen.node.name.endswith("Content") and bool(text(message(it.value).get("role"))),
    cite=vertex("Content", "role", says="Must be either 'user' or 'model'."),
    probe="watch",
)
def role_is_documented(it: Message) -> Findings:
    """The role in an example of the dataset is one that the dataset's format names, not that of another API."""
    role = text(message(it.value).get("role"))
    if role not in _ROLES:
        yield f"{it.at}: the role is '{role}'"


@rule(
    "stats/percentiles-ordered",
    DOCUMENTED,
    on=Distribution,
    when=lambda it: sum(it.number(name) is not None for name in ("min", "p5", "median", "p95", "max")) > 1,
    cite=vertex(_DISTRIBUTION, "p95", says="The 95th percentile of the values in the population."),
    probe="watch",
)
def percentiles_ordered(it: Distribution) -> Findings:
    """Min <= p5 <= median <= p95 <= max."""
    known = [(name, it.number(name)) for name in ("min", "p5", "median", "p95", "max")]
    present = [(name, value) for name, value in known if value is not None]
    for (low, first), (high, second) in pairwise(present):
        if _exceeds(first, second):
            yield f"{it.stats.job.shown}, {it.at}: {low} {first:g} is above {high} {second:g}"


@rule(
    "stats/mean-within-range",
    DOCUMENTED,
    on=Distribution,
    when=lambda it: None not in (it.number("min"), it.number("mean"), it.number("max")),
    cite=vertex(_DISTRIBUTION, "mean", says="The arithmetic mean of the values in the population."),
    probe="watch",
)
def mean_within_range(it: Distribution) -> Findings:
    """The mean lies between min and max."""
    low, mean, high = it.number("min") or 0.0, it.number("mean") or 0.0, it.number("max") or 0.0
    if _exceeds(low, mean) or _exceeds(mean, high):
        yield f"{it.stats.job.shown}, {it.at}: mean {mean:g} is outside {low:g} to {high:g}"


@rule(
    "stats/buckets-ordered",
    DOCUMENTED,
    on=Distribution,
    when=lambda it: bool(it.buckets),
    cite=vertex(f"{_DISTRIBUTION}DatasetBucket", "left", says="Left bound of the bucket."),
    probe="watch",
)
def buckets_ordered(it: Distribution) -> Findings:
    """Every bucket's left bound is at most its right bound."""
    for bucket in it.buckets:
        left, right = number(bucket.get("left")), number(bucket.get("right"))
        if left is not None and right is not None and _exceeds(left, right):
            yield f"{it.stats.job.shown}, {it.at}: a bucket reaches from {left:g} to {right:g}"


@rule(
    "stats/bucket-counts-add-up",
    OBSERVED,
    on=Distribution,
    when=lambda it: bool(it.buckets) and it.stats.examples is not None and it.stats.kind == _SUPERVISED,
    cite=records("9 of 9 distributions", says="bucket counts add up to tuningDatasetExampleCount"),
    probe="watch",
)
def bucket_counts_add_up(it: Distribution) -> Findings:
    """The counts of all buckets add up to the number of examples."""
    counts = [number(bucket.get("count")) or 0.0 for bucket in it.buckets]
    if abs(sum(counts) - (it.stats.examples or 0)) > _ROUNDING:
        yield f"{it.stats.job.shown}, {it.at}: buckets hold {sum(counts):g} of {it.stats.examples} examples"


_COUNTS = (
    "tuningDatasetExampleCount",
    "totalTuningCharacterCount",
    "totalBillableCharacterCount",
    "totalBillableTokenCount",
    "tuningStepCount",
    "totalTruncatedExampleCount",
)


@rule(
    "stats/counts-not-negative",
    DOCUMENTED,
    on=Stats,
    cite=vertex(_STATS, "tuningDatasetExampleCount", says="Number of examples in the tuning dataset."),
    probe="watch",
)
def counts_not_negative(stats: Stats) -> Findings:
    """A count is never negative."""
    for name in _COUNTS:
        if (integer(stats.body.get(name)) or 0) < 0:
            yield f"{stats.job.shown}: {name} is {stats.body[name]}"
    for name, held in stats.body.items():
        counts = [message(bucket).get("count") for bucket in items(message(held).get("buckets"))]
        for count in counts:
            if (number(count) or 0) < 0:
                yield f"{stats.job.shown}: a bucket of {name} holds {count} values"


_TRUNCATED = "totalTruncatedExampleCount"
_DROPPED = ("truncatedExampleIndices", "droppedExampleIndices")


def _indices(stats: Stats) -> list[object]:
    return next((items(stats.body[name]) for name in _DROPPED if items(stats.body.get(name))), [])


@rule(
    "stats/indices-from-one",
    DOCUMENTED,
    on=Stats,
    when=lambda stats: bool(_indices(stats)),
    cite=vertex(_STATS, "truncatedExampleIndices", says="A partial sample of the indices (starting from 1)"),
    probe="watch",
    needs="a job whose dataset has examples that are dropped",
)
def indices_from_one(stats: Stats) -> Findings:
    """Indices of dropped examples start from 1."""
    for index in _indices(stats):
        value = integer(index)
        if value is not None and value < 1:
            yield f"{stats.job.shown}: the index {value} is below 1"


@rule(
    "stats/indices-within-dataset",
    ADVISED,
    on=Stats,
    when=lambda stats: bool(_indices(stats)) and stats.examples is not None and _TRUNCATED in stats.body,
    cite=vertex(_STATS, "truncatedExampleIndices", says="A partial sample of the indices (starting from 1)"),
    probe="watch",
    needs="a job whose dataset has examples that are dropped",
)
def indices_within_dataset(stats: Stats) -> Findings:
    """An index of a dropped example is at most the number of examples, those dropped added if they are not counted."""
    most = (stats.examples or 0) + (integer(stats.body[_TRUNCATED]) or 0)
    for index in _indices(stats):
        if (integer(index) or 0) > most:
            yield f"{stats.job.shown}: the index {index} is beyond the dataset's {most} examples"


@rule(
    "stats/reasons-match-indices",
    DOCUMENTED,
    on=Stats,
    when=lambda stats: bool(_indices(stats)) and "droppedExampleReasons" in stats.body,
    cite=vertex(
        _STATS,
        "droppedExampleReasons",
        says="For each index in `truncated_example_indices`, the user-facing reason why the example was dropped.",
    ),
    probe="watch",
    needs="a job whose dataset has examples that are dropped",
)
def reasons_match_indices(stats: Stats) -> Findings:
    """There is one reason for each index of a dropped example."""
    reasons, indices = items(stats.body["droppedExampleReasons"]), _indices(stats)
    if len(reasons) != len(indices):
        yield f"{stats.job.shown}: {len(reasons)} reasons for {len(indices)} indices"


@rule(
    "stats/billable-is-input-plus-output",
    OBSERVED,
    on=Stats,
    when=lambda stats: (
        stats.kind == _SUPERVISED
        and None not in (_sum(stats, "userInputTokenDistribution"), _sum(stats, "userOutputTokenDistribution"))
        and "totalBillableTokenCount" in stats.body
        and not _indices(stats)
    ),
    cite=records("3 of 3 ended jobs", says="totalBillableTokenCount = input sum + output sum, not times epochs"),
    probe="watch",
)
def billable_is_input_plus_output(stats: Stats) -> Findings:
    """The billable tokens are the input tokens plus the output tokens, counted once."""
    expected = (_sum(stats, "userInputTokenDistribution") or 0) + (_sum(stats, "userOutputTokenDistribution") or 0)
    found = integer(stats.body["totalBillableTokenCount"])
    if found is not None and found != expected:
        yield f"{stats.job.shown}: totalBillableTokenCount is {found}, the sums make {expected}"


def _sum(stats: Stats, name: str) -> int | None:
    held = stats.body.get(name)
    return integer(held.get("sum")) if isinstance(held, dict) else None
