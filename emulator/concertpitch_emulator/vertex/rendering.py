"""A stored job and its phase as the TuningJob an answer shows, member by member as in real records.

It must not know requests, time passing or lies.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.clock import moment, stamp
from concertpitch_emulator.vertex import statistics
from concertpitch_emulator.vertex.timeline import CANCELLED, FAILED, SUCCEEDED, Phase

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.records import JobRecord

_CHECKPOINTS = 10
_EXAMPLES_PER_STEP = 16
_FILLED = {"epochCount": "10", "learningRateMultiplier": 1, "adapterSize": "ADAPTER_SIZE_FOUR"}
_INT64_MAX = 2**63 - 1
_PACIFIC = timedelta(hours=-8)

CANCELLED_ERROR = {"code": 1, "message": "The tuning job was cancelled."}


def job(record: JobRecord, phase: Phase) -> dict[str, Any]:
    """The TuningJob at that phase. Parts may be shared with the record: callers must not change them."""
    out: dict[str, Any] = {"name": record.name, "tunedModelDisplayName": record.display_name}
    out.update(record.spec)
    if phase.processed:
        _fill_hyperparameters(out)
    out["state"] = phase.state
    out["createTime"] = stamp(record.timeline.created)
    if phase.started is not None:
        out["startTime"] = stamp(phase.started)
        out["experiment"] = experiment(record, phase.started)
    if phase.ended is not None:
        out["endTime"] = stamp(phase.ended)
    out["updateTime"] = stamp(phase.updated)
    if phase.state == FAILED:
        out["error"] = {"code": record.scenario.code, "message": record.scenario.message}
    elif phase.state == CANCELLED:
        out["error"] = CANCELLED_ERROR
    if phase.state == SUCCEEDED or (phase.state == FAILED and record.scenario.leaves_model):
        out["tunedModel"] = tuned_model(record, deployed=phase.state == SUCCEEDED)
    if phase.state == SUCCEEDED and "evaluationConfig" in tuning_spec(record.spec):
        out["evaluateDatasetRuns"] = evaluation_runs(record)
    stats = data_stats(record) if phase.processed else None
    if stats is not None:
        out["tuningDataStats"] = stats
    return out


def tuned_model(record: JobRecord, *, deployed: bool) -> dict[str, Any]:
    """The TunedModel; one that was not deployed has no endpoint."""
    out: dict[str, Any] = {"model": record.model}
    if not deployed:
        return out
    out["endpoint"] = f"{record.parent}/endpoints/{record.endpoint_id}"
    spec = tuning_spec(record.spec)
    if not spec.get("exportLastCheckpointOnly"):
        out["checkpoints"] = checkpoints(record)
    return out


def checkpoints(record: JobRecord) -> list[dict[str, Any]]:
    """The intermediate checkpoints: one an epoch, thinned to ten, the last one deployed with the model."""
    spec = tuning_spec(record.spec)
    epochs = int(spec.get("hyperParameters", {}).get("epochCount", _FILLED["epochCount"]))
    examples = statistics.example_count(spec.get("trainingDatasetUri", ""))
    steps = math.ceil(examples / _EXAMPLES_PER_STEP)
    count = min(epochs, _CHECKPOINTS)
    first_endpoint = int(record.endpoint_id)
    return [
        {
            "checkpointId": str(number),
            "epoch": str(epochs * number // count),
            "step": str(min(epochs * number // count * steps, _INT64_MAX)),
            "endpoint": f"{record.parent}/endpoints/{first_endpoint + count - number}",
        }
        for number in range(1, count + 1)
    ]


def evaluation_runs(record: JobRecord) -> list[dict[str, Any]]:
    """One run of the evaluation that was asked for per checkpoint, or one of the model where there are none."""
    first = int(record.id)
    if tuning_spec(record.spec).get("exportLastCheckpointOnly"):
        return [{"evaluationRun": f"{record.parent}/evaluationRuns/{first}"}]
    return [
        {
            "evaluationRun": f"{record.parent}/evaluationRuns/{first + number}",
            "checkpointId": checkpoint["checkpointId"],
        }
        for number, checkpoint in enumerate(checkpoints(record))
    ]


def data_stats(record: JobRecord) -> dict[str, Any] | None:
    """The TuningDataStats; None for the kinds of tuning whose statistics no record shows."""
    truncated, multimodal = record.scenario.truncates, record.scenario.multimodal
    if "supervisedTuningSpec" in record.spec:
        dataset = record.spec["supervisedTuningSpec"].get("trainingDatasetUri", "")
        return {"supervisedTuningDataStats": statistics.supervised(dataset, truncated=truncated, multimodal=multimodal)}
    if "preferenceOptimizationSpec" in record.spec:
        dataset = record.spec["preferenceOptimizationSpec"].get("trainingDatasetUri", "")
        return {"preferenceOptimizationDataStats": statistics.preference(dataset, truncated=truncated)}
    return None


def tuning_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """The member of the tuning_spec oneof that is set."""
    return next((value for name, value in spec.items() if name.endswith("Spec") and name != "encryptionSpec"), {})


def _fill_hyperparameters(out: dict[str, Any]) -> None:
    """Settle what the caller left open; what the caller sent stays."""
    for name, more in (("supervisedTuningSpec", {}), ("preferenceOptimizationSpec", {"beta": 0.1})):
        if name in out:
            sent = out[name].get("hyperParameters", {})
            filled = {**_FILLED, **more, **sent}
            if "learningRate" in sent:
                del filled["learningRateMultiplier"]
            out[name] = {**out[name], "hyperParameters": filled}


def experiment(record: JobRecord, started: int) -> str:
    """The name of the job's experiment: its start in US Pacific time, then six more digits, as real ones."""
    when = moment(started) + _PACIFIC
    digits = f"{when:%Y%m%d%H%M%S}{record.experiment_digits}"
    return f"{record.parent}/metadataStores/default/contexts/tuning-experiment-{digits}"


def context(name: str, started: int) -> dict[str, Any]:
    """The experiment of that name as the Context of a metadata store."""
    return {
        "name": name,
        "displayName": name.rpartition("/")[2],
        "schemaTitle": "system.Experiment",
        "schemaVersion": "0.0.1",
        "metadata": {},
        "createTime": stamp(started),
        "updateTime": stamp(started),
    }
