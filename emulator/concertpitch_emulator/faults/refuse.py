"""Lies in refusals: their status, envelope and media type."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import BAD_REQUEST, ERROR_INFO, ApiError
from concertpitch_emulator.vertex.calls import Call
from concertpitch_emulator.vertex.hooks import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from concertpitch_emulator.faults.telling import RefusalHook


_BAD_REQUEST, _UNPROCESSABLE = 400, 422
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


def _with(name: str, value: Any) -> Callable[[ApiError], Any]:
    def rewrite(error: ApiError) -> Any:
        return {"error": {**error.envelope()["error"], name: value}}

    return rewrite


def _bare_violation(error: ApiError) -> Any:
    envelope = error.envelope()
    for detail in envelope["error"].get("details", ()):
        if "fieldViolations" in detail:
            detail["fieldViolations"] = detail["fieldViolations"][0]
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


def _untyped_detail(error: ApiError) -> Any:
    envelope = error.envelope()
    envelope["error"]["details"] = [{"fieldViolations": [{"description": error.message}]}]
    return envelope


def _reason_in_words(error: ApiError) -> Any:
    envelope = error.envelope()
    info = {"@type": ERROR_INFO, "reason": "not good", "domain": "googleapis.com"}
    envelope["error"]["details"] = [info]
    return envelope


def _unmapped(error: ApiError, _call: Call) -> ApiError:
    return ApiError(_UNPROCESSABLE, error.status, error.message, error.kind) if error.code == _BAD_REQUEST else error


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


def _stumbling(over: Callable[[bytes], bool]) -> RefusalHook:
    """500 for a body that is of some kind."""

    def hook(error: ApiError, call: Call) -> ApiError:
        return ApiError(500, "INTERNAL", "Internal error encountered.", "internal") if over(call.content) else error

    return hook


def _misencoded(content: bytes) -> bool:
    return content.decode("utf-8", "ignore").encode() != content


def _halved(content: bytes) -> bool:
    try:
        json.dumps(json.loads(content), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):  # no JSON at all, which is another fault
        return False
    return False


_ENVELOPES = (
    Fault(
        id="refuse/html-errors",
        lie="Refusals are HTML pages.",
        breaks=("refuse/envelope",),
        refusal=_html,
    ),
    Fault(
        id="refuse/flat-error",
        lie="Refusals lack the member error around them.",
        breaks=("refuse/envelope",),
        refusal=_rewritten(lambda error: error.envelope()["error"]),
    ),
    Fault(
        id="refuse/list-error",
        lie="Refusals are wrapped in a list.",
        breaks=("refuse/envelope",),
        refusal=_rewritten(lambda error: [error.envelope()]),
    ),
    Fault(
        id="refuse/no-message",
        lie="Refusals have no message.",
        breaks=("refuse/envelope",),
        refusal=_rewritten(_without_message),
    ),
    Fault(
        id="refuse/message-as-object",
        lie="The message of a refusal is an object of texts by language.",
        breaks=("refuse/envelope",),
        refusal=_rewritten(_with("message", {"en": "This cannot be done."})),
    ),
    Fault(
        id="refuse/violation-without-list",
        lie="The field violation of a refusal stands without a list around it.",
        breaks=("refuse/violations-are-listed",),
        refusal=_rewritten(_bare_violation),
    ),
    Fault(
        id="refuse/details-null",
        lie="A refusal without details says that they are null.",
        breaks=("refuse/no-nulls",),
        refusal=_rewritten(_with("details", None)),
    ),
    Fault(
        id="refuse/details-as-object",
        lie="The details of a refusal are an object, not a list.",
        breaks=("refuse/envelope",),
        refusal=_rewritten(_with("details", {"reason": "UNKNOWN"})),
    ),
    Fault(
        id="refuse/rpc-number-as-code",
        lie="error.code of a refusal is the number of the RPC code.",
        breaks=("refuse/code-is-http-status",),
        refusal=_rewritten(_rpc_number),
    ),
    Fault(
        id="refuse/status-in-words",
        lie="error.status is the phrase of the HTTP status.",
        breaks=("refuse/status-is-canonical",),
        refusal=_rewritten(_status_in_words),
    ),
    Fault(
        id="refuse/wrong-status-name",
        lie="error.status is the name of another code.",
        breaks=("refuse/status-fits-http",),
        refusal=_rewritten(_wrong_status_name),
    ),
    Fault(
        id="refuse/repeated-detail",
        lie="Details hold two of the same type.",
        breaks=("refuse/detail-types-once",),
        refusal=_rewritten(_repeated_detail),
    ),
    Fault(
        id="refuse/reason-in-words",
        lie="The reason of an ErrorInfo is two words in small letters.",
        breaks=("refuse/reason-format",),
        refusal=_rewritten(_reason_in_words),
    ),
    Fault(
        id="refuse/untyped-detail",
        lie="A detail does not say its type.",
        breaks=("refuse/details-have-type",),
        refusal=_rewritten(_untyped_detail),
    ),
    Fault(
        id="refuse/unmapped-status",
        lie="What is wrong with a request is answered 422.",
        breaks=("refuse/status-is-mapped", "refuse/status-fits-http", "cancel/ended-job-refused"),
        refusal=_unmapped,
    ),
    Fault(
        id="refuse/error-text-json",
        lie="Refusals have the media type text/plain.",
        breaks=("refuse/json-media-type",),
        refusal=_text_plain,
    ),
    Fault(
        id="refuse/stack-trace",
        lie="Refusals hold a traceback.",
        breaks=("refuse/leaks-nothing",),
        refusal=_stack_trace,
    ),
)

_STATUSES = (
    Fault(
        id="refuse/unknown-path-200",
        lie="A path or verb that no method has is answered 200.",
        breaks=("request/unrouted-is-refused",),
        refusal=_answered("", "no-method", 200, ok={}),
    ),
    Fault(
        id="refuse/unknown-job-200",
        lie="Get of an unknown job answers an empty object.",
        breaks=("refuse/unknown-job", "request/unrouted-is-refused"),
        refusal=_answered("tuningJobs.get", "unknown-TuningJob", 200, ok={}),
    ),
    Fault(
        id="refuse/unknown-job-400",
        lie="Get of an unknown job is 400.",
        breaks=("refuse/unknown-job",),
        refusal=_answered("tuningJobs.get", "unknown-TuningJob", 400, "INVALID_ARGUMENT"),
    ),
    Fault(
        id="refuse/unknown-job-500",
        lie="Get of an unknown job is 500.",
        breaks=("refuse/client-fault-is-not-5xx", "request/unrouted-is-refused"),
        refusal=_answered("tuningJobs.get", "unknown-TuningJob", 500, "INTERNAL"),
    ),
    Fault(
        id="refuse/cancel-unknown-200",
        lie="Cancel of an unknown job succeeds.",
        breaks=("refuse/cancel-unknown-job",),
        refusal=_answered("tuningJobs.cancel", "unknown-TuningJob", 200, ok={}),
    ),
    Fault(
        id="refuse/malformed-json-500",
        lie="A body that is not JSON is 500.",
        breaks=("refuse/client-fault-is-not-5xx",),
        refusal=_answered("", "malformed-json", 500, "INTERNAL"),
    ),
    Fault(
        id="refuse/missing-is-404",
        lie="A create without a dataset is answered 404.",
        breaks=("refuse/wrong-body-is-400",),
        refusal=_answered("tuningJobs.create", "missing-training_dataset_uri", 404, "NOT_FOUND"),
    ),
    Fault(
        id="refuse/misencoded-500",
        lie="A body that is not UTF-8 is 500.",
        breaks=("refuse/client-fault-is-not-5xx",),
        refusal=_stumbling(_misencoded),
    ),
    Fault(
        id="refuse/half-character-500",
        lie="A text with half a surrogate pair is 500.",
        breaks=("refuse/client-fault-is-not-5xx",),
        refusal=_stumbling(_halved),
    ),
    Fault(
        id="refuse/bad-page-token-500",
        lie="A page token that was never given is 500.",
        breaks=("refuse/client-fault-is-not-5xx",),
        refusal=_answered("", "page-token", 500, "INTERNAL"),
    ),
    Fault(
        id="refuse/deep-json-500",
        lie="Deeply nested JSON is 500.",
        breaks=("refuse/client-fault-is-not-5xx",),
        refusal=_answered("", "too-deep", 500, "INTERNAL"),
    ),
)

FAULTS = (*_ENVELOPES, *_STATUSES)
