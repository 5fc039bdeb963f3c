"""How far a tuning is, as its operation tells: steps, percent, snapshots."""

from __future__ import annotations

import math

from concertpitch.catalogue import DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.sources import gemini, records
from concertpitch.subjects.gemini import Progress, ProgressChange

_HUNDRED, _ROUNDING = 100.0, 0.5


@rule(
    "tuning-operation/total-steps-follow",
    OBSERVED,
    on=Progress,
    when=lambda progress: bool(
        progress.total and progress.facts.examples and progress.facts.batch and progress.facts.epochs
    ),
    cite=records("6 of 6 creates", says="totalSteps = ceil(epochCount*examples/batchSize)"),
    probe="cohort",
)
def total_steps_follow(progress: Progress) -> Findings:
    """The number of steps follows from epochs, examples and batch size."""
    facts = progress.facts
    steps = math.ceil((facts.epochs or 0) * (facts.examples or 0) / (facts.batch or 1))
    if progress.total != steps:
        yield (
            f"{progress.name}: totalSteps is {progress.total}; {facts.epochs} epochs of {facts.examples} examples "
            f"in batches of {facts.batch} take {steps}"
        )


@rule(
    "tuning-operation/completed-within-total",
    DOCUMENTED,
    on=Progress,
    when=lambda progress: progress.total is not None,
    cite=gemini("CreateTunedModelMetadata", "completedSteps", says="The number of steps completed."),
    probe="operations",
)
def completed_within_total(progress: Progress) -> Findings:
    """No more steps are completed than there are, and not fewer than none."""
    if not 0 <= progress.completed <= (progress.total or 0):
        yield f"{progress.name}: {progress.completed} of {progress.total} steps are completed"


@rule(
    "tuning-operation/percent-range",
    DOCUMENTED,
    on=Progress,
    when=lambda progress: progress.percent is not None,
    cite=gemini("CreateTunedModelMetadata", "completedPercent", says="The completed percentage"),
    probe="operations",
)
def percent_range(progress: Progress) -> Findings:
    """CompletedPercent is between 0 and 100."""
    if not 0 <= (progress.percent or 0) <= _HUNDRED:
        yield f"{progress.name}: completedPercent is {progress.percent}"


@rule(
    "tuning-operation/percent-agrees-with-steps",
    OBSERVED,
    on=Progress,
    when=lambda progress: bool(progress.percent is not None and progress.total and progress.completed),
    cite=records("2 of 2 operations in progress", says="completedPercent = float32(100*completedSteps/totalSteps)"),
    probe="operations",
)
def percent_agrees_with_steps(progress: Progress) -> Findings:
    """CompletedPercent is the share of steps completed."""
    percent, share = progress.percent or 0, _HUNDRED * progress.completed / (progress.total or 1)
    if 0 <= percent <= _HUNDRED and share <= _HUNDRED and abs(percent - share) > _ROUNDING:
        yield f"{progress.name}: {progress.completed} of {progress.total} steps are said to be {percent} percent"


@rule(
    "tuning-operation/percent-at-the-end",
    DOCUMENTED,
    on=Progress,
    when=lambda progress: bool(
        progress.operation.done
        and progress.operation.response
        and progress.percent is not None
        and progress.total
        and progress.completed == progress.total
    ),
    cite=gemini("CreateTunedModelMetadata", "completedPercent", says="The completed percentage"),
    probe="operations",
)
def percent_at_the_end(progress: Progress) -> Findings:
    """CompletedPercent of an operation that is done with all its steps is 100."""
    if 0 <= (progress.percent or 0) < _HUNDRED - _ROUNDING:
        yield f"{progress.name} is done with all {progress.total} steps, and completedPercent is {progress.percent}"


@rule(
    "tuning-operation/snapshots-agree-with-steps",
    OBSERVED,
    on=Progress,
    when=lambda progress: bool(progress.metadata.get("snapshots") and progress.completed),
    cite=records("1 of 1 operations in progress", says="completedSteps 2, two snapshots"),
    probe="operations",
)
def snapshots_agree_with_steps(progress: Progress) -> Findings:
    """The metadata shows as many snapshots as steps are completed."""
    shots = progress.metadata["snapshots"]
    within = isinstance(shots, list) and progress.completed <= (progress.total or 0)
    if within and len(shots) != progress.completed:
        yield f"{progress.name}: {progress.completed} steps are completed, {len(shots)} have a snapshot"


@rule(
    "tuning-operation/steps-never-fall",
    DOCUMENTED,
    on=ProgressChange,
    cite=gemini("CreateTunedModelMetadata", "completedSteps", says="The number of steps completed."),
    probe="operations",
)
def steps_never_fall(change: ProgressChange) -> Findings:
    """CompletedSteps never falls."""
    if change.after.completed < change.before.completed and change.after.metadata:
        yield f"{change.after.name}: {change.before.completed} steps were completed, then {change.after.completed}"


@rule(
    "tuning-operation/percent-never-falls",
    DOCUMENTED,
    on=ProgressChange,
    when=lambda change: change.before.percent is not None and change.after.percent is not None,
    cite=gemini("CreateTunedModelMetadata", "completedPercent", says="The completed percentage"),
    probe="operations",
)
def percent_never_falls(change: ProgressChange) -> Findings:
    """CompletedPercent never falls while completedSteps does not."""
    before, after = change.before.percent or 0, change.after.percent or 0
    if after < before - _ROUNDING and change.after.completed >= change.before.completed:
        yield f"{change.after.name}: completedPercent was {before} and is {after}"


@rule(
    "tuning-operation/total-steps-stay",
    OBSERVED,
    on=ProgressChange,
    when=lambda change: change.before.total is not None and change.after.total is not None,
    cite=records("sights of 2 operations", says="totalSteps the same in create and get"),
    probe="operations",
)
def total_steps_stay(change: ProgressChange) -> Findings:
    """TotalSteps is what the create answer said it is."""
    if change.before.total != change.after.total:
        yield f"{change.after.name}: totalSteps was {change.before.total} and is {change.after.total}"


@rule(
    "tuning-operation/all-steps-when-active",
    OBSERVED,
    on=Progress,
    when=lambda progress: bool(
        progress.operation.done
        and progress.operation.response
        and not progress.operation.body.get("error")
        and progress.total
    ),
    cite=records("clients of this API", says="completedSteps equals totalSteps at the end"),
    probe="operations",
)
def all_steps_when_active(progress: Progress) -> Findings:
    """An operation that is done with a response has completed all steps."""
    if progress.completed < (progress.total or 0):
        yield f"{progress.name} is done with {progress.completed} of {progress.total} steps"
