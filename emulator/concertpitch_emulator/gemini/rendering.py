"""A stored resource and its phase as an answer shows it, member by member as in real records.

It must not know requests, time passing or lies.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import moment, stamp
from concertpitch_emulator.gemini import numbers
from concertpitch_emulator.gemini.timeline import ACTIVE, CREATING, Phase

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.records import CorpusRecord, ModelRecord, PermissionRecord

_PACKAGE = "type.googleapis.com/google.ai.generativelanguage"
_FIRST_LOSS = 12.0
_DECAY = 6.0
_NANO = 1_000
_VALUES = ("temperature", "topP", "topK", "readerProjectNumbers")
_CANCELLED = {"code": 1, "message": "The operation was cancelled."}


def tuned_model(record: ModelRecord, phase: Phase) -> dict[str, Any]:
    """The TunedModel at that phase. Parts may be shared with the record: callers must not change them."""
    settings = record.settings
    out: dict[str, Any] = {"name": record.name, **record.source}
    for name in ("displayName", "description"):
        if name in settings:
            out[name] = settings[name]
    out["state"] = phase.state
    out["createTime"] = stamp(record.timeline.created)
    out["updateTime"] = stamp(phase.updated)
    out["tuningTask"] = _task(record, phase)
    values = {**record.sampling, **settings}
    out.update({name: values[name] for name in _VALUES if name in values})
    return out


def _task(record: ModelRecord, phase: Phase) -> dict[str, Any]:
    task: dict[str, Any] = {}
    if phase.started is not None:
        task["startTime"] = nano_stamp(phase.started)
    if phase.completed is not None:
        task["completeTime"] = stamp(phase.completed)
    # While a model is being created only its operation shows how far it is.
    if phase.state != CREATING and phase.steps:
        task["snapshots"] = record.snapshots[: phase.steps]
    task["hyperparameters"] = record.hyperparameters
    return task


def operation(record: ModelRecord, phase: Phase, model: dict[str, Any] | None) -> dict[str, Any]:
    """The operation that creates a model; `model` is the model as the response shows it once there is one."""
    package = f"{_PACKAGE}.{record.version}"
    total = len(record.snapshots)
    metadata: dict[str, Any] = {"@type": f"{package}.CreateTunedModelMetadata", "totalSteps": total}
    if phase.steps:
        metadata["completedSteps"] = phase.steps
        metadata["completedPercent"] = numbers.percent(phase.steps, total)
        metadata["snapshots"] = record.snapshots[: phase.steps]
    metadata["tunedModel"] = record.name
    out: dict[str, Any] = {"name": record.operation_name, "metadata": metadata}
    if phase.state != CREATING:
        out["done"] = True
    if phase.state == ACTIVE:
        out["response"] = {"@type": f"{package}.TunedModel", **(model or {})}
    elif phase.cancelled:
        out["error"] = _CANCELLED
    elif phase.state != CREATING:
        out["error"] = {"code": record.scenario.code, "message": record.scenario.message}
    return out


def permission(owner: str, record: PermissionRecord) -> dict[str, Any]:
    """A permission of the resource of that name."""
    out = {"name": f"{owner}/permissions/{record.id}", "granteeType": record.grantee_type}
    if record.email:
        out["emailAddress"] = record.email
    return {**out, "role": record.role}


def corpus(record: CorpusRecord) -> dict[str, Any]:
    created = stamp(record.created)
    shown = {"displayName": record.display_name} if record.display_name else {}
    return {"name": record.name, **shown, "createTime": created, "updateTime": created}


def snapshots(model_id: str, steps: list[int], batch: int, examples: int) -> list[dict[str, Any]]:
    """One TuningSnapshot a step, computed at those instants (nanoseconds); the losses are made up, and fall."""
    draw = random.Random(f"losses of {model_id}")  # noqa: S311 - no secrets
    out = []
    for step, instant in enumerate(steps, 1):
        shot: dict[str, Any] = {"step": step}
        epoch = numbers.epoch(step, batch, examples)
        if epoch:
            shot["epoch"] = epoch
        loss = _FIRST_LOSS * draw.uniform(0.5, 1.2) * 2 ** (-_DECAY * step / len(steps))
        out.append({**shot, "meanLoss": numbers.float32(loss), "computeTime": nano_stamp(instant)})
    return out


def nano_stamp(nanos: int) -> str:
    """An instant as real answers print those of a tuning: Z, always nine digits."""
    micros, rest = divmod(nanos, _NANO)
    return f"{moment(micros):%Y-%m-%dT%H:%M:%S.%f}{rest:03}Z"
