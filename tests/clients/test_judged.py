"""What `concertpitch judge` finds in a client with known bugs, litellm (whose host is replaced, see its program), and
how far a client comes with nothing but the variables that it sets.

What it finds in Google's clients, and that it finds no more, is in `test_python.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROGRAMS = Path(__file__).parent / "programs"
JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"
MISSPELT = (
    "tuningJobs.create has no member supervisedTuningSpec.validation_dataset; did you mean validationDatasetUri? "
    "(answered 400)"
)
TWICE = f"POST {JOBS}/tuningJobs/ID:cancel is in no document (answered 404)"
REFUSED = "litellm.llms.custom_httpx.http_handler.MaskedHTTPStatusError"


def test_litellm(judged: Callable[..., Any], interpreter: Callable[[str], Path]) -> None:
    """Its spelling of `validationDatasetUri`, and the path that it makes of a cancel, are found, and nothing else."""
    verdict = judged([str(interpreter("retired")), str(PROGRAMS / "litellm_vertex.py")])
    assert verdict.found == {"client/known-members": [MISSPELT], "client/known-method": [TWICE]}
    assert verdict.status == 1
    assert facts(verdict) == {
        "created": ["queued", "gs://bucket/train.jsonl"],
        "with a validation file": [REFUSED, 400],
        "cancelled": [REFUSED, 404],
    }


def test_google_genai_by_variables(judged: Callable[..., Any], interpreter: Callable[[str], Path]) -> None:
    """The token comes from the made-up service account, the API key and both base URLs from their variables."""
    verdict = judged([str(interpreter("genai")), str(PROGRAMS / "genai_bare.py")], "--speed", "1")
    assert (verdict.status, verdict.found) == (0, {})
    assert facts(verdict) == {"read": "JOB_STATE_PENDING", "listed": True, "tunable": True}


def facts(verdict: Any) -> dict[str, Any]:
    """What the program told, among what the client logs and the gate says."""
    told: dict[str, Any] = json.loads(next(line for line in verdict.said.splitlines() if line.startswith("{")))
    return told
