"""Permissions on tuned models and corpora: how they look, and how they are granted, changed and taken away."""

from __future__ import annotations

import re

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, gemini, gemini_enum, records
from concertpitch.subjects.gemini import Grant, NextDoor, Permission, PermissionChange, Regrant

_NAME = re.compile(r"(tunedModels|corpora)/[^/]+/permissions/[^/]+")
_ECHO = aip(133, "Guidance", says="include any fields that were provided unless they are input only (see")


@rule(
    "permission/has-name",
    CONVENTION,
    on=Permission,
    when=lambda permission: permission.source != "patch",
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
        if sent and sent.lower() != held.lower() and (held or name != "role"):  # that roles are shown has its own rule
            yield f"{name} was sent as {sent} and came back as {held or 'absent'}"


@rule(
    "permission/grant-is-listed",
    ADVISED,
    on=Grant,
    when=lambda grant: grant.followed,
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="permissions",
)
def grant_is_listed(grant: Grant) -> Findings:
    """A permission that was granted is listed (AIP-121 promises it of get only, so this only warns)."""
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
    "permission/of-its-own-resource",
    DOCUMENTED,
    on=NextDoor,
    when=lambda it: it.call.succeeded or it.call.status in {400, 403, 404},
    cite=gemini("Permission", "name", says="Examples: tunedModels/{tuned_model}/permissions/{permission}"),
    probe="permissions",
)
def of_its_own_resource(it: NextDoor) -> Findings:
    """A permission on one tuned model is not found beneath another, whose list does not show it."""
    if it.call.succeeded and text(message(it.call.exchange.answer.value).get("role")):
        yield f"{it.call.resource} was answered, which its list does not show; {it.home} was granted"


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
    if it.after and it.after.role and it.after.role != it.sent_role:
        yield f"{it.after.shown}: role was patched to {it.sent_role} and is {it.after.role}"


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
    "permission/patch-keeps-name",
    CONVENTION,
    on=Regrant,
    when=lambda it: it.call.succeeded and it.answer is not None and it.answer.named,
    cite=aip(180, "Changing resource names", says="A resource **must not** change its [name][aip-122]."),
    probe="permissions",
)
def patch_keeps_name(it: Regrant) -> Findings:
    """A permission has the same name after a patch."""
    if it.answer and it.answer.key.rpartition("/")[2] != it.call.resource.rpartition("/")[2]:
        yield f"{it.call.resource} was patched and is named {it.answer.key} now"


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
