"""Walks of lists with a filter -> what the filter should have shown.

Read are comparisons with = and a quoted value, joined by AND (AIP-160); any other filter makes no subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from concertpitch.subjects import Walk
from concertpitch.subjects.vertex import Filtered, Job, JobKey, Term

_TERM = re.compile(r'([A-Za-z]\w*(?:\.[A-Za-z][\w-]*)?)\s*=\s*"([^"\\]*)"')


def terms_of(filter_text: str) -> tuple[Term, ...]:
    """The terms of a filter; none for one that is not understood."""
    matches = [_TERM.fullmatch(part.strip()) for part in filter_text.split(" AND ")]
    return tuple(Term(match[1], match[2]) for match in matches if match) if all(matches) else ()


def filtered_of(walks: list[Walk], jobs: list[Job]) -> Iterator[Filtered]:
    """Every walk to the end with a filter that can be judged for certain."""
    gets = [job for job in jobs if job.source == "get"]
    read = [(walk, terms_of(walk.pages[0].filter)) for walk in walks if walk.ended and walk.readable]
    judged = [(walk, terms) for walk, terms in read if terms and all(term.certain for term in terms)]
    working = {terms[0].member for walk, terms in judged if len(terms) == 1 and _left_out(walk)}
    if any(walk.whole and walk.quiet and _left_out(walk) for walk in walks):
        return  # what lists lose without a filter is told by the rules on lists
    for walk, terms in judged:
        known = _last_seen(walk, gets)
        matching = [job for job in known if all(term.matches(job) for term in terms)]
        yield Filtered(
            walk,
            terms,
            works=all(term.member in working for term in terms),
            expected=tuple(matching),
            others=tuple(job for job in known if job not in matching),
        )


def _left_out(walk: Walk) -> bool:
    """Whether the walk does not show every job that existed when it began."""
    return bool({job.key for job in walk.expected} - {item.key for item in walk.items})


def _last_seen(walk: Walk, gets: list[Job]) -> list[Job]:
    """The jobs that existed when the walk began, each as a get before it showed them last."""
    wanted = {job.key for job in walk.expected}
    began = walk.pages[0].call.exchange
    seen: dict[JobKey, Job] = {}
    for job in gets:
        if job.key in wanted and job.exchange.before(began):
            seen[job.key] = job
    return list(seen.values())
