"""The tuning guide's requests are accepted by the embedded emulator, and its misprints behave as the list says.

The guide's text is read at test time from the copy beside the checkout. Extraction from its pages tore it: opening
braces, closing quotes and whole lines are lost, so names and nesting are read leniently and values are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from concertpitch.embedded import emulator
from concertpitch.ledger.contradictions import misprints
from concertpitch.protojson import camel

ROOT = Path(__file__).parents[2]
PARENT = "projects/concertpitch/locations/us-central1"
_TOKEN = re.compile(
    r'(?P<name>"\w+")\s*:\s*|(?P<open>\{)|(?P<close>\})|(?P<lost>^,$)|(?P<value>[^\s{}][^{}\n]*)', re.MULTILINE
)
VALUES = {
    "baseModel": "gemini-2.0-flash-001",
    "trainingDatasetUri": "gs://concertpitch/train.jsonl",
    "validationDatasetUri": "gs://concertpitch/validation.jsonl",
    "epochCount": 3,
    "adapterSize": "ADAPTER_SIZE_FOUR",
    "learningRateMultiplier": 0.5,
    "exportLastCheckpointOnly": True,
    "tunedModelDisplayName": "From the guide",
    "kmsKeyName": f"{PARENT}/keyRings/ring/cryptoKeys/key",
    "serviceAccount": "tuner@concertpitch.iam.gserviceaccount.com",
}
"""What stands for the guide's placeholders, by the API's name."""


def page() -> str:
    """The guide, with what its extraction made of a pencil symbol taken out."""
    for parent in ROOT.parents:
        for found in (parent / "shared/seeds").glob("004_*"):
            return found.read_text(encoding="utf-8")
    pytest.skip("the copy of the guide is not here: it is not part of the repository")


def printed() -> list[dict[str, Any]]:
    """Every JSON text of the guide that has a tuning spec, requests and answers, with its own names."""
    blocks = re.findall(r"```\n(.*?)```", page(), re.DOTALL)
    return [read(block) for block in blocks if '"supervisedTuningSpec"' in block]


def read(block: str) -> dict[str, Any]:
    """Names and nesting of a torn JSON text; a value is what is printed for it."""
    stack: list[dict[str, Any]] = [{}]
    name = ""
    for token in _TOKEN.finditer(block[block.index('"') :]):
        if token["name"]:
            name = token["name"].strip('"')
        elif token["open"] and name:
            stack[-1][name] = {}
            stack.append(stack[-1][name])
            name = ""
        elif (token["close"] or token["lost"]) and len(stack) > 1:
            stack.pop()
        elif token["value"] and name:
            stack[-1][name] = token["value"]
            name = ""
    return stack[0]


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """The members a caller sets, spelled as printed but for misprints, with values of ours."""
    wrong, out = misprints(), {}
    for name, value in body.items():
        right = wrong.get(name, name)
        if isinstance(value, dict):
            inner = filled(value)
            if inner or camel(right) in {"supervisedTuningSpec", "hyperParameters"}:
                out[right] = inner
        elif camel(right) in VALUES:
            ours = VALUES[camel(right)]
            out[right] = str(ours) if value.startswith('"') and isinstance(ours, float) else ours
    return out


def whole(body: dict[str, Any]) -> dict[str, Any]:
    """A body with what its extraction lost: the base model of an answer, the dataset of the basic request."""
    spec = body["supervisedTuningSpec"]
    if not {"trainingDatasetUri", "training_dataset_uri"} & spec.keys():
        spec["training_dataset_uri"] = VALUES["trainingDatasetUri"]
    return {"baseModel": VALUES["baseModel"]} | body


@pytest.fixture(scope="module")
def jobs() -> Iterator[httpx.Client]:
    with emulator(speed=200) as url, httpx.Client(base_url=f"{url}/v1/{PARENT}") as client:
        yield client


def names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from names(one)


def test_the_guide_prints_six_bodies_in_both_spellings() -> None:
    bodies = printed()
    assert len(bodies) == 6
    spellings = {name for body in bodies for name in names(body)}
    assert {"hyper_parameters", "hyperParameters", "export_last_checkpoint_only", "trainingDatasetUri"} <= spellings
    assert {"kmsKeyName", "serviceAccount", "adapterSize"} <= set(names(filled(bodies[3])))


@pytest.mark.parametrize("number", range(6))
def test_each_printed_body_is_accepted(jobs: httpx.Client, number: int) -> None:
    body = whole(filled(printed()[number]))
    answer = jobs.post("/tuningJobs", json=body)
    assert answer.status_code == 200, (body, answer.text)
    held = answer.json()
    assert held["baseModel"] == VALUES["baseModel"]
    assert held["supervisedTuningSpec"]["trainingDatasetUri"] == VALUES["trainingDatasetUri"]
    assert not set(names(held)) & misprints().keys()
    assert not [name for name in names(held) if "_" in name]


def test_the_other_requests_of_the_guide_are_accepted(jobs: httpx.Client) -> None:
    named = set(re.findall(r"tuningJobs\.(\w+)", page()))
    assert named == {"create", "get", "cancel"}
    assert "List tuning Jobs" in page()
    made = jobs.post("/tuningJobs", json=whole({"supervisedTuningSpec": {}})).json()["name"].rpartition("/")[2]
    listed = jobs.get("/tuningJobs")
    assert listed.status_code == 200
    assert made in {job["name"].rpartition("/")[2] for job in listed.json()["tuningJobs"]}
    assert jobs.get(f"/tuningJobs/{made}").json()["name"].endswith(made)
    cancelled = jobs.post(f"/tuningJobs/{made}:cancel")
    assert (cancelled.status_code, cancelled.json()) == (200, {})


@pytest.mark.parametrize("misprint", misprints())
def test_a_misprint_is_no_member_of_a_request(jobs: httpx.Client, misprint: str) -> None:
    body = whole({"supervisedTuningSpec": {}})
    assert jobs.post("/tuningJobs", json=body).status_code == 200
    holder = body["supervisedTuningSpec"] if misprints()[misprint].endswith("Uri") else body
    holder[misprint] = VALUES["validationDatasetUri"]
    refused = jobs.post("/tuningJobs", json=body)
    assert refused.status_code == 400
    assert refused.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert misprint in refused.json()["error"]["message"]


def test_a_misprint_is_no_member_of_an_answer(jobs: httpx.Client) -> None:
    listed = jobs.get("/tuningJobs").json()
    assert "tuningJobs" in listed
    assert not set(names(listed)) & misprints().keys()
    assert all(job["state"].startswith("JOB_STATE_") for job in listed["tuningJobs"])
