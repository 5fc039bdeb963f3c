"""Patches and deletes of tuned models that have ended, and a tuning that goes on from one."""

from __future__ import annotations

from functools import partial
from typing import Any

from concertpitch.probes.gemini import bodies
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.probes.gemini.sharing import grant, user
from concertpitch.probes.together import at_once
from concertpitch.protojson import items, message, text
from concertpitch.subjects import LIST_LAG

_AT_ONCE, _TURNS, _OK = 4, 2, 200
_LONG = "n" * 41
_GLANCES = 5
_LONG_GONE = 12
"""Models that were deleted while they were created, looked for once more."""


def patches(lab: GeminiLab) -> None:
    """Patch what may be patched, then what may not, and read the model after each."""
    mark = lab.mark
    for model_id in lab.active()[5:6] or lab.active()[-1:]:
        whole = dict(message(lab.get(model_id, probe="patch").answer.value))
        steps: list[tuple[str | None, Any]] = [
            (
                "displayName,description",
                {"displayName": "Other name", "description": f"Other words {mark}", "temperature": 0.25},
            ),
            ("temperature", {"temperature": 0.4625}),
            ("temperature", {"temperature": 0.4625}),
            ("temperature,topK", {"temperature": 0.0, "topK": 12, "displayName": "Not named by the mask"}),
            ("topP", {"topP": 0.5375}),
            ("description", {}),
            ("topK", b"not json at all"),
            ("readerProjectNumbers", {"readerProjectNumbers": ["1", "2"]}),
            ("readerProjectNumbers", {"readerProjectNumbers": ["3"]}),
            ("readerProjectNumbers.0", {"readerProjectNumbers": ["4"]}),
            (None, {"displayName": "No mask"}),
            ("displayName", whole | {"displayName": "Whole body"}),
            ("noSuchField", {"displayName": "Nowhere"}),
            ("displayName,noSuchField", {"displayName": "Half nowhere"}),
            ("state", {"state": "FAILED"}),
            ("tuningTask", {"tuningTask": {"trainingData": bodies.training_data(*bodies.PAIRS)}}),
            ("createTime,updateTime", {"createTime": "2001-01-01T00:00:00Z", "updateTime": "2001-01-01T00:00:00Z"}),
            ("baseModel", {"baseModel": lab.other_base_model}),
            ("tuningTask.hyperparameters.epochCount", {"tuningTask": {"hyperparameters": {"epochCount": 77}}}),
            ("displayName", {"displayName": _LONG}),
            ("temperature", {"temperature": 1.5}),
        ]
        for mask, body in steps:
            lab.patch(model_id, body, probe="patch", mask=mask)
            lab.get(model_id, probe="patch")
        _rename(lab, model_id)
        lab.patch(model_id, {"description": f"The last words {mark}"}, probe="patch", mask="description")
        lab.get(model_id, probe="patch")
        for word in ("Whole", "last"):
            lab.walk("tunedModels", probe="filters", limit=20, filter=word, pageSize="100")


def _rename(lab: GeminiLab, model_id: str) -> None:
    """Ask for another name by a patch; a model that took it is remembered under both."""
    other = f"cp-{lab.run_id}-renamed"
    lab.patch(model_id, {"name": f"tunedModels/{other}"}, probe="patch", mask="name")
    lab.remember(lab.get(other, probe="patch"))
    lab.get(model_id, probe="patch")


def patches_at_once(lab: GeminiLab) -> None:
    """Patch different members of one tuned model at the same moment, a few times, and read it after each."""
    for model_id in lab.active()[6:7] or lab.active()[-1:]:
        for turn in range(_TURNS):
            bodies_ = (
                {"displayName": f"At once {turn}"},
                {"description": f"At once {turn} {lab.mark}"},
                {"topK": turn + 1},
            )
            at_once([partial(lab.patch, model_id, body, probe="parallel", mask=next(iter(body))) for body in bodies_])
            lab.get(model_id, probe="parallel")


def goes_on(lab: GeminiLab) -> None:
    """Create a tuned model from a tuned model, and with both kinds of source at once."""
    for source in lab.active()[:1]:
        body = bodies.plain(lab)
        del body["baseModel"]
        known = set(lab.made)
        lab.create(body | {"tunedModelSource": {"tunedModel": f"tunedModels/{source}"}}, probe="source")
        for model_id in lab.made.keys() - known:
            lab.get(model_id, probe="source")
            lab.made[model_id].derived = source
        both = bodies.plain(lab, tunedModelSource={"tunedModel": f"tunedModels/{source}"})
        lab.create(both | {"displayName": f"Two {lab.run_id}"}, probe="source")


