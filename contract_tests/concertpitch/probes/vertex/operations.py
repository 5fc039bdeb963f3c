"""rebaseTunedModel, and the long-running operations it starts."""

from __future__ import annotations

import time
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.probes.vertex.lab import VertexLab
from concertpitch.protojson import message, text

_PROBE = "operations"
_UNSUPPORTED = frozenset({404, 405, 501})
_LONG = "4s"
"""A timeout that a wait for what is done need not use, and that few slow answers reach."""


def operations(lab: VertexLab) -> None:
    """Rebase a tuned model, follow and then cancel it, cancel another at once; ask for one that does not exist."""
    for job_id in lab.succeeded()[:1]:
        first = _rebase(lab, job_id)
        if first is None:
            return
        if first.status in _UNSUPPORTED:
            lab.missing[_PROBE] = f"the target answers rebaseTunedModel with {first.status}"
            return
        both = {"tuningJob": f"{lab.parent()}/tuningJobs/{job_id}", "tunedModel": f"{lab.parent()}/models/1@1"}
        mistakes: list[dict[str, Any]] = [{}, {"tunedModelRef": {}}, {"tunedModelRef": both}]
        for mistake in mistakes:
            lab.send("POST", f"{lab.parent()}/tuningJobs:rebaseTunedModel", probe=_PROBE, body=mistake)
        name = text(message(first.answer.value).get("name"))
        if first.status != 200 or "operations/" not in name:  # noqa: PLR2004
            return
        lab.operations.append(name)
        _follow(lab, name)
        _remember_result(lab, name)
        stranger = lab.unknown_like(job_id, set(lab.ids()))
        unknown = _rebase(lab, stranger) if stranger else None
        strange = text(message(unknown.answer.value).get("name")) if unknown else ""
        if "operations/" in strange:
            _follow(lab, strange)
            _remember_result(lab, strange)
        parent, _, operation = name.rpartition("/")
        nobody = f"{parent}/{lab.unknown_like(operation, {operation})}"
        lab.send("GET", nobody, probe=_PROBE)
        _elsewhere(lab, name, job_id)
        lab.send("POST", f"{nobody}:cancel", probe=_PROBE)
        lab.send("POST", f"{nobody}:wait", probe=_PROBE, query={"timeout": "0.2s"})
        lab.send("DELETE", nobody, probe=_PROBE)
        lab.send("GET", parent, probe=_PROBE)
        lab.send("POST", f"{name}:cancel", probe=_PROBE)
        lab.send("GET", name, probe=_PROBE)
        again = _rebase(lab, job_id)
        second = text(message(again.answer.value).get("name")) if again else ""
        if second:
            lab.send("POST", f"{second}:cancel", probe=_PROBE)
            _follow(lab, second)
            _remember_result(lab, second)
            lab.send("GET", parent, probe=_PROBE, query={"pageSize": "1"})
            lab.send("DELETE", second, probe=_PROBE)
            lab.send("GET", second, probe=_PROBE)
        _forget(lab, job_id)
        return


def _forget(lab: VertexLab, job_id: str) -> None:
    """Delete the operation of a rebase that is under way; the job goes on, and is read for as long as others take."""
    started = _rebase(lab, job_id)
    name = text(message(started.answer.value).get("name")) if started else ""
    if not name:
        return
    owner = name.rpartition("/operations/")[0].rpartition("/tuningJobs/")[2]
    if owner in {"", job_id}:  # the name does not say which job is made
        _follow(lab, name)
        _remember_result(lab, name)
        return
    lab.adopt(owner, text(message(lab.get(owner, probe=_PROBE).answer.value).get("state")))
    lab.send("DELETE", name, probe=_PROBE)
    lab.get(owner, probe=_PROBE)
    lab.sleep(lab.settings.pause)
    lab.get(owner, probe=_PROBE)


def _elsewhere(lab: VertexLab, name: str, job_id: str) -> None:
    """Ask for the operation beneath a job that it has nothing to do with, and for that job's operations."""
    parent, _, operation = name.rpartition("/operations/")
    jobs, _, _ = parent.rpartition("/")
    for other in [one for one in lab.ids() if one not in {job_id, parent.rpartition("/")[2]}][:1]:
        if jobs.endswith("/tuningJobs"):
            lab.send("GET", f"{jobs}/{other}/operations/{operation}", probe=_PROBE)
            lab.send("GET", f"{jobs}/{other}/operations", probe=_PROBE)


def _rebase(lab: VertexLab, job_id: str) -> Exchange | None:
    """Start a rebase, which makes a job: None when the budget is spent."""
    if not lab.take():
        return None
    body = {"tunedModelRef": {"tuningJob": f"{lab.parent()}/tuningJobs/{job_id}"}}
    return lab.send("POST", f"{lab.parent()}/tuningJobs:rebaseTunedModel", probe=_PROBE, body=body)


def _follow(lab: VertexLab, name: str) -> None:
    """Read an operation until it is done, then twice more; half-way, wait for it for a moment."""
    deadline = time.monotonic() + lab.settings.patience
    waited = done = False
    while time.monotonic() < deadline:
        exchange = lab.send("GET", name, probe=_PROBE)
        done = message(exchange.answer.value).get("done") is True
        if exchange.status != 200 or done:  # noqa: PLR2004
            break
        if not waited:
            lab.send("POST", f"{name}:wait", probe=_PROBE, query={"timeout": "0.2s"})
            waited = True
        lab.sleep(lab.settings.pause)
    lab.send("POST", f"{name}:wait", probe=_PROBE, query={"timeout": _LONG if done else "0.2s"})
    for _ in range(2):
        lab.send("GET", name, probe=_PROBE)


def _remember_result(lab: VertexLab, name: str) -> None:
    """The job that a rebase made is the run's own and is cleaned up like the others."""
    exchange = lab.send("GET", name, probe=_PROBE)
    response = message(message(exchange.answer.value).get("response"))
    job_id = text(response.get("name")).rpartition("/")[2]
    if job_id and "tuningJobs/" in text(response.get("name")):
        lab.adopt(job_id, text(response.get("state")))
        lab.get(job_id, probe=_PROBE)
