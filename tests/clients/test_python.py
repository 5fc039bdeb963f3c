"""The Python clients, unmodified, against the emulator, by base URL alone: each has the blocks of `docs/clients.md`.

Every program of `programs/` tells the same story with its client, at an emulator of its own, and prints what it saw.
The same programs are judged by what they send.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from concertpitch_emulator.config import Config
from concertpitch_emulator.server import start

SPEED = 60
"""A job takes about five seconds, a tuned model three: longer than a busy machine needs between two looks."""
PAUSE = {"retired": ["--poll-interval", "0.1"]}
"""Stated where the pauses are not drawn by lot, as those of google-api-core are."""
GENAI = "google.genai.errors.ClientError"
HTTP = "googleapiclient.errors.HttpError"
CORE = "google.api_core.exceptions"
GONE = [f"{CORE}.NotFound", 404]


def jobs(bad: str, unknown: str, **further: Any) -> dict[str, Any]:
    """What every client of tuning jobs tells, with the types of its exceptions for 400 and 404."""
    return {
        "pages": [2, 2, 1],
        "all listed": True,
        "states": ["JOB_STATE_RUNNING", "JOB_STATE_SUCCEEDED"],
        "shown": [3, "ADAPTER_SIZE_FOUR", {"team": "tuning"}, True],
        "cancelled": ["JOB_STATE_CANCELLED", 1],
        "failed": ["JOB_STATE_FAILED", 3],
        "bad dataset": [bad, 400],
        "unknown job": [unknown, 404],
        "cancel of an unknown job": [unknown, 404],
        "bad page token": [bad, 400],
        **further,
    }


def models(bad: str, unknown: str, **further: Any) -> dict[str, Any]:
    """What every client of tuned models tells."""
    return {
        "pages": [2, 2, 1],
        "all listed": True,
        "states": ["CREATING", "ACTIVE"],
        "failed": "FAILED",
        "described": "changed",
        "no examples": [bad, 400],
        "unknown model": [unknown, 404],
        "bad page token": [bad, 400],
        "deleted": [unknown, 404],
        "delete of what is gone": [unknown, 404],
        **further,
    }


def discovery(version: str) -> dict[str, Any]:
    rebased = [f"type.googleapis.com/google.cloud.aiplatform.{version}.TuningJob", "JOB_STATE_SUCCEEDED", [HTTP, 404]]
    return jobs(HTTP, HTTP, rebased=rebased)


def gapic_vertex(version: str) -> dict[str, Any]:
    return jobs(
        f"{CORE}.BadRequest",
        f"{CORE}.NotFound",
        rebased=["RebaseTunedModelOperationMetadata", f"aiplatform_{version}", "JOB_STATE_SUCCEEDED"],
        operations={
            "read": [True, True],
            "pages": [2, 2],
            "cancelled": [True, 1],
            "deleted": GONE,
            "cancelled by its future": ["builtins.KeyError"],
        },
    )


def genai_gemini(**further: Any) -> dict[str, Any]:
    states = {"states": ["JOB_STATE_RUNNING", "JOB_STATE_SUCCEEDED"], "failed": "JOB_STATE_FAILED"}
    return models(GENAI, GENAI, **states, **further)


def gapic_gemini(version: str) -> dict[str, Any]:
    return models(
        f"{CORE}.BadRequest",
        f"{CORE}.NotFound",
        described="tuned, changed",
        future={
            "steps": [12, True, 12],
            "types": [f"generativelanguage_{version}"] * 2,
            "model": [f"tunedModels/watched-{version}", "ACTIVE", 12],
            "operation done": True,
            "used id": [f"{CORE}.Conflict", 409],
            "failed": [f"{CORE}.InternalServerError", 500],
        },
        permissions={
            "read": ["friend@example.com", "WRITER"],
            "gone": GONE,
            "then": {"tuner@example.com": "WRITER", "friend@example.com": "OWNER"},
            "no longer mine": [f"{CORE}.Forbidden", 403],
        },
    )


def unpaged(told: dict[str, Any]) -> dict[str, Any]:
    """The story of a client that walks all pages by itself, and takes no page token."""
    told = {**told, "pages": [5]}
    del told["bad page token"]
    return told


DATASET = "gs://bucket/train.jsonl"
TUNINGS = {"continued": [True, True], "preferred": [0.2, 3, DATASET], "distilled": DATASET}
DROPPING = {"dropped": [GENAI, 400], "cancelled": [GENAI, 404], "tunings_listed": ["builtins.ValueError"]}
GENERATIVEAI = models(
    f"{CORE}.BadRequest",
    f"{CORE}.NotFound",
    described="changed at 0.25",
    progress={
        "steps": [12, True, True, 12],
        "model": ["tunedModels/watched", "ACTIVE", 12],
        "losses fall": True,
        "used id": [f"{CORE}.Conflict", 409],
        "failed": [f"{CORE}.InternalServerError", 500],
        "operations": ["builtins.ValueError"],
    },
    bases=True,
    permissions={
        "roles": {"tuner@example.com": "OWNER", "friend@example.com": "WRITER"},
        "then": {"tuner@example.com": "WRITER", "friend@example.com": "OWNER"},
        "twice": [f"{CORE}.Conflict", 409],
        "no longer mine": [f"{CORE}.Forbidden", 403],
    },
)
DISCOVERY_GEMINI = models(
    HTTP,
    HTTP,
    described="tuned, changed",
    operation=[12, "type.googleapis.com/google.ai.generativelanguage.v1beta.TunedModel", "ACTIVE"],
    permissions={
        "then": {"tuner@example.com": "WRITER", "friend@example.com": "OWNER"},
        "no longer mine": [HTTP, 403],
    },
)
EXPECTED: dict[str, dict[str, Any]] = {
    "genai": {
        "genai_vertex sync": jobs(GENAI, GENAI, **TUNINGS),
        "genai_vertex async": jobs(GENAI, GENAI, **TUNINGS),
        "genai_gemini sync": genai_gemini(**DROPPING),
        "genai_gemini async": genai_gemini(**DROPPING),
    },
    "google": {
        "discovery v1": discovery("v1"),
        "discovery v1beta1": discovery("v1beta1"),
        "discovery_gemini": DISCOVERY_GEMINI,
        "gapic_vertex v1": gapic_vertex("v1"),
        "gapic_vertex v1beta1": gapic_vertex("v1beta1"),
        "sft": unpaged(jobs(f"{CORE}.BadRequest", f"{CORE}.NotFound", rebased="JOB_STATE_SUCCEEDED")),
        "gapic_gemini v1beta": gapic_gemini("v1beta"),
        "gapic_gemini v1beta3": gapic_gemini("v1beta3"),
    },
    "retired": {
        "genai_gemini sync": genai_gemini(tunings_listed=[5]),
        "genai_gemini async": genai_gemini(tunings_listed=[5]),
        "generativeai": unpaged(GENERATIVEAI),
    },
}


FOUND: dict[str, dict[str, list[str]]] = {
    "genai": {
        "client/known-method": ["POST /v1beta/tunedModels/ID:cancel is in no document (answered 404)"],
        "client/required-members": ["tunedModels.create was sent without tuningTask.trainingData, which is required"],
    },
    "google": {},
    "retired": {
        "client/polls-no-faster-than-stated": [
            "/v1beta/tunedModels/ID/operations/ID was read again after ID s; stated are 0.1 s"
        ],
    },
}
"""What each environment's clients do wrong.

google-genai drops examples and cancels what cannot be cancelled; the progress bar of google-generativeai never pauses.
"""


@pytest.mark.parametrize("environment", EXPECTED)
def test_clients(together: Callable[..., Any], judged: Callable[..., Any], environment: str) -> None:
    """Each tells what it should, and `concertpitch judge` blames it for nothing that it does right."""
    expected = EXPECTED[environment]
    programs = together(environment, list(expected))
    with ExitStack() as stack:
        urls = [stack.enter_context(start(Config(speed=SPEED))) for _ in expected]
        options = ["--speed", str(SPEED), *PAUSE.get(environment, [])]
        verdict = judged(programs.command, *options, input=programs.runs(urls))
    assert programs.told() == expected
    assert "the command failed" not in verdict.said, verdict.said
    assert verdict.found == FOUND[environment]
    assert verdict.status == (environment == "genai"), "a warning alone does not fail"


def test_the_page_has_a_block_for_each_client(blocks: dict[str, str]) -> None:
    assert sorted(blocks) == sorted({program.split()[0] for told in EXPECTED.values() for program in told})
