"""Requests without credentials, with malformed ones and with a made-up token, and the same with the run's own."""

from __future__ import annotations

from concertpitch.exchange import Exchange
from concertpitch.probes.strangers import NOBODY, STRANGERS
from concertpitch.probes.vertex import bodies
from concertpitch.probes.vertex.lab import VertexLab
from concertpitch.protojson import items, message, text

_PROBE = "credentials"
_ADMITTED = range(200, 300)
_UNADMITTED = frozenset({401, 403})


def reading(lab: VertexLab) -> None:
    """Get, list and ask for a job that does not exist, as nobody, as strangers, and as ourselves."""
    if not lab.transport.authorized:
        lab.missing[_PROBE] = "the run has no credentials"
        return
    paths = [f"{lab.parent()}/tuningJobs", *_jobs(lab)]
    as_nobody = [_sent(lab, path, NOBODY) for path in paths]
    open_ = all(answer.status in _ADMITTED for answer in as_nobody[:2])
    if open_ and not lab.demanding and not _writes_demand(lab):
        lab.missing[_PROBE] = "the target answers without credentials"
        return
    for path in paths:
        for stranger in STRANGERS[1:]:
            _sent(lab, path, stranger)
        lab.send("GET", path, probe=_PROBE)
    wrong = {"pageSize": "-1"}
    lab.send("GET", paths[0], probe=_PROBE, query=wrong, stranger=NOBODY)
    lab.send("GET", paths[0], probe=_PROBE, query=wrong)


def _writes_demand(lab: VertexLab) -> bool:
    """Whether a create, which makes nothing as it is wrong, is refused for want of credentials."""
    created = lab.create(_wrong(lab), probe=_PROBE, stranger=NOBODY) if lab.settings.writes else None
    return created is not None and created.status in _UNADMITTED


def _wrong(lab: VertexLab) -> bodies.Body:
    return bodies.tuned(lab, hyperParameters={"adapterSize": "ADAPTER_SIZE_BANANA"})


def writing(lab: VertexLab) -> None:
    """Create and cancel as strangers, then as ourselves, so that whatever came of it before is theirs."""
    if _PROBE in lab.missing:
        return
    body, wrong = bodies.plain(lab), _wrong(lab)
    body["tunedModelDisplayName"] = f"Concertpitch stranger {lab.run_id}"
    for stranger in STRANGERS:
        lab.create(body, probe=_PROBE, stranger=stranger)
        lab.create(wrong, probe=_PROBE, stranger=stranger)
    lab.find_lost(probe=_PROBE)
    before = set(lab.made)
    lab.create(body, probe=_PROBE)
    lab.create(wrong, probe=_PROBE)
    for job_id in [lab.made[key].job_id for key in lab.made.keys() - before]:
        lab.get(job_id, probe=_PROBE)
        for stranger in STRANGERS:
            lab.send("POST", f"{lab.parent()}/tuningJobs/{job_id}:cancel", probe=_PROBE, stranger=stranger)
        lab.get(job_id, probe=_PROBE)
        lab.cancel(job_id, probe=_PROBE)


def operating(lab: VertexLab) -> None:
    """Read and list operations, and ask for a rebase that can come to nothing, as strangers and then as ourselves."""
    if _PROBE in lab.missing:
        return
    for name in lab.operations[:1]:
        for path in (name, name.rpartition("/")[0]):
            for stranger in STRANGERS:
                _sent(lab, path, stranger)
            lab.send("GET", path, probe=_PROBE)
        rebase = f"{lab.parent()}/tuningJobs:rebaseTunedModel"
        for stranger in STRANGERS:
            lab.send("POST", rebase, probe=_PROBE, body={}, stranger=stranger)
        lab.send("POST", rebase, probe=_PROBE, body={})


def _jobs(lab: VertexLab) -> list[str]:
    """The path of a job that exists, if there is one, and of one like it that does not."""
    listed = items(message(lab.page(probe=_PROBE).answer.value).get("tuningJobs"))
    ids = lab.ids() or [text(message(job).get("name")).rpartition("/")[2] for job in listed[:1]]
    stranger = lab.unknown_like(ids[0], set(ids)) if ids else ""
    return [f"{lab.parent()}/tuningJobs/{job_id}" for job_id in (*ids[:1], stranger) if job_id]


def _sent(lab: VertexLab, path: str, stranger: dict[str, str]) -> Exchange:
    return lab.send("GET", path, probe=_PROBE, stranger=stranger)
