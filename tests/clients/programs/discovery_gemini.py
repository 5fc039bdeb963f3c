"""google-api-python-client at the Gemini API, v1beta.

The package has no document of that API and the tests ask nobody for one, so it is made from this project's OpenAPI.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from common import BATCH_SIZE, EPOCHS, EXAMPLES, FRIEND, TUNABLE_MODEL, failure, model_facts, tell
from snippet import tuned_models

OPENAPI = Path(__file__).parents[3] / "generated" / "concertpitch_models" / "gemini_v1beta" / "openapi.json"


def document() -> str:
    """A Discovery document with the methods of the API, as far as this client asks for them."""
    openapi = json.loads(OPENAPI.read_text().replace("#/components/schemas/", ""))
    root: dict[str, Any] = {"methods": {}, "resources": {}}
    for verbs in openapi["paths"].values():
        for verb, method in verbs.items():
            _api, *owners, name = method["operationId"].split(".")
            holder = root
            for owner in owners:
                holder = holder["resources"].setdefault(owner, {"methods": {}, "resources": {}})
            holder["methods"][name] = described(verb, method)
    host = "https://generativelanguage.googleapis.com/"
    head = {"name": "generativelanguage", "version": "v1beta", "rootUrl": host, "servicePath": "", "batchPath": "batch"}
    schemas = {name: {"id": name} | schema for name, schema in openapi["components"]["schemas"].items()}
    return json.dumps(head | {"schemas": schemas, "resources": root["resources"]})


def described(verb: str, method: dict[str, Any]) -> dict[str, Any]:
    names = method.get("x-google-path-parameters", [])
    in_path = {one["name"]: one | {"location": "path", "required": True} for one in names}
    in_query = {
        one["name"]: {"location": "query", "required": bool(one.get("required")), "type": one["schema"]["type"]}
        for one in method.get("parameters", [])
        if one["in"] == "query"
    }
    return {
        "id": method["operationId"],
        "path": method["x-google-path"],
        "httpMethod": verb.upper(),
        "parameters": in_path | in_query,
        "parameterOrder": list(in_path),
        "response": method["responses"]["200"]["content"]["application/json"]["schema"],
        **(
            {"request": method["requestBody"]["content"]["application/json"]["schema"]}
            if "requestBody" in method
            else {}
        ),
    }


class Models:
    def __init__(self, models: Any) -> None:
        self.models = models

    def create(self, examples: list[tuple[str, str]]) -> str:
        return self.tune(examples)["metadata"]["tunedModel"]

    def tune(self, examples: list[tuple[str, str]], **more: str) -> Any:
        pairs = [{"textInput": text, "output": output} for text, output in examples]
        task = {
            "trainingData": {"examples": {"examples": pairs}},
            "hyperparameters": {"epochCount": EPOCHS, "batchSize": BATCH_SIZE},
        }
        body = {"baseModel": TUNABLE_MODEL, "displayName": "tuned", "tuningTask": task}
        return self.models.create(body=body, **more).execute()

    def read(self, name: str) -> str:
        return self.models.get(name=name).execute()["state"]

    def pages(self, size: int) -> list[list[str]]:
        request, found = self.models.list(pageSize=size), []
        while request is not None:
            page = request.execute()
            found.append([model["name"] for model in page.get("tunedModels", [])])
            request = self.models.list_next(request, page)
        return found

    def page(self, token: str) -> object:
        return self.models.list(pageToken=token).execute()

    def describe(self, name: str, text: str) -> str:
        """Sends the whole model back, and in the mask what counts."""
        body = self.models.get(name=name).execute() | {"description": text, "displayName": "not in the mask"}
        self.models.patch(name=name, body=body, updateMask="description").execute()
        model = self.models.get(name=name).execute()
        return f"{model['displayName']}, {model['description']}"

    def delete(self, name: str) -> object:
        return self.models.delete(name=name).execute()

    def operation(self, _name: str) -> list[Any]:
        """Read until it is done."""
        operation = self.tune(EXAMPLES)
        while not operation.get("done"):
            time.sleep(0.2)
            operation = self.models.operations().get(name=operation["name"]).execute()
        return [operation["metadata"]["completedSteps"], operation["response"]["@type"], operation["response"]["state"]]

    def permissions(self, name: str) -> dict[str, Any]:
        permissions = self.models.permissions()
        body = {"granteeType": "USER", "emailAddress": FRIEND, "role": "READER"}
        friend = permissions.create(parent=name, body=body).execute()["name"]
        permissions.patch(name=friend, body={"role": "WRITER"}, updateMask="role").execute()
        self.models.transferOwnership(name=name, body={"emailAddress": FRIEND}).execute()
        listed = permissions.list(parent=name).execute()["permissions"]
        return {
            "then": {one["emailAddress"]: one["role"] for one in listed},
            "no longer mine": failure(lambda: self.delete(name)),
        }


tell(model_facts(Models(tuned_models(document())), "operation", "permissions"))
