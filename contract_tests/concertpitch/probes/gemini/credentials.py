"""Requests without credentials, with malformed ones and with a made-up token, and the same with the run's own."""

from __future__ import annotations

from concertpitch.probes.gemini import bodies
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.probes.strangers import NOBODY, STRANGERS
from concertpitch.protojson import items, message, text

_PROBE = "credentials"
_ADMITTED = range(200, 300)


def reading(lab: GeminiLab) -> None:
    """List, get and ask for a tuned model that does not exist, as nobody, as strangers, and as ourselves."""
    if not lab.transport.authorized:
        lab.missing[_PROBE] = "the run has no credentials"
        return
    names = ["tunedModels", *_models(lab)]
    as_nobody = [lab.send("GET", name, probe=_PROBE, stranger=NOBODY) for name in names]
    if all(answer.status in _ADMITTED for answer in as_nobody[:2]):
        lab.missing[_PROBE] = "the target answers without credentials"
        return
    for name in names:
        for stranger in STRANGERS[1:]:
            lab.send("GET", name, probe=_PROBE, stranger=stranger)
        lab.send("GET", name, probe=_PROBE)


def writing(lab: GeminiLab) -> None:
    """Create as strangers, rightly and wrongly, then wrongly as ourselves, so that the answers can be compared."""
    if _PROBE in lab.missing:
        return
    wrong = bodies.plain(lab, colour="blue")
    for stranger in STRANGERS:
        lab.create(wrong, probe=_PROBE, stranger=stranger)
    lab.create(wrong, probe=_PROBE)


def _models(lab: GeminiLab) -> list[str]:
    """The name of a tuned model that exists, if there is one, and of one like it that does not."""
    listed = items(message(lab.page("tunedModels", probe=_PROBE).answer.value).get("tunedModels"))
    ids = lab.ids() or [text(message(model).get("name")).rpartition("/")[2] for model in listed[:1]]
    stranger = lab.unknown_like(ids[0], set(ids)) if ids else ""
    return [f"tunedModels/{model_id}" for model_id in (*ids[:1], stranger) if model_id]
