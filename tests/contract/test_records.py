"""Recorded bodies of the real services break no rule: where one did, the rule was wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from concertpitch.exchange import Exchange
from concertpitch.reading import subjects_of
from concertpitch.rules import RULES
from concertpitch.surfaces import VERTEX_V1
from concertpitch.verdicts import Verdict, judge

ROOT = Path(__file__).parents[2]
RECORDS = next((found for parent in ROOT.parents if (found := parent / "shared" / "records").exists()), None)
PARENT = "projects/801452371447/locations/us-central1"
needs_records = pytest.mark.skipif(RECORDS is None, reason="the recorded bodies are not part of the repository")


def records(kind: str) -> list[dict[str, Any]]:
    if RECORDS is None:
        return []
    return [json.loads(path.read_text()) | {"file": path.stem} for path in sorted((RECORDS / kind).glob("*.json"))]


def exchange(number: int, method: str, path: str, status: int, answer: Any, request: Any = None) -> Exchange:
    return Exchange(
        number=number,
        probe="record",
        method=method,
        url=f"http://recorded.example/v1/{path}",
        request_headers=(),
        request_body=json.dumps(request).encode() if request is not None else b"",
        sent=float(number),
        sent_at=0.0,
        answered=number + 0.5,
        status=status,
        headers=(("content-type", "application/json; charset=UTF-8"),),
        body=json.dumps(answer).encode(),
    )


def broken(exchanges: list[Exchange]) -> list[tuple[str, str]]:
    verdicts: list[Verdict] = judge(RULES, subjects_of(exchanges, VERTEX_V1), {})
    assert any(verdict.subjects for verdict in verdicts), "nothing was judged"
    return [(verdict.rule.id, verdict.findings[0].message) for verdict in verdicts if verdict.broken]


@needs_records
def test_jobs_seen_in_order_of_their_updates() -> None:
    bodies = [one["body"] for one in records("vertex") if one["kind"] == "response"]
    seen = sorted(bodies, key=lambda body: body["updateTime"])
    assert len(seen) == 6
    assert broken([exchange(i, "GET", body["name"], 200, body) for i, body in enumerate(seen, 1)]) == []


@needs_records
def test_the_same_jobs_in_a_list() -> None:
    last = {one["body"]["name"]: one["body"] for one in records("vertex") if one["kind"] == "response"}
    page = {"tuningJobs": list(last.values())}
    walk = [exchange(1, "GET", f"{PARENT}/tuningJobs", 200, page)]
    # the bodies come from several projects, which one list could not show
    assert [rule for rule, _ in broken(walk)] == ["listing/only-its-project"]


@needs_records
def test_a_create_with_its_recorded_request() -> None:
    by_file = {one["file"]: one["body"] for one in records("vertex")}
    request = by_file["litellm_create_request"]
    answer = by_file["litellm_create_job_state_pending_3978211980451250176"]
    parent = answer["name"].rpartition("/tuningJobs/")[0]
    assert broken([exchange(1, "POST", f"{parent}/tuningJobs", 200, answer, request)]) == []


@needs_records
@pytest.mark.parametrize(
    "record",
    [
        one
        for one in records("errors")
        if one["complete"] and one["method"].startswith("tuningJobs") and isinstance(one["body"], dict)
    ],
    ids=lambda record: record["file"],
)
def test_errors(record: dict[str, Any]) -> None:
    job = {"name": f"{PARENT}/tuningJobs/1234567890123456789", "state": "JOB_STATE_PENDING"}
    calls = [
        exchange(1, "POST", f"{PARENT}/tuningJobs", 200, job, {}),
        exchange(2, "POST", f"{PARENT}/tuningJobs", record["http_status"], record["body"], {}),
    ]
    assert [rule for rule, _ in broken(calls) if rule.startswith("refuse/")] == []


@needs_records
def test_the_recorded_cancel_answer() -> None:
    (record,) = (one for one in records("docs_examples") if one["method"] == "tuningJobs.cancel")
    name = f"{PARENT}/tuningJobs/1234567890123456789"
    assert broken([exchange(1, "POST", f"{name}:cancel", 200, record["body"])]) == []
