"""How an error is written."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, Cite, Findings, rule
from concertpitch.protojson import text
from concertpitch.sources import advice, aip, rpc
from concertpitch.sources import protojson as proto
from concertpitch.subjects import Refusal

_ACCIDENTS = frozenset({500, 502})
_STATUS = {
    "CANCELLED": 499,
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "UNKNOWN": 500,
    "INTERNAL": 500,
    "DATA_LOSS": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_MAPPED = frozenset(_STATUS.values())
_OF_HTTP = frozenset({405, 408, 411, 413, 414, 415, 431})
"""Refusals of the HTTP layer, which no google.rpc.Code maps to and no document forbids."""
_REASON = re.compile(r"[A-Z][A-Z0-9_]+[A-Z0-9]")
_MAX_REASON = 63
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_LEAK = re.compile(
    r"Traceback \(most recent call last\)|\bFile \"[^\"]+\", line \d+|^\s+at [\w.$]+\([\w.]+:\d+\)|goroutine \d+ \["
    r"|(?:/[\w.-]+)+\.(?:py|go|java|js|ts|rb|rs|php):\d+|\bSELECT .+ FROM \w+|\b\w+://[^\s/:@]+:[^\s/@]+@",
    re.MULTILINE,
)


def _structured(refusal: Refusal) -> bool:
    return bool(refusal.error)


@rule(
    "refuse/envelope",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: refusal.call.status in _MAPPED and refusal.call.served,
    cite=aip(193, "HTTP/1.1+JSON representation", says="`code` field in the JSON is an HTTP status code,"),
    probe="refusals",
)
def envelope(refusal: Refusal) -> Findings:
    """An error is `{"error": {"code", "message", "status"}}` in JSON."""
    answer = refusal.call.exchange.answer
    where = f"the {refusal.call.status} of {refusal.call.method}"
    if answer.error:
        yield f"{where}: {answer.error}"
    elif not isinstance(answer.value, dict) or not isinstance(answer.value.get("error"), dict):
        shape = ", ".join(sorted(answer.value)) if isinstance(answer.value, dict) else type(answer.value).__name__
        yield f"{where} holds no error object but: {shape or 'nothing'}"
    else:
        lacking = [name for name in ("code", "message", "status") if not refusal.error.get(name)]
        if lacking:
            yield f"{where} has an error without {', '.join(lacking)}"
        for name, kind in (("message", str), ("status", str), ("details", list)):
            if not isinstance(refusal.error.get(name), kind | None):
                yield f"{where} has an error whose {name} is a {type(refusal.error[name]).__name__}"


@rule(
    "refuse/no-nulls",
    CONVENTION,
    on=Refusal,
    when=_structured,
    cite=proto("Null values", says="Serializers should not emit `null` values."),
    probe="refusals",
)
def no_nulls(refusal: Refusal) -> Findings:
    """An error leaves out what it does not say; clients go through `details` without a look whether it is null."""
    nulls = sorted(name for name, value in refusal.error.items() if value is None)
    if nulls:
        yield f"the {refusal.call.status} of {refusal.call.method} has an error with null for {', '.join(nulls)}"


@rule(
    "refuse/json-media-type",
    CONVENTION,
    on=Refusal,
    when=_structured,
    cite=Cite("Google API system parameters", "Definitions", "Supported values are json (default)"),
    probe="refusals",
)
def json_media_type(refusal: Refusal) -> Findings:
    """An error in JSON says that it is `application/json`."""
    if refusal.call.exchange.media_type != "application/json":
        yield f"an error came with Content-Type '{refusal.call.exchange.header('content-type')}'"


@rule(
    "refuse/code-is-http-status",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: _structured(refusal) and "code" in refusal.error,
    cite=aip(193, "HTTP/1.1+JSON representation", says="`code` field in the JSON is an HTTP status code,"),
    probe="refusals",
)
def code_is_http_status(refusal: Refusal) -> Findings:
    """error.code is the HTTP status."""
    if refusal.error["code"] != refusal.call.status:
        yield f"HTTP {refusal.call.status} says error.code {refusal.error['code']!r}"


@rule(
    "refuse/status-is-canonical",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(text(refusal.error.get("status"))),
    cite=aip(193, "Guidance", says="API error occurs, and **must** use the canonical error codes defined in"),
    probe="refusals",
)
def status_is_canonical(refusal: Refusal) -> Findings:
    """error.status is the name of a google.rpc.Code."""
    if refusal.error["status"] not in _STATUS:
        yield f"error.status is '{refusal.error['status']}'"


@rule(
    "refuse/status-fits-http",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: text(refusal.error.get("status")) in _STATUS and refusal.call.status not in _OF_HTTP,
    cite=rpc("Code", says="HTTP Mapping: 499 Client Closed Request"),
    probe="refusals",
)
def status_fits_http(refusal: Refusal) -> Findings:
    """error.status and the HTTP status are a pair that google.rpc.Code defines."""
    status = refusal.error["status"]
    if _STATUS[status] != refusal.call.status:
        yield f"HTTP {refusal.call.status} says {status}, which maps to {_STATUS[status]}"


@rule(
    "refuse/status-is-mapped",
    ADVISED,
    on=Refusal,
    cite=rpc("Code", says="HTTP Mapping"),
    probe="refusals",
)
def status_is_mapped(refusal: Refusal) -> Findings:
    """An HTTP error status is one that a google.rpc.Code maps to."""
    if refusal.call.status not in _MAPPED | _OF_HTTP:
        yield f"{refusal.call.method} answered {refusal.call.status}, which no google.rpc.Code maps to"


@rule(
    "refuse/detail-types-once",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(refusal.details),
    cite=aip(193, "Status.details", says="Each type of detail payload **must** be included at most once."),
    probe="refusals",
)
def detail_types_once(refusal: Refusal) -> Findings:
    """Each type of detail stands at most once in error.details."""
    types = [text(detail.get("@type")) for detail in refusal.details]
    for repeated in sorted({name for name in types if name and types.count(name) > 1}):
        yield f"error.details holds {repeated} {types.count(repeated)} times"


@rule(
    "refuse/violations-are-listed",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: any("fieldViolations" in detail for detail in refusal.details),
    cite=proto("Representation of each type", says="repeated V"),
    probe="refusals",
)
def violations_are_listed(refusal: Refusal) -> Findings:
    """The field violations of a BadRequest are a list, even of one."""
    for detail in refusal.details:
        if not isinstance(detail.get("fieldViolations", []), list):
            yield f"the {refusal.call.status} of {refusal.call.method} has fieldViolations that are no list"


@rule(
    "refuse/details-have-type",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(refusal.details),
    cite=proto("Any", says='object with an additional `"@type"` field inserted'),
    probe="refusals",
)
def details_have_type(refusal: Refusal) -> Findings:
    """Each detail of an error says its `@type`."""
    for detail in refusal.details:
        if not text(detail.get("@type")):
            yield f"a detail has no @type but {', '.join(sorted(detail)) or 'nothing'}"


def _reasons(refusal: Refusal) -> list[str]:
    """The reason of each ErrorInfo that has one."""
    infos = [detail for detail in refusal.details if text(detail.get("@type")) == _ERROR_INFO]
    return [text(info["reason"]) for info in infos if "reason" in info]


@rule(
    "refuse/reason-format",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(_reasons(refusal)),
    cite=aip(193, "ErrorInfo", says="The reason **must** be at most 63 characters and match a regular expression of"),
    probe="credentials",
)
def reason_format(refusal: Refusal) -> Findings:
    """The reason of an ErrorInfo among the details is of at most 63 capitals, digits and underscores."""
    for reason in _reasons(refusal):
        if len(reason) > _MAX_REASON or not _REASON.fullmatch(reason):
            yield f"the {refusal.call.status} of {refusal.call.method} has the reason '{reason}'"


@rule(
    "refuse/leaks-nothing",
    ADVISED,
    on=Refusal,
    when=lambda refusal: bool(refusal.call.exchange.body),
    cite=advice("An error is for the caller, who has no use for the code of the server."),
    probe="refusals",
)
def leaks_nothing(refusal: Refusal) -> Findings:
    """An error shows no stack trace, source file, query or password of the server."""
    shown = _shown(refusal)
    found = _LEAK.search(shown)
    if found:
        yield f"the {refusal.call.status} of {refusal.call.method} shows '{found[0].strip()}'"


def _shown(refusal: Refusal) -> str:
    """The error's text with its line breaks, whether it came as JSON or not."""
    parts = [text(refusal.error.get("message")), refusal.call.exchange.body.decode("utf-8", "replace")]
    parts += [text(detail.get("detail")) for detail in refusal.details]
    return "\n".join(parts)


@rule(
    "refuse/client-fault-is-not-5xx",
    CONVENTION,
    on=Refusal,
    when=lambda refusal: bool(refusal.client_fault) and (refusal.repeated or refusal.call.status not in _ACCIDENTS),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def client_fault_is_not_5xx(refusal: Refusal) -> Findings:
    """What is the client's fault is answered 4xx, never as an internal error (one, once, may be an accident)."""
    if refusal.call.status in _ACCIDENTS:
        yield f"{refusal.client_fault} was answered {refusal.call.status}"
