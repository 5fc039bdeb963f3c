"""What create must answer."""

from __future__ import annotations

from concertpitch.catalogue import CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, method, records, vertex
from concertpitch.subjects.vertex import Creation


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
