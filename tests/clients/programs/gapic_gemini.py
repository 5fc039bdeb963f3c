"""google-ai-generativelanguage over REST: `gapic_gemini.py v1beta|v1beta3`."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from common import BATCH_SIZE, EPOCHS, EXAMPLES, FAILING, FRIEND, TUNABLE_MODEL, failure, model_facts, tell
from snippet import clients

VERSION = sys.argv[1]
WATCHED = f"watched-{VERSION}"
kit = importlib.import_module(f"google.ai.generativelanguage_{VERSION}")
models, permissions = clients(kit)


class Models:
    def create(self, examples: list[tuple[str, str]]) -> str:
        return tune(examples).metadata.tuned_model

    def read(self, name: str) -> str:
        return models.get_tuned_model(name=name).state.name

    def pages(self, size: int) -> list[list[str]]:
        pager = models.list_tuned_models(page_size=size)
        return [[model.name for model in page.tuned_models] for page in pager.pages]

    def page(self, token: str) -> object:
        return models.list_tuned_models(request={"page_token": token})

    def describe(self, name: str, text: str) -> str:
        """Sends the whole model back, and in the mask what counts."""
        model = models.get_tuned_model(name=name)
        model.description, model.display_name = text, "not in the mask"
        models.update_tuned_model(tuned_model=model, update_mask="description")
        model = models.get_tuned_model(name=name)
        return f"{model.display_name}, {model.description}"

    def delete(self, name: str) -> object:
        return models.delete_tuned_model(name=name)

    def future(self, _name: str) -> dict[str, Any]:
        """The operation as a future to its end, and read once more."""
        future = tune(EXAMPLES, WATCHED)
        first = future.metadata.completed_steps
        model = future.result(timeout=60)
        metadata = future.metadata
        operation = models.transport.operations_client.get_operation(future.operation.name)
        return {
            "steps": [metadata.total_steps, first < metadata.completed_steps, metadata.completed_steps],
            "types": [type(metadata).__module__.split(".")[2], type(model).__module__.split(".")[2]],
            "model": [model.name, model.state.name, len(model.tuning_task.snapshots)],
            "operation done": operation.done,
            "used id": failure(lambda: tune(EXAMPLES, WATCHED)),
            "failed": failure(lambda: tune(FAILING).result(timeout=60)),
        }

    def permissions(self, name: str) -> dict[str, Any]:
        friend = permissions.create_permission(
            parent=name,
            permission=kit.Permission(
                grantee_type=kit.Permission.GranteeType.USER, email_address=FRIEND, role=kit.Permission.Role.READER
            ),
        )
        friend.role = kit.Permission.Role.WRITER
        permissions.update_permission(permission=friend, update_mask="role")
        read = permissions.get_permission(name=friend.name)
        permissions.delete_permission(name=friend.name)
        gone = failure(lambda: permissions.get_permission(name=friend.name))
        permissions.transfer_ownership(kit.TransferOwnershipRequest(name=name, email_address=FRIEND))
        pager = permissions.list_permissions(request={"parent": name, "page_size": 1})
        return {
            "read": [read.email_address, read.role.name],
            "gone": gone,
            "then": {one.email_address: one.role.name for one in pager},
            "no longer mine": failure(lambda: models.delete_tuned_model(name=name)),
        }


def tune(examples: list[tuple[str, str]], model_id: str = "") -> Any:
    pairs = [kit.TuningExample(text_input=text, output=output) for text, output in examples]
    model = kit.TunedModel(
        base_model=TUNABLE_MODEL,
        display_name="tuned",
        tuning_task=kit.TuningTask(
            training_data=kit.Dataset(examples=kit.TuningExamples(examples=pairs)),
            hyperparameters=kit.Hyperparameters(epoch_count=EPOCHS, batch_size=BATCH_SIZE),
        ),
    )
    return models.create_tuned_model(kit.CreateTunedModelRequest(tuned_model=model, tuned_model_id=model_id or None))


tell(model_facts(Models(), "future", "permissions"))
