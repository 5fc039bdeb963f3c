"""Lies about what a call does beside what was asked: to other members, models and permissions, and to other calls."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import forbidden
from concertpitch_emulator.faults.gemini.telling import CREATE, GET, PATCH, TRANSFER, answering, permissions_of
from concertpitch_emulator.gemini import access
from concertpitch_emulator.gemini.hooks import Fault, ModelView
from concertpitch_emulator.gemini.records import OWNER

if TYPE_CHECKING:
    from concertpitch_emulator.errors import ApiError
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.records import PermissionRecord

_WORDS = 2**32


def _wrapped(body: Any, call: Call) -> Any:
    count = body.get("topK") if call.method == CREATE and isinstance(body, dict) else None
    return body | {"topK": count % _WORDS} if isinstance(count, int) and count >= _WORDS else body


def _last_name(model: dict[str, Any], call: Call) -> dict[str, Any]:
    if call.method == CREATE:
        last = call.service.lore.setdefault("last name", {})
        model = {**last, **model}
        last.update({"displayName": model["displayName"]} if "displayName" in model else {})
    return model


def _welcome_again(error: ApiError, call: Call) -> ApiError | Reply:
    """The operation of the model that has the id, for creates that arrive together."""
    model = call.service.store.models.get(call.query.get("tunedModelId", ""))
    if error.kind != "used-id" or model is None or model.settings.get("displayName") != "Concertpitch parallel":
        return error
    return reply(HTTPStatus.OK, call.service.show_operation(model, call))


def _remember(call: Call) -> None:
    model = call.service.store.models.get(call.path.get("model", "")) if call.method == PATCH else None
    if model is not None:
        call.marks["before"] = dict(model.settings)


def _lost_update(body: Any, call: Call) -> Any:
    """The second of two patches that arrive together writes back what it read before the first."""
    if call.model is not None and b"At once" in call.content:
        before, turn = call.marks["before"], orjson.loads(call.content)
        read = call.model.marks.setdefault("read together", before)
        call.model.settings = {**read, **turn}
    return body


def _only_members(call: Call) -> None:
    """Forget what a path of a mask says after its first step into a list."""
    if call.method == PATCH and call.query.get("updateMask", "").startswith("readerProjectNumbers."):
        call.query["updateMask"] = "readerProjectNumbers"
        call.content = b"{}"


def _wiped(body: Any, call: Call) -> Any:
    if call.model is not None and "tuningTask" in call.query.get("updateMask", ""):
        call.model.marks["wiped"] = True
    return body


def _without_snapshots(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    if view.record.marks.get("wiped"):
        model["tuningTask"].pop("snapshots", None)
    return model


def _with_its_like(body: Any, call: Call) -> Any:
    """Take away the other permissions of the same kind and role, as a careless condition does."""
    gone, held = call.permission, permissions_of(call)
    for key, one in list(held.items()):
        if gone is not None and (one.role, one.grantee_type) == (gone.role, gone.grantee_type):
            del held[key]
    return body


def _patched_name(shown: dict[str, Any], _record: PermissionRecord, call: Call) -> dict[str, Any]:
    return shown | {"name": f"{shown['name']}1"} if call.method.endswith("permissions.patch") else shown


def _note_transfer(body: Any, call: Call) -> Any:
    if call.model is not None:
        call.model.marks["given away"] = True
    return body


def _former_owner_out(body: Any, call: Call) -> Any:
    for key, one in list(permissions_of(call).items()):
        if one.email == call.caller and one.role != OWNER:
            del permissions_of(call)[key]
    return body


def _owners_only(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
    given = view.record.marks.get("given away") and not access.may(view.call, view.record, OWNER)
    if given and view.call.method == GET:
        raise forbidden(f"Only its owner may see tuned model {view.record.name}", "not-reader")
    return model


FAULTS = (
    Fault(id="accepts/wrapped-integer", lie="A topK of more than 32 bits loses the upper ones.", body=_wrapped),
    Fault(
        id="model/name-of-the-last",
        lie="A model without a display name gets that of the model before it.",
        draft=_last_name,
    ),
    Fault(
        id="model/id-given-to-two",
        lie="Creates of one id that arrive together are all accepted.",
        also=("refuse/used-tuned-model-id",),
        refusal=_welcome_again,
    ),
    Fault(
        id="patch/lost-update",
        lie="Of two patches that arrive together the second undoes the first.",
        request=_remember,
        answer=answering(PATCH, _lost_update),
    ),
    Fault(id="patch/index-accepted", lie="A mask may name an entry of a list by its index.", request=_only_members),
    Fault(
        id="patch/wipes-snapshots",
        lie="A patch of the tuning task takes its snapshots away.",
        forgives=frozenset({"immutable"}),
        answer=answering(PATCH, _wiped),
        model=_without_snapshots,
    ),
    Fault(
        id="permission/revoked-with-its-like",
        lie="A delete takes every permission of the same role away.",
        answer=answering("permissions.delete", _with_its_like),
    ),
    Fault(id="permission/renamed-by-patch", lie="A patch answers another name.", permission=_patched_name),
    Fault(
        id="transfer/locks-out",
        lie="Who gave a model away may not see it any more.",
        answer=answering(TRANSFER, _note_transfer),
        model=_owners_only,
    ),
    Fault(
        id="transfer/forgets-the-former-owner",
        lie="Who gave a model away has no permission for it any more.",
        answer=answering(TRANSFER, _former_owner_out),
    ),
)
