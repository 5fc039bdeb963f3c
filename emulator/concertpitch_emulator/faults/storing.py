"""Lies about what create answers and stores: as an operation, late, or lost among others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import SECOND
from concertpitch_emulator.vertex.hooks import Fault
from concertpitch_emulator.vertex.service import unknown

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call
    from concertpitch_emulator.vertex.records import JobRecord

_CREATE = "tuningJobs.create"
_OVERLAP = 0.03
_LOST_EVERY = 3


def _operation(body: Any, call: Call) -> Any:
    if call.method == _CREATE and call.job is not None:
        return {"name": f"{call.job.name}/operations/{call.job.endpoint_id}", "metadata": {}}
    return body


def _not_yet(body: Any, call: Call) -> Any:
    if call.method == "tuningJobs.get" and call.job is not None and _is_new(call.job, call):
        raise unknown("TuningJob", call.job.name)
    return body


def _without_new(jobs: list[JobRecord], call: Call) -> list[JobRecord]:
    return [job for job in jobs if not _is_new(job, call)]


def _is_new(job: JobRecord, call: Call) -> bool:
    return call.now < job.timeline.created + SECOND


async def _notice_overlap(call: Call) -> None:
    """Hold a create for a moment to see whether another one comes meanwhile."""
    if call.method != _CREATE:
        return
    lore = call.service.lore
    lore["creating"] = lore.get("creating", 0) + 1
    lore["creates"] = arrived = lore.get("creates", 0) + 1
    overlaps = lore["creating"] > 1
    await asyncio.sleep(_OVERLAP)
    lore["creating"] -= 1
    call.now = call.service.clock()
    call.marks["overlaps"] = overlaps or lore["creates"] > arrived


def _lose_third(body: Any, call: Call) -> Any:
    if call.marks.get("overlaps") and call.job is not None:
        lore = call.service.lore
        lore["overlapping"] = lore.get("overlapping", 0) + 1
        if lore["overlapping"] % _LOST_EVERY == _LOST_EVERY - 1:
            call.service.store.remove(call.job)
    return body


def _share_name(body: Any, call: Call) -> Any:
    if call.marks.get("overlaps") and call.job is not None:
        last = call.service.lore.get("last-name")
        call.service.lore["last-name"] = None if last else body["name"]
        body = {**body, "name": last or body["name"]}
    return body


FAULTS = (
    Fault(
        id="create/answers-operation",
        lie="Create answers an operation.",
        breaks=("create/answers-the-job",),
        answer=_operation,
    ),
    Fault(
        id="create/not-readable-at-once",
        lie="For a second a new job cannot be read.",
        breaks=("create/readable-at-once",),
        also=("rebase/makes-a-job",),
        answer=_not_yet,
    ),
    Fault(
        id="create/slow-to-list",
        lie="For a second a new job is not listed.",
        breaks=("listing/is-up-to-date",),
        collection=_without_new,
    ),
    Fault(
        id="create/loses-parallel",
        lie="Of creates that overlap in time one in three is answered but not stored.",
        breaks=("create/readable-at-once",),
        enter=_notice_overlap,
        answer=_lose_third,
    ),
    Fault(
        id="create/parallel-same-name",
        lie="Two creates that overlap in time answer the same name.",
        breaks=("create/names-unique",),
        enter=_notice_overlap,
        answer=_share_name,
    ),
)
