"""Jobs, lists and operations read over MCP between two reads over REST, from creation to the end."""

from __future__ import annotations

import time
from typing import Any

from concertpitch.exchange import Exchange, read_json
from concertpitch.jsonrpc import reply
from concertpitch.probes.mcp.lab import Line, McpLab
from concertpitch.probes.vertex import bodies
from concertpitch.protojson import items, message, text
from concertpitch.subjects.vertex.jobs import ENDED

_PROBE = "twins"
_PROJECT, _LOCATION, _LOCATIONS = 1, 3, ("us-west4", "europe-west4")
_ATTEMPTS = 5
"""Tries to catch a job between two of its changes."""
_PAGE_SIZE, _WHOLE = 2, "50"
_LOOKS = 12
"""Readings of a job on its way to its end, spread over the patience."""


def twins(lab: McpLab) -> None:
    """Create jobs (where that is allowed), read them both ways until they have ended; then lists and operations."""
    if not lab.lines:
        return
    names = _create(lab) if lab.settings.writes else []
    names = names or _names_listed(lab)
    for name in names:
        for line in lab.lines:
            _read_job(lab, line, name)
    for line in lab.lines if "get_tuning_job" in lab.tools else ():
        for name in names[:1]:
            _elsewhere(lab, line, name)
            lab.call(line, "get_tuning_job", {}, probe="refusals")
    if "cancel_tuning_job" in lab.tools and lab.settings.writes:
        _cancel(lab)
    if lab.settings.writes:
        _to_the_end(lab, names)
        _cancel_ended(lab, names)
    _read_lists(lab)
    _read_operations(lab)


def _create(lab: McpLab) -> list[str]:
    full, truncated = bodies.full(lab.rest), bodies.with_dataset(lab.rest, "truncated.jsonl")
    full["description"] = "Für Ärzte & <Töne> \"a\" 'b' ♪ 音叉"
    odd = full | {"labels": {**full["labels"], "note": ""}}
    made = [_made(lab.rest.create(body, probe=_PROBE)) for body in (odd, truncated)]
    return [name for name in (made[0] or _made(lab.rest.create(full, probe=_PROBE)), made[1]) if name]


def _made(exchange: Exchange | None) -> str:
    return text(message(exchange.answer.value).get("name")) if exchange is not None and exchange.status == 200 else ""  # noqa: PLR2004


def _names_listed(lab: McpLab) -> list[str]:
    """A few jobs of the location, by either list."""
    jobs = items(message(lab.rest.page(probe=_PROBE, pageSize=str(_PAGE_SIZE)).answer.value).get("tuningJobs"))
    if not jobs and "list_tuning_jobs" in lab.tools:
        arguments = {"parent": lab.rest.parent(), "pageSize": _PAGE_SIZE}
        result = message(
            message(reply(lab.call(lab.lines[0], "list_tuning_jobs", arguments, probe=_PROBE))).get("result")
        )
        jobs = items(message(result.get("structuredContent")).get("tuningJobs"))
    return [name for job in jobs if (name := text(message(job).get("name")))]


def _read_job(lab: McpLab, line: Line, name: str) -> Exchange:
    """REST, MCP, REST; again while the job changed in between."""
    for _ in range(_ATTEMPTS):
        before = lab.rest.send("GET", name, probe=_PROBE)
        if "get_tuning_job" in lab.tools:
            lab.call(line, "get_tuning_job", {"name": name}, probe=_PROBE)
        after = lab.rest.send("GET", name, probe=_PROBE)
        if before.answer.value == after.answer.value or after.status != 200:  # noqa: PLR2004
            break
    return after


def _elsewhere(lab: McpLab, line: Line, name: str) -> None:
    """Ask for a job as if it were in another location or project, where REST does not find it."""
    parts = name.split("/")
    elsewhere = {_LOCATION: next(one for one in _LOCATIONS if one != parts[_LOCATION]), _PROJECT: "concertpitch-other"}
    for place, other in elsewhere.items():
        strange = "/".join([*parts[:place], other, *parts[place + 1 :]])
        if lab.rest.send("GET", strange, probe="refusals").status == 404:  # noqa: PLR2004
            lab.call(line, "get_tuning_job", {"name": strange}, probe="refusals")


def _to_the_end(lab: McpLab, names: list[str]) -> None:
    pause = max(lab.settings.pause, lab.settings.patience / _LOOKS / 10)
    deadline = time.monotonic() + lab.settings.patience
    waiting = list(names)
    while waiting and time.monotonic() < deadline:
        lab.sleep(pause)
        for name in list(waiting):
            shown = message(_read_job(lab, lab.lines[-1], name).answer.value)
            if text(shown.get("state")) in ENDED or "state" not in shown:
                waiting.remove(name)
                for line in lab.lines[:-1]:
                    _read_job(lab, line, name)


