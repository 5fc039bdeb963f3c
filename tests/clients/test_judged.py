"""What `concertpitch judge` finds in a client with known bugs: litellm, whose host is replaced (see its program).

What it finds in Google's clients, and that it finds no more, is in `test_python.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parent / "programs" / "litellm_vertex.py"
JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"
MISSPELT = (
    "tuningJobs.create has no member supervisedTuningSpec.validation_dataset; did you mean validationDatasetUri? "
    "(answered 400)"
)
TWICE = f"POST {JOBS}/tuningJobs/ID:cancel is in no document (answered 404)"
REFUSED = "litellm.llms.custom_httpx.http_handler.MaskedHTTPStatusError"


def test_litellm(judged: Callable[..., Any], interpreter: Callable[[str], Path]) -> None:
    """Its spelling of `validationDatasetUri`, and the path that it makes of a cancel, are found, and nothing else."""
    verdict = judged([str(interpreter("retired")), str(PROGRAM)])
    assert verdict.found == {"client/known-members": [MISSPELT], "client/known-method": [TWICE]}
    assert verdict.status == 1
    facts = next(line for line in verdict.said.splitlines() if line.startswith("{"))
    assert json.loads(facts) == {
        "created": ["queued", "gs://bucket/train.jsonl"],
        "with a validation file": [REFUSED, 400],
        "cancelled": [REFUSED, 404],
    }
