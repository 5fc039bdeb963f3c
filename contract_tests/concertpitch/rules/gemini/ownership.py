"""Who owns a tuned model: one, until it is transferred; and what the lesser roles may not do."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import message
from concertpitch.sources import gemini, gemini_enum, gemini_method, records
from concertpitch.subjects.gemini import Entitlement, Grant, Regrant, Roster, RosterChange, Transfer, Trespass

_DENIED = frozenset({401, 403, 404})
_ONLY_WAY = gemini_method(
    "PermissionService.TransferOwnership", says="This is the only way to change ownership of the tuned model."
)


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


@rule(
    "ownership/stays",
    ADVISED,
    on=RosterChange,
    when=lambda change: (
        change.before.parent.startswith("tunedModels/")
        and bool(change.before.owners)
        and not change.given
        and not change.after.owner_granted
    ),
    cite=_ONLY_WAY,
    probe="transfer",
)
def stays(change: RosterChange) -> Findings:
    """The owner of a tuned model stays its owner until ownership is transferred (a reading, so this only warns)."""
    owners = {one.email.lower() for one in change.after.owners}
    for owner in change.before.owners:
        if owner.email.lower() not in owners:
            yield f"{owner.email} owned {change.before.parent}; without a transfer its owners are {owners or 'none'}"


@rule(
    "ownership/rights-of-roles",
    ADVISED,
    on=Trespass,
    when=lambda it: it.call.succeeded or it.call.refused or it.call.status in {401, 403},
    cite=gemini_enum("Permission.Role", "OWNER", says="Owner can use, update, share and delete the resource."),
    probe="transfer",
)
def rights_of_roles(it: Trespass) -> Findings:
    """Only owners delete and give away, readers do not edit (a server without accounts cannot tell: warns)."""
    if it.call.succeeded:
        yield f"{it.call.method} by a {it.role} was answered {it.call.status}"


@rule(
    "ownership/lesser-roles-keep-their-rights",
    DOCUMENTED,
    on=Entitlement,
    cite=gemini("Permission", says="writer has reader's permissions and additionally can edit and share"),
    probe="transfer",
)
def lesser_roles_keep_their_rights(it: Entitlement) -> Findings:
    """Who became a writer can still read and edit a tuned model, who became a reader can read it."""
    if it.call.status in _DENIED:
        yield f"{it.call.method} by a {it.role} was answered {it.call.status}"


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
    when=lambda roster: not roster.owner_granted,
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
    when=lambda transfer: bool(
        transfer.call.succeeded
        and transfer.email
        and transfer.after
        and (transfer.after.owners or (transfer.before and transfer.before.owners))
    ),
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
    "ownership/others-keep-their-roles",
    DOCUMENTED,
    on=Transfer,
    when=lambda transfer: bool(
        transfer.call.succeeded and transfer.before and transfer.after and _bystanders(transfer.before, transfer.email)
    ),
    cite=gemini_method(
        "PermissionService.TransferOwnership", says="The current owner will be downgraded to writer role."
    ),
    probe="transfer",
)
def others_keep_their_roles(transfer: Transfer) -> Findings:
    """A transfer leaves alone the roles of those who are neither the former owner nor the new one."""
    held = _grants(transfer.after)
    for grantee, roles in _bystanders(transfer.before, transfer.email).items():
        now = held.get(grantee, [])
        if not set(roles) & set(now):
            who = grantee[1] or "everyone"
            yield f"a transfer of {transfer.call.resource} left {who} {' and '.join(now) or 'nothing'} for {roles[0]}"


@rule(
    "ownership/one-role-after-transfer",
    ADVISED,
    on=Transfer,
    when=lambda transfer: bool(
        transfer.call.succeeded
        and transfer.after
        and [roles for (_, email), roles in _grants(transfer.before).items() if email == transfer.email.lower()]
    ),
    cite=gemini("Permission", "role", says="The role granted by this permission."),
    probe="transfer",
)
def one_role_after_transfer(transfer: Transfer) -> Findings:
    """Who had a role and becomes the owner has one permission, not two (no clause says so, so this only warns)."""
    roles = [
        role for (_, email), held in _grants(transfer.after).items() if email == transfer.email.lower() for role in held
    ]
    if len(roles) > 1:
        yield f"{transfer.call.resource} was given to {transfer.email}, who is {' and '.join(sorted(roles))} now"


def _grants(roster: Roster | None) -> dict[tuple[str, str], list[str]]:
    """The roles on a roster, by type and address of the grantee."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in roster.permissions if roster else ():
        found.setdefault((one.grantee_type, one.email.lower()), []).append(one.role)
    return found


def _bystanders(roster: Roster | None, email: str) -> dict[tuple[str, str], list[str]]:
    """Those of them that a transfer to that address has nothing to do with."""
    return {
        grantee: roles
        for grantee, roles in _grants(roster).items()
        if grantee[1] != email.lower() and roles in (["READER"], ["WRITER"])
    }


@rule(
    "ownership/transfer-answers-empty",
    ADVISED,
    on=Transfer,
    when=lambda transfer: transfer.call.succeeded and transfer.call.exchange.answer.error is None,
    cite=gemini_method("PermissionService.TransferOwnership", part="output", says="TransferOwnershipResponse"),
    probe="transfer",
)
def transfer_answers_empty(transfer: Transfer) -> Findings:
    """A transfer answers an empty object."""
    body = message(transfer.call.exchange.answer.value)
    if body:
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
