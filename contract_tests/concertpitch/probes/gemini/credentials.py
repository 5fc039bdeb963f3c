"""Calls without credentials, with malformed ones and with a made-up token, and the same with the run's own."""

from __future__ import annotations

from concertpitch.probes.gemini import bodies
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.probes.strangers import NOBODY, STRANGERS

_PROBE = "credentials"
_ADMITTED = range(200, 300)


def reading(lab: GeminiLab) -> None:
    """List, list wrongly, get, and ask for a model that does not exist, as nobody, as strangers, and as ourselves."""
    if not lab.transport.authorized:
        lab.missing[_PROBE] = "the run has no credentials"
        return
    asked: list[tuple[str, dict[str, str]]] = [("tunedModels", {}), ("tunedModels", {"pageSize": "-1"})]
    for known in lab.ids()[:1]:
        stranger = lab.unknown_like(known, set(lab.made))
        asked += [(f"tunedModels/{model_id}", {}) for model_id in (known, stranger) if model_id]
    as_nobody = [lab.send("GET", path, probe=_PROBE, query=query, stranger=NOBODY) for path, query in asked]
    if as_nobody[0].status in _ADMITTED and not lab.demanding:
        lab.missing[_PROBE] = "the target answers without credentials"
        return
    for path, query in asked:
        for headers in STRANGERS[1:]:
            lab.send("GET", path, probe=_PROBE, query=query, stranger=headers)
        lab.send("GET", path, probe=_PROBE, query=query)


def writing(lab: GeminiLab) -> None:
    """Create as strangers, then as ourselves, and delete what came of it as strangers first."""
    if _PROBE in lab.missing:
        return
    body = bodies.plain(lab, displayName=f"Concertpitch stranger {lab.run_id}")
    known = set(lab.made)
    for headers in STRANGERS:
        lab.create(body, probe=_PROBE, stranger=headers)
    ours = set(lab.made)
    lab.create(body, probe=_PROBE)
    for model_id in sorted(lab.made.keys() - ours):
        for headers in STRANGERS:
            lab.send("DELETE", f"tunedModels/{model_id}", probe=_PROBE, stranger=headers)
    for model_id in sorted(lab.made.keys() - known):
        lab.delete(model_id, probe=_PROBE)
