"""Lies about what is refused: requests that should be, and are not."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError
from concertpitch_emulator.faults.telling import RefusalHook, find
from concertpitch_emulator.vertex.calls import Call
from concertpitch_emulator.vertex.hooks import Fault, JobView
from concertpitch_emulator.vertex.records import Parent

if TYPE_CHECKING:
    from collections.abc import Callable

    from concertpitch_emulator.messages import Message, Messages

_DATASET = "gs://concertpitch-emulator/accepted.jsonl"
_ACCEPTED = {"baseModel": "gemini-2.0-flash-001", "supervisedTuningSpec": {"trainingDatasetUri": _DATASET}}
_LONG_EPOCHS = re.compile(rb'("epochCount": *)"\d{19,}"')
_OTHER_PROJECT = re.compile(r"/projects/concertpitch-other/(?=locations/[^/]+/tuningJobs/\w+$)")
_DATASET_NAMES = ("trainingDatasetUri", "training_dataset_uri")
_SPEC_NAMES = ("supervisedTuningSpec", "supervised_tuning_spec")


def _anywhere(error: ApiError, call: Call) -> ApiError | Reply:
    if error.kind != "unknown-TuningJob" or call.method != "tuningJobs.get":
        return error
    job = find(call.service, call.path["project"], call.path["job"])
    return error if job is None else reply(HTTPStatus.OK, call.service.show(job, call))


def _number_for_text(body: Any, call: Call) -> Any:
    if call.method == "tuningJobs.create" and isinstance(body, dict) and isinstance(body.get("description"), int):
        return {**body, "description": str(body["description"])}
    return body


def _wrapped(call: Call) -> None:
    call.content = _LONG_EPOCHS.sub(rb'\1"1"', call.content)


def _listed_without(kind: str, parameter: str) -> RefusalHook:
    """The list as if the parameter had not been sent."""

    def hook(error: ApiError, call: Call) -> ApiError | Reply:
        if error.kind != kind or call.method != "tuningJobs.list":
            return error
        call.query.pop(parameter, None)
        try:
            return reply(HTTPStatus.OK, call.service.list_jobs(call))
        except ApiError as other:
            return other

    return hook


def _stored_anyway(error: ApiError, call: Call) -> ApiError:
    if call.method == "tuningJobs.create" and error.code == HTTPStatus.BAD_REQUEST:
        parent = Parent.named(call.path["project"], call.path["location"])
        call.service.new_job(parent, call.version, {**_ACCEPTED, **_readable(call.content)}, call.now)
    return error


def _readable(content: bytes) -> dict[str, Any]:
    """The display name and labels of a request, by which its author would know the job again."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    body = body if isinstance(body, dict) else {}
    name, labels = body.get("tunedModelDisplayName"), body.get("labels")
    kept: dict[str, Any] = {"tunedModelDisplayName": name} if name and isinstance(name, str) else {}
    if isinstance(labels, dict) and all(isinstance(value, str) for value in labels.values()):
        kept["labels"] = labels
    return kept


def _default_for_unreadable(call: Call) -> None:
    if call.method == "tuningJobs.create":
        try:
            orjson.loads(call.content)
        except orjson.JSONDecodeError:
            call.content = orjson.dumps(_ACCEPTED)


def _without_unknown(body: Any, call: Call) -> Any:
    if call.method == "tuningJobs.create" and isinstance(body, dict):
        fields = call.service.messages[call.version].named("TuningJob").fields
        return {name: value for name, value in body.items() if name in fields}
    return body


def _without_nested_unknown(body: Any, call: Call) -> Any:
    if call.method != "tuningJobs.create" or not isinstance(body, dict):
        return body
    messages = call.service.messages[call.version]
    return _pruned(messages, messages.named("TuningJob"), body, top=True)


def _pruned(messages: Messages, message: Message, value: dict[str, Any], *, top: bool) -> dict[str, Any]:
    kept = {}
    for name, member in value.items():
        field = message.fields.get(name)
        if field is not None and field.message and field.shape == "one" and isinstance(member, dict):
            kept[name] = _pruned(messages, messages[field.message], member, top=False)
        elif field is not None or top:
            kept[name] = member
    return kept


def _dataset_for(*, empty: bool) -> Callable[[Any, Call], Any]:
    """A body hook that gives a dataset to a spec without one, or with an empty one."""

    def hook(body: Any, call: Call) -> Any:
        if call.method == "tuningJobs.create" and isinstance(body, dict):
            for name in _SPEC_NAMES:
                spec = body.get(name)
                if not isinstance(spec, dict):
                    continue
                sent = [key for key in _DATASET_NAMES if key in spec]
                if (not sent and not empty) or (sent and empty and spec[sent[0]] == ""):
                    spec[(sent or _DATASET_NAMES)[0]] = _DATASET
        return body

    return hook


def _keep_bad_epochs(message: dict[str, Any], call: Call) -> dict[str, Any]:
    """What cannot be counted is shown but not used."""
    for name in ("supervisedTuningSpec", "preferenceOptimizationSpec"):
        sent = message.get(name, {}).get("hyperParameters", {})
        if not str(sent.get("epochCount", "1")).isdigit():
            call.marks["bad-epochs"] = sent.pop("epochCount")
    return message


