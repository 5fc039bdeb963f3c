"""What a user writes against the generated packages; mypy --strict and pyright read it, and a test runs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

from concertpitch_models.gemini_v1beta3 import models as gemini
from concertpitch_models.runtime.errors import ApiError, NotFoundError
from concertpitch_models.runtime.scalars import Timestamp
from concertpitch_models.vertex_v1.client import AsyncClient, Client
from concertpitch_models.vertex_v1.models import SupervisedTuningSpec, TuningJob, TuningJobState


def tune(client: Client, parent: str) -> str:
    """Start a job, wait for its end, and say how it ended."""
    spec = SupervisedTuningSpec(training_dataset_uri="gs://bucket/train.jsonl")
    request = TuningJob(base_model="gemini", supervised_tuning_spec=spec, labels={"team": "x"})
    assert request.request_problems() == []
    job = client.tuning_jobs.create(parent, request)
    assert_type(job, TuningJob)
    assert_type(job.create_time, Timestamp | None)
    seen: list[TuningJobState | None] = []
    job = client.tuning_jobs.wait_for(job.name or "", deadline=60, progress=lambda job: seen.append(job.state))
    assert_type(job.state, TuningJobState | None)
    match job.state:
        case TuningJobState.JOB_STATE_SUCCEEDED:
            return f"{job.tuned_model.model if job.tuned_model else None} after {len(seen)} looks"
        case TuningJobState.JOB_STATE_FAILED | TuningJobState.JOB_STATE_CANCELLED:
            return job.error.message or "" if job.error else ""
        case state:
            return f"{state} is {'known' if state and state.is_known else 'new'}"


def names(client: Client, parent: str) -> Iterator[str | None]:
    """Walk all pages."""
    for job in client.tuning_jobs.list_all(parent, page_size=2, filter='labels.team="x"'):
        assert_type(job, TuningJob)
        yield job.name


async def names_async(client: AsyncClient, parent: str) -> AsyncIterator[str | None]:
    """Walk all pages without blocking."""
    async for job in client.tuning_jobs.list_all(parent):
        yield job.name


def exists(client: Client, name: str) -> bool:
    """Tell what is not there from what went wrong."""
    try:
        client.tuning_jobs.get(name)
    except NotFoundError:
        return False
    except ApiError as error:
        assert_type(error.retry_after, float | None)
        raise
    return True


def model() -> gemini.TunedModel:
    """Write a model with what only the published reference of v1beta3 knows."""
    task = gemini.TuningTask(
        training_data=gemini.Dataset(examples=gemini.TuningExamples(examples=[])),
        hyperparameters=gemini.Hyperparameters(epoch_count=5, learning_rate_multiplier=1.0),
    )
    made = gemini.TunedModel(display_name="mine", tuning_task=task, reader_project_numbers=[12])
    assert_type(made.reader_project_numbers, list[int] | None)
    return made
