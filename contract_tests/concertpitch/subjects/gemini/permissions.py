"""Permissions on tuned models and corpora, and transfers of ownership."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import text
from concertpitch.schema import Request
from concertpitch.subjects.calls import Call
from concertpitch.subjects.creates import Create
from concertpitch.subjects.lists import Walk


@dataclass(frozen=True)
class Permission:
    """A permission as one answer showed it; `key` is its name, `source` is create, get, list or patch."""

    exchange: Exchange
    source: str
    key: str
    parent: str
    body: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def named(self) -> bool:
        """Whether it shows a name."""
        return bool(self.key)

    @property
    def shown(self) -> str:
        """A short name for messages."""
        return self.key or "a permission without a name"

    @property
    def role(self) -> str:
        return text(self.body.get("role"))

    @property
    def grantee_type(self) -> str:
        return text(self.body.get("granteeType"))

    @property
    def email(self) -> str:
        return text(self.body.get("emailAddress"))

    @property
    def state(self) -> str:
        """Nothing: what changes a role is always a call."""
        return ""


@dataclass(frozen=True)
class PermissionChange:
    """The same permission seen twice in real-time order. `touched`: this run may have changed its role meanwhile."""

    before: Permission
    after: Permission
    touched: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.after.exchange


@dataclass(frozen=True)
class Grant(Create):
    """A create call for a permission. `permission` is what its answer shows, `listed` what the next walk shows of it.

    `followed`: there is a whole walk of its parent after it, before anything else was done to what it made.
    """

    permission: Permission | None = None
    followed: bool = False
    listed: Permission | None = None


@dataclass(frozen=True)
class Regrant:
    """A patch of a permission. `mask` holds its paths; `before` and `after` are the gets next to it."""

    call: Call
    request: Request
    mask: tuple[str, ...]
    before: Permission | None
    after: Permission | None
    answer: Permission | None

    @property
    def sent_role(self) -> str:
        return text(self.request.canonical.get("role"))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        first = (self.before.exchange,) if self.before else ()
        last = (self.after.exchange,) if self.after else ()
        return (*first, self.call.exchange, *last)


@dataclass(frozen=True)
class Roster:
    """All permissions on one resource, as one whole and quiet walk showed them.

    `owner_granted`: this run had asked for another owner by a create or a patch, and was not refused.
    """

    walk: Walk
    parent: str
    permissions: tuple[Permission, ...]
    owner_granted: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.walk.exchanges

    @property
    def owners(self) -> list[Permission]:
        return [one for one in self.permissions if one.role == "OWNER"]


@dataclass(frozen=True)
class Transfer:
    """A transfer of ownership with the rosters next to it, None where there is none."""

    call: Call
    request: Request
    before: Roster | None
    after: Roster | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        first = self.before.exchanges[:1] if self.before else ()
        last = self.after.exchanges[:1] if self.after else ()
        return (*first, self.call.exchange, *last)

    @property
    def email(self) -> str:
        return text(self.request.canonical.get("emailAddress"))


@dataclass(frozen=True)
class RosterChange:
    """Two rosters of one tuned model in real-time order. `given`: ownership may have been transferred meanwhile."""

    before: Roster
    after: Roster
    given: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return *self.before.exchanges[:1], *self.after.exchanges[:1]


@dataclass(frozen=True)
class NextDoor:
    """A get of a permission beneath another resource than its own, whose latest roster does not show it.

    `home` is the name under which the target had shown it.
    """

    call: Call
    roster: Roster
    home: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (*self.roster.exchanges[:1], self.call.exchange)


@dataclass(frozen=True)
class Heir:
    """A tuned model made under the id of one that this run had deleted, by its first roster.

    Permissions had been granted on the deleted one, and nothing on this; `kept` are those of the same grantees.
    """

    delete: Call
    create: Create
    roster: Roster
    kept: tuple[Permission, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.delete.exchange, self.create.call.exchange, *self.roster.exchanges[:1])


@dataclass(frozen=True)
class Trespass:
    """A patch, delete or transfer of a tuned model that the caller has no right to by its `role` on the last roster."""

    call: Call
    role: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges


@dataclass(frozen=True)
class Entitlement:
    """A call on a tuned model that the caller's role gives the right to, now that it is no longer its owner."""

    call: Call
    role: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges
