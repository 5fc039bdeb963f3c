"""Walks of lists with a filter -> what the filter should have shown.

Read are comparisons with = or != and a quoted value, negated or not, joined by AND or by OR (AIP-160); any other
filter makes no subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from concertpitch.subjects import LIST_LAG, Walk
from concertpitch.subjects.vertex import Creation, Filtered, Job, JobKey, Term

_TERM = re.compile(r'(NOT\s+|-)?([A-Za-z]\w*(?:\.[A-Za-z][\w-]*)?)\s*(!?=)\s*"([^"\\]*)"')
_OR = " OR "


def terms_of(filter_text: str) -> tuple[Term, ...]:
    """The terms of a filter; none for one that is not understood."""
    matches = [_TERM.fullmatch(part.strip()) for part in filter_text.split(_OR if _OR in filter_text else " AND ")]
    if not all(matches):
        return ()
    return tuple(Term(match[2], match[4], bool(match[1]) != (match[3] == "!=")) for match in matches if match)


def filtered_of(walks: list[Walk], jobs: list[Job], creations: list[Creation]) -> Iterator[Filtered]:
    """Every walk to the end with a filter that can be judged for certain."""
    sent = {creation.job.key: creation.sent for creation in creations if creation.job}
    gets = [job for job in jobs if job.source == "get"]
    read = [(walk, terms_of(walk.pages[0].filter)) for walk in walks if walk.ended and walk.readable]
    judged = [(walk, terms) for walk, terms in read if terms and all(term.certain for term in terms)]
    single = [(walk, terms[0]) for walk, terms in judged if len(terms) == 1]
    working = {term.member for walk, term in single if not term.negated and _told_apart(walk, term)}
    if any(walk.whole and walk.quiet and _left_out(walk) for walk in walks):
        return  # what lists lose without a filter is told by the rules on lists
    for walk, terms in judged:
        seen = [(job, sent.get(job.key, {})) for job in _last_seen(walk, gets)]
        if any(term.member == "state" for term in terms):
            rested = _rested(walk, gets)
            seen = [(job, body) for job, body in seen if job.key in rested]
        known = [job for job, body in seen if all(term.tells(job) and _as_sent(job, body, term) for term in terms)]
        either = _OR in walk.pages[0].filter
        joined = any if either else all
        matching = [job for job in known if joined(term.matches(job) for term in terms)]
        yield Filtered(
            walk,
            terms,
            works=all(term.member in working for term in terms),
            expected=tuple(matching),
            others=tuple(job for job in known if job not in matching),
            either=either,
        )


def _as_sent(job: Job, sent: Mapping[str, Any], term: Term) -> bool:
    """Whether a get shows what the create sent; a name that was not sent is the server's to make."""
    return term.of(job.body) == term.of(sent) or (not term.of(sent) and term.member != "labels")


def _told_apart(walk: Walk, term: Term) -> bool:
    """Whether the filter has an effect; one by an enum shows something too, as AIP-160 leaves its spelling open."""
    return _left_out(walk) and (term.member != "state" or bool(walk.items))


def _left_out(walk: Walk) -> bool:
    """Whether the walk does not show every job that existed when it began."""
    return bool({job.key for job in walk.expected} - {job.key for job in walk.items})


def _rested(walk: Walk, gets: list[Job]) -> set[JobKey]:
    """The jobs that a get had shown ended so long before the walk that every list knows it, and that stayed so."""
    began = walk.pages[0].call.exchange.sent
    ends: dict[JobKey, set[str]] = {}
    rested = set()
    for job in gets:
        if job.ended or job.key in ends:
            ends.setdefault(job.key, set()).add(job.state)
        if job.ended and job.exchange.answered + LIST_LAG <= began:
            rested.add(job.key)
    return {key for key in rested if len(ends[key]) == 1}


def _last_seen(walk: Walk, gets: list[Job]) -> list[Job]:
    """The jobs that existed when the walk began, each as a get before it showed them last."""
    wanted = {job.key for job in walk.expected}
    began = walk.pages[0].call.exchange
    seen: dict[JobKey, Job] = {}
    for job in gets:
        if job.key in wanted and job.exchange.before(began):
            seen[job.key] = job
    return list(seen.values())
