"""Lies about the evaluation that a tuning job asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator.vertex.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call
    from concertpitch_emulator.vertex.hooks import JobView

_SPEC, _CONFIG = "supervisedTuningSpec", "evaluationConfig"


def _forget(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    message.get(_SPEC, {}).pop(_CONFIG, None)
    return message


def _other_metric(message: dict[str, Any], _call: Call) -> dict[str, Any]:
    for metric in message.get(_SPEC, {}).get(_CONFIG, {}).get("metrics", ()):
        metric["predefinedMetricSpec"] = {"metricSpecName": "fluency_v1"}
    return message


def _short_names(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    for run in job.get("evaluateDatasetRuns", ()):
        run["evaluationRun"] = run["evaluationRun"].rpartition("/")[2]
    return job


FAULTS = (
    Fault(
        id="evaluation/forgotten",
        lie="Create drops evaluationConfig.",
        breaks=("create/keeps-evaluation",),
        draft=_forget,
    ),
    Fault(
        id="evaluation/other-metric",
        lie="The metric of an evaluation comes back as another.",
        breaks=("create/echoes-evaluation",),
        draft=_other_metric,
    ),
    Fault(
        id="evaluation/incomplete-accepted",
        lie="An evaluationConfig without outputConfig is accepted.",
        breaks=("refuse/incomplete-evaluation",),
        forgives=frozenset({"missing-output_config"}),
    ),
    Fault(
        id="evaluation/run-without-parent",
        lie="The name of an evaluation run is its id alone.",
        breaks=("job/evaluation-run-format",),
        job=_short_names,
    ),
)
