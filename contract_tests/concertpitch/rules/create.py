"""What create must do with what it is given."""

from __future__ import annotations

from typing import Any

from concertpitch import protojson
from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, method, records, vertex
from concertpitch.sources import protojson as proto
from concertpitch.subjects import Creation, FirstRead, Names

_ECHO = aip(133, "Guidance", says="include any fields that were provided unless they are input only (see")
_BAD_REQUEST = 400
_NO_READ = frozenset({400, 404, 405, 409, 410, 412, 422, 501})
"""Answers that call a get of a job wrong; who asks (401, 403) and how often (429) is another matter."""
_NEVER_NEW = frozenset({"JOB_STATE_EXPIRED", "JOB_STATE_PAUSED"})
"""States that no new job is in by itself; any other may be the server's own."""
_MAX_LABEL = 64
_MAX_DISPLAY_NAME = 128


def _accepted(creation: Creation) -> bool:
    return creation.job is not None and not creation.request.faults


def _sent(*members: str) -> Any:
    return lambda creation: _accepted(creation) and any(creation.sent.get(member) for member in members)


def _echo(creation: Creation, member: str) -> Findings:
    sent = creation.sent.get(member)
    if sent and creation.job and creation.job.body.get(member) != sent:
        yield f"{member} was sent as {sent} and came back as {creation.job.body.get(member, 'absent')}"


# ---- the answer


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
    "create/names-unique",
    CONVENTION,
    on=Names,
    cite=aip(122, "Guidance", says="All resource names defined by an API **must** be unique within that API."),
    probe="parallel",
)
def names_unique(names: Names) -> Findings:
    """No two creates give the same name."""
    seen: set[str] = set()
    for job in names.jobs:
        if job.name in seen:
            yield f"{job.name} was given to two jobs"
        seen.add(job.name)


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


@rule(
    "create/readable-at-once",
    CONVENTION,
    on=FirstRead,
    cite=aip(
        121,
        "Strong Consistency",
        says="Following a successful create that is the latest mutation on a resource, a get",
    ),
    probe="cohort",
)
def readable_at_once(read: FirstRead) -> Findings:
    """A job can be read as soon as its create is answered."""
    if read.read.status in _NO_READ:
        shown = read.creation.job.shown if read.creation.job else "a job"
        yield f"{shown} was created and the next get answered {read.read.status}"


# ---- what was sent comes back


@rule("create/echoes-base-model", CONVENTION, on=Creation, when=_sent("baseModel"), cite=_ECHO, probe="cohort")
def echoes_base_model(creation: Creation) -> Findings:
    """The base model comes back as it was sent."""
    sent, body = text(creation.sent.get("baseModel")), creation.job.body if creation.job else {}
    if text(body.get("baseModel")).rpartition("/")[2] != sent.rpartition("/")[2]:
        yield f"baseModel was sent as {sent} and came back as {body.get('baseModel', 'absent')}"


