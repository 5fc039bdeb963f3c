"""Walks over all pages in quiet, page parameters of every kind, and other places than the run's own."""

from __future__ import annotations

import time

from concertpitch.probes.vertex import bodies
from concertpitch.probes.vertex.lab import OTHER_LOCATION, RUN_LABEL, VertexLab
from concertpitch.protojson import items, message, text
from concertpitch.subjects.lists import LIST_LAG

_OK = 200
_MARGIN = 0.5
_PAGES = 50
_MANY = 60
"""Jobs beyond which pages of one job would only cost time."""
_READ_AGAIN = 20
"""Jobs read once more after the walks, to hold what the list showed against."""
_INTERLEAVED = 200
_MADE_UP_TOKENS = ("concertpitch-made-this-up", "CgwI-Z2x")


def paging(lab: VertexLab) -> None:
    """Walk with different page sizes while nothing is written."""
    wait_for_lists(lab)
    changing_sizes(lab)
    whole = lab.walk(probe="paging", limit=200)
    jobs = sum(len(items(message(page.answer.value).get("tuningJobs"))) for page in whole)
    sizes = [1, 2, 3, 7, 1000] if jobs <= _MANY and not lab.settings.quick else [7, max(8, jobs // 10), 1000]
    for size in [*sizes, max(1, jobs - 1)]:  # the last leaves one for the last page
        lab.walk(probe="paging", limit=2 * (jobs // size) + 25, pageSize=str(size))
    lab.page(probe="paging")
    for query in (
        {"pageSize": "0"},
        {"pageSize": "5000"},
        {"pageToken": ""},
        {"pageSize": "-1"},
        {"pageSize": "ten"},
        *({"pageToken": token} for token in _MADE_UP_TOKENS),
    ):
        lab.page(probe="paging", **query)
    interleaved(lab)
    strange_token(lab)
    for known in lab.ids()[:_READ_AGAIN]:
        lab.get(known, probe="paging")


def wait_for_lists(lab: VertexLab) -> None:
    """Lists may lag behind get: walk until one shows the run's jobs as get did, for as long as a lag is forgiven."""
    deadline = time.monotonic() + LIST_LAG + _MARGIN
    while time.monotonic() < deadline:
        pages = lab.walk(probe="paging", limit=_PAGES, pageSize="100")
        listed = [message(job) for page in pages for job in items(message(page.answer.value).get("tuningJobs"))]
        states = {text(job.get("name")).rpartition("/")[2]: text(job.get("state")) for job in listed}
        endless = bool(text(message(pages[-1].answer.value).get("nextPageToken")))
        if endless or all(states.get(made.job_id) == made.state for made in lab.settled()):
            return
        lab.sleep(4 * lab.settings.pause)


def look_back(lab: VertexLab) -> None:
    """Walk the list once it has had time to catch up with get; read ended jobs and done operations again."""
    ended = lab.settled()[:_READ_AGAIN]
    if ended:
        most = sorted(made.rested for made in ended)[3 * len(ended) // 4]
        lab.sleep(max(0.0, most + LIST_LAG - time.monotonic()))
        lab.walk(probe="paging", limit=_PAGES, pageSize="100")
        for state in ("JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED"):
            lab.walk(probe="filters", limit=_PAGES, filter=f'state="{state}"', pageSize="100")
    for made in ended:
        lab.get(made.job_id, probe="watch")
    for name in lab.operations:
        lab.send("GET", name, probe="operations")


def changing_sizes(lab: VertexLab) -> None:
    """One walk whose page size changes from page to page, to its end."""
    page = lab.page(probe="paging", pageSize="2")
    for size in ("3", "1", "4", *["100"] * _PAGES):
        token = text(message(page.answer.value).get("nextPageToken"))
        if not token:
            return
        page = lab.page(probe="paging", pageSize=size, pageToken=token)


def interleaved(lab: VertexLab) -> None:
    """Two walks at once, page by page in turn: each token must go on where its own walk was."""
    first, second = lab.page(probe="paging", pageSize="3"), lab.page(probe="isolation", pageSize="2")
    seen: set[str] = set()
    while len(seen) < _INTERLEAVED:
        token, other = (text(message(page.answer.value).get("nextPageToken")) for page in (first, second))
        if not token or token in seen:
            return
        seen.add(token)
        first = lab.page(probe="paging", pageSize="3", pageToken=token)
        if other:
            second = lab.page(probe="isolation", pageSize="2", pageToken=other)


def _abroad(lab: VertexLab) -> str:
    """The parent in another location than the run's own."""
    return lab.parent(location=OTHER_LOCATION if lab.settings.location != OTHER_LOCATION else "us-central1")


def emigrate(lab: VertexLab) -> None:
    """Create a job in another location before most others, so that lists of any order reach it on a later page."""
    lab.create(bodies.plain(lab), probe="isolation", parent=_abroad(lab))


def isolation(lab: VertexLab) -> None:
    """The run's jobs must not be seen from another location, and a job made there must be seen there."""
    other = _abroad(lab)
    lab.walk(probe="isolation", limit=20, parent=other)
    for known in lab.ids()[:1]:
        lab.get(known, probe="isolation", parent=other)
    stranger = lab.parent(project=f"{lab.settings.project}-other")
    lab.walk(probe="isolation", limit=20, parent=stranger)
    for known in lab.ids()[:1]:
        lab.get(known, probe="isolation", parent=stranger)
    if lab.settings.writes:
        _cancel_elsewhere(lab, other)
        for made in [one for one in lab.made.values() if one.parent == other]:
            lab.get(made.job_id, probe="isolation", parent=other)
            lab.walk(probe="isolation", limit=20, parent=other)


def _cancel_elsewhere(lab: VertexLab, other: str) -> None:
    """A cancel of a new job, by its id, in a location where it is not."""
    created = lab.create(bodies.plain(lab), probe="isolation")
    job_id = text(message(created.answer.value).get("name")).rpartition("/")[2] if created else ""
    if job_id:
        lab.cancel(job_id, probe="isolation", parent=other)
        lab.get(job_id, probe="isolation")


def strange_token(lab: VertexLab) -> None:
    """A page token of this location, sent to another one that is open."""
    other = _abroad(lab)
    token = text(message(lab.page(probe="paging", pageSize="1").answer.value).get("nextPageToken"))
    if token:
        lab.page(probe="paging", parent=other)
        lab.page(probe="paging", parent=other, pageSize="1", pageToken=token)


def filters(lab: VertexLab) -> None:
    """Filters on members that the run's jobs differ in, one page at a time, and prefixes, which nothing matches."""
    name, team = 'tunedModelDisplayName="Concertpitch full"', 'labels.team="concertpitch"'
    nobody, no_team = 'tunedModelDisplayName="Concertpitch ful"', 'labels.team="concert"'
    other_key = 'labels.stage="concertpitch"'
    international = 'tunedModelDisplayName="Stimmgabel für Ärzte ♪ 音叉"'
    first = [lab.page(probe="filters", filter=text_, pageSize="1") for text_ in (name, team)]
    if all(page.status != _OK for page in first):
        lab.missing["filters"] = f"the target answers a filter with {first[0].status}"
        return
    own = f'labels.{RUN_LABEL}="{lab.run_id}"'
    for wanted, size in (
        (name, "1"),
        (nobody, "10"),
        (team, "1"),
        (no_team, "10"),
        (other_key, "10"),
        (international, "10"),
        (own, "7"),
        (f"{team} AND {nobody}", "10"),
        (f"{no_team} AND {name}", "10"),
        (f"{team} AND {name}", "1"),
        (f"NOT {team}", "10"),
        (f"-{name}", "10"),
        (name.replace("=", "!=", 1), "10"),
        (f"{nobody} OR {team}", "10"),
    ):
        lab.walk(probe="filters", limit=60, filter=wanted, pageSize=size)
    lab.page(probe="filters", filter='tunedModelDisplayName="')
    lab.page(probe="filters", filter=f"({team}")
    token = text(message(lab.page(probe="filters", filter=team, pageSize="1").answer.value).get("nextPageToken"))
    if token:
        lab.page(probe="filters", filter=no_team, pageSize="1", pageToken=token)
