"""google-genai at Vertex AI: `genai_vertex.py sync|async`."""

from __future__ import annotations

import sys
from typing import Any

from common import BASE_MODEL, EPOCHS, GOOD, job_facts, settle, tell
from google.genai import types
from snippet import client


class Jobs:
    def __init__(self, tunings: Any) -> None:
        self.tunings = tunings

    def create(self, dataset: str) -> str:
        job = self.tunings.tune(
            base_model=BASE_MODEL,
            training_dataset=types.TuningDataset(gcs_uri=dataset),
            config=types.CreateTuningJobConfig(
                epoch_count=EPOCHS,
                learning_rate_multiplier=0.5,
                adapter_size="ADAPTER_SIZE_FOUR",
                export_last_checkpoint_only=True,
                tuned_model_display_name="tuned",
                labels={"team": "tuning"},
            ),
        )
        return settle(job).name

    def read(self, name: str) -> tuple[str, int]:
        job = settle(self.tunings.get(name=name))
        return job.state.value, job.error.code if job.error else 0

    def shown(self, name: str) -> list[Any]:
        job = settle(self.tunings.get(name=name))
        tuning = job.supervised_tuning_spec.hyper_parameters
        counted = job.tuning_data_stats.supervised_tuning_data_stats.tuning_dataset_example_count
        return [tuning.epoch_count, tuning.adapter_size.value, job.labels, counted > 0]

    def pages(self, size: int) -> list[list[str]]:
        pager = settle(self.tunings.list(config={"page_size": size}))
        found = []
        while True:
            found.append([job.name for job in pager.page])
            try:
                settle(pager.next_page())
            except IndexError:
                return found

    def page(self, token: str) -> object:
        return settle(self.tunings.list(config={"page_token": token}))

    def cancel(self, name: str) -> object:
        return settle(self.tunings.cancel(name=name))

    def continued(self, name: str) -> list[bool]:
        """Tuning goes on from the model that the job has made."""
        model = settle(self.tunings.get(name=name)).tuned_model.model
        job = self.tunings.tune(base_model=model, training_dataset=types.TuningDataset(gcs_uri=GOOD))
        again = settle(self.tunings.get(name=settle(job).name))
        return [again.pre_tuned_model.tuned_model_name == model, again.pre_tuned_model.base_model == BASE_MODEL]

    def preferred(self, _name: str) -> list[Any]:
        """Preference tuning, with validation data."""
        job = self.tunings.tune(
            base_model=BASE_MODEL,
            training_dataset=types.TuningDataset(gcs_uri=GOOD),
            config=types.CreateTuningJobConfig(
                method="PREFERENCE_TUNING",
                beta=0.2,
                epoch_count=EPOCHS,
                validation_dataset=types.TuningValidationDataset(gcs_uri=GOOD),
            ),
        )
        spec = settle(self.tunings.get(name=settle(job).name)).preference_optimization_spec
        return [spec.hyper_parameters.beta, spec.hyper_parameters.epoch_count, spec.validation_dataset_uri]

    def distilled(self, _name: str) -> str:
        job = self.tunings.tune(
            base_model=BASE_MODEL,
            training_dataset=types.TuningDataset(gcs_uri=GOOD),
            config=types.CreateTuningJobConfig(method="DISTILLATION", base_teacher_model="gemini-2.5-pro"),
        )
        return settle(self.tunings.get(name=settle(job).name)).distillation_spec.prompt_dataset_uri


jobs = Jobs(client.tunings if sys.argv[1] == "sync" else client.aio.tunings)
tell(job_facts(jobs, "continued", "preferred", "distilled"))
