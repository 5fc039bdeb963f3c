"""Sentences that rules judge without quoting them.

Owns the table. A rule quotes one source; a promise is often written down in several places.
"""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.ledger.documents import JOBS
from concertpitch.ledger.tables import Covered

_OPERATIONS = f"{JOBS}/resources/operations/methods"
_SCHEMA = "/schemas/GoogleCloudAiplatformV1"
_PROTO = "/methods/google.cloud.aiplatform.v1.GenAiTuningService."


def _v1(pointer: str, says: str, *rules: str) -> Covered:
    return Covered(f"aiplatform.v1 {pointer}/description", says, rules)


def _proto(pointer: str, says: str, *rules: str) -> Covered:
    return Covered(f"aiplatform.v1.protos {pointer}/comment", says, rules)


def _method(name: str, says: str, *rules: str) -> Covered:
    return _v1(f"{JOBS}/methods/{name}", says, *rules)


def _operations(name: str, says: str, *rules: str) -> Covered:
    return _v1(f"{_OPERATIONS}/{name}", says, *rules)


def _member(message: str, member: str, says: str, *rules: str) -> Covered:
    return _v1(f"{_SCHEMA}{message}/properties/{member}", says, *rules)


_ECHO = "create/echoes-hyperparameters"
_TYPE = "Contains field @type with type URL."
_LAST = ("create/echoes-checkpoint-choice", "job/checkpoints-only-if-enabled")
_JOB_NAME = "Format: `projects/{project}/locations/{location}/tuningJobs/{tuning_job}`"
_PARENT = "Format: `projects/{project}/locations/{location}`"
_PARENTS = {
    "create": ("create/location-kept",),
    "list": ("listing/only-its-location", "listing/only-its-project"),
    "rebaseTunedModel": ("rebase/makes-a-job",),
}


def _methods() -> Iterator[Covered]:
    yield _method(
        "cancel", "Starts an asynchronous cancellation request.", "cancel/answers-empty", "cancel/takes-effect"
    )
    yield _method("create", "Creates a tuning job.", "create/answers-the-job", "create/readable-at-once")
    yield _method("rebaseTunedModel", "Rebase a tuned model.", "rebase/answers-operation")
    yield _method("cancel/parameters/name", _JOB_NAME, "refuse/cancel-unknown-job", "cancel/only-that-job")
    yield _method("get/parameters/name", _JOB_NAME, "get/returns-the-job-asked", "refuse/unknown-job")
    for name, rules in _PARENTS.items():
        yield _method(f"{name}/parameters/parent", _PARENT, *rules)
    yield _method("list/parameters/pageToken", "Typically obtained from", "listing/complete", "listing/ends")
    yield _operations("cancel", "Starts asynchronous cancellation", "operation/cancelled-has-code-1")
    yield _operations("cancel", "Clients can use Operations.GetOperation", "operation/readable")
    yield _operations("get", "Clients can use this method to poll", "operation/readable")
    waiting = ("operation/stays-done", "operation/wait-honours-timeout")
    yield _operations("wait", "If the operation is already done, the latest state is immediately returned.", *waiting)
    yield _operations("wait/parameters/timeout", "The maximum duration to wait before timing out.", waiting[1])
    yield _proto(f"{_PROTO}CancelTuningJob", "Cancels a TuningJob.", "cancel/only-that-job")
    yield _proto(f"{_PROTO}CancelTuningJob", "Starts asynchronous cancellation", "cancel/answers-empty")
    yield _proto(
        f"{_PROTO}CancelTuningJob",
        "On successful cancellation, the TuningJob is not deleted",
        "cancel/keeps-the-job",
        "job/cancelled-has-code-1",
    )
    yield _proto(f"{_PROTO}CreateTuningJob", "Creates a TuningJob.", "create/answers-the-job")
    yield _proto(f"{_PROTO}CreateTuningJob", "right away will be attempted to be run", "life/job-is-executed")
    yield _proto(f"{_PROTO}GetTuningJob", "Gets a TuningJob.", "get/returns-the-job-asked")
    yield _proto(f"{_PROTO}ListTuningJobs", "Lists TuningJobs in a Location.", "listing/only-its-location")
    yield _proto(f"{_PROTO}RebaseTunedModel", "Rebase a TunedModel.", "rebase/answers-operation")


