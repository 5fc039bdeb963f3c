"""Errors an API answers with: the google.rpc envelope as exceptions, one class a code.

Owns the table of google.rpc.Code and the reading of the envelope. Must not know how a request was sent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import httpx


class ApiError(Exception):
    """An answer that is not 2xx.

    `http_status` is that of the answer; `status` is the google.rpc.Code by name, empty where the body is no
    error envelope; `details` are the messages of google.rpc error_details, each with its `@type`;
    `retry_after` is in seconds, None where the server did not ask to wait.
    """

    code: ClassVar[str] = ""

    def __init__(
        self,
        http_status: int,
        message: str,
        *,
        status: str = "",
        details: tuple[dict[str, Any], ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{http_status} {status}: {message}" if status else f"{http_status}: {message}")
        self.http_status = http_status
        self.message = message
        self.status = status
        self.details = details
        self.retry_after = retry_after


class CancelledError(ApiError):
    """The operation was cancelled, typically by the caller."""

    code = "CANCELLED"


class UnknownError(ApiError):
    """An error of another address space, or one that carries too little information."""

    code = "UNKNOWN"


class InvalidArgumentError(ApiError):
    """The request is wrong whatever state the system is in."""

    code = "INVALID_ARGUMENT"


class DeadlineExceededError(ApiError):
    """The deadline passed before the operation could complete."""

    code = "DEADLINE_EXCEEDED"


class NotFoundError(ApiError):
    """Something that was asked for does not exist."""

    code = "NOT_FOUND"


class AlreadyExistsError(ApiError):
    """What was to be created exists."""

    code = "ALREADY_EXISTS"


class PermissionDeniedError(ApiError):
    """The caller is known and may not do this."""

    code = "PERMISSION_DENIED"


class UnauthenticatedError(ApiError):
    """The request has no valid credentials."""

    code = "UNAUTHENTICATED"


class ResourceExhaustedError(ApiError):
    """A quota or another resource is used up."""

    code = "RESOURCE_EXHAUSTED"


class FailedPreconditionError(ApiError):
    """The system is not in a state in which this can be done."""

    code = "FAILED_PRECONDITION"


class AbortedError(ApiError):
    """The operation lost against a concurrent one; try again from the start."""

    code = "ABORTED"


class OutOfRangeError(ApiError):
    """The operation went past the valid range."""

    code = "OUT_OF_RANGE"


class UnimplementedError(ApiError):
    """The service does not offer this."""

    code = "UNIMPLEMENTED"


class InternalError(ApiError):
    """The service broke one of its own invariants."""

    code = "INTERNAL"


class UnavailableError(ApiError):
    """The service cannot be used now; trying again later may help."""

    code = "UNAVAILABLE"


class DataLossError(ApiError):
    """Data was lost or damaged beyond repair."""

    code = "DATA_LOSS"


# google.rpc.Code by number, from 1 on, each with the HTTP status it is mapped to.
_CODES = (
    ("CANCELLED", 499),
    ("UNKNOWN", 500),
    ("INVALID_ARGUMENT", 400),
    ("DEADLINE_EXCEEDED", 504),
    ("NOT_FOUND", 404),
    ("ALREADY_EXISTS", 409),
    ("PERMISSION_DENIED", 403),
    ("RESOURCE_EXHAUSTED", 429),
    ("FAILED_PRECONDITION", 400),
    ("ABORTED", 409),
    ("OUT_OF_RANGE", 400),
    ("UNIMPLEMENTED", 501),
    ("INTERNAL", 500),
    ("UNAVAILABLE", 503),
    ("DATA_LOSS", 500),
    ("UNAUTHENTICATED", 401),
)
_BY_CODE: dict[str, type[ApiError]] = {each.code: each for each in ApiError.__subclasses__()}


def error_from(http_status: int, body: bytes, retry_after: str | None = None) -> ApiError:
    """Make the exception for an answer; a body that is no error envelope gives a plain `ApiError`."""
    seconds = _seconds(retry_after) if retry_after else None
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    # Streaming methods wrap the envelope in a list.
    if isinstance(answer, list) and answer:
        answer = answer[0]
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        text = body[:200].decode(errors="replace").strip()
        return ApiError(http_status, text or "an empty body", retry_after=seconds)
    status = str(error.get("status", ""))
    return _BY_CODE.get(status, ApiError)(
        http_status,
        str(error.get("message", "")),
        status=status,
        details=_objects(error.get("details")),
        retry_after=seconds,
    )


def _seconds(retry_after: str) -> float | None:
    """Read Retry-After, which is a number of seconds or a date (RFC 9110); None where it is neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    from datetime import UTC, datetime  # noqa: PLC0415 - dates are rare here, and what reads them is slow to import
    from email.utils import parsedate_to_datetime  # noqa: PLC0415

    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    left = moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)
    return max(left.total_seconds(), 0.0)


def content_of(response: httpx.Response) -> bytes:
    """Give the body of an answer. Raises `ApiError` for one that is not 2xx."""
    if not response.is_success:
        raise error_from(response.status_code, response.content, response.headers.get("retry-after"))
    return response.content


def error_of(status: dict[str, Any]) -> ApiError:
    """Make the exception for a google.rpc.Status, which has a code by number and no HTTP status of its own."""
    number: Any = status.get("code")
    known = isinstance(number, int) and 0 < number <= len(_CODES)
    code, http_status = _CODES[number - 1] if known else ("UNKNOWN", 500)
    return _BY_CODE[code](
        http_status, str(status.get("message", "")), status=code, details=_objects(status.get("details"))
    )


def _objects(value: Any) -> tuple[dict[str, Any], ...]:
    return tuple(each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()
