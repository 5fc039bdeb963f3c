"""Lists of jobs: page sizes, tokens, filters and order.

Owns what a list answers; knows nothing of sockets or lives.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from plain_faults import keeps, spoil_list
from plain_input import Refused, invalid, schemas
from plain_methods import parent, shown
from plain_world import Job, World

KNOWN_QUERY = {
    "alt",
    "fields",
    "filter",
    "key",
    "pageSize",
    "pageToken",
    "prettyPrint",
    "quotaUser",
    ".xgafv",
    "callback",
    "uploadType",
}


def number(text: str, name: str, on: frozenset[str]) -> int:
    if not re.fullmatch(r"[+-]?\d+", text or "0") or abs(int(text or 0)) >= 2**31:
        raise invalid(f"Invalid value at '{name}' (TYPE_INT32).", name)
    value = int(text or 0)
    if value < 0 and "negative-page-size-accepted" not in on:
        raise invalid(f"{name} must not be negative.", name)
    return max(value, 0)


def order(job: Job, on: frozenset[str]) -> tuple[Any, ...]:
    if "list-shuffled" in on:
        return (hashlib.sha256(job.ident.encode()).hexdigest(), job.seq)
    return (job.seq,) if "list-oldest-first" in on else (-job.seq,)


def matches(world: World, job: Job, wanted: str) -> bool:
    """One supported filter: member="value" or labels.key="value", joined by AND; raises Refused."""
    view = world.view(job, world.now())
    for term in re.split(r"\s+AND\s+", wanted.strip()):
        found_term = re.fullmatch(r"([\w.]+)\s*(!=|=|:)\s*(\"[^\"]*\"|[\w.*-]+)", term)
        if not found_term:
            raise invalid("Invalid filter.", "filter")
        path, sign, value = found_term[1], found_term[2], found_term[3].strip('"')
        head, _, key = path.partition(".")
        member = re.sub(r"_([a-z])", lambda part: part[1].upper(), head)
        if member not in schemas("v1")["TuningJob"]["properties"]:
            raise invalid(f"Unknown field {head} in filter.", "filter")
        actual = view.get(member, {}).get(key) if key and isinstance(view.get(member, {}), dict) else view.get(member)
        if "filter-ignores-second-term" in world.on and not term.startswith(wanted[:5]):
            continue
        equal = actual is not None if value == "*" else actual == value
        if "filter-inverts" in world.on or equal == (sign == "!="):
            return False
    return True


def limited(world: World, query: dict[str, str]) -> int:
    """The page size of a request, after its query was looked at; raises Refused."""
    on = world.on
    if query.get("filter") and "filter-refused" in on:
        raise invalid("Filtering is not supported.", "filter")
    if query.get("filter") and "filter-501" in on:
        raise Refused(501, "UNIMPLEMENTED", "Filtering is not supported.")
    if "unknown-query-refused" in on and set(query) - KNOWN_QUERY:
        raise invalid("Invalid JSON payload received. Unknown name: Cannot bind query parameter.")
    if "page-size-zero-refused" in on and query.get("pageSize") == "0":
        raise invalid("page_size must be positive.", "page_size")
    if "page-size-demanded" in on and not query.get("pageSize"):
        raise invalid("page_size is required.", "page_size")
    if "list-is-500-when-long" in on and len(world.jobs) > 25 and query.get("pageSize", "0") == "0":
        raise Refused(500, "INTERNAL", "Internal error encountered.")
    size = number(query.get("pageSize", query.get("page_size", "0")), "page_size", on)
    return min(size or (2 if "default-page-of-2" in on else 50), 5 if "pages-at-most-5" in on else 100)


def collected(world: World, place: tuple[str, str], query: dict[str, str]) -> list[Job]:
    """All jobs a list is about, in its order; raises Refused."""
    on, now, wanted = world.on, world.now(), query.get("filter", "")
    if wanted:
        matches(world, Job("", "", "", 0, {}, 0, [(0, "QUEUED")]), wanted)
    with world.lock:
        jobs = list(world.jobs.values())
    jobs = [
        job
        for job in jobs
        if ("lists-every-project" in on or job.project == place[0])
        and ("lists-every-location" in on or job.location == place[1])
        and keeps(world, job, now, query)
        and (not wanted or matches(world, job, wanted))
    ]
    if "list-by-update-time" in on:
        return sorted(jobs, key=lambda job: (-job.past(now)[-1][0], job.seq))
    return sorted(jobs, key=lambda job: order(job, on))


def remaining(world: World, jobs: list[Job], after: list[Any] | None, size: int) -> list[Job]:
    """The jobs a token still stands for."""
    on = world.on
    if "list-by-update-time" in on:
        return jobs[after[0] if after else 0 :]
    if "one-cursor" in on:
        start = world.cursor if after is not None else 0
        world.cursor = start + size
        return jobs[start:]
    return [job for job in jobs if after is None or order(job, on) > tuple(after)]


def listing(world: World, project: str, location: str, query: dict[str, str]) -> Any:
    place, on = parent(world, project, location), world.on
    size, after = limited(world, query), None
    if query.get("pageToken"):
        after = opened(world, query["pageToken"], [*place, query.get("filter", ""), size])
        size = 100 if "page-two-ignores-size" in on else size
    jobs = collected(world, place, query)
    rest = remaining(world, jobs, after, size)
    held = max(1, size * 2 // 3) if "pages-short" in on else size
    page, more = rest[:held], None
    if "pages-empty" in on and after is None and rest and "list-by-update-time" not in on:
        page, more = [], [*order(rest[0], on)[:-1], order(rest[0], on)[-1] - 1]
    elif len(rest) > held:
        more = [(after[0] if after else 0) + held] if "list-by-update-time" in on else list(order(page[-1], on))
    answer: dict[str, Any] = {}
    if page or "list-empty-array" in on:
        answer["tuningJobs"] = [shown(world, job, "list") for job in page]
    token = sealed(world, [*place, query.get("filter", ""), size], more) if more is not None else ""
    if token or "token-empty-at-end" in on:
        answer["nextPageToken"] = token
    if "members-extra" in on:
        answer["totalSize"] = len(jobs)
    return spoil_list(world, answer, [shown(world, job, "list") for job in rest[held : held + 1]], query)


def sealed(world: World, home: list[Any], after: list[Any]) -> str:
    if "tokens-random" in world.on:
        home = [*home, "-" * 400 + str(world.random.random())]
    body = json.dumps([home, after]).encode()
    return base64.urlsafe_b64encode(hashlib.md5(body).digest()[:4] + body).decode().rstrip("=")


def unsealed(token: str) -> list[Any]:
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    if hashlib.md5(raw[4:]).digest()[:4] != raw[:4]:
        raise ValueError
    return list(json.loads(raw[4:]))


def opened(world: World, token: str, place: list[str]) -> list[Any] | None:
    """The place a page token stands for; raises Refused."""
    on = world.on
    try:
        home, after = unsealed(token)
    except (ValueError, TypeError):
        if "bad-token-is-500" in on:
            raise Refused(500, "INTERNAL", "Internal error encountered.") from None
        if "bad-token-is-first-page" in on:
            return None
        if "bad-token-is-end" in on:
            return [10**9] if "list-shuffled" not in on else ["g", 0]
        raise invalid("Invalid page token.", "page_token") from None
    same = home[:2] == place[:2] or "foreign-token-accepted" in on
    if not same or (home[2] != place[2] and "token-with-other-filter-accepted" not in on):
        raise invalid("The page token belongs to another request.", "page_token")
    if "page-size-must-not-change" in on and home[3] != place[3]:
        raise invalid("page_size changed.", "page_token")
    if "tokens-once" in on and token in world.used_tokens:
        raise invalid("The page token has expired.", "page_token")
    world.used_tokens.add(token)
    return list(after)
