"""Creates that differ in one thing from one that is accepted, names that do not exist, system parameters."""

from __future__ import annotations

import json
from typing import Any

from concertpitch.probes.gemini import bodies
from concertpitch.probes.gemini.lab import GeminiLab

_MAX = 40
_LONG_TEXT = "Words of a line.\n" * 18
"""More than any column of 255 characters holds; no document limits a description."""


def spellings(lab: GeminiLab) -> None:
    """The same tuned model, spelled in each way that ProtoJSON allows, after the plain spelling."""
    name = {"displayName": "Concertpitch spellings"}
    data = bodies.training_data(*bodies.PAIRS)
    rows = [{"text_input": given, "output": wanted} for given, wanted in bodies.PAIRS]
    reference = bodies.tuned(lab, epochCount=2, batchSize=4) | name

    def hyper(**values: Any) -> dict[str, Any]:
        return reference | {"tuningTask": {"trainingData": data, "hyperparameters": values}}

    variants: list[dict[str, Any]] = [
        reference,
        {
            "base_model": lab.base_model,
            "display_name": name["displayName"],
            "tuning_task": {
                "training_data": {"examples": {"examples": rows}},
                "hyperparameters": {"epoch_count": 2, "batch_size": 4},
            },
        },
        *(hyper(epochCount=two, batchSize=4) for two in ("2", 2.0, "2e0")),
        reference,
        reference | {"temperature": None, "tunedModelSource": None},
        reference | {"state": "FAILED"},
        reference
        | {
            "name": "tunedModels/from-the-caller",
            "createTime": "2001-01-01T00:00:00Z",
            "updateTime": "2001-01-01T00:00:00Z",
        },
    ]
    known: set[str] = set(lab.made)
    for body in variants:
        if lab.create(body, probe="spellings") is None:
            break
    for model_id in lab.made.keys() - known:
        lab.get(model_id, probe="spellings")
        lab.delete(model_id, probe="spellings")


def limits(lab: GeminiLab) -> None:
    """Ids and display names at their documented limits, and just beyond; an id that is taken."""
    known = set(lab.made)
    mark = lab.run_id
    lab.create(bodies.plain(lab), probe="limits")
    for name in ("n" * _MAX, "😀" * _MAX, "n" * (_MAX + 1)):
        lab.create(bodies.plain(lab, displayName=name), probe="limits")
    longest = f"cp-{mark}-".ljust(_MAX, "x")
    shortest = chr(ord("a") + int(mark[0], 16))
    for model_id in (longest, f"z{mark}", f"cp-{mark}-0", shortest):
        lab.create(bodies.plain(lab), probe="limits", model_id=model_id)
    wrong = (
        f"{longest}x",
        f"Cp-{mark}",
        f"0cp-{mark}",
        f"-cp-{mark}",
        f"cp-{mark}-",
        f"cp_{mark}",
        f"cp.{mark}",
        f"cp-{mark}\n",
    )
    for model_id in wrong:
        lab.create(bodies.plain(lab), probe="limits", model_id=model_id)
    lab.create(bodies.plain(lab, displayName="Concertpitch taken id"), probe="limits", model_id=f"z{mark}")
    outputs = {"examples": {"examples": [{"output": wanted} for _, wanted in bodies.PAIRS]}}
    for members in (
        {"temperature": 1.5},
        {"temperature": -0.5},
        {"temperature": 1.0},
        {"topK": 0},
        {"topP": 0.0},
        {"description": _LONG_TEXT},
        {"tuningTask": {"trainingData": outputs}},
    ):
        lab.create(bodies.plain(lab, **members), probe="limits")
    for model_id in lab.made.keys() - known:
        lab.get(model_id, probe="limits")


def _rows() -> list[dict[str, str]]:
    return [{"textInput": given, "output": wanted} for given, wanted in bodies.PAIRS]


