"""google-cloud-aiplatform, GenAiTuningServiceClient over REST: `gapic_vertex.py v1|v1beta1`."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from common import BASE_MODEL, EPOCHS, PAGE_SIZE, PARENT, failure, job_facts, tell
from google.api_core.operation import Operation
from google.longrunning import operations_pb2
from snippet import tuning

kit = importlib.import_module(f"google.cloud.aiplatform_{sys.argv[1]}")
client = tuning(kit)


class Jobs:
    def create(self, dataset: str) -> str:
        job = kit.TuningJob(
            base_model=BASE_MODEL,
            supervised_tuning_spec=kit.SupervisedTuningSpec(
                training_dataset_uri=dataset,
                hyper_parameters=kit.SupervisedHyperParameters(
                    epoch_count=EPOCHS,
                    adapter_size=kit.SupervisedHyperParameters.AdapterSize.ADAPTER_SIZE_FOUR,
                ),
            ),
            labels={"team": "tuning"},
        )
        return client.create_tuning_job(parent=PARENT, tuning_job=job).name

    def read(self, name: str) -> tuple[str, int]:
        job = client.get_tuning_job(name=name)
        return job.state.name, job.error.code

    def shown(self, name: str) -> list[Any]:
        job = client.get_tuning_job(name=name)
        tuning = job.supervised_tuning_spec.hyper_parameters
        counted = job.tuning_data_stats.supervised_tuning_data_stats.tuning_dataset_example_count
        return [tuning.epoch_count, tuning.adapter_size.name, dict(job.labels), counted > 0]

    def pages(self, size: int) -> list[list[str]]:
        pager = client.list_tuning_jobs(request={"parent": PARENT, "page_size": size})
        return [[job.name for job in page.tuning_jobs] for page in pager.pages]

    def page(self, token: str) -> object:
        return client.list_tuning_jobs(request={"parent": PARENT, "page_token": token})

    def cancel(self, name: str) -> object:
        return client.cancel_tuning_job(name=name)

    def rebased(self, name: str) -> list[Any]:
        """The future to its end, which reads the operation below /ui/."""
        future = rebase(name)
        job = future.result(timeout=60)
        return [type(future.metadata).__name__, type(job).__module__.split(".")[2], job.state.name]

    def operations(self, name: str) -> dict[str, Any]:
        """The mixin's calls; it can wait for and delete operations of a location only, hence the short name."""
        names = [rebase(name).operation.name for _ in range(3)]
        short = f"{PARENT}/operations/{names[1].rpartition('/')[2]}"
        found = [read(each).name == each for each in names[:2]]
        listing = operations_pb2.ListOperationsRequest(name=PARENT, page_size=PAGE_SIZE)
        pages = [client.list_operations(listing)]
        while pages[-1].next_page_token:
            listing.page_token = pages[-1].next_page_token
            pages.append(client.list_operations(listing))
        client.cancel_operation(operations_pb2.CancelOperationRequest(name=short))
        waited = client.wait_operation(operations_pb2.WaitOperationRequest(name=short))
        client.delete_operation(operations_pb2.DeleteOperationRequest(name=short))
        return {
            "read": found,
            "pages": [len(page.operations) for page in pages[:2]],
            "cancelled": [waited.done, waited.error.code],
            "deleted": failure(lambda: read(short)),
            "cancelled by its future": failure(rebase(name).cancel),
        }


def rebase(name: str) -> Operation:
    return client.rebase_tuned_model(parent=PARENT, tuned_model_ref=kit.TunedModelRef(tuning_job=name))


def read(name: str) -> Any:
    return client.get_operation(operations_pb2.GetOperationRequest(name=name))


tell(job_facts(Jobs(), "rebased", "operations"))