def _show_bad_epochs(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    marks = view.record.marks
    if "bad-epochs" in view.call.marks and view.call.job is view.record:
        marks["bad-epochs"] = view.call.marks["bad-epochs"]
    if "bad-epochs" in marks:
        for name in ("supervisedTuningSpec", "preferenceOptimizationSpec"):
            if name in job:
                job[name].setdefault("hyperParameters", {})["epochCount"] = marks["bad-epochs"]
    return job


FAULTS = (
    Fault(
        id="get/any-project",
        lie="A job is shown beneath a project in which it is not.",
        breaks=("get/returns-the-job-asked",),
        path=lambda path, _service: _OTHER_PROJECT.sub("/projects/concertpitch/", path),
    ),
    Fault(
        id="refuse/wrapped-int64-accepted",
        lie="An epochCount of more than 64 bits loses the upper ones.",
        breaks=("refuse/integer-out-of-range",),
        request=_wrapped,
    ),
    Fault(
        id="refuse/number-for-text-accepted",
        lie="A number is taken where a text belongs.",
        breaks=("refuse/wrong-scalar-type",),
        body=_number_for_text,
    ),
    Fault(
        id="refuse/malformed-json-accepted",
        lie="A create whose body is not JSON makes some job.",
        breaks=("refuse/malformed-json", "refuse/wrong-json-type"),
        request=_default_for_unreadable,
    ),
    Fault(
        id="refuse/unknown-field-accepted",
        lie="An unknown member of a job is ignored.",
        breaks=("refuse/unknown-field",),
        body=_without_unknown,
    ),
    Fault(
        id="refuse/unknown-nested-field-accepted",
        lie="An unknown member of a tuning spec is ignored.",
        breaks=("refuse/unknown-field",),
        body=_without_nested_unknown,
    ),
    Fault(
        id="refuse/no-dataset-accepted",
        lie="A job without a training dataset is made.",
        breaks=("refuse/missing-dataset",),
        body=_dataset_for(empty=False),
    ),
    Fault(
        id="refuse/empty-dataset-accepted",
        lie="A job with an empty training dataset is made.",
        breaks=("refuse/empty-dataset",),
        body=_dataset_for(empty=True),
    ),
    Fault(
        id="refuse/two-models-accepted",
        lie="Of two source models the first is taken.",
        breaks=("refuse/two-source-models",),
        forgives=frozenset({"two-of-source_model"}),
    ),
    Fault(
        id="refuse/two-specs-accepted",
        lie="Of two tuning specs the first is taken.",
        breaks=("refuse/two-tuning-specs",),
        forgives=frozenset({"two-of-tuning_spec"}),
    ),
    Fault(
        id="refuse/bad-enum-accepted",
        lie="An unknown enum name is stored and shown.",
        breaks=("refuse/unknown-enum-name", "wire/enum-is-documented"),
        forgives=frozenset({"unknown-enum"}),
    ),
    Fault(
        id="refuse/bad-int64-accepted",
        lie="An epochCount that is no number is stored and shown.",
        breaks=("refuse/non-numeric-int64", "wire/int64-is-string"),
        also=("refuse/integer-out-of-range",),
        forgives=frozenset({"bad-integer"}),
        draft=_keep_bad_epochs,
        job=_show_bad_epochs,
    ),
    Fault(
        id="refuse/fraction-accepted",
        lie="The fraction of an int64 is cut off.",
        breaks=("refuse/fractional-int64",),
        forgives=frozenset({"fractional-integer"}),
    ),
    Fault(
        id="refuse/wrong-type-accepted",
        lie="A member of another JSON type is ignored.",
        breaks=("refuse/wrong-json-type", "refuse/wrong-scalar-type"),
        forgives=frozenset({"wrong-type", "missing-spec"}),
    ),
    Fault(
        id="refuse/no-kms-key-accepted",
        lie="An encryptionSpec without a key is stored.",
        breaks=("refuse/missing-required",),
        forgives=frozenset({"missing-kms_key_name"}),
    ),
    Fault(
        id="refuse/bad-page-token-restarts",
        lie="A page token that was never given leads to the first page.",
        breaks=("refuse/bad-page-token", "listing/token-of-another-parent", "listing/token-of-another-filter"),
        refusal=_listed_without("page-token", "pageToken"),
    ),
    Fault(
        id="refuse/negative-page-size-accepted",
        lie="A negative page size means the default.",
        breaks=("refuse/negative-page-size",),
        refusal=_listed_without("negative-page-size", "pageSize"),
    ),
    Fault(
        id="refuse/wrong-page-size-type-accepted",
        lie="A page size that is no number means the default.",
        breaks=("refuse/non-numeric-page-size",),
        refusal=_listed_without("bad-query-integer", "pageSize"),
    ),
    Fault(
        id="refuse/wrong-location-200",
        lie="Get finds a job under any location.",
        breaks=("get/returns-the-job-asked",),
        refusal=_anywhere,
    ),
    Fault(
        id="refuse/stores-anyway",
        lie="A create that is refused leaves a job behind.",
        breaks=("refuse/stores-nothing", "job/display-name-limit", "job/label-limits", "job/label-characters"),
        refusal=_stored_anyway,
    ),
)
