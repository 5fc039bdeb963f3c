"""Lies about rebase and long-running operations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.clock import SECOND, stamp
from concertpitch_emulator.errors import ApiError
from concertpitch_emulator.vertex.calls import Call
from concertpitch_emulator.vertex.hooks import Fault
from concertpitch_emulator.vertex.service import TuningService, unknown

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.records import OperationRecord

_REBASE = "tuningJobs.rebaseTunedModel"
_GET = "tuningJobs.operations.get"
_HANG = 10.0
_TAIL = "/latest"
_REFERENCE = {"tunedModelRef": {"tunedModel": "projects/1/locations/us-central1/models/1@1"}}
_REFERENCE_NAMES = {"tunedModelRef", "tuned_model_ref"}

OperationHook = Callable[[dict[str, Any], "OperationRecord", Call], dict[str, Any]]


def _long_name(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    return {**operation, "name": f"{operation['name']}{_TAIL}"}


def _short_path(path: str, _service: TuningService) -> str:
    return path.replace(_TAIL, "")


def _response(record: OperationRecord, call: Call) -> dict[str, Any]:
    package = f"type.googleapis.com/google.cloud.aiplatform.{record.version}"
    return {"@type": f"{package}.TuningJob", **call.service.show(record.job, call, record.version)}


def _other_name(operation: dict[str, Any], _record: OperationRecord, call: Call) -> dict[str, Any]:
    name = operation["name"]
    return {**operation, "name": f"{name[:-1]}{(int(name[-1]) + 5) % 10}"} if call.method == _GET else operation


def _both_results(operation: dict[str, Any], record: OperationRecord, call: Call) -> dict[str, Any]:
    if operation.get("done"):
        operation.setdefault("error", {"code": 2, "message": "There were warnings."})
        operation.setdefault("response", _response(record, call))
    return operation


def _early_result(operation: dict[str, Any], record: OperationRecord, call: Call) -> dict[str, Any]:
    return operation if operation.get("done") else {**operation, "response": _response(record, call)}


def _leaving_out(*names: str) -> OperationHook:
    def hook(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
        return {name: value for name, value in operation.items() if name not in names}

    return hook


def _undone(operation: dict[str, Any], record: OperationRecord, call: Call) -> dict[str, Any]:
    if operation.get("done"):
        record.marks["seen-done"] = count = record.marks.get("seen-done", 0) + 1
        if count % 2 == 0:
            return _leaving_out("done", "response", "error")(operation, record, call)
    return operation


def _other_type(operation: dict[str, Any], record: OperationRecord, _call: Call) -> dict[str, Any]:
    if "response" in operation:
        package = f"type.googleapis.com/google.cloud.aiplatform.{record.version}"
        operation["response"] = {**operation["response"], "@type": f"{package}.TunedModel"}
    return operation


def _other_metadata(operation: dict[str, Any], record: OperationRecord, _call: Call) -> dict[str, Any]:
    kind = f"type.googleapis.com/google.cloud.aiplatform.{record.version}.CreateEndpointOperationMetadata"
    return {**operation, "metadata": {**operation["metadata"], "@type": kind}}


def _wrapped(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    if "response" in operation:
        job = dict(operation["response"])
        operation["response"] = {"@type": job.pop("@type"), "tuningJob": job}
    return operation


def _no_type(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    metadata = {name: value for name, value in operation["metadata"].items() if name != "@type"}
    return {**operation, "metadata": metadata}


def _hide(call: Call) -> None:
    if call.method in {"tuningJobs.operations.get", "operations.get"}:
        raise unknown("Operation", call.path["operation"])


def _empty_for_unknown(error: ApiError, call: Call) -> ApiError | Reply:
    if error.kind == "unknown-Operation" and call.method.endswith("operations.get"):
        return reply(HTTPStatus.OK, {})
    return error


async def _hang(call: Call) -> None:
    if call.method.endswith("operations.wait"):
        await asyncio.sleep(_HANG)
        call.now = call.service.clock()


def _aborted(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    if operation.get("error", {}).get("code") == 1:
        operation["error"] = {"code": 10, "message": "The operation was aborted."}
    return operation


def _undeleted(body: Any, call: Call) -> Any:
    if call.method == "tuningJobs.operations.delete" and call.operation:
        call.service.store.add_operation(call.operation)
    return body


def _times(change: Callable[[dict[str, Any], OperationRecord], dict[str, Any]]) -> OperationHook:
    """An operation hook that changes the times of the metadata."""

    def hook(operation: dict[str, Any], record: OperationRecord, _call: Call) -> dict[str, Any]:
        metadata = operation["metadata"]
        times = change(metadata["genericMetadata"], record)
        return {**operation, "metadata": {**metadata, "genericMetadata": times}}

    return hook


def _updated_too_early(times: dict[str, Any], record: OperationRecord) -> dict[str, Any]:
    return {**times, "updateTime": stamp(record.job.timeline.created - SECOND)}


def _created_anew(times: dict[str, Any], record: OperationRecord) -> dict[str, Any]:
    record.marks["shown"] = shown = record.marks.get("shown", 0) + 1
    return {**times, "createTime": stamp(record.job.timeline.created - shown * SECOND)}


def _updated_backwards(times: dict[str, Any], record: OperationRecord) -> dict[str, Any]:
    record.marks["shown"] = shown = record.marks.get("shown", 0) + 1
    return {**times, "updateTime": stamp(record.job.timeline.created + max(0, 60 - shown) * SECOND)}


def _cancelled_late(operation: dict[str, Any], record: OperationRecord, _call: Call) -> dict[str, Any]:
    if "response" in operation and record.marks.get("asked-to-cancel"):
        done = {name: value for name, value in operation.items() if name != "response"}
        return {**done, "error": {"code": 1, "message": "The operation was cancelled."}}
    return operation


def _mark_cancel(body: Any, call: Call) -> Any:
    if call.method.endswith("operations.cancel") and call.operation:
        call.operation.marks["asked-to-cancel"] = 1
    return body


def _empty_wait(body: Any, call: Call) -> Any:
    return {} if call.method.endswith("operations.wait") else body


def _last_words(body: Any, call: Call) -> Any:
    gone = call.method.endswith("operations.delete") and call.operation
    return {"name": call.operation.name, "done": True} if gone and call.operation else body


def _cancel_words(body: Any, call: Call) -> Any:
    asked = call.method.endswith("operations.cancel") and call.operation
    return {"name": call.operation.name} if asked and call.operation else body


def _other_words(operation: dict[str, Any], record: OperationRecord, _call: Call) -> dict[str, Any]:
    if "response" in operation:
        record.marks["responses"] = shown = record.marks.get("responses", 0) + 1
        operation["response"] = {**operation["response"], "description": f"Response {shown}"}
    return operation


def _not_listed(body: Any, call: Call) -> Any:
    return {} if call.method.endswith("operations.list") else body


def _listed_twice(body: Any, call: Call) -> Any:
    if call.method.endswith("operations.list") and body.get("operations"):
        return {**body, "operations": [one for one in body["operations"] for _ in range(2)]}
    return body


def _of_all_jobs(call: Call) -> None:
    if call.method.endswith("operations.list"):
        call.path.pop("job", None)
        call.query.pop("pageSize", None)


def _acted_on_unknown(error: ApiError, call: Call) -> ApiError | Reply:
    if error.kind == "unknown-Operation" and call.method.endswith((".cancel", ".delete", ".wait")):
        return reply(HTTPStatus.OK, {})
    return error


FAULTS = (
    Fault(
        id="operation/page-too-long",
        lie="A list of operations shows those of all jobs, whatever its pageSize.",
        breaks=("operation/page-size-bound", "operation/listed-beneath-its-job"),
        request=_of_all_jobs,
    ),
    Fault(
        id="operation/unknown-acted-on",
        lie="Cancel, delete and wait answer an empty object for an operation that does not exist.",
        breaks=("refuse/act-on-unknown-operation",),
        refusal=_acted_on_unknown,
    ),
    Fault(
        id="operation/deleted-stays",
        lie="A deleted operation can still be read.",
        breaks=("operation/deleted-is-gone",),
        answer=_undeleted,
    ),
    Fault(
        id="operation/delete-answers-it",
        lie="Delete of an operation answers the operation.",
        breaks=("operation/delete-answers-empty",),
        answer=_last_words,
    ),
    Fault(
        id="operation/cancel-answers-it",
        lie="Cancel of an operation answers its name.",
        breaks=("operation/cancel-answers-empty",),
        answer=_cancel_words,
    ),
    Fault(
        id="operation/response-changes",
        lie="The description in the response of an operation is another at every read.",
        breaks=("operation/response-stays",),
        operation=_other_words,
    ),
    Fault(
        id="operation/updated-before-created",
        lie="The updateTime of an operation is before its createTime.",
        breaks=("operation/times-ordered",),
        operation=_times(_updated_too_early),
    ),
    Fault(
        id="operation/create-time-drifts",
        lie="The createTime of an operation is another at every read.",
        breaks=("operation/create-time-stays",),
        operation=_times(_created_anew),
    ),
    Fault(
        id="operation/update-time-falls",
        lie="The updateTime of an operation goes back with every read.",
        breaks=("operation/finish-time-is-fixed", "operation/update-time-never-falls"),
        operation=_times(_updated_backwards),
    ),
    Fault(
        id="operation/answers-another-name",
        lie="Get of an operation shows another id in its name.",
        breaks=("operation/returns-the-one-asked",),
        operation=_other_name,
    ),
    Fault(
        id="operation/bad-name",
        lie="The name of an operation does not end with its id.",
        breaks=("operation/name-format", "operation/returns-the-one-asked", "request/unrouted-is-refused"),
        operation=_long_name,
        path=_short_path,
    ),
    Fault(
        id="operation/both-results",
        lie="An operation that is done has both a response and an error.",
        breaks=("operation/one-result",),
        operation=_both_results,
    ),
    Fault(
        id="operation/result-before-done",
        lie="An operation that is not done has a response.",
        breaks=("operation/no-result-before-done",),
        operation=_early_result,
    ),
    Fault(
        id="operation/done-without-result",
        lie="An operation that is done has neither response nor error.",
        breaks=("operation/done-has-result",),
        operation=_leaving_out("response", "error"),
    ),
    Fault(
        id="operation/undone",
        lie="An operation that was done is not done at every second look.",
        breaks=("operation/stays-done",),
        operation=_undone,
    ),
    Fault(
        id="operation/cancelled-when-done",
        lie="A cancel of an operation that is done replaces its response by an error.",
        breaks=("operation/stays-done",),
        answer=_mark_cancel,
        operation=_cancelled_late,
    ),
    Fault(
        id="operation/wrong-type",
        lie="The @type of a response is another message's.",
        breaks=("operation/response-type",),
        operation=_other_type,
    ),
    Fault(
        id="operation/other-metadata",
        lie="The @type of an operation's metadata is that of another method.",
        breaks=("operation/metadata-type",),
        operation=_other_metadata,
    ),
    Fault(
        id="operation/wraps-the-job",
        lie="The response of an operation is an object around the job.",
        breaks=("operation/response-is-the-job",),
        operation=_wrapped,
    ),
    Fault(
        id="operation/no-type",
        lie="The metadata of an operation has no @type.",
        breaks=("operation/any-has-type",),
        operation=_no_type,
    ),
    Fault(
        id="operation/not-readable",
        lie="An operation cannot be read by its name.",
        breaks=("operation/readable",),
        request=_hide,
    ),
    Fault(
        id="operation/unknown-200",
        lie="Get of an unknown operation answers an empty object.",
        breaks=("operation/deleted-is-gone", "refuse/unknown-operation"),
        refusal=_empty_for_unknown,
    ),
    Fault(
        id="operation/wait-hangs",
        lie="Wait answers after ten seconds, whatever its timeout.",
        breaks=("operation/wait-honours-timeout",),
        also=("operation/wait-returns-what-is-done",),
        enter=_hang,
    ),
    Fault(
        id="operation/wait-answers-nothing",
        lie="Wait answers an empty object.",
        breaks=("operation/wait-answers-operation",),
        answer=_empty_wait,
    ),
    Fault(
        id="operation/cancelled-as-aborted",
        lie="An operation that was cancelled has error.code 10.",
        breaks=("operation/cancelled-has-code-1",),
        operation=_aborted,
    ),
    Fault(
        id="operation/listed-twice",
        lie="A list of operations shows each of them twice.",
        breaks=("operation/listed-once",),
        answer=_listed_twice,
    ),
    Fault(
        id="operation/not-listed",
        lie="Operations are not listed.",
        breaks=("operation/listed",),
        answer=_not_listed,
    ),
)
