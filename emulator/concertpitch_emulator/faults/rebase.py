"""Lies about rebase: which references it takes, what it answers and what it makes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.errors import ApiError
from concertpitch_emulator.vertex.calls import Call
from concertpitch_emulator.vertex.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.records import OperationRecord

_REBASE = "tuningJobs.rebaseTunedModel"
_REFERENCE = {"tunedModelRef": {"tunedModel": "projects/1/locations/us-central1/models/1@1"}}
_REFERENCE_NAMES = {"tunedModelRef", "tuned_model_ref"}


def _job_for_operation(body: Any, call: Call) -> Any:
    return call.service.show(call.job, call) if call.method == _REBASE and call.job else body


def _any_model(body: Any, call: Call) -> Any:
    if call.method == _REBASE and isinstance(body, dict) and not _REFERENCE_NAMES & body.keys():
        return {**body, **_REFERENCE}
    return body


def _no_such_job(operation: dict[str, Any], _record: OperationRecord, _call: Call) -> dict[str, Any]:
    if "response" in operation:
        name = operation["response"]["name"]
        operation["response"] = {**operation["response"], "name": f"{name[:-1]}{(int(name[-1]) + 5) % 10}"}
    return operation


def _any_job(body: Any, call: Call) -> Any:
    """Refer to a model where the job that is referred to does not exist."""
    if call.method == _REBASE and isinstance(body, dict):
        name = str(body.get("tunedModelRef", {}).get("tuningJob", ""))
        parent = call.service.parent(call)
        if name and call.service.store.job(parent, name.rpartition("/")[2]) is None:
            return {**body, **_REFERENCE}
    return body


def _failing_rebase(error: ApiError, call: Call) -> ApiError:
    failed = call.method == _REBASE and error.code == HTTPStatus.NOT_FOUND
    return ApiError(500, "INTERNAL", "Internal error encountered.", "internal") if failed else error


FAULTS = (
    Fault(
        id="rebase/unknown-job-500",
        lie="Rebase of a job that does not exist is an internal error.",
        breaks=("refuse/client-fault-is-not-5xx",),
        refusal=_failing_rebase,
    ),
    Fault(
        id="rebase/unknown-job-accepted",
        lie="Rebase of a job that does not exist makes some job.",
        breaks=("rebase/of-unknown-job",),
        body=_any_job,
    ),
    Fault(
        id="rebase/answers-job",
        lie="Rebase answers the job it makes.",
        breaks=("rebase/answers-operation",),
        answer=_job_for_operation,
    ),
    Fault(
        id="rebase/no-model-accepted",
        lie="Rebase without a reference to a model makes some job.",
        breaks=("refuse/missing-tuned-model-ref",),
        body=_any_model,
    ),
    Fault(
        id="rebase/two-references-accepted",
        lie="Rebase takes two members of the oneof tuned_model_ref.",
        breaks=("refuse/two-tuned-model-refs",),
        forgives=frozenset({"two-of-tuned_model_ref"}),
    ),
    Fault(
        id="rebase/makes-no-job",
        lie="The response of a done rebase names a job that does not exist.",
        breaks=("rebase/makes-a-job",),
        operation=_no_such_job,
    ),
)
