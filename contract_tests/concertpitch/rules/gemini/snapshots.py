"""Metrics collected during tuning: one snapshot per step, in a model and in its operation."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import instant, integer, items, message, number, precedes
from concertpitch.sources import gemini, records
from concertpitch.subjects.gemini import Result, Snapshots, SnapshotsChange, TunedModel

_CLOSE = 1e-6


def _last_epoch(shots: Snapshots) -> int:
    """The epoch that the last step may be of: a batch larger than the data reaches beyond the last pass."""
    batch, examples = shots.facts.batch or 1, shots.facts.examples or 1
    return (shots.facts.epochs or 0) + (batch - 1) // examples


def _steps_in_range(shots: Snapshots) -> bool:
    """Whether no step is out of range, which rules of their own say."""
    return min(shots.steps) >= 1 and max(shots.steps) <= (shots.facts.total or max(shots.steps))


@rule(
    "snapshot/steps-ascend",
    OBSERVED,
    on=Snapshots,
    when=lambda shots: len(shots.shots) > 1 and min(shots.steps) >= 1,
    cite=records("126 of 126 snapshots", says="one per step, ascending"),
    probe="watch",
)
def steps_ascend(shots: Snapshots) -> Findings:
    """Snapshots are in the order of their steps, one for each."""
    for before, after in zip(shots.steps, shots.steps[1:], strict=False):
        if after <= before:
            yield f"{shots.shown}: step {after} stands after step {before}"
            return


@rule(
    "snapshot/steps-from-one",
    OBSERVED,
    on=Snapshots,
    cite=records("126 of 126 snapshots", says="step 1..totalSteps"),
    probe="watch",
)
def steps_from_one(shots: Snapshots) -> Findings:
    """Steps count from 1."""
    if min(shots.steps) < 1:
        yield f"{shots.shown}: a snapshot is of step {min(shots.steps)}"


@rule(
    "snapshot/step-within-total",
    DOCUMENTED,
    on=Snapshots,
    when=lambda shots: shots.facts.total is not None,
    cite=gemini("CreateTunedModelMetadata", "totalSteps", says="The total number of tuning steps."),
    probe="operations",
)
def step_within_total(shots: Snapshots) -> Findings:
    """No snapshot is of a step beyond the total number of steps."""
    if max(shots.steps) > (shots.facts.total or 0):
        yield f"{shots.shown}: a snapshot is of step {max(shots.steps)} of {shots.facts.total}"


@rule(
    "snapshot/epoch-within-count",
    DOCUMENTED,
    on=Snapshots,
    when=lambda shots: bool(shots.facts.epochs and shots.facts.batch and shots.facts.examples),
    cite=gemini("TuningSnapshot", "epoch", says="The epoch this step was part of."),
    probe="watch",
)
def epoch_within_count(shots: Snapshots) -> Findings:
    """No snapshot is of an epoch beyond the number of epochs (the last one may equal it)."""
    if max(shots.epochs) > _last_epoch(shots):
        yield f"{shots.shown}: a snapshot is of epoch {max(shots.epochs)} of {shots.facts.epochs}"


@rule(
    "snapshot/epochs-never-fall",
    DOCUMENTED,
    on=Snapshots,
    when=lambda shots: len(shots.shots) > 1 and shots.steps == sorted(shots.steps),
    cite=gemini("Hyperparameters", "epochCount", says="An epoch is one pass through the training data."),
    probe="watch",
)
def epochs_never_fall(shots: Snapshots) -> Findings:
    """A later step is not of an earlier epoch."""
    for before, after in zip(shots.epochs, shots.epochs[1:], strict=False):
        if after < before:
            yield f"{shots.shown}: epoch {after} stands after epoch {before}"
            return


@rule(
    "snapshot/epoch-follows-step",
    OBSERVED,
    on=Snapshots,
    when=lambda shots: bool(shots.facts.examples and shots.facts.batch),
    cite=records("126 of 126 snapshots", says="epoch = floor(step*batchSize/examples)"),
    probe="watch",
)
def epoch_follows_step(shots: Snapshots) -> Findings:
    """The epoch of a step follows from batch size and examples."""
    batch, examples = shots.facts.batch or 1, shots.facts.examples or 1
    told = max(shots.epochs) > _last_epoch(shots) or shots.epochs != sorted(shots.epochs) or not _steps_in_range(shots)
    if told:
        return  # for the rules above
    for step, epoch in zip(shots.steps, shots.epochs, strict=True):
        if epoch != step * batch // examples:
            yield f"{shots.shown}: step {step}, batches of {batch} of {examples} examples, is of epoch {epoch}"
            return


@rule(
    "snapshot/has-compute-time",
    OBSERVED,
    on=Snapshots,
    cite=records("126 of 126 snapshots", says="computeTime"),
    probe="watch",
)
def has_compute_time(shots: Snapshots) -> Findings:
    """A snapshot shows when it was computed."""
    if any(not shot.get("computeTime") for shot in shots.shots):
        yield f"{shots.shown}: a snapshot has no computeTime"


@rule(
    "snapshot/compute-times-ascend",
    OBSERVED,
    on=Snapshots,
    when=lambda shots: len(shots.shots) > 1 and shots.steps == sorted(shots.steps),
    cite=records("7 of 7 active models", says="snapshots (increasing)"),
    probe="watch",
)
def compute_times_ascend(shots: Snapshots) -> Findings:
    """The metrics of a later step were not computed earlier."""
    times = [time for shot in shots.shots if (time := instant(shot.get("computeTime"))) is not None]
    if times != sorted(times):
        yield f"{shots.shown}: computeTime goes back from one step to the next"


@rule(
    "snapshot/within-the-tuning",
    OBSERVED,
    on=Snapshots,
    when=lambda shots: bool(shots.model and shots.model.state == "ACTIVE"),
    cite=records("7 of 7 active models", says="startTime <= snapshots <= completeTime"),
    probe="watch",
)
def within_the_tuning(shots: Snapshots) -> Findings:
    """The snapshots of an ACTIVE model were computed between the start and the end of its tuning."""
    model = shots.model
    computed = [time for shot in shots.shots if instant(time := shot.get("computeTime")) is not None]
    times = [instant(time) or 0 for time in computed]
    if model is None or not times or times != sorted(times):
        return
    if precedes(computed[0], model.task.get("startTime")):
        yield f"{shots.shown}: a snapshot was computed before startTime"
    if precedes(model.task.get("completeTime"), computed[-1]):
        yield f"{shots.shown}: a snapshot was computed after completeTime"


@rule(
    "snapshot/every-step-when-active",
    OBSERVED,
    on=Snapshots,
    when=lambda shots: bool(
        shots.model and shots.model.state == "ACTIVE" and shots.model.source == "get" and shots.facts.total
    ),
    cite=records("7 of 7 active models", says="step 1..totalSteps, one per step"),
    probe="watch",
)
def every_step_when_active(shots: Snapshots) -> Findings:
    """An ACTIVE model shows a snapshot of each of its steps."""
    steps = set(shots.steps)
    if not _steps_in_range(shots):
        return
    if (
        max(steps) <= (shots.facts.total or 0)
        and len(steps & set(range(1, (shots.facts.total or 0) + 1))) != shots.facts.total
    ):
        yield f"{shots.shown}: {len(steps)} steps of {shots.facts.total} have a snapshot"


@rule(
    "snapshot/stays",
    OBSERVED,
    on=SnapshotsChange,
    cite=records("2 sights of one operation", says="Snapshots grow monotonically"),
    probe="watch",
)
def stays(change: SnapshotsChange) -> Findings:
    """A snapshot that was shown is shown again."""
    lost = sorted(set(change.before.steps) - set(change.after.steps)) if _steps_in_range(change.before) else []
    if lost:
        yield f"{change.after.shown}: the snapshot of step {lost[0]} was shown and is gone"


@rule(
    "snapshot/unchanged",
    DOCUMENTED,
    on=SnapshotsChange,
    when=lambda change: bool(set(change.before.steps) & set(change.after.steps)),
    cite=gemini("TuningSnapshot", "meanLoss", says="The mean loss of the training examples for this step."),
    probe="watch",
)
def unchanged(change: SnapshotsChange) -> Findings:
    """The mean loss of a step does not change once it is shown."""
    before = dict(zip(change.before.steps, change.before.shots, strict=True))
    if len(before) != len(change.before.shots) or len(set(change.after.steps)) != len(change.after.shots):
        return
    for step, shot in zip(change.after.steps, change.after.shots, strict=True):
        if step in before:
            one, other = number(before[step].get("meanLoss", 0)), number(shot.get("meanLoss", 0))
            if one is not None and other is not None and abs(one - other) > _CLOSE * max(1.0, abs(one)):
                yield f"{change.after.shown}: the mean loss of step {step} was {one} and is {other}"
                return


@rule(
    "snapshot/shown-when-active",
    OBSERVED,
    on=TunedModel,
    when=lambda model: model.state == "ACTIVE" and model.source == "get",
    cite=records("7 of 7 active models", says="tuningTask.snapshots"),
    probe="watch",
)
def shown_when_active(model: TunedModel) -> Findings:
    """An ACTIVE model shows the snapshots of its tuning."""
    if not model.shots:
        yield f"{model.shown} is ACTIVE without snapshots"


@rule(
    "snapshot/same-in-operation",
    ADVISED,
    on=Result,
    when=lambda result: bool(result.model and result.model.shots and result.progress.metadata.get("snapshots")),
    cite=gemini("CreateTunedModelMetadata", "snapshots", says="Metrics collected during tuning."),
    probe="operations",
)
def same_in_operation(result: Result) -> Findings:
    """The done operation and its model show the same losses (both are said to be the metrics of the tuning: warns)."""
    shots = map(message, items(result.progress.metadata["snapshots"]))
    told = {integer(shot.get("step")): number(shot.get("meanLoss", 0)) for shot in shots}
    for shot in result.model.shots if result.model else ():
        step, loss = integer(shot.get("step")), number(shot.get("meanLoss", 0))
        other = told.get(step)
        if (
            step is not None
            and loss is not None
            and other is not None
            and abs(loss - other) > _CLOSE * max(1.0, abs(loss))
        ):
            yield f"{result.progress.name}: the mean loss of step {step} is {other}, in the model {loss}"
            return
