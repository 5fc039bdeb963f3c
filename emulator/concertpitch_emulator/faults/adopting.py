"""Lies about create that takes from the caller what only the service may say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.vertex.hooks import Fault, JobView

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call
    from concertpitch_emulator.vertex.service import TuningService

_CREATE = "tuningJobs.create"
_OUTPUT_ONLY = ("state", "createTime", "error", "tunedModel")
_JOB_PATH = re.compile(r"^/(v1|v1beta1)/([^:]+)(:\w+)?$")


def _remember_sent(body: Any, call: Call) -> Any:
    if call.method == _CREATE and isinstance(body, dict):
        call.marks["sent"] = body
    return body


def _sent(view: JobView) -> dict[str, Any]:
    """What the caller of create sent for this job."""
    marks = view.record.marks
    if view.call.method == _CREATE:
        marks.setdefault("sent", view.call.marks.get("sent", {}))
    sent: dict[str, Any] = marks.get("sent", {})
    return sent


def _adopt_outputs(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    sent = _sent(view)
    return {**job, **{name: sent[name] for name in _OUTPUT_ONLY if name in sent}}


def _adopt_create_time(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    sent = _sent(view).get("createTime")
    if isinstance(sent, str):
        job["createTime"] = sent.replace("Z", ".000000Z")
    return job


def _adopt_base(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    sent = _sent(view).get("preTunedModel")
    if isinstance(sent, dict) and "baseModel" in sent:
        job["preTunedModel"]["baseModel"] = sent["baseModel"]
    return job


def _adopt_name(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    name = _sent(view).get("name")
    if isinstance(name, str) and name:
        view.call.service.lore.setdefault("adopted", {})[name] = view.record.name
        job["name"] = name
    return job


def _adopted_path(path: str, service: TuningService) -> str:
    match = _JOB_PATH.match(path)
    name = service.lore.get("adopted", {}).get(match[2]) if match else None
    return f"/{match[1]}/{name}{match[3] or ''}" if match and name else path


FAULTS = (
    Fault(
        id="create/adopts-state",
        lie="State, createTime, error and tunedModel that a caller sends are shown.",
        breaks=(
            "create/ignores-output-only",
            "job/model-name-format",
            "job/error-only-when-failed-or-cancelled",
            "job/no-results-while-pending",
        ),
        also=("filter/shows-only-matching", "filter/shows-all-matching", "job/ended-has-end-time"),
        body=_remember_sent,
        job=_adopt_outputs,
    ),
    Fault(
        id="create/adopts-create-time",
        lie="The createTime that a caller sends is shown, in six digits.",
        breaks=("create/ignores-output-only",),
        body=_remember_sent,
        job=_adopt_create_time,
    ),
    Fault(
        id="create/adopts-base-of-pre-tuned",
        lie="preTunedModel.baseModel, which is output only, is taken from the caller.",
        breaks=("create/ignores-output-only",),
        body=_remember_sent,
        job=_adopt_base,
    ),
    Fault(
        id="create/adopts-name",
        lie="A name that a caller sends becomes the job's name.",
        breaks=("create/ignores-name",),
        body=_remember_sent,
        job=_adopt_name,
        path=_adopted_path,
    ),
)
