"""The evaluation that a tuning job can ask for.

It is the setting of another service, which a target may store without looking into it; one that does not know it
leaves it out as it does any unknown member, and is only warned.
"""

from __future__ import annotations

import re
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import items, message, text
from concertpitch.rules.rest.refusal import wrong_only
from concertpitch.rules.vertex.echo import same_value
from concertpitch.sources import aip, vertex
from concertpitch.subjects.vertex import Creation, Job

_CONFIG = "evaluationConfig"
_RUN = re.compile(r"projects/[^/]+/locations/[^/]+/evaluationRuns/[^/]+")
_ECHO = aip(133, "Guidance", says="include any fields that were provided unless they are input only (see")


def _config(job: dict[str, Any]) -> dict[str, Any]:
    return message(message(job.get("supervisedTuningSpec")).get(_CONFIG))


def _asked(creation: Creation) -> bool:
    return creation.job is not None and not creation.request.faults and bool(_config(creation.sent))


def _held(creation: Creation) -> dict[str, Any]:
    return _config(creation.job.body) if creation.job else {}


def _lost(sent: Any, held: Any, path: str) -> Findings:
    """Where the answer does not hold what was sent; a server may add members of its own."""
    if isinstance(sent, dict):
        for name, value in sent.items():
            yield from _lost(value, message(held).get(name), f"{path}.{name}")
    elif isinstance(sent, list) and len(items(held)) == len(sent):
        for index, value in enumerate(sent):
            yield from _lost(value, held[index], f"{path}[{index}]")
    elif not same_value(sent, held):
        yield f"{path} was sent as {sent} and came back as {'absent' if held is None else held}"


@rule(
    "create/echoes-evaluation",
    CONVENTION,
    on=Creation,
    when=lambda creation: _asked(creation) and bool(_held(creation)),
    cite=_ECHO,
    probe="cohort",
)
def echoes_evaluation(creation: Creation) -> Findings:
    """The settings of an evaluation, where they come back, come back as they were sent."""
    yield from _lost(_config(creation.sent), _held(creation), _CONFIG)


@rule("create/keeps-evaluation", ADVISED, on=Creation, when=_asked, cite=_ECHO, probe="cohort")
def keeps_evaluation(creation: Creation) -> Findings:
    """The settings of an evaluation come back (a target that does not know them may leave them out: warns)."""
    if not _held(creation):
        yield f"{_CONFIG} was sent and came back absent"


@rule(
    "refuse/incomplete-evaluation",
    ADVISED,
    on=Creation,
    when=lambda creation: (
        wrong_only("missing")(creation) and all(f"{_CONFIG}." in path for path in creation.request.missing)
    ),
    cite=vertex("EvaluationConfig", "outputConfig", says="Required. Config for evaluation output."),
    probe="refusals",
)
def incomplete_evaluation(creation: Creation) -> Findings:
    """Settings of an evaluation without a place for its output are refused (they may be stored unread: warns)."""
    if creation.accepted and _held(creation):
        yield f"a body without {', '.join(creation.request.missing)} was accepted and kept"


@rule(
    "job/evaluation-run-format",
    DOCUMENTED,
    on=Job,
    when=lambda job: any(text(run.get("evaluationRun")) for run in _runs(job)),
    cite=vertex(
        "EvaluateDatasetRun",
        "evaluationRun",
        says="Format: `projects/{project}/locations/{location}/evaluationRuns/{evaluation_run_id}`.",
    ),
    probe="watch",
)
def evaluation_run_format(job: Job) -> Findings:
    """An evaluation run is named `projects/{project}/locations/{location}/evaluationRuns/{evaluation_run_id}`."""
    for run in _runs(job):
        name = text(run.get("evaluationRun"))
        if name and not _RUN.fullmatch(name):
            yield f"{job.shown}: an evaluationRun is '{name}'"


def _runs(job: Job) -> list[dict[str, Any]]:
    return [message(run) for run in items(job.body.get("evaluateDatasetRuns"))]
