"""Generated requests to every method of the Gemini API, with names of the run's own models in their paths."""

from __future__ import annotations

from typing import Any

from concertpitch.probes import fuzz as generated
from concertpitch.probes.gemini.lab import GeminiLab

_QUERY = frozenset({"pageSize", "pageToken", "filter", "updateMask", "returnPartialSuccess", "force"})


def fuzz(lab: GeminiLab) -> None:
    """Send generated requests to the run's own models; creates come out of the run's budget.

    No ownership is given away, and what a generated delete takes is gone from the run's memory like any other.
    """

    def send(verb: str, path: str, query: dict[str, str], body: Any) -> None:
        known = {name: value for name, value in query.items() if name in _QUERY}
        if verb == "POST" and path == "tunedModels":
            lab.create(body, probe=generated.PROBE)
        elif verb == "POST" and path == "corpora":
            return
        elif verb == "DELETE" and path.count("/") == 1 and path.startswith("tunedModels/"):
            lab.delete(path.removeprefix("tunedModels/"), probe=generated.PROBE)
        elif not path.endswith(":transferOwnership"):
            lab.send(verb, path, probe=generated.PROBE, query=known, body=body)

    models = lab.ids()[:5] or ["concertpitch-nothing"]
    operations = [lab.made[one].operation.rpartition("/")[2] for one in models if one in lab.made]
    places = {
        "tunedModelsId": models,
        "corporaId": [name.removeprefix("corpora/") for name in lab.corpora] or ["concertpitch-nothing"],
        "modelsId": [lab.base_model.removeprefix("models/") or "nothing"],
        "permissionsId": ["everyone"],
        "operationsId": list(filter(None, operations)) or ["nothing"],
    }
    generated.fuzz(lab, places, send)
