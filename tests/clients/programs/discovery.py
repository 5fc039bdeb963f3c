"""google-api-python-client at Vertex AI: `discovery.py v1|v1beta1`."""

from __future__ import annotations

import sys
import time
from typing import Any

from common import BASE_MODEL, EPOCHS, PARENT, failure, job_facts, tell
from snippet import tuning_jobs


class Jobs:
    def __init__(self, jobs: Any) -> None:
        self.jobs = jobs

    def create(self, dataset: str) -> str:
        body = {
            "baseModel": BASE_MODEL,
            "supervisedTuningSpec": {
                "trainingDatasetUri": dataset,
                "hyperParameters": {"epochCount": str(EPOCHS), "adapterSize": "ADAPTER_SIZE_FOUR"},
            },
            "labels": {"team": "tuning"},
        }
        return self.jobs.create(parent=PARENT, body=body).execute()["name"]

    def read(self, name: str) -> tuple[str, int]:
        job = self.jobs.get(name=name).execute()
        return job["state"], job.get("error", {}).get("code", 0)

    def shown(self, name: str) -> list[Any]:
        job = self.jobs.get(name=name).execute()
        tuning = job["supervisedTuningSpec"]["hyperParameters"]
        counted = job["tuningDataStats"]["supervisedTuningDataStats"]["tuningDatasetExampleCount"]
        return [int(tuning["epochCount"]), tuning["adapterSize"], job["labels"], int(counted) > 0]

    def pages(self, size: int) -> list[list[str]]:
        request, found = self.jobs.list(parent=PARENT, pageSize=size), []
        while request is not None:
            page = request.execute()
            found.append([job["name"] for job in page.get("tuningJobs", [])])
            request = self.jobs.list_next(request, page)
        return found

    def page(self, token: str) -> object:
        return self.jobs.list(parent=PARENT, pageToken=token).execute()

    def cancel(self, name: str) -> object:
        return self.jobs.cancel(name=name).execute()

    def rebased(self, name: str) -> list[Any]:
        """The operation waited for, or read until it is done where the document has no wait, and forgotten."""
        body = {"tunedModelRef": {"tuningJob": name}}
        operation = self.jobs.rebaseTunedModel(parent=PARENT, body=body).execute()
        operations = self.jobs.operations()
        while not operation.get("done"):
            if hasattr(operations, "wait"):
                operation = operations.wait(name=operation["name"], timeout="2s").execute()
            else:
                time.sleep(0.1)
                operation = operations.get(name=operation["name"]).execute()
        operations.delete(name=operation["name"]).execute()
        gone = failure(lambda: operations.get(name=operation["name"]).execute())
        return [operation["response"]["@type"], operation["response"]["state"], gone]


tell(job_facts(Jobs(tuning_jobs(sys.argv[1])), "rebased"))
