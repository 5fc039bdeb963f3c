"""Lies in the bytes: types, spellings and formats of members, status and media type."""

from __future__ import annotations

import base64
import contextlib
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.clock import moment
from concertpitch_emulator.faults.telling import (
    SHOWS_JOBS,
    STATS,
    TIMES,
    JobHook,
    changed,
    hyperparameter,
    in_stats,
)
from concertpitch_emulator.messages import snake
from concertpitch_emulator.vertex.hooks import Fault, JobView

if TYPE_CHECKING:
    from collections.abc import Callable

    from concertpitch_emulator.calls import Reply
    from concertpitch_emulator.vertex.calls import Call

_SAFE_DIGITS = 16
_STATE = re.compile(rb'"state":(?:"\w+"|\d+)')
_NAN = "the place of a NaN"
_UNSET = ("description", "labels", "encryptionSpec", "startTime", "endTime", "error", "tunedModel")


def _empty_cancel_body(reply: Reply, call: Call) -> Reply:
    if call.method == "tuningJobs.cancel" and reply.status == HTTPStatus.OK:
        reply.content = b""
    return reply


def _mark_nan(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    for name in STATS:
        for distribution in job.get("tuningDataStats", {}).get(name, {}).values():
            if isinstance(distribution, dict) and "endTime" in job:
                distribution["mean"] = _NAN
                return job
    return job


def _write_nan(reply: Reply, _call: Call) -> Reply:
    reply.content = reply.content.replace(orjson.dumps(_NAN), b"NaN")
    return reply


def _latin1_body(reply: Reply, _call: Call) -> Reply:
    # What Latin-1 cannot say stays as it is.
    with contextlib.suppress(UnicodeEncodeError):
        reply.content = reply.content.decode().encode("latin-1")
    return reply


def _text_plain(reply: Reply, call: Call) -> Reply:
    if call.method in SHOWS_JOBS and reply.status < HTTPStatus.BAD_REQUEST:
        reply.media_type = "text/plain; charset=UTF-8"
    return reply


def _create_201(reply: Reply, call: Call) -> Reply:
    if call.method == "tuningJobs.create" and reply.status == HTTPStatus.OK:
        reply.status = 201
    return reply


def _duplicate_key(reply: Reply, call: Call) -> Reply:
    state = _STATE.search(reply.content)
    if call.method in {"tuningJobs.create", "tuningJobs.get"} and state:
        reply.content = reply.content[:-1] + b"," + state[0] + b"}"
    return reply


def _number_counts(stats: dict[str, Any]) -> None:
    for name, value in stats.items():
        if isinstance(value, str) and value.isdigit():
            stats[name] = int(value)
        elif isinstance(value, dict) and isinstance(value.get("sum"), str):
            value["sum"] = int(value["sum"])


def _in_parts(name: str, member: str, change: Callable[[str], Any]) -> JobHook:
    """A job hook that changes a member of the parts of the dataset's examples."""

    def rewrite(stats: dict[str, Any]) -> None:
        for content in stats.get("userDatasetExamples", ()):
            for part in content.get("parts", ()):
                if name in part:
                    part[name] = {**part[name], member: change(part[name][member])}

    return in_stats(rewrite)


def _error_code_as_string(error: dict[str, Any]) -> dict[str, Any]:
    return {**error, "code": str(error["code"])}


def _boolean_as_string(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    for spec in job.values():
        if isinstance(spec, dict) and "exportLastCheckpointOnly" in spec:
            spec["exportLastCheckpointOnly"] = "true" if spec["exportLastCheckpointOnly"] else "false"
    return job


def _if_digits(value: str) -> Any:
    return int(value) if value.isascii() and value.isdigit() and len(value) < _SAFE_DIGITS else value


def _as_the_guide(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    return {"tuning_data_statistics" if name == "tuningDataStats" else name: value for name, value in job.items()}


def _snake_members(value: Any) -> Any:
    if isinstance(value, dict):
        return {snake(name): _snake_members(member) for name, member in value.items()}
    return value


def _state_number(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    state = view.call.service.messages["v1"].named("TuningJob").fields["state"]
    if state.enum is not None:
        job["state"] = state.enum.numbers.get(job["state"], job["state"])
    return job


def _in_times(change: Callable[[str], str], names: tuple[str, ...] = TIMES) -> JobHook:
    def hook(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
        for name in names:
            if name in job:
                job[name] = change(job[name])
        return job

    return hook


def _create_time_epoch(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    job["createTime"] = str(int(moment(view.record.timeline.created).timestamp()))
    return job


def _null_members(job: dict[str, Any], _view: JobView) -> dict[str, Any]:
    return {**dict.fromkeys(_UNSET), **job}


def _single_item(body: Any, call: Call) -> Any:
    if call.method == "tuningJobs.list" and len(body.get("tuningJobs", ())) == 1:
        body["tuningJobs"] = body["tuningJobs"][0]
    return body


FAULTS = (
    Fault(
        id="wire/empty-cancel-body",
        lie="Cancel answers 200 with a body of no bytes.",
        breaks=("wire/json-body",),
        wire=_empty_cancel_body,
    ),
    Fault(
        id="wire/nan-literal",
        lie="One double in the statistics of an ended job is a bare NaN.",
        breaks=("wire/strict-json",),
        job=_mark_nan,
        wire=_write_nan,
    ),
    Fault(
        id="wire/latin1-body",
        lie="Text outside ASCII is sent in ISO-8859-1 bytes.",
        breaks=("wire/strict-json",),
        wire=_latin1_body,
    ),
    Fault(
        id="wire/text-plain",
        lie="Answers that show jobs have the media type text/plain.",
        breaks=("wire/json-media-type",),
        wire=_text_plain,
    ),
    Fault(
        id="wire/create-201",
        lie="Create answers 201.",
        breaks=("wire/success-is-200",),
        wire=_create_201,
    ),
    Fault(
        id="wire/int64-as-number",
        lie="epochCount is printed as a JSON number.",
        breaks=("wire/int64-is-string",),
        job=hyperparameter("epochCount", int),
    ),
    Fault(
        id="wire/stats-int64-as-number",
        lie="The counts and sums of the statistics are JSON numbers.",
        breaks=("wire/int64-is-string",),
        job=in_stats(_number_counts),
    ),
    Fault(
        id="wire/error-code-as-string",
        lie="The error code of a failed or cancelled job is a string.",
        breaks=("wire/int32-is-number",),
        job=changed("error", _error_code_as_string),
    ),
    Fault(
        id="wire/bytes-as-list",
        lie="Inline data of examples is a list of numbers.",
        breaks=("wire/bytes-is-base64",),
        job=_in_parts("inlineData", "data", lambda data: list(base64.b64decode(data))),
    ),
    Fault(
        id="wire/duration-as-number",
        lie="Moments of a video are numbers of seconds.",
        breaks=("wire/duration-is-seconds",),
        job=_in_parts("videoMetadata", "startOffset", lambda offset: float(offset.removesuffix("s"))),
    ),
    Fault(
        id="wire/double-as-string",
        lie="learningRateMultiplier is printed as a string.",
        breaks=("wire/double-is-number",),
        job=hyperparameter("learningRateMultiplier", str),
    ),
    Fault(
        id="wire/boolean-as-string",
        lie="exportLastCheckpointOnly is printed as a string.",
        breaks=("wire/boolean-is-boolean",),
        job=_boolean_as_string,
    ),
    Fault(
        id="wire/name-as-number",
        lie="A display name of digits is printed as a number.",
        breaks=("wire/string-is-string",),
        job=changed("tunedModelDisplayName", _if_digits),
    ),
    Fault(
        id="wire/label-value-as-number",
        lie="A label value of digits is printed as a number.",
        breaks=("wire/string-is-string",),
        job=changed("labels", lambda labels: {key: _if_digits(labels[key]) for key in labels}),
    ),
    Fault(
        id="wire/guide-names",
        lie="tuningDataStats is written tuning_data_statistics, as the tuning guide prints it.",
        breaks=("wire/no-misprints",),
        job=_as_the_guide,
    ),
    Fault(
        id="wire/snake-case",
        lie="The members of supervisedTuningSpec are printed in snake_case.",
        breaks=("wire/lower-camel-case",),
        job=changed("supervisedTuningSpec", _snake_members),
    ),
    Fault(
        id="wire/enum-number",
        lie="The state is printed as a number though nobody asked for that.",
        breaks=("wire/enum-is-name",),
        job=_state_number,
    ),
    Fault(
        id="wire/enum-lower-case",
        lie="adapterSize is printed in lower case.",
        breaks=("wire/enum-is-name",),
        job=hyperparameter("adapterSize", str.lower),
    ),
    Fault(
        id="wire/enum-without-prefix",
        lie="The state is printed without JOB_STATE_.",
        breaks=("wire/enum-keeps-prefix",),
        job=changed("state", lambda state: state.removeprefix("JOB_STATE_")),
    ),
    Fault(
        id="wire/timestamp-offset",
        lie="Times are printed with +00:00 for Z.",
        breaks=("wire/timestamp-is-utc",),
        job=_in_times(lambda time: time.replace("Z", "+00:00")),
    ),
    Fault(
        id="wire/timestamp-local",
        lie="Times carry no zone.",
        breaks=("wire/timestamp-is-utc",),
        job=_in_times(lambda time: time.removesuffix("Z")),
    ),
    Fault(
        id="wire/timestamp-epoch",
        lie="createTime is printed as seconds since 1970.",
        breaks=("wire/timestamp-is-utc",),
        job=_create_time_epoch,
    ),
    Fault(
        id="wire/timestamp-two-digits",
        lie="Times have two digits after the second.",
        breaks=("wire/timestamp-digits",),
        job=_in_times(lambda time: f"{time[:22]}Z"),
    ),
    Fault(
        id="wire/labels-as-list",
        lie="Labels are printed as a list of keys and values.",
        breaks=("wire/map-is-object",),
        job=changed("labels", lambda labels: [{"key": key, "value": labels[key]} for key in labels]),
    ),
    Fault(
        id="wire/stats-as-text",
        lie="tunedModel is JSON text inside a string.",
        breaks=("wire/message-is-object",),
        job=changed("tunedModel", lambda model: orjson.dumps(model).decode()),
    ),
    Fault(
        id="wire/null-members",
        lie="Members that are not set are printed as null.",
        breaks=("wire/no-nulls",),
        job=_null_members,
    ),
    Fault(
        id="wire/single-item-list",
        lie="A list of exactly one job is that job, not a list.",
        breaks=("wire/repeated-is-array",),
        answer=_single_item,
    ),
    Fault(
        id="wire/duplicate-key",
        lie="The body of a job holds its state twice.",
        breaks=("wire/no-duplicate-keys",),
        wire=_duplicate_key,
    ),
)
