"""The catalogue of faults, and one long scenario that the honest emulator repeats byte by byte.

That each fault shows is for tests/faults.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from concertpitch_emulator import faults
from concertpitch_emulator.faults import FAULTS, UnknownFaultError, chosen

JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"
BASE = {"baseModel": "gemini-2.0-flash-001"}
DATASET = "gs://bucket/train.jsonl"
RICH = {
    **BASE,
    "tunedModelDisplayName": "20261106",
    "description": "One of everything",
    "labels": {"team": "1", "grün": "日本"},
    "serviceAccount": "tuner@my-project.iam.gserviceaccount.com",
    "encryptionSpec": {"kmsKeyName": "projects/my-project/locations/us-central1/keyRings/ring/cryptoKeys/key"},
    "supervisedTuningSpec": {
        "trainingDatasetUri": DATASET,
        "validationDatasetUri": "gs://bucket/validation.jsonl",
        "exportLastCheckpointOnly": True,
        "hyperParameters": {
            "epochCount": "3",
            "learningRateMultiplier": 0.5,
            "adapterSize": "ADAPTER_SIZE_ONE",
        },
    },
}


METRICS = [{"predefinedMetricSpec": {"metricSpecName": "instruction_following_v1"}}]
EVALUATION = {"metrics": METRICS, "outputConfig": {"gcsDestination": {"outputUriPrefix": "gs://bucket/out/"}}}


def spec(dataset: str = DATASET, **hyper: Any) -> dict[str, Any]:
    return {
        "supervisedTuningSpec": {
            "trainingDatasetUri": dataset,
            **({"hyperParameters": hyper} if hyper else {}),
        }
    }


CREATES: list[dict[str, Any]] = [
    RICH,
    {**BASE, **spec(), "tunedModelDisplayName": "Müller"},
    {**BASE, **spec(epochCount=2, adapterSize=2)},
    {**BASE, **spec("gs://bucket/truncated.jsonl")},
    {**BASE, **spec("gs://bucket/endpoint-fails.jsonl")},
    {**BASE, **spec("gs://bucket/multimodal.jsonl")},
    {**BASE, **spec("gs://bucket/does-not-exist.jsonl")},
    {**BASE, "preferenceOptimizationSpec": {"trainingDatasetUri": DATASET}},
    {**BASE, **spec(), "tunedModelDisplayName": "x" * 128},
    {**BASE, **spec(), "tunedModelDisplayName": "x" * 128},
    {**BASE, **spec(), "description": None, "labels": {"k": "é" * 64}},
    {"base_model": "gemini-2.0-flash-001", "supervised_tuning_spec": {"training_dataset_uri": DATASET}},
    {**BASE, **spec(), "tuned_model_display_name": "snake"},
    {**BASE, **spec(), "state": "JOB_STATE_SUCCEEDED", "name": "projects/1/locations/x/tuningJobs/mine"},
    {**spec(), "preTunedModel": {"tunedModelName": "projects/1/locations/x/models/1@1", "baseModel": "mine"}},
    {**BASE, **spec(), "encryptionSpec": {}},
    {**BASE, **spec(), "nonsense": 1},
    {**BASE, "supervisedTuningSpec": {"trainingDatasetUri": DATASET, "nonsense": 1}},
    {**BASE, "supervisedTuningSpec": {}},
    {**BASE, "supervisedTuningSpec": {"trainingDatasetUri": ""}},
    {**BASE, **spec(), "preTunedModel": {"tunedModelName": "projects/1/locations/x/models/1@1"}},
    {**BASE, **spec(), "preferenceOptimizationSpec": {"trainingDatasetUri": DATASET}},
    {**BASE, **spec(adapterSize="ADAPTER_SIZE_BANANA")},
    {**BASE, **spec(epochCount="ten")},
    {**BASE, **spec(epochCount=1.5)},
    {**BASE, **spec(epochCount="2e0")},
    {"tuningJob": {**BASE, **spec()}},
    {**BASE, **spec(), "labels": "x"},
    {**BASE, **spec(), "tunedModelDisplayName": "x" * 129},
    {**BASE, **spec(), "labels": {"k": "x" * 65}},
    {**BASE, **spec(), "labels": {"Team": "x"}},
    {
        **BASE,
        **spec("gs://bucket/Train%20One.jsonl"),
        "tunedModelDisplayName": " Tom & Jerry ",
        "description": "one\ntwo",
        "labels": {"two_words": "x", "empty": ""},
        "createTime": "2001-01-01T00:00:00Z",
    },
    {**BASE, **spec(), "description": "nothing\0"},
    {**BASE, "preferenceOptimizationSpec": {"trainingDatasetUri": DATASET, "hyperParameters": {"beta": 0.25}}},
    {**BASE, "supervisedTuningSpec": {"trainingDatasetUri": DATASET, "evaluationConfig": EVALUATION}},
    {**BASE, "supervisedTuningSpec": {"trainingDatasetUri": DATASET, "evaluationConfig": {"metrics": METRICS}}},
]


class Scenario:
    """Does everything to an emulator and writes down what it answers."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self.answers: list[Any] = []

    def run(self) -> list[Any]:
        names = [self.create(body) for body in CREATES]
        names = [name for name in names if name] or [f"{JOBS}/unknown"] * 3
        self.raw(b"{not json")
        self.raw(b"[" * 300 + b"]" * 300)
        self.raw(b'{"baseModel": "\xff"}')
        self.raw(b'{"baseModel": "\\ud83d"}')
        self.see(*names)
        self.rebase(names[0])
        names += self.at_once()
        self.pages()
        self.emulator.later(30)
        self.see(*names)
        self.cancel(names[1], names[2])
        for seconds in (0.1, 12, 120, 140, 100):
            self.emulator.later(seconds)
            self.see(*names)
        self.cancel(names[0], names[1])
        self.see(*names, *names)
        self.refusals(names[0])
        self.pages()
        self.operations()
        return self.answers

    def ask(self, verb: str, path: str, query: str = "", content: bytes = b"") -> Any:
        answer = self.emulator.send(verb, path, query, content)
        self.answers.append((answer.status, answer.content_type, answer.content))
        try:
            return json.loads(answer.content)
        except ValueError:
            return {}

    def create(self, body: dict[str, Any]) -> str:
        made = self.ask("POST", JOBS, content=json.dumps(body).encode())
        return f"/v1/{made['name']}" if isinstance(made, dict) and "name" in made else ""

    def raw(self, content: bytes) -> None:
        self.ask("POST", JOBS, content=content)

    def see(self, *names: str) -> None:
        for name in names:
            self.ask("GET", name)

    def cancel(self, first: str, second: str) -> None:
        self.ask("POST", f"{first}:cancel")
        self.ask("POST", f"{second}:cancel", content=b"{}")
        requests = [("POST", f"{second}:cancel", "", b"{}")] * 2
        self.answers += [answer.content for answer in self.emulator.together(*requests)]

    def at_once(self) -> list[str]:
        requests = [("POST", JOBS, "", json.dumps({**BASE, **spec()}).encode())] * 6
        answers = self.emulator.together(*requests)
        self.answers += [answer.content for answer in answers]
        names = re.findall(rb'"name":"([^"]+)"', b"".join(answer.content for answer in answers))
        return [f"/v1/{name.decode()}" for name in names]

    def pages(self) -> None:
        elsewhere = JOBS.replace("us-central1", "europe-west4")
        self.ask("POST", elsewhere, content=json.dumps({**BASE, **spec()}).encode())
        other_project = JOBS.replace("my-project", "other-project")
        self.ask("POST", other_project, content=json.dumps({**BASE, **spec()}).encode())
        for path in (JOBS, elsewhere):
            self.walk(path)
        for query in (
            "",
            "pageSize=0",
            "pageSize=5000",
            "pageToken=",
            "pageToken=nonsense",
            "pageSize=-1",
            "pageSize=ten",
        ):
            self.ask("GET", JOBS, query)

    def walk(self, path: str) -> None:
        token, size = "", 5
        for _ in range(9):
            page = self.ask("GET", path, f"pageSize={size}&pageToken={token}")
            token, size = str(page.get("nextPageToken", "")), 6
            if not token:
                return

    def rebase(self, name: str) -> None:
        self.ask("POST", f"{JOBS}:rebaseTunedModel", content=b"{}")
        both = {
            "tunedModelRef": {"tuningJob": name.removeprefix("/v1/"), "tunedModel": "projects/1/locations/x/models/1@1"}
        }
        self.ask("POST", f"{JOBS}:rebaseTunedModel", content=json.dumps(both).encode())
        unknown = {"tunedModelRef": {"tuningJob": f"{JOBS}/1234567890123456789".removeprefix("/v1/")}}
        self.ask("POST", f"{JOBS}:rebaseTunedModel", content=json.dumps(unknown).encode())
        reference = {"tunedModelRef": {"tuningJob": name.removeprefix("/v1/")}}
        for _ in range(2):
            operation = self.ask("POST", f"{JOBS}:rebaseTunedModel", content=json.dumps(reference).encode())
            self.operation = f"/v1/{operation.get('name', '')}"
            self.ask("GET", self.operation)
            self.ask("POST", f"{self.operation}:wait", "timeout=1s")
        self.ask("POST", f"{self.operation}:cancel")

    def refusals(self, name: str) -> None:
        self.ask("GET", name, "alt=json&prettyPrint=false")
        self.ask("GET", name.replace("us-central1", "europe-west4"))
        self.ask("GET", f"{JOBS}/1")
        self.ask("POST", f"{JOBS}/1:cancel")
        self.ask("GET", f"{JOBS}/1/operations/1")
        self.ask("GET", f"{JOBS}/1/nothing")
        self.ask("GET", f"{name}:cancel")
        elsewhere = self.ask("POST", JOBS, content=json.dumps({**BASE, **spec()}).encode())
        self.ask("POST", f"/v1/{elsewhere.get('name', '')}:cancel".replace("us-central1", "europe-west4"))

    def operations(self) -> None:
        operations = JOBS.replace("tuningJobs", "operations")
        self.ask("GET", operations, "pageSize=1")
        self.ask("POST", f"{operations}/1:cancel")
        for operation in self.ask("GET", operations).get("operations", ()):
            self.ask("GET", f"/v1/{operation['name']}")
            self.ask("POST", f"/v1/{operation['name']}:cancel")
            self.ask("GET", f"/v1/{operation['name']}")
        reference = {"tunedModelRef": {"tunedModel": "projects/1/locations/x/models/1@1"}}
        started = self.ask("POST", f"{JOBS}:rebaseTunedModel", content=json.dumps(reference).encode())
        name = f"/v1/{started.get('name', '')}"
        self.ask("DELETE", name)
        self.emulator.later(1)
        self.ask("GET", name.partition("/operations/")[0])


