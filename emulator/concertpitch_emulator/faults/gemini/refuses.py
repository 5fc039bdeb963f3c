"""Lies about requests that should be accepted, and are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.errors import invalid
from concertpitch_emulator.faults.gemini.telling import CREATE, LIST, PATCH
from concertpitch_emulator.gemini.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call

_MAX_BYTES = 40
_MAX_PAGE = 1000
_OUTPUT_ONLY = {"name", "state", "createTime", "updateTime", "create_time", "update_time"}
_IDS = ("tunedModelId", "tuned_model_id")
_SIZES = ("pageSize", "page_size")
Found = Callable[[dict[str, Any]], bool]


def _body(fault: str, lie: str, found: Found, methods: tuple[str, ...] = (CREATE,)) -> Fault:
    """A fault that refuses JSON bodies."""

    def hook(body: Any, call: Call) -> Any:
        if call.method.endswith(methods) and isinstance(body, dict) and found(body):
            raise invalid("Request contains an invalid argument.")
        return body

    return Fault(id=fault, lie=lie, body=hook)


def _draft(fault: str, lie: str, found: Found) -> Fault:
    """A fault that refuses right drafts of tuned models."""

    def hook(message: dict[str, Any], call: Call) -> dict[str, Any]:
        if call.method == CREATE and found(message):
            raise invalid("Request contains an invalid argument.")
        return message

    return Fault(id=fault, lie=lie, draft=hook)


def _query(fault: str, lie: str, method: str, found: Callable[[str | None], bool], names: tuple[str, ...]) -> Fault:
    """A fault that refuses values of a query parameter (None: not sent)."""

    def hook(call: Call) -> None:
        if call.method == method and found(next((call.query[name] for name in names if name in call.query), None)):
            raise invalid("Request contains an invalid argument.")

    return Fault(id=fault, lie=lie, request=hook)


def _anywhere(test: Callable[[str, Any], bool]) -> Found:
    """Whether a member at any depth passes."""

    def found(value: Any) -> bool:
        if isinstance(value, list):
            return any(map(found, value))
        if not isinstance(value, dict):
            return False
        return any(test(name, member) or found(member) for name, member in value.items())

    return found


def _sent(message: dict[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = message["tuningTask"].get("hyperparameters", {})
    return sent


def _examples(message: dict[str, Any]) -> list[dict[str, Any]]:
    examples: list[dict[str, Any]] = message["tuningTask"]["trainingData"]["examples"]["examples"]
    return examples


_NUMBERS = {"epochCount", "epoch_count", "batchSize", "batch_size"}

FAULTS = (
    _body("refuses/snake-case", "Members in snake_case are refused.", _anywhere(lambda name, _member: "_" in name)),
    _body("refuses/null", "A member that is null is refused.", _anywhere(lambda _name, member: member is None)),
    _body(
        "refuses/int-as-string",
        "An epochCount or batchSize that is a string is refused.",
        _anywhere(lambda name, member: name in _NUMBERS and isinstance(member, str)),
    ),
    _body(
        "refuses/enum-number",
        "A role or grantee type given by its number is refused.",
        _anywhere(lambda name, member: name in {"role", "granteeType", "grantee_type"} and isinstance(member, int)),
        ("permissions.create", "permissions.patch"),
    ),
    _body(
        "refuses/output-only",
        "A create with members that are output only is refused.",
        lambda body: bool(_OUTPUT_ONLY & body.keys()),
    ),
    _body(
        "refuses/model-sent-back",
        "A patch with members that are output only is refused.",
        lambda body: bool(_OUTPUT_ONLY & body.keys()),
        (PATCH,),
    ),
    _draft(
        "refuses/no-display-name",
        "A model without a display name is refused.",
        lambda message: "displayName" not in message,
    ),
    _draft(
        "refuses/display-name-in-bytes",
        "A display name may have 40 bytes only.",
        lambda message: len(message.get("displayName", "").encode()) > _MAX_BYTES,
    ),
    _draft(
        "refuses/temperature-one", "A temperature of 1 is refused.", lambda message: message.get("temperature") == 1
    ),
    _draft("refuses/top-k-zero", "A topK of 0 is refused.", lambda message: message.get("topK") == 0),
    _draft(
        "refuses/no-hyperparameters",
        "A model without hyperparameters is refused.",
        lambda message: not _sent(message),
    ),
    _draft(
        "refuses/learning-rate-multiplier",
        "A learningRateMultiplier is refused.",
        lambda message: "learningRateMultiplier" in _sent(message),
    ),
    _draft(
        "refuses/no-text-input",
        "A training example without a textInput is refused.",
        lambda message: any("textInput" not in example for example in _examples(message)),
    ),
    _draft(
        "refuses/tuned-source",
        "A tuned model cannot be tuned again.",
        lambda message: "tunedModelSource" in message,
    ),
    _query("refuses/no-id", "Create without an id is refused.", CREATE, lambda given: not given, _IDS),
    _query(
        "refuses/id-of-forty",
        "An id of 40 characters is refused.",
        CREATE,
        lambda given: len(given or "") == _MAX_BYTES,
        _IDS,
    ),
    _query("refuses/id-of-one", "An id of one letter is refused.", CREATE, lambda given: len(given or "") == 1, _IDS),
    _query(
        "refuses/large-page-size",
        "A page size above 1000 is refused.",
        LIST,
        lambda size: (size or "-").isdigit() and int(size or 0) > _MAX_PAGE,
        _SIZES,
    ),
    _query(
        "refuses/patch-without-mask",
        "A patch of a tuned model without a mask is refused.",
        PATCH,
        lambda mask: not mask,
        ("updateMask", "update_mask"),
    ),
)
