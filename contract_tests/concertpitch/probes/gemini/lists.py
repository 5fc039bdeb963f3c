"""Walks over all pages in quiet, page parameters of every kind, filters, and the base models."""

from __future__ import annotations

from concertpitch.probes.gemini import bodies
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.protojson import items, message, text

_MANY = 60
"""Items beyond which pages of one would only cost time."""
_HIGHEST = str(2**31 - 1)
_PAGES = 50
_READ_AGAIN = 10
"""Models read once more after the walks, to hold what the list showed against."""


def paging(lab: GeminiLab) -> None:
    """Walk the tuned models with different page sizes while nothing is written."""
    lab.await_rest(probe="paging")
    _read(lab)
    lab.page("tunedModels", probe="paging")
    changing_sizes(lab, "tunedModels", probe="paging")
    whole = lab.walk("tunedModels", probe="paging", limit=200)
    models = sum(len(items(message(page.answer.value).get("tunedModels"))) for page in whole)
    for size in [1, 3, 7, 1000] if models <= _MANY else [7, models // 10, 1000]:
        lab.walk("tunedModels", probe="paging", limit=2 * (models // size) + 25, pageSize=str(size))
    for query in (
        {"pageSize": "0"},
        {"pageSize": "5000"},
        {"pageSize": _HIGHEST},
        {"pageToken": ""},
        {"pageSize": "-1"},
        {"pageSize": "ten"},
        {"pageToken": "concertpitch-made-this-up"},
        {"pageToken": "CgwI-Z2x"},
    ):
        lab.page("tunedModels", probe="paging", **query)
    interleaved(lab)
    strange_tokens(lab)
    _read(lab)


def _read(lab: GeminiLab) -> None:
    """Read what the walks list, to hold it against: some models, and all that go on from others."""
    for known in [*lab.ids()[:_READ_AGAIN], *(one for one in lab.ids() if lab.made[one].derived)]:
        lab.get(known, probe="paging")


def changing_sizes(lab: GeminiLab, collection: str, *, probe: str) -> None:
    """One walk whose page size changes from page to page, to its end."""
    page = lab.page(collection, probe=probe, pageSize="2")
    for size in ("3", "1", "4", *["100"] * _PAGES):
        token = text(message(page.answer.value).get("nextPageToken"))
        if not token:
            return
        page = lab.page(collection, probe=probe, pageSize=size, pageToken=token)


def strange_tokens(lab: GeminiLab) -> None:
    """Send a token of a plain list with a filter, and one of a model's permissions for another's."""
    token = text(message(lab.page("tunedModels", probe="paging", pageSize="1").answer.value).get("nextPageToken"))
    if token:
        lab.page("tunedModels", probe="filters", pageSize="1", pageToken=token, filter="concertpitch")
    lists = [f"tunedModels/{known}/permissions" for known in lab.active()[:2]]
    if not lists:
        return
    first, *others = lists
    token = text(message(lab.page(first, probe="paging", pageSize="1").answer.value).get("nextPageToken"))
    for other in others if token else ():
        lab.page(other, probe="paging")
        lab.page(other, probe="paging", pageSize="1", pageToken=token)


def interleaved(lab: GeminiLab) -> None:
    """Two walks at once, page by page in turn: each token must go on where its own walk was."""
    first = lab.page("tunedModels", probe="paging", pageSize="5")
    second = lab.page("tunedModels", probe="filters", pageSize="4")
    for _ in range(100):
        token, other = (text(message(page.answer.value).get("nextPageToken")) for page in (first, second))
        if not token:
            return
        first = lab.page("tunedModels", probe="paging", pageSize="5", pageToken=token)
        if other:
            second = lab.page("tunedModels", probe="filters", pageSize="4", pageToken=other)


def filters(lab: GeminiLab) -> None:
    """Ask for the run's models through every documented filter; whoever takes none may say so."""
    lab.await_rest(probe="filters")
    lab.walk("tunedModels", probe="filters", limit=20, pageSize="100")
    for text_or_operator in (
        "owner:me",
        "writers:me",
        "readers:me",
        "readers:everyone",
        bodies.search_word(lab),
        bodies.search_word(lab).upper(),
        "Generator",
    ):
        lab.walk("tunedModels", probe="filters", limit=20, filter=text_or_operator, pageSize="100")
    lab.walk("tunedModels", probe="filters", limit=100, filter=bodies.search_word(lab), pageSize="1")


def catalogue(lab: GeminiLab) -> None:
    """List the base models in pages of several sizes, and read some of them."""
    first = lab.page("models", probe="catalogue")
    names = [text(message(item).get("name")) for item in items(message(first.answer.value).get("models"))]
    wanted = {lab.settings.base_model or lab.base_model, *names[:3]} - {""}
    for name in sorted(wanted):
        if name.startswith("models/"):
            lab.send("GET", name, probe="catalogue")
    for size in ("1000", "9", "1000"):
        pages = lab.walk("models", probe="catalogue", limit=40, pageSize=size)
    for last in [text(message(item).get("name")) for item in items(message(pages[-1].answer.value).get("models"))][-1:]:
        if last.startswith("models/") and last not in wanted:
            lab.send("GET", last, probe="catalogue")
    changing_sizes(lab, "models", probe="catalogue")
    for query in (
        {"pageSize": "0"},
        {"pageSize": "5000"},
        {"pageSize": "-1"},
        {"pageToken": "concertpitch-made-this-up"},
    ):
        lab.page("models", probe="catalogue", **query)
