"""Lies about get and cancel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.clock import stamp
from concertpitch_emulator.errors import ApiError, invalid
from concertpitch_emulator.faults.telling import ENDED
from concertpitch_emulator.vertex.calls import Call
from concertpitch_emulator.vertex.hooks import Fault, JobView
from concertpitch_emulator.vertex.records import JobRecord, Parent
from concertpitch_emulator.vertex.rendering import CANCELLED_ERROR

_GET = "tuningJobs.get"
_CANCEL = "tuningJobs.cancel"
_OVERLAP = 0.3
"""Seconds in which a request that left at the same moment arrives, on a machine that is busy too."""
_NOW_AND_THEN = 23  # a prime, so that jobs read in turn are all hit
_SYSTEM_PARAMETERS = {"alt", "$alt", "prettyPrint", "$prettyPrint", "$.xgafv"}


def _touch(call: Call) -> None:
    if call.method == _GET:
        job = call.service.job(call)
        job.marks["touched"] = call.now


def _touched(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "touched" in view.record.marks:
        job["updateTime"] = stamp(max(view.record.marks["touched"], view.phase.updated))
    return job


def _refuse_system_parameters(call: Call) -> None:
    if call.method == _GET and _SYSTEM_PARAMETERS & call.query.keys():
        raise invalid("Unknown query parameter.")


def _show_job(body: Any, call: Call) -> Any:
    return call.service.show(call.job, call) if call.method == _CANCEL and call.job else body


def _undo(body: Any, call: Call) -> Any:
    if call.method == _CANCEL and call.job is not None:
        call.job.timeline.cancel_asked = call.job.timeline.cancel_ended = None
    return body


def _delete(body: Any, call: Call) -> Any:
    if call.method == _CANCEL and call.job is not None:
        call.service.store.remove(call.job)
    return body


def _cancel_another(body: Any, call: Call) -> Any:
    if call.method == _CANCEL and call.job is not None:
        for other in reversed(call.service.store.jobs(call.job.parent)):
            if other is not call.job and other.timeline.at(call.now).state not in ENDED:
                other.timeline.cancel(call.now)
                break
    return body


def _cancel_ended(error: ApiError, call: Call) -> ApiError | Reply:
    if error.kind == "cancel-ended" and call.job is not None:
        call.job.marks["cancelled-late"] = True
        return reply(HTTPStatus.OK, {})
    return error


def _ended_not_found(error: ApiError, _call: Call) -> ApiError:
    return ApiError(404, "NOT_FOUND", error.message) if error.kind == "cancel-ended" else error


def _cancel_failed(error: ApiError, call: Call) -> ApiError | Reply:
    failed = call.job is not None and call.job.timeline.at(call.now).state == "JOB_STATE_FAILED"
    return _cancel_ended(error, call) if failed else error


def _fail_when_cancelled(error: ApiError, call: Call) -> ApiError:
    if error.kind == "cancel-ended" and call.job and call.job.timeline.at(call.now).state == "JOB_STATE_CANCELLED":
        return ApiError(500, "INTERNAL", "Internal error encountered.")
    return error


def _fail_after_failure(body: Any, call: Call) -> Any:
    if call.method == _GET and isinstance(body, dict) and body.get("state") == "JOB_STATE_FAILED":
        raise ApiError(500, "INTERNAL", "Internal error encountered.")
    return body


def _fail_now_and_then(body: Any, call: Call) -> Any:
    if call.method == _GET:
        call.service.lore["gets"] = call.service.lore.get("gets", 0) + 1
        if call.service.lore["gets"] % _NOW_AND_THEN == 0:
            raise ApiError(500, "INTERNAL", "Internal error encountered.")
    return body


def _cancelled_late(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "cancelled-late" in view.record.marks:
        return {**job, "state": "JOB_STATE_CANCELLED", "error": CANCELLED_ERROR}
    return job


def _move_end(error: ApiError, call: Call) -> ApiError:
    if error.kind == "cancel-ended" and call.job is not None:
        call.job.marks["end-moved"] = call.now
    return error


def _moved_end(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "end-moved" in view.record.marks:
        job["endTime"] = job["updateTime"] = stamp(view.record.marks["end-moved"])
    return job


def _need_body(call: Call) -> None:
    if call.method == _CANCEL and not call.content.strip():
        raise invalid("Invalid JSON payload received. A body is required.")


def _refuse_braces(call: Call) -> None:
    if call.method == _CANCEL and call.content.strip() == b"{}":
        raise invalid("Invalid JSON payload received. No body is allowed.")


async def _collide(call: Call) -> None:
    """Hold a cancel until another of the same job comes, which fails, or until it has waited long enough."""
    if call.method != _CANCEL:
        return
    under_way = call.service.lore.setdefault("cancelling", {})
    if other := under_way.get(call.path["job"]):
        other.set()
        raise ApiError(500, "INTERNAL", "Internal error encountered.")
    under_way[call.path["job"]] = met = asyncio.Event()
    with suppress(TimeoutError):
        await asyncio.wait_for(met.wait(), _OVERLAP)
    del under_way[call.path["job"]]
    call.now = call.service.clock()


def _on_job(verb: str, act: Callable[[Call, JobRecord], None]) -> Callable[[ApiError, Call], ApiError | Reply]:
    """A refusal hook that takes a verb which no method has, on the path of a job."""
    form = re.compile(rf"There is no method {verb} /v1/projects/([^/]+)/locations/([^/]+)/tuningJobs/([^/:]+)\.")

    def hook(error: ApiError, call: Call) -> ApiError | Reply:
        asked = form.fullmatch(error.message)
        record = call.service.store.job(Parent.named(asked[1], asked[2]), asked[3]) if asked else None
        if record is None:
            return error
        act(call, record)
        return reply(HTTPStatus.OK, {})

    return hook


def _remove(call: Call, record: JobRecord) -> None:
    call.service.store.remove(record)


def _cancel_by_get(error: ApiError, call: Call) -> ApiError | Reply:
    job_id, _, verb = call.path.get("job", "").partition(":")
    if call.method != _GET or verb != "cancel":
        return error
    record = call.service.store.job(call.service.parent(call), job_id)
    if record is not None and record.timeline.at(call.now).state not in ENDED:
        record.timeline.cancel(call.now)
    return reply(HTTPStatus.OK, {})


def _rename(_call: Call, record: JobRecord) -> None:
    record.display_name = "Concertpitch renamed"


def _anywhere(call: Call) -> None:
    """Lead a cancel to the job of that id, wherever it is."""
    if call.method == _CANCEL:
        for record in call.service.store.all_jobs():
            if record.id == call.path["job"]:
                call.path["location"] = record.parent.location


FAULTS = (
    Fault(
        id="cancel/any-location",
        lie="Cancel finds a job by its id in whatever location it is asked for.",
        breaks=("cancel/only-that-job", "refuse/cancel-unknown-job"),
        request=_anywhere,
    ),
    Fault(
        id="job/delete-works",
        lie="DELETE of a job deletes it, though no method does.",
        breaks=("get/job-stays", "request/unrouted-is-refused", "listing/complete"),
        refusal=_on_job("DELETE", _remove),
    ),
    Fault(
        id="job/patch-works",
        lie="PATCH of a job renames it, though no method does.",
        breaks=("stable/display-name", "request/unrouted-is-refused"),
        refusal=_on_job("PATCH", _rename),
    ),
    Fault(
        id="cancel/by-get",
        lie="A GET of a job's cancel cancels it.",
        breaks=("cancel/only-that-job", "request/unrouted-is-refused"),
        refusal=_cancel_by_get,
    ),
    Fault(
        id="get/moves-update-time",
        lie="Each get sets updateTime.",
        breaks=("stable/reading-changes-nothing",),
        request=_touch,
        job=_touched,
    ),
    Fault(
        id="get/alt-refused",
        lie="Get refuses the parameters that every Google API takes.",
        breaks=("request/system-parameters",),
        request=_refuse_system_parameters,
    ),
    Fault(
        id="get/fails-after-failure",
        lie="Get of a job that has failed is 500.",
        breaks=("get/known-job-is-readable", "request/no-internal-error"),
        answer=_fail_after_failure,
    ),
    Fault(
        id="get/fails-now-and-then",
        lie="Every twenty-third get is 500.",
        breaks=("request/no-internal-error",),
        answer=_fail_now_and_then,
    ),
    Fault(
        id="cancel/answers-the-job",
        lie="Cancel answers the job.",
        breaks=("cancel/answers-empty",),
        answer=_show_job,
    ),
    Fault(
        id="cancel/no-effect",
        lie="Cancel succeeds and does nothing.",
        breaks=("cancel/takes-effect",),
        answer=_undo,
    ),
    Fault(
        id="cancel/deletes",
        lie="Cancel deletes the job.",
        breaks=("cancel/keeps-the-job", "listing/complete", "listing/is-up-to-date"),
        answer=_delete,
    ),
    Fault(
        id="cancel/ended-becomes-cancelled",
        lie="Cancel of a job that has ended makes it cancelled.",
        breaks=("cancel/ended-job-unchanged", "life/ended-stays-ended"),
        refusal=_cancel_ended,
        job=_cancelled_late,
    ),
    Fault(
        id="cancel/failed-becomes-cancelled",
        lie="Cancel of a job that has failed makes it cancelled.",
        breaks=("cancel/ended-job-unchanged", "life/ended-stays-ended"),
        also=("stable/error",),
        refusal=_cancel_failed,
        job=_cancelled_late,
    ),
    Fault(
        id="cancel/again-500",
        lie="Cancel of a job that is cancelled is an internal error.",
        breaks=("refuse/client-fault-is-not-5xx", "cancel/ended-job-refused"),
        also=("request/no-internal-error",),
        refusal=_fail_when_cancelled,
    ),
    Fault(
        id="cancel/ended-is-404",
        lie="Cancel of a job that has ended does not find it.",
        breaks=("cancel/ended-job-exists", "cancel/ended-job-refused"),
        refusal=_ended_not_found,
    ),
    Fault(
        id="cancel/ended-moves-end-time",
        lie="Cancel of a job that has ended moves its endTime.",
        breaks=("cancel/ended-job-unchanged", "stable/end-time"),
        refusal=_move_end,
        job=_moved_end,
    ),
    Fault(
        id="cancel/needs-body",
        lie="Cancel without a body is refused.",
        breaks=("cancel/accepts-no-body", "refuse/cancel-unknown-job"),
        request=_need_body,
    ),
    Fault(
        id="cancel/refuses-braces",
        lie="Cancel with an empty object is refused.",
        breaks=("cancel/accepts-empty-object", "refuse/cancel-unknown-job"),
        request=_refuse_braces,
    ),
    Fault(
        id="cancel/wrong-job",
        lie="Cancel stops another job of the location too.",
        breaks=("cancel/only-that-job",),
        answer=_cancel_another,
    ),
    Fault(
        id="cancel/parallel-500",
        lie="The second of two overlapping cancels of a job is 500.",
        breaks=("refuse/client-fault-is-not-5xx",),
        enter=_collide,
    ),
)
