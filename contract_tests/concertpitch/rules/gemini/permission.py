"""Permissions on tuned models and corpora: who has which role, and who may be given it."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, gemini, gemini_enum, gemini_method, records
from concertpitch.subjects.gemini import Grant, Permission, PermissionChange, Regrant, Roster, Transfer

_NAME = re.compile(r"(tunedModels|corpora)/[^/]+/permissions/[^/]+")
_INTERNAL = 500
_ONLY_WAY = gemini_method(
    "PermissionService.TransferOwnership", says="This is the only way to change ownership of the tuned model."
)
_ECHO = aip(133, "Guidance", says="include any fields that were provided unless they are input only (see")


@rule(
    "permission/has-name",
    CONVENTION,
    on=Permission,
    cite=aip(122, "Guidance", says="Resources **must** expose a `name` field that contains its resource name."),
    probe="permissions",
)
def has_name(permission: Permission) -> Findings:
    """A permission shows its resource name in `name`."""
    if not permission.key:
        yield f"the {permission.source} answer shows a permission without a name"


@rule(
    "permission/name-format",
    DOCUMENTED,
    on=Permission,
    when=lambda permission: bool(permission.key),
    cite=gemini("Permission", "name", says="tunedModels/{tuned_model}/permissions/{permission}"),
    probe="permissions",
)
def name_format(permission: Permission) -> Findings:
    """A permission is named under the tuned model or corpus that it is for."""
    if not _NAME.fullmatch(permission.key) or not permission.key.startswith(f"{permission.parent}/"):
        yield f"a permission on {permission.parent} is named '{permission.key}'"


@rule(
    "permission/has-role",
    OBSERVED,
    on=Permission,
    cite=records("7 of 7 permissions", says="role"),
    probe="permissions",
)
def has_role(permission: Permission) -> Findings:
    """A permission shows its role."""
    if not permission.role:
        yield f"{permission.shown} has no role"


@rule(
    "permission/role-specified",
    DOCUMENTED,
    on=Permission,
    when=lambda permission: bool(permission.role or permission.grantee_type),
    cite=gemini_enum("Permission.Role", "ROLE_UNSPECIFIED", says="This value is unused."),
    probe="permissions",
)
def role_specified(permission: Permission) -> Findings:
    """Role and grantee type of a permission are specified."""
    for value in (permission.role, permission.grantee_type):
        if value.endswith("_UNSPECIFIED"):
            yield f"{permission.shown} shows {value}"


@rule(
    "permission/everyone-has-no-email",
    DOCUMENTED,
    on=Permission,
    when=lambda permission: permission.grantee_type == "EVERYONE",
    cite=gemini("Permission", "emailAddress", says="Field is not set when permission's grantee type is EVERYONE."),
    probe="permissions",
)
def everyone_has_no_email(permission: Permission) -> Findings:
    """A permission for EVERYONE has no e-mail address."""
    if permission.email:
        yield f"{permission.shown} is for EVERYONE and has the address {permission.email}"


@rule(
    "permission/grantee-has-email",
    OBSERVED,
    on=Permission,
    when=lambda permission: permission.grantee_type in {"USER", "GROUP"},
    cite=records("7 of 7 permissions", says="emailAddress"),
    probe="permissions",
)
def grantee_has_email(permission: Permission) -> Findings:
    """A permission for a user or group shows the e-mail address."""
    if not permission.email:
        yield f"{permission.shown} is for a {permission.grantee_type} and has no e-mail address"


@rule(
    "permission/grantee-stays",
    DOCUMENTED,
    on=PermissionChange,
    when=lambda change: not change.touched,
    cite=gemini("Permission", "emailAddress", says="Immutable. The email address of the user of group"),
    probe="permissions",
)
def grantee_stays(change: PermissionChange) -> Findings:
    """Grantee type and e-mail address of a permission never change."""
    for name in ("granteeType", "emailAddress"):
        before, after = change.before.body.get(name), change.after.body.get(name)
        if before and after and before != after:
            yield f"{change.after.shown}: {name} was {before} and is now {after}"


@rule(
    "permission/role-stays",
    CONVENTION,
    on=PermissionChange,
    when=lambda change: not change.touched and bool(change.before.role),
    cite=aip(129, "User-Specified Fields", says="For user-specified fields, the value in response from the service"),
    probe="permissions",
)
def role_stays(change: PermissionChange) -> Findings:
    """The role of a permission does not change unless somebody patches it."""
    if change.after.role and change.after.role != change.before.role:
        yield f"{change.after.shown}: role was {change.before.role} and is now {change.after.role}"


# ---- grants


@rule(
    "permission/echoes-grant",
    CONVENTION,
    on=Grant,
    when=lambda grant: grant.permission is not None and not grant.request.faults and grant.sent.get("role") != "OWNER",
    cite=_ECHO,
    probe="permissions",
)
def echoes_grant(grant: Grant) -> Findings:
    """Grantee, e-mail address and role come back as they were sent."""
    everyone = grant.sent.get("granteeType") == "EVERYONE"
    for name in ("granteeType", "role") if everyone else ("granteeType", "emailAddress", "role"):
        sent, held = text(grant.sent.get(name)), text(grant.held.get(name))
        if sent and sent.lower() != held.lower():
            yield f"{name} was sent as {sent} and came back as {held or 'absent'}"


@rule(
    "permission/grant-is-listed",
    CONVENTION,
    on=Grant,
    when=lambda grant: grant.followed,
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="permissions",
)
def grant_is_listed(grant: Grant) -> Findings:
    """A permission that was granted is listed."""
    if grant.listed is None and grant.permission:
        yield f"{grant.permission.shown} was granted and is not listed"


@rule(
    "refuse/grantee-without-email",
    DOCUMENTED,
    on=Grant,
    when=lambda grant: (
        text(grant.sent.get("granteeType")) in {"USER", "GROUP"}
        and not grant.sent.get("emailAddress")
        and not grant.request.faults
        and (grant.accepted or grant.refused)
    ),
    cite=gemini_enum("Permission.GranteeType", "USER", says="you must provide email_address for the user."),
    probe="permissions",
)
def grantee_without_email(grant: Grant) -> Findings:
    """A permission for a user or group without an e-mail address is refused."""
    if grant.accepted:
        yield f"a permission for a {grant.sent['granteeType']} without an e-mail address was accepted"


@rule(
    "ownership/not-by-grant",
    DOCUMENTED,
    on=Grant,
    when=lambda grant: (
        grant.sent.get("role") == "OWNER"
        and not grant.request.faults
        and grant.call.resource.startswith("tunedModels/")
        and (grant.accepted or grant.refused)
    ),
    cite=_ONLY_WAY,
    probe="permissions",
)
def not_by_grant(grant: Grant) -> Findings:
    """Nobody becomes owner of a tuned model by being granted the role."""
    if grant.permission and grant.permission.role == "OWNER":
        yield f"the role OWNER was granted: {grant.permission.shown}"


# ---- patches


def _only_role(regrant: Regrant) -> bool:
    return regrant.mask == ("role",) and not regrant.request.faults


@rule(
    "permission/patch-is-kept",
    CONVENTION,
    on=Regrant,
    when=lambda it: it.call.succeeded and _only_role(it) and it.after is not None and it.sent_role != "OWNER",
    cite=aip(
        121, "Strong Consistency", says="Following a successful update that is the latest mutation on a resource, a get"
    ),
    probe="permissions",
)
def patch_is_kept(it: Regrant) -> Findings:
    """The next get shows the role that a patch set."""
    if it.after and it.after.role != it.sent_role:
        yield f"{it.after.shown}: role was patched to {it.sent_role} and is {it.after.role or 'absent'}"


@rule(
    "permission/patch-answers-role",
    CONVENTION,
    on=Regrant,
    when=lambda it: it.call.succeeded and _only_role(it) and it.sent_role != "OWNER",
    cite=aip(134, "Guidance", says="include any fields that were sent and included in the update mask unless"),
    probe="permissions",
)
def patch_answers_role(it: Regrant) -> Findings:
    """The answer to a patch holds the role that was sent."""
    if it.answer is None or it.answer.role != it.sent_role:
        yield f"role was patched to {it.sent_role}, the answer has {it.answer.role if it.answer else 'none'}"


@rule(
    "permission/patch-keeps-grantee",
    DOCUMENTED,
    on=Regrant,
    when=lambda it: it.before is not None and it.after is not None,
    cite=gemini("UpdatePermissionRequest", "updateMask", says="Accepted ones: - role (`Permission.role` field)"),
    probe="permissions",
)
def patch_keeps_grantee(it: Regrant) -> Findings:
    """A patch changes nothing but the role of a permission."""
    for name in ("granteeType", "emailAddress"):
        before = it.before.body.get(name) if it.before else None
        after = it.after.body.get(name) if it.after else None
        if before and before != after:
            yield f"{it.call.resource}: {name} was {before} and was patched to {after or 'absent'}"


@rule(
    "permission/patch-mask-role-only",
    ADVISED,
    on=Regrant,
    when=lambda it: bool(it.mask) and "role" not in it.mask and (it.call.succeeded or it.call.refused),
    cite=gemini("UpdatePermissionRequest", "updateMask", says="Accepted ones: - role (`Permission.role` field)"),
    probe="permissions",
)
def patch_mask_role_only(it: Regrant) -> Findings:
    """A mask that names another member of a permission is refused (ignoring an immutable member is legal: warns)."""
    if it.call.succeeded:
        yield f"the mask {','.join(it.mask)} was accepted"


@rule(
    "permission/patch-needs-mask",
    DOCUMENTED,
    on=Regrant,
    when=lambda it: not it.mask and not it.request.faults and it.call.served and (it.call.succeeded or it.call.refused),
    cite=gemini("UpdatePermissionRequest", "updateMask", says="Required. The list of fields to update."),
    probe="permissions",
)
def patch_needs_mask(it: Regrant) -> Findings:
    """A patch of a permission without an update mask is refused."""
    if it.call.succeeded:
        yield "a patch without updateMask was accepted"


@rule(
    "ownership/not-by-patch",
    DOCUMENTED,
    on=Regrant,
    when=lambda it: (
        it.sent_role == "OWNER"
        and "role" in it.mask
        and it.after is not None
        and it.call.resource.startswith("tunedModels/")
        and (it.before is None or it.before.role != "OWNER")
    ),
    cite=_ONLY_WAY,
    probe="permissions",
)
def not_by_patch(it: Regrant) -> Findings:
    """Nobody becomes owner of a tuned model by a patch of a permission."""
    if it.after and it.after.role == "OWNER":
        yield f"{it.after.shown} was patched to OWNER"


# ---- ownership


@rule(
    "ownership/at-most-one-owner",
    DOCUMENTED,
    on=Roster,
    when=lambda roster: roster.parent.startswith("tunedModels/") and not roster.owner_granted,
    cite=gemini_method(
        "PermissionService.TransferOwnership", says="The current owner will be downgraded to writer role."
    ),
    probe="permissions",
)
def at_most_one_owner(roster: Roster) -> Findings:
    """A tuned model has one owner at most."""
    if len(roster.owners) > 1:
        yield f"{roster.parent} has the owners {', '.join(one.email or one.shown for one in roster.owners)}"


@rule(
    "ownership/has-an-owner",
    OBSERVED,
    on=Roster,
    when=lambda roster: bool(roster.permissions),
    cite=records("2 of 2 lists of permissions", says="OWNER first"),
    probe="permissions",
)
def has_an_owner(roster: Roster) -> Findings:
    """The permissions on a resource show its owner."""
    if not roster.owners:
        yield f"{roster.parent} has no owner"


@rule(
    "ownership/goes-to-the-new-owner",
    DOCUMENTED,
    on=Transfer,
    when=lambda transfer: transfer.call.succeeded and bool(transfer.email) and transfer.after is not None,
    cite=gemini(
        "TransferOwnershipRequest",
        "emailAddress",
        says="The email address of the user to whom the tuned model is being transferred to.",
    ),
    probe="transfer",
)
def goes_to_the_new_owner(transfer: Transfer) -> Findings:
    """After a transfer the new address is an owner."""
    owners = [one.email.lower() for one in transfer.after.owners] if transfer.after else []
    if transfer.email.lower() not in owners:
        yield f"{transfer.call.resource} was given to {transfer.email}, its owners are {', '.join(owners) or 'none'}"


@rule(
    "ownership/old-owner-is-writer",
    DOCUMENTED,
    on=Transfer,
    when=lambda transfer: bool(
        transfer.call.succeeded and transfer.before and transfer.after and _others(transfer.before, transfer)
    ),
    cite=gemini_method(
        "PermissionService.TransferOwnership", says="The current owner will be downgraded to writer role."
    ),
    probe="transfer",
)
def old_owner_is_writer(transfer: Transfer) -> Findings:
    """After a transfer the former owner is a writer."""
    for email in _others(transfer.before, transfer):
        roles = [one.role for one in transfer.after.permissions if one.email.lower() == email] if transfer.after else []
        if roles != ["WRITER"] and "OWNER" not in roles:
            yield f"{email} owned {transfer.call.resource} and now has {' and '.join(roles) or 'no role'}"


def _others(roster: Roster | None, transfer: Transfer) -> list[str]:
    owners = [one.email.lower() for one in roster.owners] if roster else []
    return [email for email in owners if email and email != transfer.email.lower()]


@rule(
    "ownership/transfer-answers-empty",
    DOCUMENTED,
    on=Transfer,
    when=lambda transfer: transfer.call.succeeded and transfer.call.exchange.answer.error is None,
    cite=gemini_method("PermissionService.TransferOwnership", part="output", says="TransferOwnershipResponse"),
    probe="transfer",
)
def transfer_answers_empty(transfer: Transfer) -> Findings:
    """A transfer answers an empty object."""
    body = message(transfer.call.exchange.answer.value)
    if "name" in body or "role" in body or "permissions" in body:
        yield f"transferOwnership answered {', '.join(sorted(body))}"


@rule(
    "refuse/transfer-without-email",
    DOCUMENTED,
    on=Transfer,
    when=lambda transfer: (
        transfer.request.only("missing") and transfer.call.served and (transfer.call.succeeded or transfer.call.refused)
    ),
    cite=gemini("TransferOwnershipRequest", "emailAddress", says="Required."),
    probe="transfer",
)
def transfer_without_email(transfer: Transfer) -> Findings:
    """A transfer to nobody is refused."""
    if transfer.call.succeeded:
        yield "a transfer without emailAddress was accepted"
