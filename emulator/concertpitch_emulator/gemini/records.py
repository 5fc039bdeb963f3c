"""What the emulator stores of tuned models, corpora and permissions, and finds again without searching.

It must not know HTTP, JSON forms or time passing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.identity import grantee_number

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.scenarios import Scenario
    from concertpitch_emulator.gemini.timeline import Timeline

READER = "READER"
WRITER = "WRITER"
OWNER = "OWNER"
ROLES = (READER, WRITER, OWNER)
"""Each role includes those before it."""

USER = "USER"
GROUP = "GROUP"
EVERYONE = "EVERYONE"


def grantee_id(kind: str, email: str) -> str:
    """The id of a grantee's permission: a number that follows from the address, or the word for everyone."""
    return grantee_number(email) if email and kind != EVERYONE else kind.lower()


@dataclass(slots=True, eq=False)
class PermissionRecord:
    """A stored permission; `email` is empty for EVERYONE. `marks` is the memory of active faults."""

    id: str
    serial: int
    grantee_type: str
    email: str
    role: str
    marks: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Shared:
    """What has permissions, by their ids and in the order they were made."""

    permissions: dict[str, PermissionRecord] = field(default_factory=dict, kw_only=True)
    marks: dict[str, Any] = field(default_factory=dict, kw_only=True)

    def owners(self) -> list[PermissionRecord]:
        """The permissions of owners, of which there is one."""
        return [permission for permission in self.permissions.values() if permission.role == OWNER]

    def granted(self, email: str) -> str | None:
        """The role given to that very address; groups have no members here."""
        for permission in self.permissions.values():
            if permission.grantee_type == USER and permission.email.lower() == email.lower():
                return permission.role
        return None

    @property
    def for_everyone(self) -> str | None:
        """The role that everyone has."""
        permission = self.permissions.get(EVERYONE.lower())
        return permission.role if permission else None


@dataclass(slots=True, eq=False)
class ModelRecord(Shared):
    """A stored tuned model.

    `source` is the member of the source_model oneof, `settings` what a patch may change, `sampling` the base
    model's values where `settings` has none, `snapshots` one a planned step in canonical form.
    """

    id: str
    serial: int
    version: str
    source: dict[str, Any]
    base_model: str
    settings: dict[str, Any]
    sampling: dict[str, Any]
    hyperparameters: dict[str, Any]
    timeline: Timeline
    scenario: Scenario
    snapshots: list[dict[str, Any]]
    operation_id: str

    @property
    def name(self) -> str:
        return f"tunedModels/{self.id}"

    @property
    def operation_name(self) -> str:
        return f"{self.name}/operations/{self.operation_id}"


@dataclass(slots=True, eq=False)
class CorpusRecord(Shared):
    """A stored corpus, which has nothing but a name and permissions. `created` is in microseconds."""

    id: str
    serial: int
    display_name: str
    created: int

    @property
    def name(self) -> str:
        return f"corpora/{self.id}"


class Store:
    """Everything one emulator remembers of the Gemini API."""

    def __init__(self) -> None:
        self.models: dict[str, ModelRecord] = {}
        self.corpora: dict[str, CorpusRecord] = {}
        self._serial = 0

    def serial(self) -> int:
        """A number that nothing stored has yet."""
        self._serial += 1
        return self._serial
