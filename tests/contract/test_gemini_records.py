"""Recorded bodies of the real Gemini API break no rule: where one did, the rule was wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from concertpitch.exchange import Exchange
from concertpitch.reading import subjects_of
from concertpitch.rules import rules_of
from concertpitch.subjects.gemini import Progress, Snapshots, Tuning
from concertpitch.surfaces import GEMINI_V1BETA, GEMINI_V1BETA3, Surface
from concertpitch.verdicts import Verdict, judge

ROOT = Path(__file__).parents[2]
RECORDS = next((found for parent in ROOT.parents if (found := parent / "shared" / "records").exists()), None)
needs_records = pytest.mark.skipif(RECORDS is None, reason="the recorded bodies are not part of the repository")
VERBS = {"get": "GET", "list": "GET", "create": "POST", "patch": "PATCH", "delete": "DELETE"}


def records() -> list[dict[str, Any]]:
    if RECORDS is None:
        return []
    return [json.loads(path.read_text()) | {"file": path.stem} for path in sorted((RECORDS / "gemini").glob("*.json"))]


def exchange(number: int, method: str, path: str, answer: Any, request: Any = None) -> Exchange:
    return Exchange(
        number=number,
        probe="record",
        method=method,
        url=f"http://recorded.example/{path}",
        request_headers=(),
        request_body=json.dumps(request).encode() if request is not None else b"",
        sent=float(number),
        sent_at=0.0,
        answered=number + 0.5,
        status=200,
        headers=(("content-type", "application/json; charset=UTF-8"),),
        body=json.dumps(answer).encode(),
    )


def broken(exchanges: list[Exchange], surface: Surface = GEMINI_V1BETA) -> list[tuple[str, str]]:
    verdicts: list[Verdict] = judge(rules_of("gemini"), subjects_of(exchanges, surface), {})
    assert any(verdict.subjects for verdict in verdicts), "nothing was judged"
    return [(verdict.rule.id, verdict.findings[0].message) for verdict in verdicts if verdict.broken]


def replayed(number: int, record: dict[str, Any]) -> Exchange:
    """The exchange that a recorded answer was part of."""
    body, (*parents, verb) = record["body"], record["method"].split(".")
    name = body.get("name", "") if isinstance(body, dict) else ""
    parent = (
        "corpora/test-corpus-j0oywm69m798" if parents[0] == "corpora" else "tunedModels/text-predictor-dsygc8rjuymz"
    )
    collection = f"{parent}/permissions" if "permissions" in parents else "tunedModels"
    if verb in {"list", "create"}:
        path = collection
    elif verb in {"cancel", "transferOwnership"}:
        path = f"{name or parent}:{verb}"
    else:
        path = name or (f"{collection}/101799614406133382015" if "permissions" in parents else parent)
    version = "v1beta3" if "v1beta3" in json.dumps(body) else "v1beta"
    query = "?updateMask=displayName,description" if record["method"] == "tunedModels.patch" else ""
    request: Any = {"displayName": body["displayName"], "description": body["description"]} if query else None
    if verb == "transferOwnership":
        request = {"emailAddress": "redacted@example.com"}
    return exchange(number, VERBS.get(verb, "POST"), f"{version}/{path}{query}", body, request)


@needs_records
@pytest.mark.parametrize(
    "record", [one for one in records() if one["kind"] == "response"], ids=lambda record: record["file"]
)
def test_a_recorded_answer(record: dict[str, Any]) -> None:
    one = replayed(1, record)
    surface = GEMINI_V1BETA3 if "/v1beta3/" in one.url else GEMINI_V1BETA
    rules = [rule for rule, _ in broken([one], surface)] if record["method"] != "tunedModels.operations.cancel" else []
    # a create whose request is not recorded was of a body without the training data that it must have had
    unseen = {"refuse/missing-training-data", "refuse/missing-tuning-task", "refuse/missing-required"}
    elided = {"snapshot/steps-ascend", "snapshot/shown-when-active"} if not record["complete"] else set()
    assert set(rules) - unseen - elided == set()


@needs_records
def test_a_create_with_its_recorded_request() -> None:
    by_file = {one["file"]: one["body"] for one in records()}
    request, answer = by_file["gdocs_rest_request_00_create"], by_file["gdocs_rest_00_tunedModels_create"]
    exchanges = [exchange(1, "POST", "v1beta/tunedModels", answer, request)]
    assert broken(exchanges) == []
    (tuning,) = (one for one in subjects_of(exchanges, GEMINI_V1BETA) if isinstance(one, Tuning))
    assert tuning.model_id == answer["metadata"]["tunedModel"].removeprefix("tunedModels/")
    assert tuning.examples > 1


@needs_records
def test_an_operation_in_progress_and_the_model_it_made() -> None:
    by_file = {one["file"]: one["body"] for one in records()}
    operation = by_file["derrickob_tunedModels_operations_get"]
    model = by_file["derrickob_tunedModels_get"]
    exchanges = [
        exchange(1, "GET", f"v1/{operation['name']}", operation),
        exchange(2, "GET", f"v1beta/{model['name']}", model),
    ]
    assert broken(exchanges) == []
    found = list(subjects_of(exchanges, GEMINI_V1BETA))
    assert [one.completed for one in found if isinstance(one, Progress)] == [2]
    assert max(len(one.shots) for one in found if isinstance(one, Snapshots)) == 38
