"""What cancel must do, and must leave alone."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, method
from concertpitch.subjects.vertex import Cancellation, Cancels, Trail

_BAD_REQUEST = 400
_CANCELLED = frozenset({"JOB_STATE_CANCELLING", "JOB_STATE_CANCELLED"})
_MIN_CANCELS = 3


def _error_status(cancel: Cancellation) -> str:
    """The google.rpc.Code that a refusal names, '' where it names none."""
    return text(message(message(cancel.call.exchange.answer.value).get("error")).get("status"))


@rule(
    "cancel/answers-empty",
    DOCUMENTED,
    on=Cancellation,
    when=lambda cancel: cancel.call.succeeded and bool(cancel.call.exchange.body.strip()),
    cite=method("cancel", part="response/$ref", says="GoogleProtobufEmpty"),
    probe="cancel",
)
def answers_empty(cancel: Cancellation) -> Findings:
    """A cancel answers `{}`."""
    body = cancel.call.exchange.answer.value
    if isinstance(body, dict) and body:
        yield f"a cancel was answered with {', '.join(sorted(body))}"


@rule(
    "cancel/keeps-the-job",
    DOCUMENTED,
    on=Cancellation,
    when=lambda cancel: (
        cancel.call.succeeded
        and cancel.before is not None
        and cancel.before.source == "get"
        and bool(cancel.after or cancel.gone)
    ),
    cite=method("cancel", says="On successful cancellation, the tuning job is not deleted."),
    probe="cancel",
)
def keeps_the_job(cancel: Cancellation) -> Findings:
    """A cancelled job can still be read."""
    for get in cancel.gone:
        if get.status in {404, 410}:
            yield f"{get.path['tuningJobsId']}: a get after the cancel was answered {get.status}"
            return


@rule(
    "cancel/takes-effect",
    ADVISED,
    on=Cancels,
    when=lambda cancels: len(cancels.cancellations) >= _MIN_CANCELS,
    cite=method("cancel", says="The server makes a best effort to cancel the job"),
    probe="cancel",
)
def takes_effect(cancels: Cancels) -> Findings:
    """Of several cancels of jobs that had not ended, one has an effect (none is guaranteed to: warns)."""
    idle = [one for one in cancels.cancellations if one.had_time]
    effective = any(job.state in _CANCELLED for one in cancels.cancellations for job in one.after)
    if len(idle) >= _MIN_CANCELS and not effective:
        yield f"{len(idle)} cancels were answered with success, and each job went on as if nothing had been asked"


@rule(
    "cancel/ended-job-unchanged",
    CONVENTION,
    on=Cancellation,
    when=lambda cancel: cancel.before is not None and cancel.before.ended and bool(cancel.after),
    cite=aip(216, "Resting states", says='"Resting states" are lifecycle states that, absent user action, are'),
    probe="cancel",
)
def ended_job_unchanged(cancel: Cancellation) -> Findings:
    """A cancel of an ended job changes nothing, whether it is refused or not."""
    before, after = cancel.before, cancel.after[0]
    if before is None:
        return
    for member in ("state", "endTime", "error"):
        was, now = before.body.get(member), after.body.get(member)
        if was is not None and now is not None and was != now:
            yield f"{after.shown} had ended; after a cancel its {member} is {now}, before it was {was}"


@rule(
    "cancel/ended-job-refused",
    ADVISED,
    on=Cancellation,
    when=lambda cancel: (
        cancel.before is not None and cancel.before.ended and cancel.call.served and not cancel.call.succeeded
    ),
    cite=aip(
        216,
        "State transition methods",
        says="If the state transition is not allowed, the service **must** error",
    ),
    probe="cancel",
)
def ended_job_refused(cancel: Cancellation) -> Findings:
    """A cancel of an ended job, if it is refused, is refused with 400 (FAILED_PRECONDITION)."""
    if cancel.call.status != _BAD_REQUEST:
        yield f"a cancel of an ended job was answered {cancel.call.status}"


@rule(
    "cancel/ended-job-exists",
    CONVENTION,
    on=Cancellation,
    when=lambda cancel: (
        cancel.before is not None
        and cancel.before.ended
        and cancel.call.served
        and any(job.source == "get" for job in cancel.after)
    ),
    cite=aip(
        216,
        "State transition methods",
        says="If the state transition is not allowed, the service **must** error",
    ),
    probe="cancel",
)
def ended_job_exists(cancel: Cancellation) -> Findings:
    """A cancel of an ended job is not answered as if there were no such job."""
    if cancel.call.status in {404, 410}:
        yield f"a cancel of {cancel.after[0].shown}, which can be read, was answered {cancel.call.status}"


def _alive(cancel: Cancellation) -> bool:
    """Whether the job had not ended, and the answer does not blame the state that it was in.

    A target that has no cancel says so otherwise than that the argument is invalid.
    """
    blamed = not cancel.call.succeeded and _error_status(cancel) == "FAILED_PRECONDITION"
    served = cancel.call.served or _error_status(cancel) == "INVALID_ARGUMENT"
    return cancel.before is not None and cancel.before.alive and served and not blamed


@rule(
    "cancel/accepts-no-body",
    CONVENTION,
    on=Cancellation,
    when=lambda cancel: (
        _alive(cancel) and not cancel.call.exchange.request_body and (cancel.call.succeeded or cancel.still_alive)
    ),
    cite=method("cancel", part="request/$ref", says="CancelTuningJobRequest"),
    probe="cancel",
)
def accepts_no_body(cancel: Cancellation) -> Findings:
    """A cancel without a body is accepted (its request message has no members)."""
    if cancel.call.status in {400, 411, 415}:
        yield f"a cancel without a body was answered {cancel.call.status}"


@rule(
    "cancel/accepts-empty-object",
    CONVENTION,
    on=Cancellation,
    when=lambda cancel: (
        _alive(cancel) and cancel.call.exchange.request_body == b"{}" and (cancel.call.succeeded or cancel.still_alive)
    ),
    cite=method("cancel", part="request/$ref", says="CancelTuningJobRequest"),
    probe="cancel",
)
def accepts_empty_object(cancel: Cancellation) -> Findings:
    """A cancel with the body `{}` is accepted."""
    if cancel.call.status in {400, 413, 415}:
        yield f"a cancel with the body {{}} was answered {cancel.call.status}"


@rule(
    "cancel/only-that-job",
    DOCUMENTED,
    on=Trail,
    when=lambda trail: bool(trail.untouched),
    cite=method("cancel", says="Cancels a tuning job."),
    probe="cancel",
)
def only_that_job(trail: Trail) -> Findings:
    """A job that this run did not cancel, or did not yet, is not cancelled."""
    for sight in trail.untouched:
        if sight.state in _CANCELLED:
            yield f"{sight.shown} is {sight.short_state}, and this run had not cancelled it"
            return