def mistakes(lab: GeminiLab) -> None:
    """Creates that must be refused, one mistake each, then a list to see that they left nothing behind."""
    body = bodies.plain(lab)
    task = body["tuningTask"]
    data = task["trainingData"]
    wrong: list[Any] = [
        b'{"baseModel": ',
        b"not json at all",
        json.dumps(body).encode().replace(b"baseModel", b"base\xffModel"),
        body | {"tuningTask": {"hyperparameters": {}, "trainingData": {}}, "description": "\ud83d"},
        {"baseModel": lab.base_model},
        {"tuningTask": task},
        body | {"tuningTask": {}},
        body | {"tuningTask": {"hyperparameters": {"epochCount": 2}}},
        body | {"tuningTask": {"trainingData": {}}},
        body | {"tuningTask": {"trainingData": {"examples": {"examples": []}}}},
        body | {"tuningTask": {"trainingData": {"examples": {"examples": [{"textInput": "1"}]}}}},
        body | {"tuningTask": {"trainingData": {"examples": {"examples": [*_rows(), {"textInput": "1"}]}}}},
        bodies.tuned(lab, epochCount=2, learningRate=0.001, learningRateMultiplier=0.5),
        bodies.tuned(lab, epochCount="ten"),
        bodies.tuned(lab, epochCount=1.5),
        body | {"topK": 2**32 + 1},  # no number of epochs: a target that took it would go on for ever
        body | {"readerProjectNumbers": "123"},
        body | {"colour": "blue"},
        body | {"tuningTask": {"trainingData": data, "colour": "blue"}},
        body | {"tuningTask": [task]},
        body | {"displayName": {"name": "blue"}},
        body | {"displayName": 7},
        json.dumps([body]).encode(),
        b'{"tuningTask":' + b'{"a":' * 2000 + b"1" + b"}" * 2001,
    ]
    for number, mistake in enumerate(wrong):
        if isinstance(mistake, dict):
            mistake.setdefault("displayName", f"Concertpitch {lab.run_id} {number}")
        lab.create(mistake, probe="refusals", mark=isinstance(mistake, dict))
    half = body | {"tuningTask": {"trainingData": {"examples": {"examples": [{"textInput": "1"}]}}}}
    half["displayName"] = f"Concertpitch {lab.run_id} with id"
    lab.create(half, probe="refusals", model_id=f"cp-{lab.run_id}-refused")
    lab.walk("tunedModels", probe="refusals", limit=50, pageSize="100")


def strangers(lab: GeminiLab) -> None:
    """Names of tuned models, base models and permissions that do not exist, written like those that do."""
    for known in lab.ids()[:2]:
        stranger = lab.unknown_like(known, set(lab.made))
        if stranger:
            lab.get(stranger, probe="refusals")
            lab.patch(stranger, {"description": "other"}, probe="refusals", mask="description")
            lab.page(f"tunedModels/{stranger}/permissions", probe="refusals")
            lab.page(f"tunedModels/{stranger}/operations", probe="refusals")
            grant = {"granteeType": "USER", "emailAddress": "reader@example.com", "role": "READER"}
            lab.send("POST", f"tunedModels/{stranger}/permissions", probe="refusals", body=grant)
            lab.send(
                "POST", f"tunedModels/{stranger}:transferOwnership", probe="refusals", body={"emailAddress": "a@b.c"}
            )
            lab.delete(stranger, probe="refusals")
    for known in lab.ids()[:2]:
        for other in sorted({known[:-1], known.upper()} - {"", *lab.made}):
            lab.get(other, probe="refusals")
    known = lab.base_model.removeprefix("models/")
    lab.send("GET", f"models/{lab.unknown_like(known, {known})}", probe="refusals")


def nowhere(lab: GeminiLab) -> None:
    """Paths and verbs that no document names."""
    lab.send("GET", "tunedModel", probe="refusals")
    lab.send("PUT", "tunedModels", probe="refusals", body={})
    for known in lab.ids()[-1:]:
        lab.send("GET", f"tunedModels/{known}/nothing", probe="refusals")
        lab.send("POST", f"tunedModels/{known}:nothing", probe="refusals", body={})


def parameters(lab: GeminiLab) -> None:
    """System parameters that every Google API takes."""
    for known in lab.ids()[:1]:
        for query in ({"alt": "json"}, {"prettyPrint": "false"}, {"$.xgafv": "2"}, {"$alt": "json"}):
            lab.get(known, probe="parameters", query=query)
