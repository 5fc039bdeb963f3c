"""Requests that differ in one thing from one that is accepted: spellings, limits, mistakes, system parameters."""

from __future__ import annotations

import json
from typing import Any

from concertpitch import defaults
from concertpitch.probes.vertex import bodies
from concertpitch.probes.vertex.lab import VertexLab
from concertpitch.protojson import message, text

_BEYOND_DOUBLE = str(2**53 + 1)
"""An integer that a double cannot hold; an int64 as a string must come back exactly, if it is accepted."""
_INTERNAL = 500
_MUCH = "much " * 60_000
"""More than many servers take in one body by default."""
_HALF = "gs://concertpitch/\ud83d.jsonl"
"""Half a character, which JSON can write and UTF-8 cannot; it stands where the create is refused anyway."""
_ADAPTER_FOUR = 2
"""AdapterSize numbers are not in order of size: ADAPTER_SIZE_FOUR is 2 in tuning_job.proto."""


def spellings(lab: VertexLab) -> None:
    """The same job, spelled in each way that ProtoJSON allows, after the plain spelling."""
    named = {"tunedModelDisplayName": "Concertpitch spellings"}
    four = "ADAPTER_SIZE_FOUR"
    hyper = {"epochCount": "2", "adapterSize": four}
    reference = bodies.tuned(lab, hyperParameters=hyper) | named
    spec = reference["supervisedTuningSpec"]
    camel, snake = {"trainingDatasetUri": spec["trainingDatasetUri"]}, {"epoch_count": "2", "adapter_size": four}
    bare, pre_tuned = {"baseModel": lab.settings.base_model}, bodies.continuous(lab)["preTunedModel"]
    variants: list[dict[str, Any]] = [
        reference,
        {
            "base_model": lab.settings.base_model,
            "tuned_model_display_name": "Concertpitch spellings",
            "supervised_tuning_spec": {
                "training_dataset_uri": spec["trainingDatasetUri"],
                "hyper_parameters": snake,
            },
        },
        bare | named | {"supervisedTuningSpec": camel | {"hyper_parameters": snake}},
        *(
            bare | named | {"supervisedTuningSpec": spec | {"hyperParameters": hyper | {"epochCount": two}}}
            for two in (2, 2.0, "2e0")
        ),
        reference,
        bare | named | {"supervisedTuningSpec": spec | {"hyperParameters": hyper | {"adapterSize": _ADAPTER_FOUR}}},
        reference | {"description": None, "encryptionSpec": None},
        reference | {"state": "JOB_STATE_EXPIRED"},
        reference
        | {
            "name": f"{lab.parent()}/tuningJobs/1111111111111111111",
            "createTime": "2001-01-01T00:00:00Z",
            "startTime": "2001-01-01T00:00:00Z",
            "endTime": "2001-01-01T00:00:00Z",
            "updateTime": "2001-01-01T00:00:00Z",
            "tuningDataStats": {"supervisedTuningDataStats": {"totalBillableTokenCount": "7"}},
            "evaluateDatasetRuns": [{"operationName": "from the caller"}],
            "experiment": "from the caller",
            "error": {"code": 3, "message": "from the caller"},
            "tunedModel": {"model": "from the caller"},
        },
        bodies.continuous(lab) | {"preTunedModel": pre_tuned | {"baseModel": "from the caller"}},
    ]
    for body in variants:
        exchange = lab.create(body, probe="spellings")
        if exchange is None:
            return


def limits(lab: VertexLab) -> None:
    """Names and labels at their documented limits, and just beyond."""
    longest_name, longest_label = 128, 64
    typed, named = {"content-type": "application/json; charset=utf-8"}, f"Concertpitch typed {lab.run_id}"
    lab.create(bodies.plain(lab, tunedModelDisplayName=named), probe="limits", label=False, headers=typed)
    lab.create(bodies.marked_up_dataset(lab), probe="limits")
    lab.create(bodies.from_checkpoint(lab), probe="limits")
    bare = lab.create(
        bodies.plain(lab, tunedModelDisplayName=f"Concertpitch {lab.run_id}"), probe="limits", label=False
    )
    if bare is not None and "name" in message(bare.answer.value):
        lab.get(text(message(bare.answer.value)["name"]).rpartition("/")[2], probe="limits")
    lab.create(bodies.plain(lab, baseModel=defaults.OTHER_BASE_MODEL), probe="limits")
    insist(lab, bodies.marked_up(lab))
    for members in (
        {"labels": {"song": ""}},
        {"labels": {"snake_case": "a_b-1"}},
        {"description": "A null\x00character."},
        {"tunedModelDisplayName": "n" * longest_name},
        {"tunedModelDisplayName": "😀" * longest_name},
        {"tunedModelDisplayName": "n" * (longest_name + 1)},
        {"labels": {"song": "é" * longest_label}},
        {"labels": {"song": "s" * (longest_label + 1)}},
        {"labels": {"k" * (longest_label + 1): "song"}},
        {"labels": {"Team": "song"}},
        {"labels": {"team": "Song"}},
        {"labels": {"team": "a song"}},
        {"labels": {"team": "song!"}},
    ):
        insist(lab, bodies.plain(lab, **members))
    if lab.settings.explores:  # elsewhere so many epochs could cost a fortune
        lab.create(bodies.tuned(lab, hyperParameters={"epochCount": _BEYOND_DOUBLE}), probe="limits")


def insist(lab: VertexLab, body: dict[str, Any]) -> None:
    """Create, and once more up to twice while the answer is an internal error: an accident does not come thrice."""
    for _ in range(3):
        exchange = lab.create(body, probe="limits")
        if exchange is None or exchange.status != _INTERNAL:
            return


