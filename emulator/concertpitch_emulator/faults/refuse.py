"""Lies in refusals: what is refused, with which status, and in which envelope."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.calls import Call, Reply, reply
from concertpitch_emulator.errors import BAD_REQUEST, ApiError
from concertpitch_emulator.faults.telling import RefusalHook, find
from concertpitch_emulator.hooks import Fault, JobView
from concertpitch_emulator.vertex.records import Parent

if TYPE_CHECKING:
    from collections.abc import Callable

    from concertpitch_emulator.messages import Message, Messages

_DATASET = "gs://concertpitch-emulator/accepted.jsonl"
_ACCEPTED = {"baseModel": "gemini-2.0-flash-001", "supervisedTuningSpec": {"trainingDatasetUri": _DATASET}}
_DATASET_NAMES = ("trainingDatasetUri", "training_dataset_uri")
_SPEC_NAMES = ("supervisedTuningSpec", "supervised_tuning_spec")
_RPC_NUMBERS = {"INVALID_ARGUMENT": 3, "NOT_FOUND": 5, "ALREADY_EXISTS": 6, "FAILED_PRECONDITION": 9}
_TRACEBACK = '\nTraceback (most recent call last):\n  File "/srv/tuning/service.py", line 217, in handle\n'


def _html(error: ApiError, _call: Call) -> Reply:
    page = f"<!DOCTYPE html><html><title>Error {error.code}</title><p>{error.status}</p></html>"
    return Reply(error.code, page.encode(), "text/html; charset=UTF-8")


def _rewritten(rewrite: Callable[[ApiError], Any]) -> RefusalHook:
    def hook(error: ApiError, _call: Call) -> Reply:
        return reply(error.code, rewrite(error))

    return hook


def _without_message(error: ApiError) -> Any:
    envelope = error.envelope()
    del envelope["error"]["message"]
    return envelope


def _rpc_number(error: ApiError) -> Any:
    envelope = error.envelope()
    envelope["error"]["code"] = _RPC_NUMBERS.get(error.status, 2)
    return envelope


def _status_in_words(error: ApiError) -> Any:
    envelope = error.envelope()
    envelope["error"]["status"] = HTTPStatus(error.code).phrase
    return envelope


def _wrong_status_name(error: ApiError) -> Any:
    envelope = error.envelope()
    envelope["error"]["status"] = "NOT_FOUND" if error.code == HTTPStatus.BAD_REQUEST else "INVALID_ARGUMENT"
    return envelope


def _repeated_detail(error: ApiError) -> Any:
    envelope = error.envelope()
    detail = {"@type": BAD_REQUEST, "fieldViolations": [{"description": error.message}]}
    envelope["error"]["details"] = [detail, detail]
    return envelope


def _text_plain(error: ApiError, _call: Call) -> Reply:
    return Reply(error.code, orjson.dumps(error.envelope()), "text/plain; charset=UTF-8")


def _stack_trace(error: ApiError, _call: Call) -> ApiError:
    error.message += _TRACEBACK
    return error


def _answered(method: str, kind: str, code: int, status: str = "", *, ok: Any = None) -> RefusalHook:
    """Another status for one kind of refusal of one method (any if empty)."""

    def hook(error: ApiError, call: Call) -> ApiError | Reply:
        if error.kind != kind or method not in {"", call.method}:
            return error
        return reply(code, ok) if ok is not None else ApiError(code, status, error.message, kind)

    return hook


def _anywhere(error: ApiError, call: Call) -> ApiError | Reply:
    if error.kind != "unknown-TuningJob" or call.method != "tuningJobs.get":
        return error
    job = find(call.service, call.path["project"], call.path["job"])
    return error if job is None else reply(HTTPStatus.OK, call.service.show(job, call))


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


_ENVELOPES = (
    Fault(
        id="refuse/html-errors",
        lie="Refusals are HTML pages.",
        breaks="refuse/envelope",
        refusal=_html,
    ),
    Fault(
        id="refuse/flat-error",
        lie="Refusals lack the member error around them.",
        breaks="refuse/envelope",
        refusal=_rewritten(lambda error: error.envelope()["error"]),
    ),
    Fault(
        id="refuse/list-error",
        lie="Refusals are wrapped in a list.",
        breaks="refuse/envelope",
        refusal=_rewritten(lambda error: [error.envelope()]),
    ),
    Fault(
        id="refuse/no-message",
        lie="Refusals have no message.",
        breaks="refuse/envelope",
        refusal=_rewritten(_without_message),
    ),
    Fault(
        id="refuse/rpc-number-as-code",
        lie="error.code of a refusal is the number of the RPC code.",
        breaks="refuse/code-is-http-status",
        refusal=_rewritten(_rpc_number),
    ),
    Fault(
        id="refuse/status-in-words",
        lie="error.status is the phrase of the HTTP status.",
        breaks="refuse/status-is-canonical",
        refusal=_rewritten(_status_in_words),
    ),
    Fault(
        id="refuse/wrong-status-name",
        lie="error.status is the name of another code.",
        breaks="refuse/status-fits-http",
        refusal=_rewritten(_wrong_status_name),
    ),
    Fault(
        id="refuse/repeated-detail",
        lie="Details hold two of the same type.",
        breaks="refuse/detail-types-once",
        refusal=_rewritten(_repeated_detail),
    ),
    Fault(
        id="refuse/error-text-json",
        lie="Refusals have the media type text/plain.",
        breaks="refuse/json-media-type",
        refusal=_text_plain,
    ),
    Fault(
        id="refuse/stack-trace",
        lie="Refusals hold a traceback.",
        breaks="refuse/leaks-nothing",
        refusal=_stack_trace,
    ),
)

_STATUSES = (
    Fault(
        id="refuse/unknown-job-200",
        lie="Get of an unknown job answers an empty object.",
        breaks="refuse/unknown-job",
        refusal=_answered("tuningJobs.get", "unknown-TuningJob", 200, ok={}),
    ),
    Fault(
        id="refuse/unknown-job-400",
        lie="Get of an unknown job is 400.",
        breaks="refuse/unknown-job",
        refusal=_answered("tuningJobs.get", "unknown-TuningJob", 400, "INVALID_ARGUMENT"),
    ),
    Fault(
        id="refuse/unknown-job-500",
        lie="Get of an unknown job is 500.",
        breaks="refuse/client-fault-is-not-5xx",
        refusal=_answered("tuningJobs.get", "unknown-TuningJob", 500, "INTERNAL"),
    ),
    Fault(
        id="refuse/cancel-unknown-200",
        lie="Cancel of an unknown job succeeds.",
        breaks="refuse/cancel-unknown-job",
        refusal=_answered("tuningJobs.cancel", "unknown-TuningJob", 200, ok={}),
    ),
    Fault(
        id="refuse/malformed-json-500",
        lie="A body that is not JSON is 500.",
        breaks="refuse/client-fault-is-not-5xx",
        refusal=_answered("", "malformed-json", 500, "INTERNAL"),
    ),
    Fault(
        id="refuse/bad-page-token-500",
        lie="A page token that was never given is 500.",
        breaks="refuse/client-fault-is-not-5xx",
        refusal=_answered("", "page-token", 500, "INTERNAL"),
    ),
    Fault(
        id="refuse/deep-json-500",
        lie="Deeply nested JSON is 500.",
        breaks="refuse/client-fault-is-not-5xx",
        refusal=_answered("", "too-deep", 500, "INTERNAL"),
    ),
)

_ACCEPTING = (
    Fault(
        id="refuse/malformed-json-accepted",
        lie="A create whose body is not JSON makes some job.",
        breaks="refuse/malformed-json",
        request=_default_for_unreadable,
    ),
    Fault(
        id="refuse/unknown-field-accepted",
        lie="An unknown member of a job is ignored.",
        breaks="refuse/unknown-field",
        body=_without_unknown,
    ),
    Fault(
        id="refuse/unknown-nested-field-accepted",
        lie="An unknown member of a tuning spec is ignored.",
        breaks="refuse/unknown-field",
        body=_without_nested_unknown,
    ),
    Fault(
        id="refuse/no-dataset-accepted",
        lie="A job without a training dataset is made.",
        breaks="refuse/missing-dataset",
        body=_dataset_for(empty=False),
    ),
    Fault(
        id="refuse/empty-dataset-accepted",
        lie="A job with an empty training dataset is made.",
        breaks="refuse/empty-dataset",
        body=_dataset_for(empty=True),
    ),
    Fault(
        id="refuse/two-models-accepted",
        lie="Of two source models the first is taken.",
        breaks="refuse/two-source-models",
        forgives=frozenset({"two-of-source_model"}),
    ),
    Fault(
        id="refuse/two-specs-accepted",
        lie="Of two tuning specs the first is taken.",
        breaks="refuse/two-tuning-specs",
        forgives=frozenset({"two-of-tuning_spec"}),
    ),
    Fault(
        id="refuse/bad-enum-accepted",
        lie="An unknown enum name is stored and shown.",
        breaks="refuse/unknown-enum-name",
        forgives=frozenset({"unknown-enum"}),
    ),
    Fault(
        id="refuse/bad-int64-accepted",
        lie="An epochCount that is no number is stored and shown.",
        breaks="refuse/non-numeric-int64",
        forgives=frozenset({"bad-integer"}),
        draft=_keep_bad_epochs,
        job=_show_bad_epochs,
    ),
    Fault(
        id="refuse/fraction-accepted",
        lie="The fraction of an int64 is cut off.",
        breaks="refuse/fractional-int64",
        forgives=frozenset({"fractional-integer"}),
    ),
    Fault(
        id="refuse/wrong-type-accepted",
        lie="A member of another JSON type is ignored.",
        breaks="refuse/wrong-json-type",
        forgives=frozenset({"wrong-type", "missing-spec"}),
    ),
    Fault(
        id="refuse/no-kms-key-accepted",
        lie="An encryptionSpec without a key is stored.",
        breaks="refuse/missing-kms-key",
        forgives=frozenset({"missing-kms_key_name"}),
    ),
    Fault(
        id="refuse/bad-page-token-restarts",
        lie="A page token that was never given leads to the first page.",
        breaks="refuse/bad-page-token",
        refusal=_listed_without("page-token", "pageToken"),
    ),
    Fault(
        id="refuse/negative-page-size-accepted",
        lie="A negative page size means the default.",
        breaks="refuse/negative-page-size",
        refusal=_listed_without("negative-page-size", "pageSize"),
    ),
    Fault(
        id="refuse/wrong-page-size-type-accepted",
        lie="A page size that is no number means the default.",
        breaks="refuse/non-numeric-page-size",
        refusal=_listed_without("bad-query-integer", "pageSize"),
    ),
    Fault(
        id="refuse/wrong-location-200",
        lie="Get finds a job under any location.",
        breaks="refuse/job-of-another-location",
        refusal=_anywhere,
    ),
    Fault(
        id="refuse/stores-anyway",
        lie="A create that is refused leaves a job behind.",
        breaks="refuse/stores-nothing",
        refusal=_stored_anyway,
    ),
)

FAULTS = (*_ENVELOPES, *_STATUSES, *_ACCEPTING)
