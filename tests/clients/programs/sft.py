"""vertexai.tuning.sft, which watches by refresh() and lists every page at once."""

from __future__ import annotations

from typing import Any

from common import BASE_MODEL, EPOCHS, job_facts, tell
from snippet import sft
from vertexai.tuning._tuning import rebase_tuned_model


class Jobs:
    def __init__(self) -> None:
        self.jobs: dict[str, Any] = {}

    def create(self, dataset: str) -> str:
        job = sft.train(
            source_model=BASE_MODEL,
            train_dataset=dataset,
            tuned_model_display_name="tuned",
            epochs=EPOCHS,
            adapter_size=4,
            labels={"team": "tuning"},
        )
        self.jobs[job.resource_name] = job
        return job.resource_name

    def read(self, name: str) -> tuple[str, int]:
        if name not in self.jobs:
            self.jobs[name] = sft.SupervisedTuningJob(name)
        job = self.jobs[name].refresh()
        return job.state.name, job.error.code

    def shown(self, name: str) -> list[Any]:
        job = sft.SupervisedTuningJob(name).to_dict()
        tuning = job["supervisedTuningSpec"]["hyperParameters"]
        counted = job["tuningDataStats"]["supervisedTuningDataStats"]["tuningDatasetExampleCount"]
        return [int(tuning["epochCount"]), tuning["adapterSize"], job["labels"], int(counted) > 0]

    def pages(self, _size: int) -> list[list[str]]:
        return [[job.resource_name for job in sft.SupervisedTuningJob.list()]]

    def cancel(self, name: str) -> object:
        return sft.SupervisedTuningJob(name).cancel()

    def rebased(self, name: str) -> str:
        return rebase_tuned_model(name).state.name


tell(job_facts(Jobs(), "rebased"))