def parallel(lab: GeminiLab) -> None:
    """Create tuned models at the same moment with the same display name, read each, and delete them."""
    before = set(lab.made)
    body = bodies.plain(lab, displayName="Concertpitch parallel")
    same = f"cp-{lab.run_id}-at-once"
    at_once([partial(lab.create, body, probe="parallel")] * _AT_ONCE)
    at_once([partial(lab.create, body, probe="parallel", model_id=same)] * _AT_ONCE)
    for model_id in sorted(lab.made.keys() - before):
        lab.get(model_id, probe="parallel")
        lab.delete(model_id, probe="parallel")


def deletes(lab: GeminiLab) -> None:
    """Delete tuned models and look for them; the others must stay, those that were tuned from them too."""
    for model_id in [one for one in lab.active() if not lab.made[one].derived][-2:]:
        made = lab.made[model_id]
        lab.delete(model_id, probe="delete")
        lab.get(model_id, probe="delete")
        lab.walk("tunedModels", probe="delete", limit=50, pageSize="100")
        lab.delete(model_id, probe="delete")
        lab.send("GET", f"{made.name}/permissions", probe="delete")
    _end_of_a_page(lab)
    for made in [one for one in lab.made.values() if one.derived and not one.deleted]:
        if not lab.made[made.derived].deleted:
            lab.delete(made.derived, probe="delete")
        lab.get(made.model_id, probe="delete")
    for model_id in lab.ids()[:5]:
        lab.get(model_id, probe="delete")
    for made in [one for one in lab.made.values() if one.deleted][:_LONG_GONE]:
        lab.get(made.model_id, probe="delete")


def _end_of_a_page(lab: GeminiLab) -> None:
    """Delete the model that a page ends with, and go on with the token of that page."""
    token = ""
    for _ in range(_GLANCES):
        query = {"pageSize": "1"} | ({"pageToken": token} if token else {})
        page = message(lab.page("tunedModels", probe="delete", **query).answer.value)
        shown = [text(message(one).get("name")).rpartition("/")[2] for one in items(page.get("tunedModels"))]
        token = text(page.get("nextPageToken"))
        if not token:
            return
        if shown and shown[-1] in lab.ids() and not lab.made[shown[-1]].derived:
            lab.delete(shown[-1], probe="delete")
            lab.page("tunedModels", probe="delete", pageSize="100", pageToken=token)
            return


def names(lab: GeminiLab) -> None:
    """Delete a tuned model beside one whose id goes on where its own ends, and create it once more."""
    one, longer = f"cp-{lab.run_id}-again", f"cp-{lab.run_id}-again-b"
    for model_id in (one, longer):
        lab.create(bodies.plain(lab), probe="delete", model_id=model_id)
    if not {one, longer} <= lab.made.keys():
        return
    lab.get(longer, probe="delete")
    grant(lab, lab.made[one].name, user("former"))
    lab.delete(one, probe="delete", body={})  # as some clients do; what is not read comes before the next request
    lab.get(longer, probe="delete")
    if not lab.made[one].deleted:
        lab.delete(one, probe="delete")
    lab.create(bodies.plain(lab), probe="delete", model_id=one)
    lab.walk(f"tunedModels/{one}/permissions", probe="delete", limit=5)


def look_back(lab: GeminiLab) -> None:
    """Read ended models and their operations again after a while; operations that lag behind once more, later."""
    lab.sleep(lab.settings.pause)
    behind = []
    for model_id in lab.ids()[:12]:
        lab.get(model_id, probe="watch")
        name = lab.made[model_id].operation
        if name and lab.made[model_id].ended:
            read = lab.operation(name, probe="operations")
            if read.status == _OK and message(read.answer.value).get("done") is not True:
                behind.append(name)
    if behind:
        lab.sleep(LIST_LAG)
    for name in behind:
        lab.operation(name, probe="operations")


def operations(lab: GeminiLab) -> None:
    """List the operations of a tuned model, read one at v1, and one that does not exist."""
    for model_id in lab.active()[:2]:
        name = lab.made[model_id].operation
        if not name:
            continue
        parent, _, last = name.rpartition("/")
        lab.send("GET", parent, probe="operations")
        lab.operation(name, probe="operations", at_v1=True)
        lab.operation(f"{parent}/{lab.unknown_like(last, {last})}", probe="operations")
        for other in [one for one in lab.ids() if one != model_id][:1]:
            lab.operation(f"tunedModels/{other}/operations/{last}", probe="operations")
