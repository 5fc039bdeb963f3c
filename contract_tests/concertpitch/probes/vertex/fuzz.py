"""Generated requests to every method of tuningJobs."""

from __future__ import annotations

from typing import Any

from concertpitch.probes import fuzz as generated
from concertpitch.probes.vertex.lab import VertexLab
from concertpitch.protojson import message

_QUERY = frozenset({"pageSize", "pageToken", "filter", "returnPartialSuccess"})
_OPAQUE = "evaluationConfig"
"""Configuration of another service that an implementation may store without looking into it."""


def fuzz(lab: VertexLab) -> None:
    """Send generated requests to the run's own jobs; creates come out of the run's budget."""

    def send(verb: str, path: str, query: dict[str, str], body: Any) -> None:
        for spec in body.values() if isinstance(body, dict) else ():
            message(spec).pop(_OPAQUE, None)
        if verb == "POST" and path.endswith("/tuningJobs"):
            lab.create(body, probe=generated.PROBE)
        elif not path.endswith(":wait"):
            known = {name: value for name, value in query.items() if name in _QUERY}
            lab.send(verb, path, probe=generated.PROBE, query=known, body=body)

    settings = lab.settings
    places = {
        "projectsId": [settings.project],
        "locationsId": [settings.location],
        "tuningJobsId": lab.ids()[:5] or ["1111111111111111111"],
    }
    generated.fuzz(lab, places, send)
