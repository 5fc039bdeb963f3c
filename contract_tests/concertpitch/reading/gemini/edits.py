"""Calls -> patches of tuned models with the gets next to them, and what was seen after deletes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from concertpitch.exchange import Exchange
from concertpitch.protojson import camel, message
from concertpitch.reading.creates import unreadable
from concertpitch.reading.gemini.models import PATCH
from concertpitch.schema import Node, Schemas, read_answer, read_request
from concertpitch.subjects import Call, Walk
from concertpitch.subjects.gemini import Deletion, Patch, PatchedTogether, TunedModel


def paths_of(schemas: Schemas, node: Node, mask: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paths of a mask in lowerCamelCase, and those of them that lead nowhere."""
    paths = tuple(".".join(camel(step) for step in path.strip().split(".")) for path in mask.split(",") if path.strip())
    return paths, tuple(path for path in paths if path != "*" and not _leads(schemas, node, path))


def _leads(schemas: Schemas, node: Node, path: str) -> bool:
    for step in path.split("."):
        members = schemas.members(node) if node.kind == "message" else {}
        if step not in members:
            return False
        node = members[step]
    return True


def patches_of(calls: list[Call], grouped: Mapping[str, list[TunedModel]], schemas: Schemas) -> Iterator[Patch]:
    """Every patch of a tuned model, with the gets before and after it that nothing lies between."""
    patches: dict[str, list[Exchange]] = defaultdict(list)
    for call in calls:
        if call.method == PATCH:
            patches[call.path["tunedModelsId"]].append(call.exchange)
    for call in calls:
        node = call.route.request
        if call.method != PATCH or node is None:
            continue
        key = call.path["tunedModelsId"]
        mask, unknown = paths_of(schemas, node, call.query.get("updateMask", ""))
        answer = message(call.exchange.answer.value) if call.succeeded else {}
        yield Patch(
            call,
            read_request(schemas, node, call.exchange.request.value or {}),
            mask,
            unknown,
            *_next_to(call.exchange, [one for one in grouped.get(key, ()) if one.source == "get"], patches[key]),
            read_answer(schemas, call.route.response, answer),
            unreadable(call),
        )


def together_of(patches: Sequence[Patch], grouped: Mapping[str, list[TunedModel]]) -> Iterator[PatchedTogether]:
    """The patches that overlapped others, where no other patch names the same members before the next get."""
    for patch in patches:
        mine = patch.call.exchange
        same = [one for one in patches if one is not patch and one.call.resource == patch.call.resource]
        others = [
            one for one in same if one.call.exchange.sent < mine.answered and one.call.exchange.answered > mine.sent
        ]
        if not patch.plain or not patch.call.succeeded or not others:
            continue
        until = max(one.call.exchange.answered for one in (patch, *others))
        reads = grouped.get(patch.call.path["tunedModelsId"], ())
        after = next((one for one in reads if one.source == "get" and one.exchange.sent >= until), None)
        if after is None:
            continue
        disturbing = (
            one
            for one in same
            if one.call.exchange.answered > mine.sent and one.call.exchange.sent < after.exchange.answered
        )
        if all(one.plain and not set(one.named) & set(patch.named) for one in disturbing):
            yield PatchedTogether(patch, tuple(others), after)


def _next_to(
    patch: Exchange, reads: Sequence[TunedModel], patches: list[Exchange]
) -> tuple[TunedModel | None, TunedModel | None]:
    others = [one for one in patches if one is not patch]
    before = [one for one in reads if one.exchange.before(patch)]
    after = [one for one in reads if patch.before(one.exchange)]

    def alone(one: TunedModel | None) -> TunedModel | None:
        if one is None:
            return None
        began, ended = min(one.exchange.sent, patch.sent), max(one.exchange.answered, patch.answered)
        return None if any(other.sent < ended and other.answered > began for other in others) else one

    return alone(before[-1] if before else None), alone(after[0] if after else None)


def deletions_of(calls: list[Call], walks: Sequence[Walk], method: str, kind: str) -> Iterator[Deletion]:
    """What followed each delete of one kind that succeeded: gets, deletes and whole walks of its collection."""
    get = method.replace("delete", "get")
    for delete in (call for call in calls if call.method == method and call.succeeded):
        collection = delete.resource.rpartition("/")[0]
        for call in calls:
            beneath = call.resource == f"{delete.resource}/permissions" and call.method.endswith("permissions.list")
            if (call.resource == delete.resource and call.method in {method, get}) or beneath:
                later = delete.exchange.before(call.exchange)
                if later and not _made_again(calls, collection, delete, call.exchange.answered):
                    yield Deletion(delete, kind, call, None, listed=False)
        for walk in walks:
            first, last = walk.pages[0].call, walk.pages[-1].call
            if walk.whole and first.resource == collection and delete.exchange.before(first.exchange):
                if not _made_again(calls, collection, delete, last.exchange.answered):
                    listed = any(
                        item.key in {delete.resource, delete.resource[len(collection) + 1 :]} for item in walk.items
                    )
                    yield Deletion(delete, kind, None, walk, listed)
                break


def _made_again(calls: list[Call], collection: str, delete: Call, until: float) -> bool:
    """Whether something with the deleted name may have been created in the collection meanwhile.

    Permissions are named after their grantees, models by those who create them.
    """
    last = delete.resource.rpartition("/")[2]
    return any(
        call.resource == collection
        and call.method.endswith(".create")
        and call.query.get("tunedModelId", last) == last
        and ("permissions" in collection or "tunedModelId" in call.query)
        and call.exchange.answered > delete.exchange.sent
        and call.exchange.sent < until
        for call in calls
    )
