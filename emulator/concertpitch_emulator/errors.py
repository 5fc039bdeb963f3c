"""Refusals as Google's front end words them (google.rpc.Status inside an `error` envelope).

Owns the texts that belong to no single method; it must not know HTTP frameworks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
MOST_VIOLATIONS = 100
"""A refusal names no more: a body of 20 MB may hold millions, and their sentences fill ten times as much."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a request.

    `kind` is a word for the emulator's own use; `field` is the snake_case path from the request message,
    empty at its root; `text` is the sentence the caller reads.
    """

    kind: str
    field: str
    text: str

    def detail(self) -> dict[str, str]:
        return {"field": self.field, "description": self.text} if self.field else {"description": self.text}


@dataclass(eq=False)
class ApiError(Exception):
    """A refusal: HTTP status `code`, canonical `status` name, message, and optional details."""

    code: int
    status: str
    message: str
    kind: str = ""
    details: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        return self.message

    def envelope(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


def invalid(message: str, kind: str = "invalid") -> ApiError:
    return ApiError(400, "INVALID_ARGUMENT", message, kind)


def not_found(message: str, kind: str = "not-found") -> ApiError:
    return ApiError(404, "NOT_FOUND", message, kind)


def unauthenticated() -> ApiError:
    text = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential."
    )
    info = {"@type": ERROR_INFO, "reason": "CREDENTIALS_MISSING", "domain": "googleapis.com"}
    return ApiError(401, "UNAUTHENTICATED", text, "unauthenticated", [info])


def failed_precondition(message: str, kind: str) -> ApiError:
    return ApiError(400, "FAILED_PRECONDITION", message, kind)


def unreadable(violations: list[Violation]) -> ApiError:
    """What the JSON front end answers: one sentence per fault, joined by line feeds, one violation each."""
    return ApiError(
        400,
        "INVALID_ARGUMENT",
        "\n".join(violation.text for violation in violations),
        violations[0].kind,
        [_bad_request(violations)],
    )


def found_errors(violations: list[Violation]) -> ApiError:
    """What Vertex answers to readable but wrong values: numbered, TAB-separated, with a trailing TAB."""
    numbered = "".join(
        f"\t{number}.Field: {violation.field}; Message: {violation.text}"
        for number, violation in enumerate(violations, 1)
    )
    return ApiError(
        400,
        "INVALID_ARGUMENT",
        f"List of found errors:{numbered}\t",
        violations[0].kind,
        [_bad_request(violations)],
    )


def unacceptable(request: str, violations: list[Violation]) -> ApiError:
    """What the Gemini API answers to readable but wrong values: one line each, with the request's name."""
    lines = "\n".join(f"* {request}.{violation.field}: {violation.text}" for violation in violations)
    return ApiError(400, "INVALID_ARGUMENT", lines, violations[0].kind, [_bad_request(violations)])


def forbidden(message: str, kind: str) -> ApiError:
    return ApiError(403, "PERMISSION_DENIED", message, kind)


def already_exists(message: str, kind: str) -> ApiError:
    return ApiError(409, "ALREADY_EXISTS", message, kind)


def _bad_request(violations: list[Violation]) -> dict[str, Any]:
    return {"@type": BAD_REQUEST, "fieldViolations": [violation.detail() for violation in violations]}