@pytest.fixture(scope="module")
def honest(start) -> list[Any]:
    return Scenario(start()).run()


def test_honest_emulator_repeats(start, honest) -> None:
    assert Scenario(start()).run() == honest
    assert Scenario(start(seed=8)).run() != honest


def test_no_refusal_of_an_honest_emulator_is_a_server_error(honest) -> None:
    assert all(answer[0] < 500 for answer in honest if isinstance(answer, tuple))


def test_names_are_words_and_each_breaks_a_rule() -> None:
    for fault in FAULTS.values():
        assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", fault.id), fault.id
        assert fault.breaks, fault.id
        for rule in fault.breaks + fault.also:
            assert re.fullmatch(r"[a-z]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*", rule), fault.id
        assert re.fullmatch(r"[A-Za-z][^\n]*\.", fault.lie), fault.id


def test_unknown_fault_names_close_ones() -> None:
    with pytest.raises(UnknownFaultError, match=r"There is no fault 'list/skip'\. Did you mean list/skips"):
        chosen(["list/skip"])


def test_catalogue_imports_without_a_server() -> None:
    loaded = "bool({'uvicorn', 'starlette'} & set(sys.modules))"
    code = f"import sys, concertpitch_emulator.faults; sys.exit({loaded})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_two_faults_have_one_id() -> None:
    ids = [fault.id for family in faults._FAMILIES for fault in family.FAULTS]
    assert sorted(ids) == sorted(set(ids))
