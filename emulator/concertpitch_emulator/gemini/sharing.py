"""Permissions on tuned models and corpora, and the transfer of ownership; it must not know HTTP.

There is exactly one OWNER at any time: nobody can be made or unmade one but by a transfer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.errors import Violation, already_exists, failed_precondition, not_found
from concertpitch_emulator.gemini import access, patching, rendering, validation
from concertpitch_emulator.gemini.records import (
    OWNER,
    READER,
    USER,
    WRITER,
    CorpusRecord,
    ModelRecord,
    PermissionRecord,
    grantee_id,
)

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.corpora import CorporaService
    from concertpitch_emulator.gemini.service import GeminiService

_UNSPECIFIED = "GRANTEE_TYPE_UNSPECIFIED"


class SharingService:
    """`tunedModels.permissions`, `corpora.permissions` and `tunedModels.transferOwnership`."""

    def __init__(self, models: GeminiService, corpora: CorporaService) -> None:
        self._models = models
        self._corpora = corpora

    def create(self, call: Call) -> dict[str, Any]:
        """Grant a role to a user, a group or everyone; who has one already keeps it."""
        parent = self._parent(call, WRITER)
        value = self._models.read(call, "Permission", "permission")
        if value.get("granteeType", _UNSPECIFIED) == _UNSPECIFIED and value.get("emailAddress"):
            value["granteeType"] = USER
        self._models.refuse("CreatePermissionRequest", validation.permission(self._models.messages, value))
        value = self._models.hooks.draft(value, call)
        kind, email = value["granteeType"], value.get("emailAddress", "")
        if grantee_id(kind, email) in parent.permissions and not self._models.hooks.forgives("granted-twice"):
            text = f"{email or 'Everyone'} already has a permission on {parent.name}. Update it instead."
            raise already_exists(text, "granted-twice")
        call.permission = self._models.grant(parent.permissions, kind, email, value["role"])
        return self._show(parent, call.permission, call)

    def get(self, call: Call) -> dict[str, Any]:
        parent = self._parent(call, READER)
        return self._show(parent, self._permission(parent, call), call)

    def list_permissions(self, call: Call) -> dict[str, Any]:
        """One page of the permissions of a resource, oldest first."""
        parent = self._parent(call, READER)
        scope = f"permissions {parent.name}"
        asked = self._models.window(call, scope)
        permissions = self._models.hooks.collection(list(parent.permissions.values()), call)
        page = self._models.hooks.page(paging.ascending(permissions, asked), asked, call)
        return self._models.page("permissions", [self._show(parent, one, call) for one in page.items], page, scope)

    def patch(self, call: Call) -> dict[str, Any]:
        """Change a role; nothing else may be named by the mask, which is required."""
        parent = self._parent(call, WRITER)
        record = self._permission(parent, call)
        body = self._models.read(call, "Permission", "permission")
        messages = self._models.messages
        mask = patching.paths(messages, messages.named("Permission"), call.query.get("updateMask", ""))
        self._models.refuse("UpdatePermissionRequest", [*_mask(mask), *_new_role(record, body)])
        body = self._models.hooks.draft(body, call)
        record.role = body["role"]
        return self._show(parent, record, call)

    def delete(self, call: Call) -> dict[str, Any]:
        """Take a permission away; the owner's stays."""
        parent = self._parent(call, WRITER)
        record = self._permission(parent, call)
        if record.role == OWNER and not self._models.hooks.forgives("deletes-owner"):
            raise failed_precondition("The permission of the owner cannot be deleted.", "deletes-owner")
        del parent.permissions[record.id]
        return {}

    def transfer(self, call: Call) -> dict[str, Any]:
        """Make another user the owner; the present one becomes a writer."""
        model = self._models.model(call, READER)
        access.require_owner_for_transfer(call, model)
        body = self._models.read(call, "TransferOwnershipRequest", "")
        wrong = list(validation.new_owner(self._models.messages, body))
        self._models.refuse("TransferOwnershipRequest", wrong)
        for owner in model.owners():
            owner.role = WRITER
        email = body["emailAddress"]
        held = model.permissions.get(grantee_id(USER, email))
        if held is None:
            call.permission = self._models.grant(model.permissions, USER, email, OWNER)
        else:
            held.role, held.grantee_type, call.permission = OWNER, USER, held
        return {}

    def _parent(self, call: Call, role: str) -> ModelRecord | CorpusRecord:
        return self._models.model(call, role) if "model" in call.path else self._corpora.corpus(call, role)

    def _permission(self, parent: ModelRecord | CorpusRecord, call: Call) -> PermissionRecord:
        record = parent.permissions.get(call.path["permission"])
        if record is None:
            name = f"{parent.name}/permissions/{call.path['permission']}"
            raise not_found(f"Permission {name[:300]} does not exist.", "unknown-permission")
        call.permission = record
        return record

    def _show(self, parent: ModelRecord | CorpusRecord, record: PermissionRecord, call: Call) -> dict[str, Any]:
        shown = self._models.hooks.permission(rendering.permission(parent.name, record), record, call)
        return self._models.encode(self._models.messages.named("Permission"), shown, call)


def _mask(mask: list[str]) -> list[Violation]:
    if mask and set(mask) <= {"role"}:
        return []
    kind, text = (
        ("mask-beyond-role", "Only role can be updated.") if mask else ("no-mask", "Required field is not set.")
    )
    return [Violation(kind, "update_mask", text)]


def _new_role(record: PermissionRecord, body: dict[str, Any]) -> list[Violation]:
    if not body.get("role"):
        return [Violation("missing-role", "permission.role", "Required field is not set.")]
    if record.role == OWNER != body["role"]:
        text = "The role of the owner cannot be changed. Use transferOwnership."
        return [Violation("demotes-owner", "permission.role", text)]
    return [] if record.role == OWNER else list(validation.role(body))
