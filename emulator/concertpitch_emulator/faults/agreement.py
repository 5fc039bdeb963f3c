"""Lies that only show when two things are held against each other: numbers, times, names, spellings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import stamp
from concertpitch_emulator.faults.telling import SPECS, TIMES, changed, in_model, in_stats
from concertpitch_emulator.vertex.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call
    from concertpitch_emulator.vertex.hooks import JobView
    from concertpitch_emulator.vertex.records import OperationRecord

_CREATE = "tuningJobs.create"
_MESSAGES = "userMessagePerExampleDistribution"
_INPUTS = "userInputTokenDistribution"
_OTHER_MODEL = "models/9@1"
_PACIFIC = timedelta(hours=8)


def _sum_doubled(stats: dict[str, Any]) -> None:
    if _MESSAGES in stats:
        stats[_MESSAGES]["sum"] = str(2 * int(stats[_MESSAGES]["sum"]))


def _bucket_beyond(stats: dict[str, Any]) -> None:
    last, most = stats[_INPUTS]["buckets"][-1], stats[_INPUTS]["max"]
    last["left"], last["right"] = most + 100, most + 200


def _buckets_backwards(stats: dict[str, Any]) -> None:
    stats[_INPUTS]["buckets"].reverse()


def _fewer_dropped(stats: dict[str, Any]) -> None:
    if "totalTruncatedExampleCount" in stats:
        stats["totalTruncatedExampleCount"] = "1"


def _epoch_beyond(model: dict[str, Any]) -> None:
    for checkpoint in model.get("checkpoints", ())[-1:]:
        checkpoint["epoch"] = str(int(checkpoint["epoch"]) + 100)


def _steps_backwards(model: dict[str, Any]) -> None:
    checkpoints = model.get("checkpoints", [])
    steps = [checkpoint["step"] for checkpoint in reversed(checkpoints)]
    for checkpoint, step in zip(checkpoints, steps, strict=True):
        checkpoint["step"] = step


def _model_elsewhere(model: dict[str, Any]) -> None:
    project, _, rest = model["model"].partition("/locations/")
    model["model"] = f"{project}/locations/elsewhere/{rest.partition('/')[2]}"


def _wordless(error: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in error.items() if name != "message"}


def _untyped(error: dict[str, Any]) -> dict[str, Any]:
    return {**error, "details": [{"reason": "STOPPED"}]}


def _http_code(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    if "error" in operation:
        operation["error"] = {**operation["error"], "code": 499}
    return operation


def _forget_choice(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    for spec in SPECS:
        message.get(spec, {}).pop("exportLastCheckpointOnly", None)
    return message


def _another_model(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    if "preTunedModel" in message:
        parent = message["preTunedModel"]["tunedModelName"].partition("/models/")[0]
        message["preTunedModel"]["tunedModelName"] = f"{parent}/{_OTHER_MODEL}"
    return message


def _last_checkpoint(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    message.get("preTunedModel", {}).pop("checkpointId", None)
    return message


def _updated_when_read(operation: dict[str, Any], _record: OperationRecord, call: Call) -> dict[str, Any]:
    if operation.get("done"):
        operation["metadata"]["genericMetadata"]["updateTime"] = stamp(call.now)
    return operation


def _many_failures(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    operation["metadata"]["genericMetadata"]["partialFailures"] = [{"code": 13, "message": "A file."}] * 21
    return operation


def _created_in_1970(body: dict[str, Any], _view: JobView) -> dict[str, Any]:
    return body | {"createTime": "1970-01-01T00:00:00Z"}


def _local_times(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    return job | {name: _pacific(job[name]) for name in TIMES if name in job}


def _pacific(time: str) -> str:
    return (datetime.fromisoformat(time) - _PACIFIC).isoformat().replace("+00:00", "Z")


FAULTS = (
    Fault(
        id="stats/sum-doubled",
        lie="The sum of the messages per example is twice what the mean says.",
        breaks=("stats/mean-is-sum-over-count",),
        job=in_stats(_sum_doubled),
    ),
    Fault(
        id="stats/bucket-beyond-maximum",
        lie="The last bucket lies above the maximum.",
        breaks=("stats/buckets-within-range",),
        job=in_stats(_bucket_beyond),
    ),
    Fault(
        id="stats/buckets-backwards",
        lie="The buckets stand in descending order.",
        breaks=("stats/buckets-ascend",),
        job=in_stats(_buckets_backwards),
    ),
    Fault(
        id="stats/fewer-dropped-than-shown",
        lie="Three indices of dropped examples are shown, and one is counted.",
        breaks=("stats/sample-within-count",),
        job=in_stats(_fewer_dropped),
    ),
    Fault(
        id="job/checkpoint-beyond-epochs",
        lie="The last checkpoint is of an epoch that the job does not have.",
        breaks=("job/checkpoints-within-epochs",),
        job=in_model(_epoch_beyond),
    ),
    Fault(
        id="job/checkpoint-steps-backwards",
        lie="Later checkpoints have earlier steps.",
        breaks=("job/checkpoint-steps-follow-epochs",),
        job=in_model(_steps_backwards),
    ),
    Fault(
        id="job/model-elsewhere",
        lie="The tuned model is in a location that nobody asked for.",
        breaks=("job/model-in-its-location",),
        job=in_model(_model_elsewhere),
    ),
    Fault(
        id="job/error-without-message",
        lie="A job's error has no message.",
        breaks=("job/error-has-message",),
        job=changed("error", _wordless),
    ),
    Fault(
        id="job/error-details-untyped",
        lie="A job's error has a detail without @type.",
        breaks=("job/error-details-have-type",),
        job=changed("error", _untyped),
    ),
    Fault(
        id="operation/http-status-as-code",
        lie="The error.code of a cancelled operation is 499.",
        breaks=("operation/error-code-is-rpc", "operation/cancelled-has-code-1"),
        operation=_http_code,
    ),
    Fault(
        id="create/forgets-checkpoint-choice",
        lie="That only the last checkpoint is wanted is not kept.",
        breaks=("create/echoes-checkpoint-choice",),
        draft=_forget_choice,
    ),
    Fault(
        id="create/other-pre-tuned-model",
        lie="Every continuous job goes on from one and the same model.",
        breaks=("create/echoes-pre-tuned-model",),
        draft=_another_model,
    ),
    Fault(
        id="create/forgets-checkpoint-of-pre-tuned",
        lie="A continuous job goes on from the default checkpoint, whichever was asked for.",
        breaks=("create/echoes-pre-tuned-model",),
        draft=_last_checkpoint,
    ),
    Fault(
        id="operation/finish-time-moves",
        lie="The updateTime of a done operation is the time of reading.",
        breaks=("operation/finish-time-is-fixed",),
        operation=_updated_when_read,
    ),
    Fault(
        id="operation/many-partial-failures",
        lie="An operation lists 21 partial failures.",
        breaks=("operation/few-partial-failures",),
        operation=_many_failures,
    ),
    Fault(
        id="create/created-in-1970",
        lie="Every job was created when Unix time began.",
        breaks=("create/created-now", "create/times-agree"),
        job=_created_in_1970,
    ),
    Fault(
        id="create/created-in-local-time",
        lie="All times are those of Pacific time, with a Z.",
        breaks=("create/created-now",),
        job=_local_times,
    ),
)
