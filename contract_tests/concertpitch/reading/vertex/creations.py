"""Calls -> creations with what their requests say, and the first read of each new job."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from concertpitch.protojson import items, message, text
from concertpitch.schema import Schemas, read_request
from concertpitch.subjects import Call
from concertpitch.subjects.vertex import (
    Aftermath,
    Attempts,
    Creation,
    FirstRead,
    Intrusion,
    Job,
    JobKey,
    Kept,
    Names,
    Walk,
)

_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"')
_CREATE, _DISPLAY_NAME = "tuningJobs.create", "tunedModelDisplayName"
_FREE_MEMBERS = frozenset({"tunedModelDisplayName", "labels", "description"})


def unreadable(call: Call) -> bool:
    """Whether the request body is no JSON to any parser, however lenient.

    Real parsers of this API take trailing commas, so only what cannot be a JSON value counts: brackets that do
    not match, or a text that starts with neither `{` nor `[`.
    """
    body = call.exchange.request_body
    if call.exchange.request.error is None or not body.strip():
        return False
    bare = _STRINGS.sub('""', body.decode("utf-8", "replace"))
    balanced = bare.count("{") == bare.count("}") and bare.count("[") == bare.count("]")
    return not balanced or bare.lstrip()[:1] not in {"{", "["}


def creations_of(calls: list[Call], jobs: list[Job], schemas: Schemas) -> list[Creation]:
    """Every create call in the order sent, each with the accepted ones before or after it that resemble it."""
    shown = {job.exchange.number: job for job in jobs if job.source == "create"}
    plain: list[Creation] = []
    for call in calls:
        if call.method != "tuningJobs.create" or call.route.request is None:
            continue
        body = call.exchange.request.value if call.exchange.request_body.strip() else {}
        request = read_request(schemas, call.route.request, body)
        plain.append(Creation(call, request, shown.get(call.exchange.number), unreadable(call)))
    accepted = [creation for creation in plain if creation.accepted and not creation.request.faults]
    same, near = defaultdict(list), defaultdict(list)
    for creation in accepted:
        same[_text(creation.sent)].append(creation)
        near[_text(_bound(creation))].append(creation)
    return [
        Creation(
            creation.call,
            creation.request,
            creation.job,
            creation.unreadable,
            alike=_other(creation, same[_text(creation.sent)]),
            akin=_other(creation, near[_text(_bound(creation))]),
        )
        for creation in plain
    ]


def first_reads_of(creations: list[Creation], calls: list[Call]) -> Iterator[FirstRead]:
    """The first get of each created job that left after the create was answered."""
    gets: dict[JobKey, list[Call]] = defaultdict(list)
    for call in calls:
        if call.method == "tuningJobs.get":
            gets[*call.parent, call.path["tuningJobsId"]].append(call)
    for creation in creations:
        if creation.job and creation.job.key[2]:
            later = (call for call in gets[creation.job.key] if creation.call.exchange.before(call.exchange))
            first = next(later, None)
            if first is not None:
                yield FirstRead(creation, first)


def kept_of(creations: list[Creation], jobs: list[Job]) -> Iterator[Kept]:
    """The gets of each job created from a body that nothing was wrong with, one per state it was seen in."""
    made = {
        creation.job.key: creation
        for creation in creations
        if creation.job and creation.job.key[2] and not creation.request.faults
    }
    told: set[tuple[JobKey, str]] = set()
    for job in jobs:
        creation = made.get(job.key)
        if job.source == "get" and creation and (job.key, job.state) not in told:
            told.add((job.key, job.state))
            if creation.call.exchange.before(job.exchange):
                yield Kept(creation, job)


def attempts_of(creations: list[Creation]) -> Iterator[Attempts]:
    """Creates of the same body, which differ from an accepted one in what the caller may choose freely."""
    alike: dict[tuple[tuple[str, str], str], list[Creation]] = defaultdict(list)
    for creation in creations:
        if not creation.request.faults and not creation.unreadable:
            alike[creation.call.parent, _text(creation.sent)].append(creation)
    for same in alike.values():
        yield Attempts(tuple(same), akin=same[0].akin is not None)


def names_of(creations: list[Creation]) -> Iterator[Names]:
    """The jobs created in each location."""
    jobs: dict[tuple[str, str], list[Job]] = defaultdict(list)
    for creation in creations:
        if creation.job and creation.job.name:
            jobs[creation.call.parent].append(creation.job)
    for created in jobs.values():
        if len(created) > 1:
            yield Names(tuple(created))


def aftermaths_of(creations: list[Creation], walks: list[Walk]) -> Iterator[Aftermath]:
    """Each refused create whose display name is its own, with the next whole walk of its location."""
    used = Counter(text(creation.sent.get("tunedModelDisplayName")) for creation in creations)
    for creation in creations:
        name = text(creation.sent.get("tunedModelDisplayName"))
        if name and used[name] == 1 and creation.refused:
            later = (
                walk
                for walk in walks
                if walk.whole
                and walk.pages[0].call.parent == creation.call.parent
                and creation.call.exchange.before(walk.pages[0].call.exchange)
            )
            following = next(later, None)
            if following is not None:
                yield Aftermath(creation, following)


def intrusions_of(own: list[Call], strangers: list[Call]) -> Iterator[Intrusion]:
    """Each refused create of a stranger, with the lists after it and before the run used the same display name."""
    creates = [call for call in own if call.method == _CREATE]
    lists = [call for call in own if call.method == "tuningJobs.list" and call.succeeded]
    let_in = {_display_name(call) for call in strangers if call.method == _CREATE and call.succeeded}
    for call in strangers:
        name = _display_name(call)
        if call.method != _CREATE or call.status not in {401, 403} or name in {"", *let_in}:
            continue
        until = min((one.exchange.sent for one in creates if _display_name(one) == name), default=float("inf"))
        after = tuple(one for one in lists if call.exchange.before(one.exchange) and one.exchange.answered <= until)
        if after and call.parent == after[0].parent:
            shown = (one for one in after if name in _display_names(one))
            yield Intrusion(call, after, next(shown, None))


def _display_name(create: Call) -> str:
    return text(message(create.exchange.request.value).get(_DISPLAY_NAME))


def _display_names(listing: Call) -> set[str]:
    jobs = items(message(listing.exchange.answer.value).get("tuningJobs"))
    return {text(message(job).get(_DISPLAY_NAME)) for job in jobs}


def _bound(creation: Creation) -> dict[str, object]:
    return {name: value for name, value in creation.sent.items() if name not in _FREE_MEMBERS}


def _text(body: object) -> str:
    return json.dumps(body, sort_keys=True)


def _other(creation: Creation, candidates: list[Creation]) -> Creation | None:
    """An accepted creation that is not this one; of the same parent, so that a closed location proves nothing."""
    return next(
        (one for one in candidates if one.call is not creation.call and one.call.parent == creation.call.parent),
        None,
    )