def _members() -> Iterator[Covered]:
    yield _member("TuningJob", "labels", "International characters are allowed.", "job/label-characters")
    yield _member("TuningJob", "labels", "organize TuningJob", "create/echoes-labels", "stable/labels")
    yield _member("TuningJob", "error", "Only populated when", "job/failed-has-error")
    yield _member("PreTunedModel", "tunedModelName", "The resource name of the Model.", "create/echoes-pre-tuned-model")
    for spec in ("SupervisedTuningSpec", "PreferenceOptimizationSpec"):
        yield _member(spec, "exportLastCheckpointOnly", "If set to true, disable intermediate checkpoints", *_LAST)
    datasets = ("create/echoes-datasets", "stable/datasets")
    yield _member("SupervisedTuningSpec", "trainingDatasetUri", "Training dataset used for tuning.", *datasets)
    yield _member("SupervisedTuningSpec", "validationDatasetUri", "Validation dataset used for tuning.", *datasets)
    yield _member("SupervisedHyperParameters", "learningRateMultiplier", "Multiplier for adjusting", _ECHO)
    epochs = ("job/checkpoints-within-epochs", "stable/hyperparameters-set")
    yield _member("PreferenceOptimizationHyperParameters", "epochCount", "Number of complete passes", *epochs)
    yield _member("PreferenceOptimizationHyperParameters", "learningRateMultiplier", "Multiplier for", epochs[1])
    yield _member("EncryptionSpec", "kmsKeyName", "Resource name of the Cloud KMS key", "create/echoes-encryption-spec")
    yield _member("GenericOperationMetadata", "updateTime", "for the last time.", "operation/times-ordered")
    for name, schema in (("metadata", "GoogleLongrunningOperation"), ("response", "GoogleLongrunningOperation")):
        yield _v1(f"/schemas/{schema}/properties/{name}/additionalProperties", _TYPE, "operation/any-has-type")
    for says in ("A token to retrieve the next page", "Pass this token in a subsequent"):
        yield _member("ListTuningJobsResponse", "nextPageToken", says, "listing/complete", "listing/ends")
    matching = ("listing/only-its-location", "listing/member-name")
    yield _member("ListTuningJobsResponse", "tuningJobs", "The tuning jobs that match the request.", *matching)
    listed = "/schemas/GoogleLongrunningListOperationsResponse/properties/operations"
    yield _v1(listed, "A list of operations that matches", "operation/listed")
    unique = "The server-assigned name, which is only unique within the same service"
    yield _v1("/schemas/GoogleLongrunningOperation/properties/name", unique, "operation/returns-the-one-asked")
    yield _v1("/schemas/GoogleRpcStatus", "Each `Status` message contains three pieces", "job/error-code-is-rpc")
    details = "/schemas/GoogleRpcStatus/properties/details/items/additionalProperties"
    yield _v1(details, _TYPE, "refuse/details-have-type")
    yield _v1("/parameters/$.xgafv", "V1 error format.", "request/system-parameters", "refuse/envelope")
    yield _v1("/parameters/alt", "Data format for response.", "wire/json-media-type", "request/system-parameters")
    yield _v1("/parameters/prettyPrint", "Returns response with indentations", "request/system-parameters")


def _statistics() -> Iterator[Covered]:
    distribution = {
        "min": ("The minimum of", ("stats/percentiles-ordered", "stats/buckets-within-range")),
        "max": ("The maximum of", ("stats/percentiles-ordered", "stats/buckets-within-range")),
        "median": ("The median of", ("stats/percentiles-ordered",)),
        "p5": ("The 5th percentile", ("stats/percentiles-ordered",)),
        "p95": ("The 95th percentile", ("stats/percentiles-ordered",)),
        "mean": ("The arithmetic mean", ("stats/mean-within-range", "stats/mean-is-sum-over-count")),
        "sum": ("Sum of a given population", ("stats/mean-is-sum-over-count",)),
        "buckets": ("Defines the histogram bucket.", ("stats/buckets-ascend",)),
    }
    bucket = {
        "count": ("Number of values", ("stats/bucket-counts-add-up",)),
        "left": ("Left bound", ("stats/buckets-ordered",)),
        "right": ("Right bound", ("stats/buckets-ordered",)),
    }
    for message, inner in (
        ("SupervisedTuningDatasetDistribution", "DatasetBucket"),
        ("DatasetDistribution", "DistributionBucket"),
    ):
        for member, (says, rules) in distribution.items():
            yield _member(message, member, says, *rules)
        for member, (says, rules) in bucket.items():
            yield _member(f"{message}{inner}", member, says, *rules)
    stats, preference = "SupervisedTuningDataStats", "PreferenceOptimizationDataStats"
    count = "stats/counts-not-negative"
    yield _member(stats, "totalBillableTokenCount", "Number of", "stats/billable-is-input-plus-output", count)
    yield _member(stats, "totalTuningCharacterCount", "Number of", count)
    for member in ("totalBillableTokenCount", "tuningDatasetExampleCount", "tuningStepCount"):
        yield _member(preference, member, "Number of", count)
    yield _member(preference, "droppedExampleIndices", "(starting from 1)", "stats/indices-from-one")
    yield _member(preference, "droppedExampleReasons", "For each index", "stats/reasons-match-indices")


COVERED = (*_methods(), *_members(), *_statistics())
