"""Lies about where an operation is found, and what it came to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.vertex.hooks import Fault
from concertpitch_emulator.vertex.service import unknown

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call
    from concertpitch_emulator.vertex.records import OperationRecord


async def _anywhere(call: Call) -> None:
    if call.method.endswith("operations.get"):
        call.path.pop("job", None)


def _older_model(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    job = operation.get("response", {})
    if "tunedModel" in job:
        model = {**job["tunedModel"], "model": job["tunedModel"]["model"].replace("@1", "@0")}
        operation["response"] = {**job, "tunedModel": model}
    return operation


def _gone_when_done(body: Any, call: Call) -> Any:
    if call.method.endswith("operations.wait") and body.get("done"):
        raise unknown("Operation", body["name"])
    return body


async def _sit_out(call: Call) -> None:
    if call.method.endswith("operations.wait") and call.query.get("timeout", "").startswith("4"):
        await asyncio.sleep(4)


async def _of_all(call: Call) -> None:
    if call.method.endswith("operations.list"):
        call.path.pop("job", None)


def _cancel_with_it(body: Any, call: Call) -> Any:
    if call.method.endswith("operations.delete") and call.operation:
        call.operation.job.timeline.cancel(call.now)
    return body


def _http_code(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    operation["metadata"]["genericMetadata"]["partialFailures"] = [{"code": 404, "message": "A file is missing."}]
    return operation


FAULTS = (
    Fault(
        id="operation/partial-failure-has-http-code",
        lie="The code of a partial failure is an HTTP status.",
        breaks=("operation/partial-failure-code-is-rpc",),
        operation=_http_code,
    ),
    Fault(
        id="operation/wait-sits-out",
        lie="A wait with a timeout of some seconds takes them, though the operation is done.",
        breaks=("operation/wait-returns-what-is-done",),
        enter=_sit_out,
    ),
    Fault(
        id="operation/delete-cancels-the-job",
        lie="Deleting the operation of a rebase cancels the job that it makes.",
        breaks=("operation/delete-leaves-the-job",),
        answer=_cancel_with_it,
    ),
    Fault(
        id="operation/shown-anywhere",
        lie="An operation is shown beneath any job.",
        breaks=("refuse/unknown-operation",),
        enter=_anywhere,
    ),
    Fault(
        id="operation/lists-those-of-others",
        lie="The list of a job's operations shows those of every job.",
        breaks=("operation/listed-beneath-its-job",),
        enter=_of_all,
    ),
    Fault(
        id="operation/response-of-older-model",
        lie="The response of a rebase holds another version of the tuned model than the job.",
        breaks=("operation/response-agrees-with-get",),
        operation=_older_model,
    ),
    Fault(
        id="operation/wait-forgets-done",
        lie="A wait does not find an operation that is done.",
        breaks=("operation/wait-finds-what-is-done",),
        answer=_gone_when_done,
    ),
)