def _cancel(lab: McpLab) -> None:
    """Cancel a new job by each endpoint while a newer one runs, and look at both over REST until they are at rest."""
    for line in lab.lines:
        name = _made(lab.rest.create(bodies.plain(lab.rest), probe=_PROBE))
        if not name:
            return
        newer = _made(lab.rest.create(bodies.plain(lab.rest), probe=_PROBE)) if line is lab.lines[0] else ""
        for made in filter(None, (name, newer)):
            lab.rest.send("GET", made, probe=_PROBE)
        lab.call(line, "cancel_tuning_job", {"name": name}, probe=_PROBE)
        deadline = time.monotonic() + lab.settings.patience
        while time.monotonic() < deadline:
            lab.sleep(lab.settings.pause)
            read = lab.rest.send("GET", name, probe=_PROBE)
            if text(message(read.answer.value).get("state")) in ENDED or read.status == 404:  # noqa: PLR2004
                _read_job(lab, line, name)
                break
        if newer:
            lab.rest.send("GET", newer, probe=_PROBE)


def _cancel_ended(lab: McpLab, names: list[str]) -> None:
    """Ask each endpoint to cancel a job that has ended, and look at it before and after."""
    for name in names[:1] if "cancel_tuning_job" in lab.tools else ():
        for line in lab.lines:
            read = lab.rest.send("GET", name, probe=_PROBE)
            if text(message(read.answer.value).get("state")) in ENDED:
                lab.call(line, "cancel_tuning_job", {"name": name}, probe=_PROBE)
                lab.rest.send("GET", name, probe=_PROBE)


def _read_lists(lab: McpLab) -> None:
    if "list_tuning_jobs" not in lab.tools:
        return
    parents = _listed_parents(lab)
    for line in lab.lines:
        for parent in parents:
            _read_list(lab, line, parent)


def _listed_parents(lab: McpLab) -> list[str]:
    """The run's parent and, where more jobs stand than a page holds, another location: whole lists can be compared."""
    parents = [lab.rest.parent()]
    page = message(lab.rest.page(probe=_PROBE, pageSize=_WHOLE).answer.value)
    if page.get("nextPageToken") and lab.settings.writes:
        other = _location_beside(parents[0])
        made = [
            _made(lab.rest.create(body, probe=_PROBE, parent=other))
            for body in (bodies.full(lab.rest), bodies.plain(lab.rest))
        ]
        parents += [other] if all(made) else []
    return parents


def _location_beside(parent: str) -> str:
    elsewhere = next(one for one in _LOCATIONS if not parent.endswith(f"/{one}"))
    return f"{parent.rpartition('/')[0]}/{elsewhere}"


def _read_list(lab: McpLab, line: Line, parent: str) -> None:
    of_team = {"pageSize": _WHOLE, "filter": 'labels.team="concertpitch"'}
    for query in ({"pageSize": _WHOLE}, {"pageSize": str(_PAGE_SIZE)}, of_team):
        for _ in range(_ATTEMPTS):
            before = lab.rest.page(probe=_PROBE, parent=parent, **query)
            arguments = {"parent": parent, **query, "pageSize": int(query["pageSize"])}
            lab.call(line, "list_tuning_jobs", arguments, probe=_PROBE)
            after = lab.rest.page(probe=_PROBE, parent=parent, **query)
            if before.answer.value == after.answer.value:
                break
    first = lab.call(line, "list_tuning_jobs", {"parent": parent, "pageSize": 1}, probe=_PROBE)
    token = text(_given(first).get("nextPageToken"))
    if token:
        arguments = {"parent": parent, "pageSize": 1, "pageToken": token}
        lab.call(line, "list_tuning_jobs", arguments, probe=_PROBE)
    made_up = {"pageSize": str(_PAGE_SIZE), "pageToken": "concertpitch-made-this-up"}
    lab.rest.page(probe=_PROBE, parent=parent, **made_up)
    lab.call(line, "list_tuning_jobs", {"parent": parent, **made_up, "pageSize": _PAGE_SIZE}, probe=_PROBE)
    lab.call(line, "list_tuning_jobs", {"parent": _location_beside(parent), "pageSize": 5}, probe=_PROBE)


def _given(exchange: Exchange) -> dict[str, Any]:
    """What a call gave back: structured, or as the JSON of its text."""
    result = message(message(reply(exchange)).get("result"))
    texts = [text(message(item).get("text")) for item in items(result.get("content"))]
    return message(result.get("structuredContent")) or message(read_json(texts[0].encode()).value if texts else None)


def _read_operations(lab: McpLab) -> None:
    for line in lab.lines if "get_operation" in lab.tools and lab.settings.writes else ():
        _operation(lab, line)


def _operation(lab: McpLab, line: Line) -> None:
    """Rebase a job over REST, where that is possible, and read the operation both ways."""
    for made in list(lab.rest.made.values())[:1]:
        reference = {"tunedModelRef": {"tuningJob": f"{made.parent}/tuningJobs/{made.job_id}"}}
        path = f"{made.parent}/tuningJobs:rebaseTunedModel"
        name = _made(lab.rest.send("POST", path, probe=_PROBE, body=reference))
        owner = name.partition("/operations/")[0]
        if "/tuningJobs/" in owner:
            lab.rest.adopt(owner.rpartition("/")[2], "")
        for _ in range(_ATTEMPTS if name else 0):
            before = lab.rest.send("GET", name, probe=_PROBE)
            lab.call(line, "get_operation", {"name": name}, probe=_PROBE)
            after = lab.rest.send("GET", name, probe=_PROBE)
            if before.answer.value == after.answer.value:
                break
