"""Lies about the transfer of ownership."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.faults.gemini.telling import TRANSFER, answering, permissions_of
from concertpitch_emulator.gemini.hooks import Fault
from concertpitch_emulator.gemini.records import OWNER, READER, WRITER

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call

_EMAILS = ("emailAddress", "email_address")


def _add_email(body: Any, call: Call) -> Any:
    if call.method == TRANSFER and isinstance(body, dict) and not any(body.get(name) for name in _EMAILS):
        return {"emailAddress": "somebody@example.com"}
    return body


def _owners_before(call: Call) -> None:
    """Remember who owned the model before a transfer."""
    if call.method == TRANSFER and call.path["model"] in call.service.store.models:
        call.marks["owners"] = call.service.store.models[call.path["model"]].owners()


def _former(role: str | None) -> Callable[[Any, Call], Any]:
    """An answer hook that leaves the former owner that role; None takes every role."""

    def hook(body: Any, call: Call) -> Any:
        for owner in call.marks.get("owners", ()):
            if role is None:
                permissions_of(call).pop(owner.id, None)
            else:
                owner.role = role
        return body

    return answering(TRANSFER, hook)


def _demoted(body: Any, call: Call) -> Any:
    for one in permissions_of(call).values():
        if one.role == WRITER and one not in call.marks["owners"]:
            one.role = READER
    return body


def _grants_before(call: Call) -> None:
    if call.method == TRANSFER and call.path["model"] in call.service.store.models:
        held = call.service.store.models[call.path["model"]].permissions
        call.marks["grants"] = {key: replace(one) for key, one in held.items()}


def _granted_twice(body: Any, call: Call) -> Any:
    given = call.permission
    if given is not None and given.id in call.marks["grants"]:
        other = replace(given, id=f"{given.id}9", role=call.marks["grants"][given.id].role)
        permissions_of(call)[other.id] = other
    return body


def _nobody(body: Any, call: Call) -> Any:
    if call.permission is not None:
        call.permission.role = WRITER
    return body


def _undone(body: Any, call: Call) -> Any:
    if call.permission is not None:
        del permissions_of(call)[call.permission.id]
        for owner in call.marks.get("owners", ()):
            owner.role = OWNER
            permissions_of(call)[owner.id] = owner
    return body


FAULTS = (
    Fault(
        id="transfer/leaves-two-owners",
        lie="After a transfer the former owner is an OWNER still.",
        request=_owners_before,
        answer=_former(OWNER),
    ),
    Fault(
        id="transfer/leaves-none",
        lie="After a transfer nobody is OWNER.",
        answer=answering(TRANSFER, _nobody),
    ),
    Fault(
        id="transfer/former-owner-reads",
        lie="After a transfer the former owner is a READER.",
        request=_owners_before,
        answer=_former(READER),
    ),
    Fault(
        id="transfer/does-nothing",
        lie="A transfer is answered and forgotten.",
        request=_owners_before,
        answer=answering(TRANSFER, _undone),
    ),
    Fault(
        id="transfer/demotes-all",
        lie="A transfer makes every other writer a reader.",
        request=_owners_before,
        answer=answering(TRANSFER, _demoted),
    ),
    Fault(
        id="transfer/grants-twice",
        lie="Who had a role and is given a model has both.",
        request=_grants_before,
        answer=answering(TRANSFER, _granted_twice),
    ),
    Fault(
        id="transfer/answers-permission",
        lie="A transfer answers the new owner's e-mail address.",
        answer=answering(TRANSFER, lambda _body, call: {"emailAddress": call.permission and call.permission.email}),
    ),
    Fault(
        id="transfer/by-anybody",
        lie="Who may read a model may give it away.",
        forgives=frozenset({"not-owner-of-transferred"}),
    ),
    Fault(
        id="transfer/no-address-accepted",
        lie="A transfer without an e-mail address makes somebody the owner.",
        body=_add_email,
    ),
)
