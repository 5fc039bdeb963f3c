"""When a tuned model was created, tuned and updated: which times it may show, and in which order."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import precedes
from concertpitch.sources import gemini, records
from concertpitch.subjects.gemini import Kept, TunedModel

_FUTURE = 6 * 3600 * 1_000_000_000
"""Nanoseconds ahead of the server's own clock that no run reaches, accelerated emulators included."""
_PAST = 2 * 3600 * 1_000_000_000
"""Nanoseconds: more than two clocks of one service ever differ, less than most time zones are from UTC."""


@rule(
    "tuned-model/has-create-time",
    OBSERVED,
    on=TunedModel,
    when=lambda model: model.source == "get",
    cite=records("8 of 8 tuned models", says="createTime"),
    probe="watch",
)
def has_create_time(model: TunedModel) -> Findings:
    """A tuned model shows when it was created."""
    if not model.body.get("createTime"):
        yield f"{model.shown} has no createTime"


@rule(
    "tuned-model/times-not-in-future",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: model.exchange.server_time is not None and model.create_time is not None,
    cite=gemini("TunedModel", "updateTime", says="The timestamp when this model was updated."),
    probe="watch",
)
def times_not_in_future(model: TunedModel) -> Findings:
    """A time that a tuned model shows is not hours ahead of the Date header of the same answer."""
    now = model.exchange.server_time or 0
    for name, time in (
        ("createTime", model.create_time),
        ("updateTime", model.update_time),
        ("tuningTask.startTime", model.start_time),
        ("tuningTask.completeTime", model.complete_time),
    ):
        if time is not None and time > now + _FUTURE:
            yield f"{model.shown}: {name} is hours ahead of the answer's Date, {model.exchange.header('date')}"


@rule(
    "tuned-model/created-now",
    ADVISED,
    on=Kept,
    when=lambda kept: (
        kept.model.create_time is not None
        and kept.tuning.call.exchange.server_time is not None
        and "createTime" not in kept.tuning.request.output_only
    ),
    cite=gemini("TunedModel", "createTime", says="The timestamp when this model was created."),
    probe="cohort",
)
def created_now(kept: Kept) -> Findings:
    """The createTime of a new tuned model is not hours before the Date header of its create's answer."""
    created = kept.tuning.call.exchange
    if (kept.model.create_time or 0) < (created.server_time or 0) - _PAST:
        date = created.header("date")
        yield f"{kept.model.shown}: createTime is {kept.model.body['createTime']}, the create answer's Date is {date}"


@rule(
    "tuned-model/complete-time-only-when-ended",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: bool(model.state) and model.source == "get",
    cite=gemini("TuningTask", "completeTime", says="The timestamp when tuning this model completed."),
    probe="watch",
)
def complete_time_only_when_ended(model: TunedModel) -> Findings:
    """A tuned model whose tuning has a completeTime is not CREATING any more."""
    if model.task.get("completeTime") and model.state == "CREATING":
        yield f"{model.shown} is CREATING and has completeTime {model.task['completeTime']}"


@rule(
    "tuned-model/active-has-complete-time",
    OBSERVED,
    on=TunedModel,
    when=lambda model: model.state == "ACTIVE" and model.source == "get",
    cite=records("7 of 7 active models", says="tuningTask.completeTime"),
    probe="watch",
)
def active_has_complete_time(model: TunedModel) -> Findings:
    """An ACTIVE model shows when its tuning completed."""
    if not model.task.get("completeTime"):
        yield f"{model.shown} is ACTIVE without a completeTime"


@rule(
    "tuned-model/active-has-start-time",
    OBSERVED,
    on=TunedModel,
    when=lambda model: model.state == "ACTIVE" and model.source == "get",
    cite=records("7 of 7 active models", says="tuningTask.startTime"),
    probe="watch",
)
def active_has_start_time(model: TunedModel) -> Findings:
    """An ACTIVE model shows when its tuning started."""
    if not model.task.get("startTime"):
        yield f"{model.shown} is ACTIVE without a startTime"


@rule(
    "tuned-model/start-not-before-create",
    OBSERVED,
    on=TunedModel,
    when=lambda model: model.state == "ACTIVE" and None not in (model.create_time, model.start_time),
    cite=records("7 of 7 active models", says="createTime <= startTime"),
    probe="watch",
)
def start_not_before_create(model: TunedModel) -> Findings:
    """The tuning of an ACTIVE model did not start before the model was created."""
    if precedes(model.task["startTime"], model.body["createTime"]):
        yield f"{model.shown}: startTime {model.task['startTime']} is before createTime {model.body['createTime']}"


@rule(
    "tuned-model/complete-not-before-start",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: model.complete_time is not None and (model.start_time or model.create_time) is not None,
    cite=gemini("TuningTask", "completeTime", says="The timestamp when tuning this model completed."),
    probe="watch",
)
def complete_not_before_start(model: TunedModel) -> Findings:
    """A tuning does not complete before it starts, or before the model is created."""
    for name, earlier in (("startTime", model.task.get("startTime")), ("createTime", model.body.get("createTime"))):
        if precedes(model.task["completeTime"], earlier):
            yield f"{model.shown}: completeTime {model.task['completeTime']} is before {name}"
            return


@rule(
    "tuned-model/update-not-before-create",
    DOCUMENTED,
    on=TunedModel,
    when=lambda model: None not in (model.create_time, model.update_time),
    cite=gemini("TunedModel", "updateTime", says="The timestamp when this model was updated."),
    probe="watch",
)
def update_not_before_create(model: TunedModel) -> Findings:
    """A tuned model was not updated before it was created."""
    if precedes(model.body["updateTime"], model.body["createTime"]):
        yield f"{model.shown}: updateTime {model.body['updateTime']} is before createTime {model.body['createTime']}"


@rule(
    "tuned-model/update-not-before-complete",
    OBSERVED,
    on=TunedModel,
    when=lambda model: model.ended and None not in (model.complete_time, model.update_time),
    cite=records("7 of 7 active models", says="completeTime == updateTime"),
    probe="watch",
)
def update_not_before_complete(model: TunedModel) -> Findings:
    """A tuned model was last updated when its tuning completed, or later."""
    if precedes(model.body["updateTime"], model.task["completeTime"]):
        yield f"{model.shown}: updateTime {model.body['updateTime']} is before completeTime"