def mistakes(lab: VertexLab) -> None:
    """Creates that must be refused, one mistake each, then a list to see that they left nothing behind."""
    body, spec = bodies.plain(lab), bodies.plain(lab)["supervisedTuningSpec"]
    pre_tuned = bodies.continuous(lab)["preTunedModel"]
    preference = bodies.preference(lab)["preferenceOptimizationSpec"]
    evaluation = bodies.evaluated(lab)["supervisedTuningSpec"]["evaluationConfig"]
    wrong: list[Any] = [
        b'{"baseModel": ',
        b"not json at all",
        json.dumps(body).encode().replace(b"baseModel", b"base\xffModel"),
        body | {"supervisedTuningSpec": {}},
        body | {"supervisedTuningSpec": {"validationDatasetUri": spec["trainingDatasetUri"]}},
        body | {"supervisedTuningSpec": {"trainingDatasetUri": ""}},
        body | {"supervisedTuningSpec": {"validationDatasetUri": _HALF}},
        {"baseModel": body["baseModel"], "preferenceOptimizationSpec": {"hyperParameters": {"beta": 0.1}}},
        body | {"preTunedModel": pre_tuned},
        body | {"preferenceOptimizationSpec": preference},
        bodies.tuned(lab, hyperParameters={"adapterSize": "ADAPTER_SIZE_BANANA"}),
        bodies.tuned(lab, hyperParameters={"adapterSize": {"size": 4}}),
        bodies.tuned(lab, hyperParameters={"epochCount": "ten"}),
        bodies.tuned(lab, hyperParameters={"epochCount": 1.5}),
        bodies.tuned(lab, hyperParameters={"epochCount": str(2**63 + 1)}),
        body | {"colour": "blue"},
        {"tuningJob": body},
        bodies.tuned(lab, hyperParameters={"colour": "blue"}),
        body | {"labels": "blue"},
        body | {"labels": {"colour": {"name": "blue"}}},
        body | {"supervisedTuningSpec": [spec]},
        body | {"tunedModelDisplayName": {"name": "blue"}},
        body | {"description": 7},
        bodies.tuned(lab, exportLastCheckpointOnly="true"),
        body | {"encryptionSpec": {}},
        bodies.tuned(lab, evaluationConfig={"metrics": evaluation["metrics"]}),
        bodies.tuned(lab, hyperParameters={"epochCount": "ten"}) | {"description": _MUCH},
        json.dumps([body]).encode(),
        b"null",
        b'{"baseModel": "twice", "baseModel": "twice", "supervisedTuningSpec": {}}',
        b'{"labels":' + b'{"a":' * 2000 + b"1" + b"}" * 2001,
    ]
    for number, mistake in enumerate(wrong):
        if isinstance(mistake, dict):
            mistake.setdefault("tunedModelDisplayName", f"Concertpitch mistake {lab.run_id} {number}")
        lab.create(mistake, probe="refusals", label=isinstance(mistake, dict))
    as_text = lab.send(
        "POST",
        f"{lab.parent()}/tuningJobs",
        probe="refusals",
        body={"baseModel": body["baseModel"]},
        headers={"content-type": "text/plain"},
    )
    lab.remember(as_text, lab.parent())
    lab.walk(probe="refusals", limit=50)


def strangers(lab: VertexLab) -> None:
    """Names of jobs that do not exist, written like those that do."""
    taken = {made.job_id for made in lab.made.values()}
    for odd in ("no-such-job", "no such%job"):
        lab.get(odd, probe="refusals")
        lab.cancel(odd, probe="refusals")
    for known in lab.ids()[:2]:
        stranger = lab.unknown_like(known, taken)
        if stranger:
            lab.get(stranger, probe="refusals")
            lab.cancel(stranger, probe="refusals")
            lab.cancel(stranger, probe="refusals", body={})
        if len(known) > 1 and known[:-1] not in taken:
            lab.get(known[:-1], probe="refusals")


def nowhere(lab: VertexLab) -> None:
    """Paths and verbs that no document names; a job of the run is asked to be deleted, which no method does."""
    lab.send("GET", "nothing", probe="refusals")
    lab.send("GET", f"{lab.parent()}/tuningJob", probe="refusals")
    lab.send("GET", f"{lab.parent()}/tuningJobs:nothing", probe="refusals")
    lab.send("PUT", f"{lab.parent()}/tuningJobs", probe="refusals", body={})
    for known in lab.ids()[-1:]:
        lab.send("GET", f"{lab.parent()}/tuningJobs/{known}/nothing", probe="refusals")
        renamed = {"tunedModelDisplayName": "Concertpitch renamed"}
        lab.get(known, probe="refusals")
        lab.send("POST", f"{lab.parent()}/tuningJobs/{known}:nothing", probe="refusals", body={})
        lab.send("GET", f"{lab.parent()}/tuningJobs/{known}:cancel", probe="refusals")
        lab.get(known, probe="refusals")
        lab.send("PATCH", f"{lab.parent()}/tuningJobs/{known}", probe="refusals", body=renamed)
        lab.get(known, probe="refusals")
        lab.send("DELETE", f"{lab.parent()}/tuningJobs/{known}", probe="refusals")
        lab.get(known, probe="refusals")


def parameters(lab: VertexLab) -> None:
    """System parameters that every Google API takes."""
    for known in lab.ids()[:1]:
        for query in ({"alt": "json"}, {"prettyPrint": "false"}, {"$.xgafv": "2"}, {"$alt": "json"}):
            lab.get(known, probe="parameters", query=query)
