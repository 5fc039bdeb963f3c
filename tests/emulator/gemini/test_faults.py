"""The faults of the Gemini API by name, and one long scenario that the honest emulator repeats byte by byte.

That each fault shows is for tests/faults.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from concertpitch_emulator.faults import FAULTS

GEMINI = sorted(fault.id for fault in FAULTS.values() if fault.surface == "gemini")
LARGE = "pages/above-maximum"
"""Shows with more than a thousand models only."""

OTHER, THIRD = "other@example.com", "third@example.com"
RATE = {"learningRate": 0.001}


def data(count: int = 4, first: str = "0") -> dict[str, Any]:
    texts = [first, *map(str, range(1, count))]
    return {"examples": {"examples": [{"textInput": text, "output": f"{text}!"} for text in texts]}}


def body(count: int = 4, first: str = "0", hyper: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    task: dict[str, Any] = {"trainingData": data(count, first)}
    if hyper is not None:
        task["hyperparameters"] = hyper
    return {"baseModel": "models/gemini-1.5-flash-001", "tuningTask": task, **members}


RICH = body(
    15,
    hyper={"epochCount": 3, "batchSize": 2, **RATE},
    displayName="Number Generator Of Many Words",
    description="Counts to twelve",
    temperature=0,
    topP=1,
    topK=0,
    readerProjectNumbers=["7"],
)
CREATES: list[tuple[str, Any]] = [
    ("tunedModelId=first", RICH),
    ("", {**RICH, "temperature": 1}),
    ("", RICH),
    ("", body(hyper={"learningRateMultiplier": 0.5})),
    ("tunedModelId=halfway", body(10, "tuning fails half-way", hyper={})),
    ("tunedModelId=cancelled", body(10)),
    ("tunedModelId=first", RICH),
    *((f"tunedModelId={given}", body()) for given in ("b", "c" * 40, "d" * 41, "9", "e-", "f-g", "h_i")),
    ("", body(displayName="x" * 40)),
    ("", body(displayName="é" * 40)),
    ("", body(displayName="x" * 41)),
    ("", body(description=None, state="ACTIVE")),
    ("", {"base_model": "models/text-bison-001", "tuning_task": {"training_data": data()}}),
    ("", body(hyper={"epochCount": "2"})),
    ("", body(tunedModelSource={"tunedModel": "tunedModels/first"})),
    ("", body(baseModel=None)),
    ("", body(baseModel="text-bison-001")),
    ("", body(baseModel="models/embedding-001")),
    ("", body(hyper={**RATE, "learningRateMultiplier": 1})),
    *(("", body(hyper={name: 0})) for name in ("epochCount", "batchSize", "learningRate")),
    ("", body(hyper={"epochCount": 1.5})),
    ("", body(temperature=1.5)),
    ("", body(topK=2**32 + 1)),
    *[("tunedModelId=parallel", body(displayName="Concertpitch parallel"))] * 2,
    ("", body(nonsense=1, displayName="refused")),
    ("", body(labels="x")),
    ("", body(displayName=["x"])),
    ("", body(readerProjectNumbers=["x"])),
    ("", {"baseModel": "models/x", "tuningTask": {"trainingData": data(), "nonsense": 1}}),
    ("", {"baseModel": "models/x"}),
    ("", {"baseModel": "models/x", "tuningTask": {"hyperparameters": RATE}}),
    ("", {"baseModel": "models/x", "tuningTask": {"trainingData": {"examples": {"examples": []}}}}),
    ("", {"baseModel": "models/x", "tuningTask": {"trainingData": {"examples": {"examples": [{"textInput": "1"}]}}}}),
    ("", {"baseModel": "models/x", "tuningTask": {"trainingData": {"examples": {"examples": [{"output": "1"}]}}}}),
]
GRANTS = [
    {"granteeType": "USER", "emailAddress": OTHER, "role": "READER"},
    {"granteeType": 2, "emailAddress": "group@example.com", "role": 3},
    {"granteeType": "EVERYONE", "role": "READER"},
    {"granteeType": "EVERYONE", "emailAddress": THIRD, "role": "READER"},
    {"granteeType": "USER", "role": "READER"},
    {"granteeType": "USER", "emailAddress": THIRD, "role": "OWNER"},
    {"granteeType": "USER", "emailAddress": THIRD},
    {"granteeType": "USER", "emailAddress": THIRD, "role": "BOSS"},
    {"granteeType": "USER", "emailAddress": THIRD, "role": "WRITER"},
    {"granteeType": "USER", "emailAddress": OTHER, "role": "WRITER"},
]
PATCHES: list[tuple[str, dict[str, Any]]] = [
    ("updateMask=description", {"displayName": "after", "description": "new"}),
    ("updateMask=temperature", {}),
    ("updateMask=nonsense", {}),
    ("updateMask=baseModel", {"baseModel": "models/text-bison-001"}),
    ("updateMask=tuningTask", {"tuningTask": {"hyperparameters": {"epochCount": 9}}}),
    ("", {"displayName": "later", "state": "FAILED"}),
    ("updateMask=readerProjectNumbers.0", {"readerProjectNumbers": ["9"]}),
    ("updateMask=description", {"description": "At once"}),
    ("updateMask=displayName", {"displayName": "At once"}),
]
FILTERS = (
    "",
    "owner:me",
    "writers:me",
    "readers:me",
    "readers:everyone",
    "generator",
    "twelve",
    "owner:you",
)


class Scenario:
    """Does everything to an emulator and writes down what it answers."""

    def __init__(self, gemini: Any) -> None:
        self.gemini = gemini
        self.answers: list[Any] = []

    def run(self) -> list[Any]:
        self.catalogue()
        operations = [self.create(query, content) for query, content in CREATES]
        self.ask("POST", "tunedModels", raw=b"{not json")
        self.ask("POST", "tunedModels", raw=b"[" * 300 + b"]" * 300)
        operations = [operation for operation in operations if operation]
        given = {"displayName": "20261106", "name": "tunedModels/given", "createTime": "2001-01-01T00:00:00Z"}
        numbered = self.create("", body(**given))
        self.see(operations)
        self.see(operations[:6], all_of_it=True)
        self.gemini.emulator.later(40)
        self.ask("POST", "tunedModels/cancelled/operations/x:cancel", version="v1")
        if len(operations) > 5:
            self.ask("POST", f"{operations[5]}:cancel", {}, version="v1")
        for seconds in (0, 40, 140, 100):
            self.gemini.emulator.later(seconds)
            self.see([*operations[:6], *filter(None, [numbered])], all_of_it=seconds == 40)
        self.create(
            "tunedModelId=again", {**body(baseModel=None), "tunedModelSource": {"tunedModel": "tunedModels/first"}}
        )
        self.see(["tunedModels/again/operations/x"])
        self.share("tunedModels/first")
        corpus = self.ask("POST", "corpora", {"name": "corpora/mine", "displayName": "Mine"}).get(
            "name", "corpora/mine"
        )
        self.share(corpus)
        self.pages()
        self.patches()
        for number in ("1", "2"):
            mask, numbers = "updateMask=readerProjectNumbers", {"readerProjectNumbers": [number]}
            self.ask("PATCH", "tunedModels/first", numbers, mask)
        self.ask("GET", "tunedModels/first")
        self.others()
        self.transfer()
        self.deletes(operations)
        self.ask("GET", "nothing")
        return self.answers

    def ask(
        self, verb: str, path: str, content: Any = None, query: str = "", version: str = "", raw: bytes = b""
    ) -> Any:
        sent = raw or (b"" if content is None else json.dumps(content).encode())
        answer = self.gemini.emulator.send(verb, f"/{version or 'v1beta'}/{path}", query, sent)
        self.answers.append((answer.status, answer.content_type, answer.content))
        try:
            shown = json.loads(answer.content)
        except ValueError:
            return {}
        return shown if isinstance(shown, dict) else {}

    def create(self, query: str, content: Any) -> str:
        return str(self.ask("POST", "tunedModels", content, query).get("name", ""))

    def see(self, operations: list[str], *, all_of_it: bool = False) -> None:
        for operation in operations:
            name = operation.partition("/operations")[0]
            self.ask("GET", operation)
            self.ask("GET", name)
            if all_of_it:
                self.ask("GET", operation, version="v1")
                self.ask("GET", f"{name}/operations", version="v1beta3")
                self.ask("GET", f"{name}/permissions")
        self.walk("tunedModels", "pageSize=7")

    def catalogue(self) -> None:
        self.walk("models", "pageSize=9")
        for model in self.ask("GET", "models").get("models", ())[:9]:
            self.ask("GET", model.get("name", "models/x"))
        self.ask("GET", "models/gemma-3n-e4b-it")
        self.ask("GET", "models/unknown")

    def walk(self, path: str, query: str) -> None:
        token = ""
        for _ in range(9):
            page = self.ask("GET", path, query=f"{query}&pageToken={token}")
            token = str(page.get("nextPageToken", ""))
            if not token:
                return

    def share(self, name: str) -> None:
        made = [self.ask("POST", f"{name}/permissions", grant) for grant in GRANTS]
        for number in range(11):
            grant = {"granteeType": "USER", "emailAddress": f"user{number}@example.com", "role": "READER"}
            self.ask("POST", f"{name}/permissions", grant)
        self.walk(f"{name}/permissions", "")
        self.walk(f"{name}/permissions", "pageSize=5")
        permission = made[1].get("name", "")
        for mask in ("updateMask=role", "updateMask=role,granteeType", ""):
            change = {"role": 2, "granteeType": "USER", "emailAddress": "changed@example.com"}
            self.ask("PATCH", permission, change, mask)
            self.ask("GET", permission)
        owner = self.ask("GET", f"{name}/permissions").get("permissions", [{}])[0].get("name", "")
        self.ask("PATCH", owner, {"role": "READER"}, "updateMask=role")
        self.ask("GET", f"{name}/permissions")
        self.ask("DELETE", permission)
        self.ask("GET", permission)
        self.ask("DELETE", owner)
        self.ask("GET", f"{name}/permissions")
        self.ask("DELETE", made[0].get("name", ""))
        self.ask("GET", f"{name}/permissions", query="pageSize=100")

    def pages(self) -> None:
        for size in (1, 2, 30):
            self.walk("tunedModels", f"pageSize={size}")
        for query in ("", "pageSize=0", "pageSize=5000", "pageSize=-1", "pageSize=ten", "pageToken=nonsense"):
            self.ask("GET", "tunedModels", query=query)
        for text in FILTERS:
            self.ask("GET", "tunedModels", query=f"filter={text}&pageSize=100")

    def patches(self) -> None:
        for query, content in PATCHES:
            self.ask("PATCH", "tunedModels/first", content, query)
            self.ask("GET", "tunedModels/first")
        self.ask("PATCH", "tunedModels/unknown", {"description": "x"})
        self.ask("GET", "tunedModels/unknown/permissions")

    def others(self) -> None:
        """What another caller may do with what is shared, and with what is not."""
        self.ask("POST", "tunedModels/b/permissions", {"granteeType": "USER", "emailAddress": OTHER, "role": "READER"})
        with self.gemini.caller(OTHER):
            self.create("tunedModelId=others", body())
            for text in FILTERS:
                self.ask("GET", "tunedModels", query=f"filter={text}&pageSize=100")
            for model in ("first", "halfway", "b"):
                self.ask("GET", f"tunedModels/{model}")
                self.ask("PATCH", f"tunedModels/{model}", {"description": "taken"})
                self.ask("POST", f"tunedModels/{model}:transferOwnership", {"emailAddress": OTHER})
        for model in ("first", "halfway", "b"):
            self.ask("GET", f"tunedModels/{model}/permissions")
        grant = {"granteeType": "USER", "emailAddress": "tuner@example.com", "role": "WRITER"}
        with self.gemini.caller(OTHER):
            self.ask("POST", "tunedModels/others/permissions", grant)
        for text in FILTERS:
            self.ask("GET", "tunedModels", query=f"filter={text}&pageSize=100")
        self.ask("DELETE", "tunedModels/others")

    def transfer(self) -> None:
        for content in ({}, {"emailAddress": "nobody"}, {"emailAddress": THIRD}):
            self.ask("POST", "tunedModels/cancelled:transferOwnership", content)
            self.ask("GET", "tunedModels/cancelled/permissions")
        self.ask("GET", "tunedModels/cancelled")

    def deletes(self, operations: list[str]) -> None:
        self.ask("DELETE", "tunedModels/" + "c" * 40)
        for operation in operations[:2]:
            name = operation.partition("/operations")[0]
            permissions = self.ask("GET", f"{name}/permissions").get("permissions", [{}])
            for _ in range(2):
                self.ask("DELETE", name)
            for path in (name, operation, permissions[0].get("name", "") if permissions else ""):
                self.ask("GET", path)
            self.walk("tunedModels", "pageSize=100")
        self.ask("DELETE", "corpora/mine")
        self.ask("GET", "corpora/mine")


@pytest.fixture(scope="module")
def honest(start_gemini) -> list[Any]:
    return Scenario(start_gemini()).run()


def test_more_than_a_thousand_on_a_page(start_gemini) -> None:
    gemini = start_gemini(LARGE)
    for _ in range(1001):
        gemini.create(count=1, hyperparameters={"epochCount": 1})
    assert len(gemini.get("tunedModels", "pageSize=1000")["tunedModels"]) == 1000
    assert len(gemini.get("tunedModels", "pageSize=1001")["tunedModels"]) == 1001


def test_honest_emulator_repeats(start_gemini, honest) -> None:
    assert Scenario(start_gemini()).run() == honest
    assert Scenario(start_gemini(seed=8)).run() != honest


def test_no_refusal_of_an_honest_emulator_is_a_server_error(honest) -> None:
    assert all(answer[0] < 500 for answer in honest)


def test_names_are_words() -> None:
    assert len(GEMINI) >= 80
    for fault in GEMINI:
        assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", fault), fault
        assert re.fullmatch(r"[A-Za-z][^\n]*\.", FAULTS[fault].lie), fault
    lies = [FAULTS[fault].lie for fault in GEMINI]
    assert len(set(lies)) == len(lies)


def test_other_surfaces_are_left_alone(start_gemini) -> None:
    """A lie about the Gemini API changes nothing at Vertex."""
    jobs = "/v1/projects/my-project/locations/us-central1/tuningJobs"
    sft = {"baseModel": "m", "supervisedTuningSpec": {"trainingDatasetUri": "gs://b/x.jsonl"}}
    answers = [
        [emulator.post(jobs, sft).content, emulator.get(f"{jobs}/1").content, emulator.get("/v1/nothing").content]
        for emulator in (start_gemini().emulator, start_gemini(*GEMINI).emulator)
    ]
    assert answers[0] == answers[1]
