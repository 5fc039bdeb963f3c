"""Lies in the statistics of a dataset."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.faults.telling import in_stats
from concertpitch_emulator.vertex import statistics
from concertpitch_emulator.vertex.hooks import Fault, JobView
from concertpitch_emulator.vertex.rendering import tuning_spec

if TYPE_CHECKING:
    from collections.abc import Callable

_DISTRIBUTION = "userInputTokenDistribution"


def _in_distribution(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def hook(stats: dict[str, Any]) -> None:
        change(stats[_DISTRIBUTION])

    return hook


def _swap_percentiles(distribution: dict[str, Any]) -> None:
    distribution["p5"], distribution["p95"] = distribution["p95"], distribution["p5"]


def _mean_outside(distribution: dict[str, Any]) -> None:
    distribution["mean"] = distribution["max"] + 1


def _reverse_bucket(distribution: dict[str, Any]) -> None:
    bucket = next(bucket for bucket in distribution["buckets"] if bucket["left"] != bucket["right"])
    bucket["left"], bucket["right"] = bucket["right"], bucket["left"]


def _one_more_in_bucket(distribution: dict[str, Any]) -> None:
    bucket = distribution["buckets"][0]
    count = int(bucket["count"]) + 1
    bucket["count"] = str(count) if isinstance(bucket["count"], str) else count


def _negative_bucket(distribution: dict[str, Any]) -> None:
    """One bucket more, of as many values below none as another has more: the counts still add up."""
    first = distribution["buckets"][0]
    one = "-1" if isinstance(first["count"], str) else -1
    _one_more_in_bucket(distribution)
    distribution["buckets"].append({**distribution["buckets"][-1], "count": one})


def _negative_steps(stats: dict[str, Any]) -> None:
    stats["tuningStepCount"] = "-1"


def _index_beyond(stats: dict[str, Any]) -> None:
    for name in ("truncatedExampleIndices", "droppedExampleIndices"):
        if name in stats:
            stats[name][0] = "1000000"


def _index_from_zero(stats: dict[str, Any]) -> None:
    for name in ("truncatedExampleIndices", "droppedExampleIndices"):
        if name in stats:
            stats[name][0] = "0"


def _one_reason_less(stats: dict[str, Any]) -> None:
    if "droppedExampleReasons" in stats:
        stats["droppedExampleReasons"].pop()


def _billable_times_epochs(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    epochs = int(tuning_spec(job).get("hyperParameters", {}).get("epochCount", "1"))

    def multiply(stats: dict[str, Any]) -> None:
        stats["totalBillableTokenCount"] = str(int(stats["totalBillableTokenCount"]) * max(epochs, 2))

    return in_stats(multiply)(job, view)


def _two_kinds(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "tuningDataStats" in job:
        dataset = tuning_spec(view.record.spec).get("trainingDatasetUri", "")
        other = {
            "supervisedTuningDataStats": deepcopy(statistics.supervised(dataset, truncated=False)),
            "preferenceOptimizationDataStats": deepcopy(statistics.preference(dataset, truncated=False)),
        }
        job["tuningDataStats"] = {**other, **job["tuningDataStats"]}
    return job


def _assistant(stats: dict[str, Any]) -> None:
    for example in stats["userDatasetExamples"]:
        if example.get("role") == "model":
            example["role"] = "assistant"


def _as_supervised(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    if "preferenceOptimizationDataStats" in job.get("tuningDataStats", {}):
        dataset = job["preferenceOptimizationSpec"]["trainingDatasetUri"]
        job["tuningDataStats"] = {
            "supervisedTuningDataStats": deepcopy(statistics.supervised(dataset, truncated=False))
        }
    return job


FAULTS = (
    Fault(
        id="stats/index-beyond-dataset",
        lie="The first index of a dropped example is a million.",
        breaks=("stats/indices-within-dataset",),
        job=in_stats(_index_beyond),
    ),
    Fault(
        id="stats/assistant-role",
        lie="The examples of the dataset have the role 'assistant' of another API.",
        breaks=("stats/role-is-documented",),
        job=in_stats(_assistant),
    ),
    Fault(
        id="stats/of-another-kind",
        lie="A preference optimization has the statistics of a supervised tuning.",
        breaks=("stats/fits-the-tuning",),
        job=_as_supervised,
    ),
    Fault(
        id="stats/percentiles-swapped",
        lie="The 5th percentile is above the 95th.",
        breaks=("stats/percentiles-ordered",),
        job=in_stats(_in_distribution(_swap_percentiles)),
    ),
    Fault(
        id="stats/mean-outside",
        lie="The mean is above the maximum.",
        breaks=("stats/mean-within-range",),
        job=in_stats(_in_distribution(_mean_outside)),
    ),
    Fault(
        id="stats/bucket-reversed",
        lie="The left bound of a bucket is above its right bound.",
        breaks=("stats/buckets-ordered",),
        job=in_stats(_in_distribution(_reverse_bucket)),
    ),
    Fault(
        id="stats/bucket-count-off",
        lie="The buckets hold one value more than there are examples.",
        breaks=("stats/bucket-counts-add-up",),
        job=in_stats(_in_distribution(_one_more_in_bucket)),
    ),
    Fault(
        id="stats/negative-count",
        lie="tuningStepCount is negative.",
        breaks=("stats/counts-not-negative",),
        job=in_stats(_negative_steps),
    ),
    Fault(
        id="stats/negative-bucket",
        lie="A bucket of a distribution holds less than no values.",
        breaks=("stats/counts-not-negative",),
        job=in_stats(_in_distribution(_negative_bucket)),
    ),
    Fault(
        id="stats/index-from-zero",
        lie="The indices of dropped examples start from 0.",
        breaks=("stats/indices-from-one",),
        job=in_stats(_index_from_zero),
    ),
    Fault(
        id="stats/reasons-missing",
        lie="There is one reason less than there are dropped examples.",
        breaks=("stats/reasons-match-indices",),
        job=in_stats(_one_reason_less),
    ),
    Fault(
        id="stats/billable-times-epochs",
        lie="The billable tokens are multiplied by the epochs.",
        breaks=("stats/billable-is-input-plus-output",),
        job=_billable_times_epochs,
    ),
    Fault(
        id="stats/two-kinds",
        lie="Statistics of two kinds of tuning are shown for one job.",
        breaks=("stats/one-kind",),
        job=_two_kinds,
    ),
)
