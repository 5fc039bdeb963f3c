"""google-generativeai, over REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from common import BATCH_SIZE, EPOCHS, EXAMPLES, FAILING, FRIEND, TUNABLE_MODEL, failure, model_facts, tell
from snippet import genai


class Models:
    def create(self, examples: list[tuple[str, str]]) -> str:
        return tune(examples).metadata.tuned_model

    def read(self, name: str) -> str:
        return genai.get_tuned_model(name).state.name

    def pages(self, size: int) -> list[list[str]]:
        """The library walks by itself: one list of all pages."""
        return [[model.name for model in genai.list_tuned_models(page_size=size)]]

    def describe(self, name: str, text: str) -> str:
        genai.update_tuned_model(name, {"description": text, "temperature": 0.25})
        model = genai.get_tuned_model(name)
        return f"{model.description} at {model.temperature}"

    def delete(self, name: str) -> object:
        return genai.delete_tuned_model(name)

    def progress(self, _name: str) -> dict[str, Any]:
        """What the bar shows until the operation is done, and what the result says of the steps."""
        operation = tune(EXAMPLES, id="watched")
        seen = list(progress(operation))
        model = operation.result()
        return {
            "steps": [seen[0][0], seen[0][1] < seen[-1][1], seen == sorted(seen), operation.metadata.completed_steps],
            "model": [model.name, model.state.name, len(model.tuning_task.snapshots)],
            "losses fall": model.tuning_task.snapshots[0]["mean_loss"] > model.tuning_task.snapshots[-1]["mean_loss"],
            "used id": failure(lambda: tune(EXAMPLES, id="watched")),
            "failed": failure(lambda: tune(FAILING).result()),
            "operations": failure(lambda: list(genai.list_operations())),
        }

    def permissions(self, name: str) -> dict[str, Any]:
        granted = genai.get_tuned_model(name).permissions
        friend = granted.create(role="READER", grantee_type="USER", email_address=FRIEND)
        everyone = granted.create(role="READER", grantee_type="EVERYONE")
        everyone.delete()
        friend.update({"role": "WRITER"})
        roles = {one.email_address: one.role.name for one in granted.list(page_size=1)}
        granted.transfer_ownership(FRIEND)
        return {
            "roles": roles,
            "then": {one.email_address: one.role.name for one in granted},
            "twice": failure(lambda: granted.create(role="READER", grantee_type="USER", email_address=FRIEND)),
            "no longer mine": failure(lambda: genai.delete_tuned_model(name)),
        }

    def bases(self, _name: str) -> bool:
        tunable = [
            model.name for model in genai.list_models() if "createTunedModel" in model.supported_generation_methods
        ]
        return genai.get_base_model(TUNABLE_MODEL).name in tunable


def tune(examples: list[tuple[str, str]], **options: Any) -> Any:
    return genai.create_tuned_model(
        source_model=TUNABLE_MODEL,
        training_data=examples,
        epoch_count=EPOCHS,
        batch_size=BATCH_SIZE,
        display_name="tuned",
        **options,
    )


def progress(operation: Any) -> Iterator[tuple[int, int]]:
    for metadata in operation.wait_bar(disable=True):
        yield metadata.total_steps, metadata.completed_steps


tell(model_facts(Models(), "progress", "bases", "permissions"))
