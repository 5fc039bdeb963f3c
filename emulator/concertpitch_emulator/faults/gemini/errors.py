"""Lies in refusals of the Gemini API: their status, envelope and media type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError, not_found
from concertpitch_emulator.gemini.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call

RefusalHook = Callable[[ApiError, "Call"], ApiError | Reply]

_RPC_NUMBERS = {
    "INVALID_ARGUMENT": 3,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "FAILED_PRECONDITION": 9,
}


def _rewritten(rewrite: Callable[[dict[str, Any]], Any]) -> RefusalHook:
    """A refusal hook that changes the envelope."""
    return lambda error, _call: reply(error.code, rewrite(error.envelope()))


def _member(name: str, change: Callable[[dict[str, Any]], Any]) -> RefusalHook:
    """A refusal hook that changes one member inside the envelope."""

    def rewrite(envelope: dict[str, Any]) -> Any:
        return {"error": {**envelope["error"], name: change(envelope["error"])}}

    return _rewritten(rewrite)


def _answered(kind: str, code: int, status: str = "") -> RefusalHook:
    """Another status for one kind of refusal; without one it is a success."""

    def hook(error: ApiError, _call: Call) -> ApiError | Reply:
        if error.kind != kind:
            return error
        return ApiError(code, status, error.message, kind) if status else reply(code, {})

    return hook


def _nobodys_permissions(error: ApiError, call: Call) -> bool:
    return error.kind == "unknown-tuned-model" and call.method == "tunedModels.permissions.list"


def _no_such_model(call: Call) -> None:
    if call.method == "models.get" and "gecko" in call.path["base"]:
        raise not_found("There is no such model.", "unknown-model")


def _html(error: ApiError, _call: Call) -> Reply:
    page = f"<!DOCTYPE html><html><title>Error {error.code}</title><p>{error.status}</p></html>"
    return Reply(error.code, page.encode(), "text/html; charset=UTF-8")


def _told(fault: str, lie: str, refusal: RefusalHook) -> Fault:
    return Fault(id=fault, lie=lie, refusal=refusal)


FAULTS = (
    _told("error/html", "Refusals are HTML pages.", _html),
    _told("error/flat", "Refusals lack the member error around them.", _rewritten(lambda body: body["error"])),
    _told(
        "error/rpc-number",
        "error.code of a refusal is the number of the RPC code.",
        _member("code", lambda error: _RPC_NUMBERS.get(error["status"], 2)),
    ),
    _told(
        "error/details-object",
        "error.details of a refusal is an object.",
        _member("details", lambda error: {"reason": error["status"]}),
    ),
    _told(
        "error/permissions-of-nobody",
        "The permissions on an unknown tuned model are listed: there are none.",
        lambda error, call: reply(200, {}) if _nobodys_permissions(error, call) else error,
    ),
    _told(
        "error/wrong-status", "error.status is the name of another code.", _member("status", lambda _error: "ABORTED")
    ),
    _told(
        "error/unknown-model-200",
        "An unknown tuned model is answered with an empty object.",
        _answered("unknown-tuned-model", 200),
    ),
    _told("error/used-id-400", "A used id is 400.", _answered("used-id", 400, "INVALID_ARGUMENT")),
    _told("error/malformed-json-500", "A body that is not JSON is 500.", _answered("malformed-json", 500, "INTERNAL")),
    _told("error/bad-mask-500", "A mask that leads nowhere is 500.", _answered("bad-mask", 500, "INTERNAL")),
    Fault(
        id="catalogue/listed-not-readable",
        lie="One of the base models that are listed cannot be read.",
        request=_no_such_model,
    ),
    _told("error/unknown-path-200", "A path that no method has is answered 200.", _answered("no-method", 200)),
)
