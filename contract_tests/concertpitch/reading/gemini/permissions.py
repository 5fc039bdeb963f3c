"""Calls -> permissions, rosters, grants and transfers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from concertpitch.protojson import items, message, text
from concertpitch.reading.creates import creates_of
from concertpitch.reading.gemini.edits import paths_of
from concertpitch.reading.gemini.models import DELETE
from concertpitch.reading.sights import pairs_of
from concertpitch.schema import Node, Schemas, read_answer, read_request
from concertpitch.subjects import LIST_LAG, Call, Create, Walk
from concertpitch.subjects.gemini import (
    Entitlement,
    Grant,
    NextDoor,
    Permission,
    PermissionChange,
    Regrant,
    Roster,
    RosterChange,
    Transfer,
    Trespass,
)

PARENTS = ("tunedModels", "corpora")
_TRANSFER = "tunedModels.transferOwnership"
_OF_WHOLE_MODELS = frozenset({_TRANSFER, DELETE})


def permissions_of(calls: Iterable[Call], schemas: Schemas) -> list[Permission]:
    """Every permission that an answer shows."""
    found = []

    def add(call: Call, source: str, node: Node, body: dict[str, Any]) -> None:
        name, parent = text(body.get("name")), call.resource.partition("/permissions")[0]
        found.append(Permission(call.exchange, source, name, parent, read_answer(schemas, node, body)))

    for call in calls:
        body = message(call.exchange.answer.value)
        if ".permissions." not in call.method or not call.succeeded or not body:
            continue
        source = call.method.rpartition(".")[2]
        if source == "list":
            of = schemas.node(schemas.members(call.route.response)["permissions"].schema["items"])
            for item in items(body.get("permissions")):
                add(call, source, of, message(item))
        elif source in {"create", "get", "patch"}:
            add(call, source, call.route.response, body)
    return found


def writes_on(calls: Iterable[Call]) -> dict[str, list[Call]]:
    """The calls that may change the permissions of each resource, by its name."""
    found = defaultdict(list)
    for call in calls:
        if (
            ".permissions." in call.method and not call.method.endswith((".get", ".list"))
        ) or call.method in _OF_WHOLE_MODELS:
            found[call.resource.partition("/permissions")[0]].append(call)
    return found


def permission_changes_of(permissions: Iterable[Permission], calls: list[Call]) -> Iterator[PermissionChange]:
    """Each sighting of a permission with the latest one before it, unless it was deleted or made between."""
    writes = writes_on(calls)
    grouped: dict[str, list[Permission]] = defaultdict(list)
    for one in permissions:
        if one.named:
            grouped[one.key].append(one)
    for key, sightings in grouped.items():
        for before, after in pairs_of(sightings):
            meanwhile = [
                call
                for call in writes[after.parent]
                if call.exchange.sent < after.exchange.answered and call.exchange.answered > before.exchange.sent
            ]
            own = [call for call in meanwhile if call.resource == key or call.method == _TRANSFER]
            remade = any(
                call.method.endswith((".delete", ".create"))
                and not call.refused
                and call.exchange is not before.exchange
                for call in meanwhile
            )
            if not remade:
                yield PermissionChange(before, after, bool(own))


def grants_of(
    calls: list[Call], permissions: list[Permission], walks: Sequence[Walk], schemas: Schemas
) -> Iterator[Grant]:
    """Every create call for a permission."""
    shown = {one.exchange.number: one for one in permissions if one.source == "create"}
    writes = writes_on(calls)

    def make(create: Create) -> Grant:
        permission = shown.get(create.call.exchange.number)
        return Grant(
            create.call, create.request, create.unreadable, permission.body if permission else {}, permission=permission
        )

    for parent in PARENTS:
        for grant in creates_of(calls, f"{parent}.permissions.create", schemas, make):
            walk = _next_walk(grant.call, walks, writes)
            if walk is None or grant.permission is None:
                yield grant
                continue
            same = (item for item in walk.items if item.key == grant.permission.key)
            listed = next((item for item in same if isinstance(item, Permission)), None)
            yield replace(grant, followed=True, listed=listed)


def _next_walk(call: Call, walks: Sequence[Walk], writes: dict[str, list[Call]]) -> Walk | None:
    """The next whole walk of the same permissions, unless something else was written before it ended."""
    parent = call.resource.partition("/permissions")[0]
    for walk in walks:
        first, last = walk.pages[0].call.exchange, walk.pages[-1].call.exchange
        if walk.whole and walk.pages[0].call.resource == f"{parent}/permissions" and call.exchange.before(first):
            others = (one for one in writes[parent] if one is not call)
            disturbed = any(
                one.exchange.answered > call.exchange.sent and one.exchange.sent < last.answered for one in others
            )
            return None if disturbed else walk
    return None


def regrants_of(calls: list[Call], permissions: list[Permission], schemas: Schemas) -> Iterator[Regrant]:
    """Every patch of a permission, with the gets next to it that no other write lies between."""
    writes = writes_on(calls)
    reads: dict[str, list[Permission]] = defaultdict(list)
    for shown in permissions:
        if shown.source == "get":
            reads[shown.key].append(shown)
    answers = {one.exchange.number: one for one in permissions if one.source == "patch"}
    for call in calls:
        node = call.route.request
        if not call.method.endswith(".permissions.patch") or node is None:
            continue
        others = [other.exchange for other in writes[call.resource.partition("/permissions")[0]] if other is not call]
        before = [read for read in reads[call.resource] if read.exchange.before(call.exchange)]
        after = [read for read in reads[call.resource] if call.exchange.before(read.exchange)]
        near: list[Permission | None] = []
        for one in (before[-1] if before else None, after[0] if after else None):
            began = min(one.exchange.sent, call.exchange.sent) if one else 0.0
            ended = max(one.exchange.answered, call.exchange.answered) if one else 0.0
            near.append(None if any(w.sent < ended and w.answered > began for w in others) else one)
        mask, _ = paths_of(schemas, node, call.query.get("updateMask", ""))
        request = read_request(schemas, node, call.exchange.request.value or {})
        yield Regrant(call, request, mask, near[0], near[1], answers.get(call.exchange.number))


def rosters_of(walks: Iterable[Walk], calls: list[Call]) -> list[Roster]:
    """The permissions of each resource, by each whole and quiet walk of them."""
    granted: dict[str, float] = {}
    for call in calls:
        asks = message(call.exchange.request.value).get("role") in ("OWNER", 1)
        if asks and not call.refused and call.method.endswith((".permissions.create", ".permissions.patch")):
            granted.setdefault(call.resource.partition("/permissions")[0], call.exchange.sent)
    found = []
    for walk in walks:
        first = walk.pages[0].call
        if ".permissions." in first.method and walk.whole and walk.quiet:
            parent = first.resource.partition("/permissions")[0]
            listed = tuple(item for item in walk.items if isinstance(item, Permission))
            asked = granted.get(parent, float("inf")) <= walk.pages[-1].call.exchange.answered
            found.append(Roster(walk, parent, listed, asked))
    return found


def transfers_of(calls: list[Call], rosters: list[Roster], schemas: Schemas) -> Iterator[Transfer]:
    """Every transferOwnership call, with the rosters next to it that no other write lies between."""
    writes = writes_on(calls)
    for call in calls:
        if call.method != _TRANSFER or call.route.request is None:
            continue
        others = [one.exchange for one in writes[call.resource] if one is not call]
        same = [one for one in rosters if one.parent == call.resource]
        before = [one for one in same if one.exchanges[-1].before(call.exchange)]
        after = [one for one in same if call.exchange.before(one.exchanges[0])]
        near: list[Roster | None] = []
        for one in (before[-1] if before else None, after[0] if after else None):
            began = min(one.exchanges[0].sent, call.exchange.sent) if one else 0.0
            ended = max(one.exchanges[-1].answered, call.exchange.answered) if one else 0.0
            near.append(None if any(w.sent < ended and w.answered > began for w in others) else one)
        request = read_request(schemas, call.route.request, call.exchange.request.value or {})
        yield Transfer(call, request, near[0], near[1])


def roster_changes_of(rosters: list[Roster], calls: list[Call]) -> Iterator[RosterChange]:
    """Consecutive rosters of each tuned model."""
    last: dict[str, Roster] = {}
    for roster in rosters:
        before = last.get(roster.parent)
        if before and before.exchanges[-1].before(roster.exchanges[0]):
            given = any(
                call.method == _TRANSFER
                and call.resource == roster.parent
                and not call.refused
                and call.exchange.answered > before.exchanges[0].sent
                and call.exchange.sent < roster.exchanges[-1].answered
                for call in calls
            )
            yield RosterChange(before, roster, given)
        last[roster.parent] = roster


def next_doors_of(
    calls: list[Call], permissions: Sequence[Permission], rosters: Sequence[Roster]
) -> Iterator[NextDoor]:
    """The gets of permissions that the target had granted elsewhere, where a settled roster does not show them."""
    writes = writes_on(calls)
    homes: dict[str, list[Permission]] = defaultdict(list)
    for one in (one for one in permissions if one.source == "create"):
        homes[one.key.rpartition("/")[2]].append(one)
    for call in calls:
        if not call.method.endswith("permissions.get"):
            continue
        parent, _, last = call.resource.partition("/permissions/")
        granted = [one for one in homes[last] if one.exchange.before(call.exchange)]
        home = granted[0] if granted and all(one.parent != parent for one in granted) else None
        same = [one for one in rosters if one.parent == parent and one.exchanges[-1].before(call.exchange)]
        if home is None or not same or any(one.key.endswith(f"/{last}") for one in same[-1].permissions):
            continue
        since = same[-1].exchanges[0].sent - LIST_LAG
        if not any(
            one.exchange.answered > since and one.exchange.sent < call.exchange.answered for one in writes[parent]
        ):
            yield NextDoor(call, same[-1], home.key)


def caller_of(rosters: Iterable[Roster]) -> str:
    """The e-mail address of this run: that of the one owner on the first roster of what it made, '' if unknown."""
    first = next(iter(rosters), None)
    return first.owners[0].email if first and len(first.owners) == 1 else ""


def role_on(roster: Roster, email: str) -> str:
    """The role of an address on a roster, '' for none."""
    return next((one.role for one in roster.permissions if one.email and one.email == email), "")


_FORBIDDEN = {
    "tunedModels.delete": {"READER", "WRITER"},
    _TRANSFER: {"READER", "WRITER"},
    "tunedModels.patch": {"READER"},
}
_ALLOWED = {"tunedModels.get": {"READER", "WRITER"}, "tunedModels.patch": {"WRITER"}}


def _given_away(writes: list[Call], call: Call) -> bool:
    """Whether all that was done is one transfer of ownership, answered with success before the call left."""
    first, *others = writes
    return not others and first.method == _TRANSFER and first.succeeded and first.exchange.before(call.exchange)


def trespasses_of(rosters: list[Roster], calls: list[Call]) -> Iterator[Trespass | Entitlement]:
    """Calls on tuned models that the caller's role, as the last roster before shows it, gives a right to, or none.

    Who was the owner and gave the model away since is a writer, where nothing else was done, whatever a roster shows.
    """
    writes = writes_on(calls)
    for call in calls:
        if call.method not in _FORBIDDEN and call.method not in _ALLOWED:
            continue
        same = [one for one in rosters if one.parent == call.resource]
        earlier = [one for one in same if one.exchanges[-1].before(call.exchange)]
        if not earlier:
            continue
        since = earlier[-1].exchanges[0].sent
        between = [
            one
            for one in writes[call.resource]
            if one is not call and since < one.exchange.answered and one.exchange.sent < call.exchange.answered
        ]
        role = role_on(earlier[-1], caller_of(same))
        if between:
            if role == "OWNER" and _given_away(between, call) and "WRITER" in _ALLOWED.get(call.method, ()):
                yield Entitlement(call, "WRITER")
            continue
        if role in _FORBIDDEN.get(call.method, ()):
            yield Trespass(call, role)
        if role in _ALLOWED.get(call.method, ()):
            yield Entitlement(call, role)
