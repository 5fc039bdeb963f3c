"""Who may do what: a role includes the lesser ones, and everyone may have one. It must not know methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_emulator.errors import forbidden, not_found
from concertpitch_emulator.gemini.records import OWNER, READER, ROLES, WRITER, CorpusRecord, ModelRecord

if TYPE_CHECKING:
    from concertpitch_emulator.errors import ApiError
    from concertpitch_emulator.gemini.calls import Call

_NEEDED = {READER: "access", WRITER: "edit or share", OWNER: "delete"}


def may(call: Call, record: ModelRecord | CorpusRecord, role: str) -> bool:
    """Whether the caller has that role for it, or a greater one."""
    held = {record.granted(call.caller), record.for_everyone}
    return not held.isdisjoint(ROLES[ROLES.index(role) :])


def require(call: Call, record: ModelRecord | CorpusRecord, role: str) -> None:
    """Refuse a caller without that role."""
    kind = f"not-{role.lower()}"
    if not may(call, record, role) and not call.service.hooks.forgives(kind):
        raise forbidden(f"You do not have permission to {_NEEDED[role]} {_shown(record)}", kind)


def require_owner_for_transfer(call: Call, record: ModelRecord) -> None:
    kind = "not-owner-of-transferred"
    if not may(call, record, OWNER) and not call.service.hooks.forgives(kind):
        raise forbidden("You need to be the owner of the resource to transfer ownership", kind)


def no_model(name: str) -> ApiError:
    return not_found(f"Tuned model {name[:300]} does not exist.", "unknown-tuned-model")


def no_corpus(name: str) -> ApiError:
    return not_found(f"Corpus {name[:300]} does not exist.", "unknown-corpus")


def _shown(record: ModelRecord | CorpusRecord) -> str:
    return f"{'tuned model' if isinstance(record, ModelRecord) else 'corpus'} {record.name}"
