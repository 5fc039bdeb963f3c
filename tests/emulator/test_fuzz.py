"""No input of any shape gets a server error, an odd envelope or a traceback."""

from __future__ import annotations

import json
import random

import pytest
from concertpitch_emulator.faults import FAULTS
from hypothesis import given, settings
from hypothesis import strategies as st

VERTEX = sorted(fault.id for fault in FAULTS.values() if fault.surface == "vertex")
LOCATION = "/projects/my-project/locations/us-central1"
NAMES = [
    "baseModel",
    "base_model",
    "preTunedModel",
    "tunedModelName",
    "customBaseModel",
    "labels",
    "state",
    "x",
    "supervisedTuningSpec",
    "preferenceOptimizationSpec",
    "distillationSpec",
    "veoTuningSpec",
    "fullFineTuningSpec",
    "trainingDatasetUri",
    "validation_dataset_uri",
    "exportLastCheckpointOnly",
    "evaluationConfig",
    "metrics",
    "outputConfig",
    "hyperParameters",
    "epochCount",
    "adapterSize",
    "learningRateMultiplier",
    "encryptionSpec",
    "kmsKeyName",
    "tunedModelRef",
    "tuningJob",
    "artifactDestination",
]
SAMPLES = ["", "gs://b/x.jsonl", "m", "1", "-3", "1e400", "ADAPTER_SIZE_ONE", "NaN", "1.5s"]
TEXTS = st.sampled_from(SAMPLES) | st.text()
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)
SEGMENT = st.sampled_from(["v1", "ui", "projects", "locations", "tuningJobs", "operations", "1", "1:cancel", ":wait"])
PATHS = st.lists(SEGMENT | st.text(max_size=4), max_size=9).map("/".join)
QUERIES = st.dictionaries(
    st.sampled_from(["pageSize", "page_token", "filter", "timeout", "alt", "$alt", "key", "x"]),
    st.text(),
    max_size=3,
)


def quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def check(answer) -> None:
    assert answer.status == 200 or 400 <= answer.status < 500
    body = json.loads(answer.content)
    assert isinstance(body, dict)
    if answer.status >= 400:
        assert body.keys() == {"error"}
        assert body["error"]["code"] == answer.status
        assert "Traceback" not in body["error"]["message"]


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(body=JSON, version=st.sampled_from(["v1", "v1beta1"]), verb=st.sampled_from(["", ":rebaseTunedModel"]))
def test_bodies(start, body, version: str, verb: str) -> None:
    emulator = start(speed=1000)
    answer = emulator.post(f"/{version}{LOCATION}/tuningJobs{verb}", body)
    check(answer)
    if answer.status == 200:
        for _ in range(4):
            emulator.later(0.1)
            check(emulator.get(f"/v1{LOCATION}/tuningJobs"))
            check(emulator.get(f"/v1beta1{LOCATION}/operations"))


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(content=st.binary() | JSON.map(lambda value: json.dumps(value).encode()[:-1]))
def test_contents(emulator_for_all, content: bytes) -> None:
    check(emulator_for_all.send("POST", f"/v1{LOCATION}/tuningJobs", "", content))


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(verb=st.sampled_from(["GET", "POST", "DELETE", "PATCH"]), path=PATHS, query=QUERIES)
def test_paths_and_queries(emulator_for_all, verb: str, path: str, query: dict[str, str]) -> None:
    raw = "&".join(f"{name}={quoted(value)}" for name, value in query.items())
    check(emulator_for_all.send(verb, f"/{path}", raw))
    check(emulator_for_all.send("GET", f"/v1{LOCATION}/tuningJobs", raw))


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(text=st.text(st.sampled_from("() -:=!\"'\\aANDORT NOTstatelabels.x*"), max_size=40))
def test_filters(emulator_for_all, text: str) -> None:
    check(emulator_for_all.get(f"/v1{LOCATION}/tuningJobs", f"filter={quoted(text)}"))


@pytest.fixture(scope="session")
def emulator_for_all(start):
    return start()


@pytest.mark.parametrize("seed", range(10))
def test_several_faults_together_do_not_break_the_emulator_itself(start, seed: int) -> None:
    """Whatever is answered, the application raises nothing."""
    faults = random.Random(seed).sample(VERTEX, 25)
    emulator = start(*faults, speed=1000)
    jobs = f"/v1{LOCATION}/tuningJobs"
    body = {"baseModel": "m", "supervisedTuningSpec": {"trainingDatasetUri": "gs://b/truncated.jsonl"}}
    for _ in range(6):
        emulator.post(jobs, body)
        for record in list(emulator.service.store.all_jobs()):
            emulator.get(f"/v1/{record.name}")
            emulator.post(f"/v1/{record.name}:cancel", {})
        emulator.post(f"{jobs}:rebaseTunedModel", {"tunedModelRef": {"tunedModel": "x"}})
        emulator.get(jobs, "pageSize=2")
        emulator.get(jobs.replace("tuningJobs", "operations"))
        emulator.later(0.1)
