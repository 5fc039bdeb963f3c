"""Pages and filters, also of a large collection."""

from __future__ import annotations

import re
import time

import pytest
from concertpitch_emulator import paging
from concertpitch_emulator.vertex.records import Parent

JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"


def walk(emulator, *sizes: int, query: str = "") -> list[str]:
    names, token, turn = [], "", 0
    while True:
        page = emulator.get(JOBS, f"pageSize={sizes[turn % len(sizes)]}&pageToken={token}{query}").json
        names += [job["name"] for job in page.get("tuningJobs", ())]
        assert len(page.get("tuningJobs", ())) <= sizes[turn % len(sizes)]
        token, turn = page.get("nextPageToken", ""), turn + 1
        if not token:
            return names
        assert re.fullmatch(r"[A-Za-z0-9_-]+", token)


def test_newest_first_without_repeats_or_gaps(emulator) -> None:
    made = [emulator.create()["name"] for _ in range(13)][::-1]
    assert emulator.get(JOBS.replace("us-central1", "europe-west4")).json == {}
    for sizes in ((1,), (5,), (13,), (12, 1), (3, 7, 2)):
        assert walk(emulator, *sizes) == made


def test_jobs_made_during_a_walk_do_not_disturb_it(emulator) -> None:
    made = [emulator.create()["name"] for _ in range(6)][::-1]
    first = emulator.get(JOBS, "pageSize=3").json
    emulator.create()
    second = emulator.get(JOBS, f"pageSize=9&pageToken={first['nextPageToken']}").json
    assert [job["name"] for page in (first, second) for job in page["tuningJobs"]] == made


def test_token_is_bound_to_parent_and_filter(emulator) -> None:
    for _ in range(3):
        emulator.create()
    token = emulator.get(JOBS, "pageSize=1").json["nextPageToken"]
    assert emulator.get(JOBS, f"pageToken={token}&filter=state%3DJOB_STATE_PENDING").status == 400
    assert emulator.get(JOBS.replace("us-central1", "us-east4"), f"pageToken={token}").status == 400
    assert emulator.get(JOBS, f"pageToken={token}x").status == 400
    assert emulator.get(JOBS, f"page_token={token}&page_size=1").status == 200


def test_sizes(emulator) -> None:
    for _ in range(paging.DEFAULT_PAGE_SIZE + 1):
        emulator.create()
    for query, expected in (("", 100), ("pageSize=0", 100), ("pageSize=", 100), ("pageSize=2147483647", 101)):
        assert len(emulator.get(JOBS, query).json["tuningJobs"]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('state="JOB_STATE_PENDING"', [2]),
        ("NOT state=JOB_STATE_PENDING", [0, 1]),
        ("-state=JOB_STATE_PENDING labels.team=red", [0]),
        ("labels.team:*", [0, 1]),
        ("labels:team", [0, 1]),
        ("labels.team != red", [1, 2]),
        ('tunedModelDisplayName="a \\"b\\"" OR tuned_model_display_name=c', [1, 2]),
        ("state=JOB_STATE_PENDING AND labels.team=red OR base_model=gemini-2.0-flash-001", [2]),
        ("(labels.team=red OR labels.team=blue) AND NOT (labels.team=red)", [1]),
        ("baseModel=nothing", []),
    ],
)
def test_filter(emulator, text: str, expected: list[int]) -> None:
    jobs = [
        emulator.create(labels={"team": "red"}),
        emulator.create(labels={"team": "blue"}, tunedModelDisplayName='a "b"'),
    ]
    emulator.later(400)
    jobs.append(emulator.create(tunedModelDisplayName="c"))
    query = "&filter=" + "".join(f"%{byte:02x}" for byte in text.encode())
    names = [job["name"] for job in jobs]
    assert sorted(names.index(name) for name in walk(emulator, 2, query=query)) == expected


def test_hundred_thousand_jobs_do_not_slow_it_down(emulator) -> None:
    def seconds() -> dict[str, float]:
        took = {}
        for what, ask in {
            "create": emulator.create,
            "get": lambda: emulator.get(f"/v1/{name}"),
            "list": lambda: emulator.get(JOBS, "pageSize=10"),
        }.items():
            started = time.perf_counter()
            for _ in range(50):
                ask()
            took[what] = time.perf_counter() - started
        return took

    name = emulator.create()["name"]
    before = seconds()
    service = emulator.service
    parent = Parent.named("my-project", "us-central1")
    spec = {"baseModel": "m", "supervisedTuningSpec": {"trainingDatasetUri": "gs://b/x.jsonl"}}
    for _ in range(100_000):
        service.new_job(parent, "v1", spec, emulator.now)
    after = seconds()
    assert all(after[what] < 5 * before[what] + 0.05 for what in before), (before, after)
    token = paging.token(50_000, f"tuningJobs {parent} ")
    middle = emulator.get(JOBS, f"pageSize=1000&pageToken={token}").json
    assert len(middle["tuningJobs"]) == 1000
