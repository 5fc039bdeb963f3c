"""Lies about who may call, told where a token is demanded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError
from concertpitch_emulator.vertex.calls import Call
from concertpitch_emulator.vertex.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.faults.telling import RefusalHook

AdmissionHook = Callable[[ApiError, Call], "ApiError | None"]

_CREATE, _LIST, _CANCEL, _GET = "tuningJobs.create", "tuningJobs.list", "tuningJobs.cancel", "tuningJobs.get"
_UNAUTHENTICATED, _DENIED, _NOT_FOUND = 401, 403, 404


def _letting(passes: Callable[[Call], bool]) -> AdmissionHook:
    """An admission hook that lets some strangers pass."""
    return lambda error, call: None if passes(call) else error


def _bearer(call: Call) -> bool:
    return len(call.credentials.split()) > 1 and call.credentials.startswith("Bearer ")


def _in_place(answer: Callable[[ApiError, Call], ApiError | Reply | None]) -> RefusalHook:
    """A refusal hook that answers strangers in another way, where it knows one."""

    def hook(error: ApiError, call: Call) -> ApiError | Reply:
        return (answer(error, call) or error) if error.code == _UNAUTHENTICATED else error

    return hook


def _validated_first(error: ApiError, call: Call) -> ApiError:
    if call.method == _CREATE:
        service = call.service
        try:
            service.read(call, service.messages[call.version].named("TuningJob"), "tuning_job")
        except ApiError as invalid:
            return invalid
    return error


def _looked_up_first(error: ApiError, call: Call) -> ApiError:
    if call.method == _GET:
        try:
            call.service.job(call)
        except ApiError as missing:
            return missing
    return error


def _created_anyway(error: ApiError, call: Call) -> ApiError:
    if call.method == _CREATE:
        try:
            call.service.create(call)
        except ApiError:
            return error
    return error


def _telling(error: ApiError, call: Call) -> ApiError:
    message = f"The token {call.service.config.token} was expected."
    return ApiError(error.code, error.status, message, error.kind)


def _page(_error: ApiError, call: Call) -> Reply | None:
    return reply(200, {}) if call.method == _LIST else None


def _html(error: ApiError, _call: Call) -> Reply:
    page = f"<!DOCTYPE html><html><title>Error {error.code}</title><p>Who are you?</p></html>"
    return Reply(error.code, page.encode(), "text/html; charset=UTF-8")


def _not_found(error: ApiError, call: Call) -> ApiError | None:
    return ApiError(_NOT_FOUND, "NOT_FOUND", error.message, error.kind) if _bearer(call) else None


def _denied(error: ApiError, call: Call) -> ApiError | None:
    return None if call.credentials else ApiError(_DENIED, "PERMISSION_DENIED", error.message, error.kind)


async def _somebody_came(call: Call) -> None:
    call.service.lore["somebody came"] = True


FAULTS = (
    Fault(
        id="auth/first-opens",
        lie="Once somebody was let in, everybody is.",
        breaks=(
            "auth/none-is-refused",
            "auth/malformed-is-refused",
            "auth/wrong-token-is-refused",
            "auth/before-validation",
            "auth/before-existence",
            "cancel/only-that-job",
        ),
        enter=_somebody_came,
        admission=_letting(lambda call: "somebody came" in call.service.lore),
    ),
    Fault(
        id="auth/tells-the-token",
        lie="A stranger is told which token was expected.",
        breaks=("auth/tells-no-token",),
        refusal=_in_place(_telling),
    ),
    Fault(
        id="auth/ignores-token",
        lie="Any bearer token is taken.",
        breaks=("auth/wrong-token-is-refused", "cancel/only-that-job"),
        admission=_letting(_bearer),
    ),
    Fault(
        id="auth/takes-malformed",
        lie="An Authorization header that is no bearer token is taken.",
        breaks=("auth/malformed-is-refused", "cancel/only-that-job"),
        admission=_letting(lambda call: bool(call.credentials) and not _bearer(call)),
    ),
    Fault(
        id="auth/forgets-get",
        lie="Get needs no credentials.",
        breaks=("auth/none-is-refused", "auth/before-existence"),
        admission=_letting(lambda call: call.method == _GET and not call.credentials),
    ),
    Fault(
        id="auth/forgets-cancel",
        lie="Cancel needs no credentials.",
        breaks=("auth/none-is-refused", "cancel/only-that-job"),
        also=("auth/before-validation",),
        admission=_letting(lambda call: call.method == _CANCEL and not call.credentials),
    ),
    Fault(
        id="auth/forgets-operations",
        lie="Operations are shown to anybody.",
        breaks=("auth/none-is-refused", "auth/malformed-is-refused", "auth/wrong-token-is-refused"),
        admission=_letting(lambda call: "operations.get" in call.method),
    ),
    Fault(
        id="auth/reads-open",
        lie="Whatever only reads needs no credentials.",
        breaks=(
            "auth/none-is-refused",
            "auth/malformed-is-refused",
            "auth/wrong-token-is-refused",
            "auth/before-validation",
            "auth/before-existence",
        ),
        admission=_letting(lambda call: call.method.endswith((".get", ".list"))),
    ),
    Fault(
        id="auth/forgets-rebase",
        lie="A rebase is looked into before its caller is.",
        breaks=("auth/before-validation",),
        admission=_letting(lambda call: call.method == "tuningJobs.rebaseTunedModel" and not call.credentials),
    ),
    Fault(
        id="auth/empty-list",
        lie="List answers an empty page to callers without the token.",
        breaks=(
            "auth/none-is-refused",
            "auth/malformed-is-refused",
            "auth/wrong-token-is-refused",
            "auth/before-validation",
        ),
        refusal=_in_place(_page),
    ),
    Fault(
        id="auth/wrong-token-404",
        lie="A wrong token is 404.",
        breaks=("auth/wrong-token-is-refused",),
        refusal=_in_place(_not_found),
    ),
    Fault(
        id="auth/validates-first",
        lie="A create is validated before its caller is.",
        breaks=("auth/before-validation",),
        admission=_validated_first,
    ),
    Fault(
        id="auth/looks-up-first",
        lie="Get of a job that does not exist is 404 to anybody.",
        breaks=("auth/before-existence",),
        admission=_looked_up_first,
    ),
    Fault(
        id="auth/creates-anyway",
        lie="A create without credentials is refused and stored.",
        breaks=("auth/creates-nothing",),
        admission=_created_anyway,
    ),
    Fault(
        id="auth/no-credentials-403",
        lie="A call without credentials is 403.",
        breaks=("auth/unidentified-is-401",),
        refusal=_in_place(_denied),
    ),
    Fault(
        id="auth/html-401",
        lie="The refusal of a call without the token is an HTML page.",
        breaks=("refuse/envelope",),
        refusal=_in_place(_html),
    ),
)
