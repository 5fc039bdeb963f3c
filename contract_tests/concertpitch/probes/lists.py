"""Walks over all pages in quiet, page parameters of every kind, and other places than the run's own."""

from __future__ import annotations

from concertpitch.lab import OTHER_LOCATION, Lab
from concertpitch.protojson import items, message, text

_MANY = 60
"""Jobs beyond which pages of one job would only cost time."""
_READ_AGAIN = 20
"""Jobs read once more after the walks, to hold what the list showed against."""
_MADE_UP_TOKENS = ("concertpitch-made-this-up", "CgwI-Z2x")


def paging(lab: Lab) -> None:
    """Walk with different page sizes while nothing is written."""
    whole = lab.walk(probe="paging", limit=200)
    jobs = sum(len(items(message(page.answer.value).get("tuningJobs"))) for page in whole)
    sizes = [1, 2, 3, 7, 1000] if jobs <= _MANY else [7, jobs // 10, 1000]
    for size in sizes:
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
    changing_sizes(lab)
    for known in lab.ids()[:_READ_AGAIN]:
        lab.get(known, probe="paging")


def changing_sizes(lab: Lab) -> None:
    """One walk whose page size changes from page to page."""
    page = lab.page(probe="paging", pageSize="2")
    for size in ("3", "1", "4"):
        token = text(message(page.answer.value).get("nextPageToken"))
        if not token:
            return
        page = lab.page(probe="paging", pageSize=size, pageToken=token)


def isolation(lab: Lab) -> None:
    """The run's jobs must not be seen from another location."""
    other = lab.parent(location=OTHER_LOCATION if lab.settings.location != OTHER_LOCATION else "us-central1")
    lab.walk(probe="isolation", limit=20, parent=other)
    for known in lab.ids()[:1]:
        lab.get(known, probe="isolation", parent=other)
