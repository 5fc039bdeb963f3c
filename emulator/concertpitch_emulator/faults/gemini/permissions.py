"""Lies about permissions and roles."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError, not_found
from concertpitch_emulator.faults.gemini.telling import CREATE, answering, permissions_of
from concertpitch_emulator.gemini import rendering
from concertpitch_emulator.gemini.hooks import Fault
from concertpitch_emulator.gemini.records import EVERYONE, OWNER, READER, USER, WRITER, PermissionRecord

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.paging import Page, Window

_LARGE = 50
_GRANT, _SHOW, _CHANGE = "permissions.create", "permissions.get", "permissions.patch"
_LISTED, _TAKE = "permissions.list", "permissions.delete"

Shown = dict[str, Any]
PermissionHook = Callable[[Shown, PermissionRecord, "Call"], Shown]


def _read_as(change: Callable[[Shown], Shown]) -> PermissionHook:
    """A hook that changes what is read of a permission, not what create and patch answer."""

    def hook(shown: Shown, _record: PermissionRecord, call: Call) -> Shown:
        return change(shown) if call.method.endswith((_SHOW, _LISTED)) else shown

    return hook


def _drafting(method: str, change: Callable[[Shown, Call], Shown]) -> Callable[[Shown, Call], Shown]:
    return lambda message, call: change(message, call) if call.method.endswith(method) else message


def _escalated(message: Shown, _call: Call) -> Shown:
    return {**message, "role": WRITER if message["role"] == READER else message["role"]}


def _shortened(message: Shown, _call: Call) -> Shown:
    """The address without what follows a plus, at the domain of the organization."""
    name, plus, _ = message.get("emailAddress", "").partition("+")
    return {**message, "emailAddress": f"{name}@example.com"} if plus else message


def _other_email(message: Shown, call: Call) -> Shown:
    if call.permission is not None and call.permission.email:
        call.permission.email = message.get("emailAddress", call.permission.email)
        call.permission.grantee_type = message.get("granteeType", call.permission.grantee_type)
    return message


def _remember_role(message: Shown, call: Call) -> Shown:
    call.marks["role"] = call.permission.role if call.permission is not None else ""
    return message


def _old_role(body: Any, call: Call) -> Any:
    if call.permission is not None:
        call.permission.role = call.marks.get("role") or call.permission.role
    return body


def _for_everyone(shown: Shown, record: PermissionRecord, _call: Call) -> Shown:
    return {**shown, "emailAddress": "everyone@example.com"} if record.grantee_type == EVERYONE else shown


def _no_owner(body: Any, call: Call) -> Any:
    permissions_of(call).clear()
    return body


def _two_owners(body: Any, call: Call) -> Any:
    if call.model is not None:
        call.service.grant(call.model.permissions, USER, "second-owner@example.com", OWNER)
    return body


def _keep(body: Any, call: Call) -> Any:
    if call.permission is not None:
        held = permissions_of(call)
        kept = sorted([*held.values(), call.permission], key=lambda one: one.serial)
        held.clear()
        held.update((one.id, one) for one in kept)  # where it was: lists go on as if nothing had happened
    return body


def _loses_owner(body: Any, _call: Call) -> Any:
    return {**body, "permissions": [one for one in body.get("permissions", ()) if one.get("role") != OWNER]}


def _larger_page(page: Page[Any], asked: Window, call: Call) -> Page[Any]:
    if not call.method.endswith(_LISTED) or call.query.get("pageSize"):
        return page
    return paging.ascending(list(permissions_of(call).values()), paging.Window(_LARGE, asked.start))


def _gone(call: Call) -> None:
    if call.method.endswith(_SHOW):
        raise not_found("The permission does not exist.", "unknown-permission")


def _as_if_known(error: ApiError, _call: Call) -> ApiError | Reply:
    return reply(HTTPStatus.OK, {}) if error.kind == "unknown-permission" else error


def _next_door(error: ApiError, call: Call) -> ApiError | Reply:
    if error.kind != "unknown-permission" or call.method != f"tunedModels.{_SHOW}":
        return error
    for model in call.service.store.models.values():
        if call.path["permission"] in model.permissions:
            found = model.permissions[call.path["permission"]]
            return reply(HTTPStatus.OK, rendering.permission(f"tunedModels/{call.path['model']}", found))
    return error


def _default_role(body: Any, call: Call) -> Any:
    if call.method.endswith(_GRANT) and isinstance(body, dict) and "role" not in body:
        return {**body, "role": READER}
    return body


_ROLES = (
    Fault(
        id="permission/second-owner-accepted",
        lie="Create grants the role OWNER to a second user.",
        forgives=frozenset({"grants-owner"}),
    ),
    Fault(
        id="permission/owner-demoted",
        lie="Patch changes the role of the owner.",
        forgives=frozenset({"demotes-owner"}),
    ),
    Fault(
        id="permission/new-model-with-two-owners",
        lie="A new tuned model has two owners.",
        answer=answering(CREATE, _two_owners),
    ),
    Fault(
        id="permission/reader-writes",
        lie="A READER may change and share.",
        forgives=frozenset({"not-writer"}),
    ),
    Fault(
        id="permission/writer-deletes",
        lie="A WRITER may delete.",
        forgives=frozenset({"not-owner"}),
    ),
    Fault(
        id="permission/role-escalated",
        lie="Who is granted READER becomes WRITER.",
        draft=_drafting(_GRANT, _escalated),
    ),
    Fault(
        id="permission/address-shortened",
        lie="An address is kept without what follows a plus, at one domain.",
        draft=_drafting(_GRANT, _shortened),
    ),
    Fault(
        id="permission/always-reader",
        lie="Whoever is granted a role becomes READER.",
        draft=_drafting(_GRANT, lambda message, _call: {**message, "role": READER}),
    ),
    Fault(
        id="permission/role-not-changed",
        lie="Patch answers the new role and keeps the old one.",
        draft=_drafting(_CHANGE, _remember_role),
        answer=answering(_CHANGE, _old_role),
    ),
    Fault(
        id="permission/role-defaults-to-reader",
        lie="Create without a role grants READER.",
        body=_default_role,
    ),
)

_MEMBERS = (
    Fault(
        id="permission/everyone-with-email-accepted",
        lie="A permission for EVERYONE may have an e-mail address.",
        forgives=frozenset({"everyone-with-email"}),
    ),
    Fault(
        id="permission/everyone-has-email",
        lie="The permission of EVERYONE shows an e-mail address.",
        permission=_for_everyone,
    ),
    Fault(
        id="permission/user-without-email-accepted",
        lie="A USER or GROUP needs no e-mail address.",
        forgives=frozenset({"missing-email"}),
    ),
    Fault(
        id="permission/group-is-user",
        lie="What was granted to a GROUP is read as a USER's.",
        permission=_read_as(lambda one: {**one, "granteeType": one["granteeType"].replace("GROUP", "USER")}),
    ),
    Fault(
        id="permission/mask-ignored",
        lie="Patch changes the e-mail address and grantee type too, whatever the mask.",
        draft=_drafting(_CHANGE, _other_email),
    ),
    Fault(
        id="permission/mask-beyond-role-accepted",
        lie="The mask of a patch may name more than role.",
        forgives=frozenset({"mask-beyond-role"}),
    ),
    Fault(
        id="permission/no-mask-accepted",
        lie="A patch needs no mask.",
        forgives=frozenset({"no-mask"}),
    ),
    Fault(
        id="permission/unknown-role-accepted",
        lie="A role of an unknown name is granted.",
        forgives=frozenset({"unknown-enum"}),
    ),
)

_METHODS = (
    Fault(id="permission/not-readable", lie="A permission cannot be read by its name.", request=_gone),
    Fault(
        id="permission/found-next-door",
        lie="A permission on one tuned model is found beneath every other.",
        refusal=_next_door,
    ),
    Fault(
        id="permission/unknown-200",
        lie="Get of an unknown permission answers an empty object.",
        refusal=_as_if_known,
    ),
    Fault(
        id="permission/delete-keeps",
        lie="A permission that was deleted is still there.",
        answer=answering(_TAKE, _keep),
    ),
    Fault(
        id="permission/owner-not-listed",
        lie="A list of permissions leaves out the owner's.",
        answer=answering(_LISTED, _loses_owner),
    ),
    Fault(
        id="permission/default-page-too-large",
        lie="A page of permissions whose size was not asked for holds up to 50.",
        page=_larger_page,
    ),
)


FAULTS = (*_ROLES, *_MEMBERS, *_METHODS)
