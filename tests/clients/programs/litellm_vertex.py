"""litellm's fine-tuning jobs at Vertex AI; its host is fixed, so the one function that knows it is replaced."""

from __future__ import annotations

import asyncio
import os
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # read at import, which otherwise downloads a price list

import litellm
from common import BASE_MODEL, GOOD, failure, tell
from litellm.llms.vertex_ai.fine_tuning import handler

PROJECT, LOCATION = "my-project", "us-central1"
CREDENTIALS = os.environ["GOOGLE_APPLICATION_CREDENTIALS"]
handler.get_vertex_base_url = lambda _location: os.environ["CONCERTPITCH_BASE_URL"]


def create(**more: Any) -> Any:
    return litellm.create_fine_tuning_job(
        model=BASE_MODEL,
        training_file=GOOD,
        hyperparameters={"n_epochs": 3, "learning_rate_multiplier": 0.5},
        custom_llm_provider="vertex_ai",
        vertex_project=PROJECT,
        vertex_location=LOCATION,
        vertex_credentials=CREDENTIALS,
        **more,
    )


def cancel(name: str) -> object:
    """As litellm's proxy passes on a cancel."""
    job = name.rpartition("/")[2]
    call = handler.VertexFineTuningAPI().pass_through_vertex_ai_POST_request(
        {}, PROJECT, LOCATION, CREDENTIALS, f"/tuningJobs/{job}:cancel"
    )
    return asyncio.run(call)


made = create()
tell(
    {
        "created": [made.status, made.training_file],
        "with a validation file": failure(lambda: create(validation_file=GOOD)),
        "cancelled": failure(lambda: cancel(made.id)),
    }
)
