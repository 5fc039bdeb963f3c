"""No input of any shape gets a server error, an odd envelope or a traceback from the Gemini API."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from concertpitch_emulator.faults import FAULTS
from concertpitch_emulator.messages import Messages
from hypothesis import given, settings
from hypothesis import strategies as st

GEMINI = sorted(fault.id for fault in FAULTS.values() if fault.surface == "gemini")
NAMES = [
    "baseModel",
    "tunedModelSource",
    "tuned_model",
    "tunedModel",
    "displayName",
    "temperature",
    "topK",
    "readerProjectNumbers",
    "state",
    "tuningTask",
    "trainingData",
    "examples",
    "textInput",
    "output",
    "hyperparameters",
    "epochCount",
    "batchSize",
    "learningRate",
    "learningRateMultiplier",
    "granteeType",
    "emailAddress",
    "role",
    "name",
]
SAMPLES = ["", "models/x", "tunedModels/known", "1", "-3", "1e400", "READER", "OWNER", "NaN", "a@b", "everyone"]
TEXTS = st.sampled_from(SAMPLES) | st.text()
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)
NUMBER = st.integers(-2, 3000) | st.floats(allow_nan=False, allow_infinity=False)
TASK = st.fixed_dictionaries(
    {"trainingData": st.just({"examples": {"examples": [{"textInput": "1", "output": "2"}] * 3}})},
    optional={
        "hyperparameters": st.dictionaries(
            st.sampled_from(["epochCount", "batchSize", "learningRate", "learningRateMultiplier"]), NUMBER | SCALARS
        )
    },
)
MODELS = st.fixed_dictionaries(
    {"baseModel": st.just("models/x"), "tuningTask": TASK},
    optional={"temperature": NUMBER, "topP": NUMBER, "topK": NUMBER, "displayName": TEXTS, "description": TEXTS},
)
PATHS = st.sampled_from(
    [
        "models",
        "models/x",
        "tunedModels",
        "tunedModels/known",
        "tunedModels/known:transferOwnership",
        "tunedModels/known/permissions",
        "tunedModels/known/permissions/everyone",
        "tunedModels/known/operations",
        "tunedModels/known/operations/x:cancel",
        "corpora",
        "corpora/known",
        "corpora/known/permissions",
    ]
) | st.lists(st.text(max_size=4), max_size=5).map("/".join)
QUERIES = st.dictionaries(
    st.sampled_from(["pageSize", "page_token", "filter", "updateMask", "tunedModelId", "force", "$alt", "key", "x"]),
    st.sampled_from(["role", "*", "displayName", "tuningTask.hyperparameters", "owner:me", "a", '"', ""]) | st.text(),
    max_size=3,
)
VERBS = st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"])
VERSIONS = st.sampled_from(["v1", "v1beta", "v1beta3"])


def quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def check(answer: Any) -> None:
    assert answer.status == 200 or 400 <= answer.status < 500, answer.content
    body = json.loads(answer.content)
    assert isinstance(body, dict)
    if answer.status >= 400:
        assert body.keys() == {"error"}
        assert body["error"]["code"] == answer.status
        assert "Traceback" not in body["error"]["message"]


@pytest.fixture(scope="session")
def known(start_gemini) -> Any:
    """An emulator with a tuned model and a corpus of the id `known`."""
    gemini = start_gemini(speed=1000)
    gemini.create("tunedModelId=known")
    gemini.ask("POST", "corpora", {"name": "corpora/known"})
    return gemini


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(body=MODELS | JSON)
def test_models(start_gemini, body: Any) -> None:
    gemini = start_gemini(speed=1000)
    answer = gemini.ask("POST", "tunedModels", body)
    check(answer)
    if answer.status == 200:
        for _ in range(3):
            gemini.emulator.later(0.07)
            check(gemini.ask("GET", "tunedModels"))
            check(gemini.ask("GET", answer.json["name"]))


@settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@given(verb=VERBS, path=PATHS, body=JSON, query=QUERIES, version=VERSIONS)
def test_everything_else(known, verb: str, path: str, body: Any, query: dict[str, str], version: str) -> None:
    raw = "&".join(f"{name}={quoted(value)}" for name, value in query.items())
    check(known.ask(verb, quoted(path).replace("%2f", "/").replace("%3a", ":"), body, raw, version))


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(content=st.binary() | JSON.map(lambda value: json.dumps(value).encode()[:-1]))
def test_contents(known, content: bytes) -> None:
    check(known.emulator.send("POST", "/v1beta/tunedModels", "", content))


@pytest.mark.parametrize("seed", range(20))
def test_several_faults_together_do_not_break_the_emulator_itself(start_gemini, seed: int) -> None:
    """Whatever is answered, the application raises nothing."""
    gemini = start_gemini(*random.Random(seed).sample(GEMINI, 25), speed=1000)
    for body in (gemini.body(), gemini.body(first="tuning fails half-way"), {}, gemini.body(displayName="x")):
        for _ in range(2):
            gemini.ask("POST", "tunedModels", body, "tunedModelId=known" if body else "")
        gemini.ask("POST", "tunedModels", body)
        for name in [record.name for record in gemini.emulator.app.state.gemini.store.models.values()]:
            gemini.ask("GET", name)
            gemini.ask("GET", f"{name}/operations", version="v1")
            gemini.ask("PATCH", name, {"displayName": "y", "topK": 1}, "updateMask=displayName,topK")
            gemini.ask("POST", f"{name}/permissions", {"granteeType": "EVERYONE", "role": "READER"})
            gemini.ask("POST", f"{name}/permissions", {"granteeType": "USER", "emailAddress": "a@b", "role": "WRITER"})
            gemini.ask("GET", f"{name}/permissions")
            gemini.ask("PATCH", f"{name}/permissions/everyone", {"role": "WRITER"}, "updateMask=role")
        gemini.ask("GET", "tunedModels", query="pageSize=2")
        gemini.emulator.later(0.2)
    for name in [record.name for record in gemini.emulator.app.state.gemini.store.models.values()]:
        gemini.ask("POST", f"{name}:transferOwnership", {"emailAddress": "a@b"})
        gemini.ask("DELETE", name)


def test_every_method_of_the_document_has_a_route(gemini) -> None:
    """The document of v1beta3 knows fewer methods than are served today; those it has are routed."""
    count = 0
    for version in ("v1beta", "v1beta3"):
        for path, item in Messages(f"gemini_{version}").document["paths"].items():
            for verb in item.keys() & {"get", "post", "patch", "delete"}:
                answer = gemini.emulator.send(verb.upper(), path.replace("{", "").replace("}", ""))
                assert b"There is no method" not in answer.content, (verb, path)
                count += 1
    assert count >= 30
