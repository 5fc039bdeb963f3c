"""What create must answer."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, method, records, rpc, vertex
from concertpitch.subjects.vertex import Attempts, Creation, Kept

_PATTERN = 3
"""Internal errors in a row that are no accident any more."""


def _accepted(creation: Creation) -> bool:
    return creation.job is not None and not creation.request.faults


@rule(
    "create/answers-the-job",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: creation.accepted,
    cite=method("create", part="response/$ref", says="GoogleCloudAiplatformV1TuningJob"),
    probe="cohort",
)
def answers_the_job(creation: Creation) -> Findings:
    """Create answers the job itself, not an operation."""
    body = message(creation.call.exchange.answer.value)
    if "/operations/" in text(body.get("name")) or (body and creation.job is None):
        yield f"create answered {', '.join(sorted(body))} with the name '{body.get('name')}'"


@rule(
    "create/body-is-the-job",
    CONVENTION,
    on=Creation,
    when=lambda creation: "tuningJob" in creation.request.unknown and creation.call.served,
    cite=aip(133, "Request message", says="The resource field **must** be included and **must** map to the POST body."),
    probe="refusals",
)
def body_is_the_job(creation: Creation) -> Findings:
    """The body of create is the job itself, not an object around it."""
    wrapped = message(message(creation.call.exchange.request.value).get("tuningJob"))
    held = creation.job.body if creation.job else {}
    if wrapped.get("baseModel") and held.get("baseModel") == wrapped["baseModel"]:
        yield 'a body of the form {"tuningJob": {...}} was unwrapped and accepted'


@rule(
    "create/adopts-nothing-of-others",
    DOCUMENTED,
    on=Kept,
    when=lambda kept: bool(kept.creation.others),
    cite=vertex("TuningJob", "labels", says="The labels with user-defined metadata to organize TuningJob"),
    probe="limits",
)
def adopts_nothing_of_others(kept: Kept) -> Findings:
    """A job shows no label and no description that its create did not send and another create did."""
    held = {**message(kept.job.body.get("labels")), "": kept.job.body.get("description")}
    for name, value in sorted(kept.creation.others & {(name, text(value)) for name, value in held.items()}):
        what = f"the label {name}={value}" if name else f"the description '{value[:40]}'"
        yield f"{kept.job.shown} shows {what}, which only other creates sent"


@rule(
    "create/location-kept",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: creation.job is not None and creation.job.name.count("/locations/") == 1,
    cite=method(
        "create",
        part="parameters/parent/description",
        says="The resource name of the location to create the tuning job in.",
    ),
    probe="cohort",
)
def location_kept(creation: Creation) -> Findings:
    """A job is created in the location it was asked for."""
    location = creation.call.parent[1]
    if creation.job and f"/locations/{location}/" not in creation.job.name:
        yield f"asked for {location}, the job is named {creation.job.name}"


@rule(
    "create/not-started-yet",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: creation.job is not None and creation.job.state in {"JOB_STATE_QUEUED", "JOB_STATE_PENDING"},
    cite=vertex("TuningJob", "startTime", says="for the first time entered the `JOB_STATE_RUNNING` state"),
    probe="cohort",
)
def not_started_yet(creation: Creation) -> Findings:
    """A job that has just been created and waits has no startTime."""
    if creation.job and creation.job.body.get("startTime"):
        yield f"{creation.job.shown} is {creation.job.short_state} in the create answer and has startTime"


_PAST = 2 * 3600 * 1_000_000_000
"""Nanoseconds: more than two clocks of one service ever differ, less than most time zones are from UTC."""
_DAY = 24 * 3600 * 1_000_000_000
"""Nanoseconds that no create takes, by the clock of no accelerated emulator either."""


@rule(
    "create/created-now",
    ADVISED,
    on=Creation,
    when=lambda creation: (
        creation.job is not None
        and creation.job.create_time is not None
        and "createTime" not in creation.request.output_only
        and creation.call.exchange.server_time is not None
    ),
    cite=vertex("TuningJob", "createTime", says="Time when the TuningJob was created."),
    probe="cohort",
)
def created_now(creation: Creation) -> Findings:
    """The createTime of a new job is not hours before the answer's Date (simulated clocks: warns)."""
    job, now = creation.job, creation.call.exchange.server_time or 0
    if job and job.create_time is not None and job.create_time < now - _PAST:
        date = creation.call.exchange.header("date")
        yield f"{job.shown}: createTime is {job.body['createTime']}, the create answer's Date is {date}"


@rule(
    "create/times-agree",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: (
        creation.job is not None
        and None not in (creation.job.create_time, creation.job.update_time)
        and "createTime" not in creation.request.output_only
    ),
    cite=vertex("TuningJob", "createTime", says="Time when the TuningJob was created."),
    probe="cohort",
)
def times_agree(creation: Creation) -> Findings:
    """The createTime of a new job is not a day or more before its updateTime, whatever the server's clock."""
    job = creation.job
    if job and (job.update_time or 0) - (job.create_time or 0) > _DAY:
        yield f"{job.shown} is new; its createTime is {job.body['createTime']}, updateTime {job.body['updateTime']}"


@rule(
    "create/shows-state",
    OBSERVED,
    on=Creation,
    when=lambda creation: creation.job is not None,
    cite=records("1 of 1 create answers", says="state"),
    probe="cohort",
)
def shows_state(creation: Creation) -> Findings:
    """The create answer shows the state of the new job."""
    if creation.job and not creation.job.state:
        yield f"{creation.job.shown}: state is {creation.job.body.get('state', 'absent')} in the create answer"


@rule(
    "create/display-name-made",
    OBSERVED,
    on=Creation,
    when=lambda creation: (
        _accepted(creation) and not creation.sent.get("tunedModelDisplayName") and "baseModel" in creation.sent
    ),
    cite=records("2 of 2 jobs without one", says="{baseModel}-{uuid4}"),
    probe="cohort",
)
def display_name_made(creation: Creation) -> Findings:
    """A job created without a display name is given one."""
    if creation.job and not creation.job.display_name:
        yield f"{creation.job.shown} has no tunedModelDisplayName"


@rule(
    "create/valid-is-no-internal-error",
    CONVENTION,
    on=Attempts,
    when=lambda attempts: len(attempts.creations) >= _PATTERN and attempts.akin,
    cite=rpc("Code.INTERNAL", says="some invariants expected by the"),
    probe="limits",
)
def valid_is_no_internal_error(attempts: Attempts) -> Findings:
    """A right create is not answered with an internal error again and again, where one much like it is accepted."""
    if attempts.failed:
        name = attempts.creations[0].sent.get("tunedModelDisplayName", "")
        times = f"{len(attempts.creations)} creates of one body (display name '{name[:40]}')"
        yield f"{times} were answered 500, one that is much like it was accepted"