@rule(
    "create/echoes-display-name",
    CONVENTION,
    on=Creation,
    when=_sent("tunedModelDisplayName"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_display_name(creation: Creation) -> Findings:
    """The display name comes back as it was sent."""
    yield from _echo(creation, "tunedModelDisplayName")


@rule(
    "create/echoes-description",
    CONVENTION,
    on=Creation,
    when=_sent("description"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_description(creation: Creation) -> Findings:
    """The description comes back as it was sent."""
    yield from _echo(creation, "description")


@rule("create/echoes-labels", CONVENTION, on=Creation, when=_sent("labels"), cite=_ECHO, probe="cohort")
def echoes_labels(creation: Creation) -> Findings:
    """The labels come back as they were sent (a service may add its own)."""
    held = creation.job.body.get("labels", {}) if creation.job else {}
    if not isinstance(held, dict):
        return
    lost = sorted(key for key, value in message(creation.sent["labels"]).items() if held.get(key) != value)
    if lost:
        yield f"the labels {', '.join(lost)} came back changed or not at all"


@rule(
    "create/echoes-encryption-spec",
    CONVENTION,
    on=Creation,
    when=_sent("encryptionSpec"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_encryption_spec(creation: Creation) -> Findings:
    """The encryption key comes back as it was sent."""
    yield from _echo(creation, "encryptionSpec")


@rule(
    "create/echoes-service-account",
    CONVENTION,
    on=Creation,
    when=_sent("serviceAccount"),
    cite=_ECHO,
    probe="cohort",
)
def echoes_service_account(creation: Creation) -> Findings:
    """The service account comes back as it was sent."""
    yield from _echo(creation, "serviceAccount")


def sent_hyperparameters(creation: Creation) -> dict[str, Any]:
    """The hyperparameters a create sent, in canonical form."""
    return {name: value for _, spec in _specs(creation) for name, value in message(spec.get("hyperParameters")).items()}


def _specs(creation: Creation) -> list[tuple[str, dict[str, Any]]]:
    return [(name, message(value)) for name, value in creation.sent.items() if name.endswith("TuningSpec")]


@rule(
    "create/echoes-datasets",
    CONVENTION,
    on=Creation,
    when=lambda creation: _accepted(creation) and bool(_specs(creation)),
    cite=_ECHO,
    probe="cohort",
)
def echoes_datasets(creation: Creation) -> Findings:
    """The datasets come back as they were sent."""
    for name, sent in _specs(creation):
        held = message(creation.job.body.get(name)) if creation.job else {}
        for member in ("trainingDatasetUri", "validationDatasetUri"):
            if sent.get(member) and held.get(member) != sent[member]:
                yield f"{member} was sent as {sent[member]} and came back as {held.get(member, 'absent')}"


@rule(
    "create/echoes-hyperparameters",
    CONVENTION,
    on=Creation,
    when=lambda creation: _accepted(creation) and any(spec.get("hyperParameters") for _, spec in _specs(creation)),
    cite=_ECHO,
    probe="cohort",
)
def echoes_hyperparameters(creation: Creation) -> Findings:
    """The hyperparameters that were sent come back with their values."""
    for name, sent in _specs(creation):
        held = message(message(creation.job.body.get(name)).get("hyperParameters")) if creation.job else {}
        for member, value in message(sent.get("hyperParameters")).items():
            if not same_value(value, held.get(member)):
                yield f"{member} was sent as {value} and came back as {held.get(member, 'absent')}"


def same_value(sent: Any, held: Any) -> bool:
    """Equal as values: how the answer spells them is for the wire rules; a default may be left out."""
    if sent == held or (held is None and sent in (0, 0.0, "0", False, "ADAPTER_SIZE_UNSPECIFIED")):
        return True
    if isinstance(sent, str) and sent.startswith("ADAPTER_SIZE_"):
        return isinstance(held, int) or text(held).upper().endswith(sent.removeprefix("ADAPTER_SIZE_"))
    if isinstance(sent, str) and protojson.integer(sent) is not None:
        return protojson.integer(sent) == protojson.integer(held)
    return isinstance(sent, float) and protojson.number(held) == sent


# ---- freedoms of the caller


def _differs_by(spelling: str) -> Any:
    """A refused body that equals an accepted one but for one freedom of spelling."""

    def applies(creation: Creation) -> bool:
        other = creation.alike
        return (
            spelling in creation.request.spelling
            and not creation.request.faults
            and (
                creation.accepted
                or (
                    creation.call.status == _BAD_REQUEST
                    and other is not None
                    and creation.request.spelling - other.request.spelling == {spelling}
                )
            )
        )

    return applies


def _refused(creation: Creation, what: str) -> Findings:
    if not creation.accepted:
        yield f"a create with {what} was answered {creation.call.status}, the same without was accepted"


@rule(
    "create/accepts-snake-case",
    CONVENTION,
    on=Creation,
    when=_differs_by("snake"),
    cite=proto("Field names", says="Parsers accept both the lowerCamelCase name"),
    probe="spellings",
)
def accepts_snake_case(creation: Creation) -> Findings:
    """Create accepts members under their proto names (snake_case)."""
    yield from _refused(creation, "snake_case members")


@rule(
    "create/accepts-int64-number",
    CONVENTION,
    on=Creation,
    when=_differs_by("int64-number"),
    cite=proto("Representation of each type", says="Either numbers or strings are"),
    probe="spellings",
)
def accepts_int64_number(creation: Creation) -> Findings:
    """Create accepts a 64-bit integer as a JSON number."""
    yield from _refused(creation, "epochCount as a number")


@rule(
    "create/accepts-int64-string",
    CONVENTION,
    on=Creation,
    when=_differs_by("int64-string"),
    cite=proto("Representation of each type", says="Either numbers or strings are"),
    probe="spellings",
)
def accepts_int64_string(creation: Creation) -> Findings:
    """Create accepts a 64-bit integer as a string."""
    yield from _refused(creation, "epochCount as a string")


@rule(
    "create/accepts-exponent",
    ADVISED,
    on=Creation,
    when=_differs_by("int64-exponent"),
    cite=proto("Representation of each type", says="Exponent notation (such as <code>1e2</code>) is"),
    probe="spellings",
)
def accepts_exponent(creation: Creation) -> Findings:
    """Create accepts an integer in exponent notation (parsers of other make often do not, so this only warns)."""
    yield from _refused(creation, "epochCount in exponent notation")


@rule(
    "create/accepts-integral-float",
    ADVISED,
    on=Creation,
    when=_differs_by("int64-float"),
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="spellings",
)
def accepts_integral_float(creation: Creation) -> Findings:
    """Create accepts 2.0 where an integer belongs, because it fits (other parsers often do not, so this only warns)."""
    yield from _refused(creation, "epochCount with a zero fraction")


@rule(
    "create/accepts-enum-number",
    CONVENTION,
    on=Creation,
    when=_differs_by("enum-number"),
    cite=proto("Representation of each type", says="accept both enum names and integer values."),
    probe="spellings",
)
def accepts_enum_number(creation: Creation) -> Findings:
    """Create accepts an enum by its number."""
    yield from _refused(creation, "adapterSize as a number")


@rule(
    "create/accepts-null",
    ADVISED,
    on=Creation,
    when=_differs_by("null"),
    cite=proto("Null values", says="Parsers accept `null` as a legal value for any field"),
    probe="spellings",
)
def accepts_null(creation: Creation) -> Findings:
    """Create takes null as unset (a real client once had to stop sending it, so this only warns)."""
    yield from _refused(creation, "null members")


@rule(
    "create/accepts-output-only",
    CONVENTION,
    on=Creation,
    when=_differs_by("output-only"),
    cite=aip(203, "Output only", says="**must** clear out any value in this field and **must not** throw an error"),
    probe="spellings",
)
def accepts_output_only(creation: Creation) -> Findings:
    """Create does not refuse output-only members."""
    yield from _refused(creation, "output-only members")


@rule(
    "create/ignores-output-only",
    CONVENTION,
    on=Creation,
    when=lambda creation: creation.job is not None and bool(creation.request.output_only),
    cite=aip(203, "Output only", says="**must** clear out any value in this field"),
    probe="spellings",
)
def ignores_output_only(creation: Creation) -> Findings:
    """Create does not adopt output-only members from the caller."""
    for path, sent in creation.request.output_only.items():
        held: Any = creation.job.body if creation.job else {}
        for step in path.split("."):
            held = message(held).get(protojson.camel(step))
        if path != "name" and held == sent and not (path == "state" and sent not in _NEVER_NEW):
            yield f"{path} was adopted from the request: {sent}"


@rule(
    "create/ignores-name",
    CONVENTION,
    on=Creation,
    when=lambda creation: creation.job is not None and "name" in creation.request.output_only,
    cite=aip(133, "User-specified IDs", says="The `name` field on the resource **must** be ignored."),
    probe="spellings",
)
def ignores_name(creation: Creation) -> Findings:
    """A name in the request does not become the job's name."""
    sent = text(creation.request.output_only["name"]).rpartition("/")[2]
    if creation.job and creation.job.name.rpartition("/")[2] == sent:
        yield f"the job took its name from the request: {creation.job.name}"


@rule(
    "create/same-display-name-twice",
    CONVENTION,
    on=Creation,
    when=lambda creation: (
        creation.alike is not None
        and not creation.request.faults
        and not creation.request.spelling - (creation.alike.request.spelling if creation.alike else set())
        and bool(creation.sent.get("tunedModelDisplayName"))
        and creation.alike.call.exchange.before(creation.call.exchange)
    ),
    cite=aip(140, "Display names", says="**should not** have a uniqueness"),
    probe="spellings",
)
def same_display_name_twice(creation: Creation) -> Findings:
    """Two jobs may have the same display name."""
    if creation.refused:
        yield f"the second create with the same body was answered {creation.call.status}"


def _labels_within(creation: Creation) -> bool:
    labels = message(creation.sent.get("labels"))
    return all(
        key[:1].isalpha() and len(key) <= _MAX_LABEL and len(text(value)) <= _MAX_LABEL for key, value in labels.items()
    )


def _ordinary_labels(creation: Creation) -> bool:
    labels = message(creation.sent.get("labels"))
    return all(
        f"{key}{value}".isascii() and f"{key}{value}".islower() and len(value) < _MAX_LABEL
        for key, value in labels.items()
    )


@rule(
    "create/accepts-128-characters",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: (
        not creation.request.faults
        and (creation.accepted or (creation.refused and creation.akin is not None))
        and _MAX_LABEL < len(text(creation.sent.get("tunedModelDisplayName"))) <= _MAX_DISPLAY_NAME
        and _ordinary_labels(creation)
    ),
    cite=vertex("TuningJob", "tunedModelDisplayName", says="The name can be up to 128 characters long"),
    probe="limits",
)
def accepts_128_characters(creation: Creation) -> Findings:
    """A display name of up to 128 characters (code points, of any script) is accepted."""
    if not creation.accepted:
        length = len(creation.sent["tunedModelDisplayName"])
        yield f"a display name of {length} characters was answered {creation.call.status}"


@rule(
    "create/limits-count-code-points",
    CONVENTION,
    on=Creation,
    when=lambda creation: (
        not creation.request.faults
        and (creation.accepted or (creation.refused and creation.akin is not None))
        and _labels_within(creation)
        and any(not text(value).isascii() for value in message(creation.sent.get("labels")).values())
    ),
    cite=aip(
        210,
        "Length units",
        says="All string field length limits defined in API comments **must** be measured",
    ),
    probe="limits",
)
def limits_count_code_points(creation: Creation) -> Findings:
    """A label value of up to 64 characters is accepted, whatever it takes in bytes."""
    if not creation.accepted:
        yield f"international labels of 64 characters were answered {creation.call.status}"
