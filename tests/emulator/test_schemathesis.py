"""Every operation of the published documents through every phase of schemathesis: valid requests and invalid ones.

The engine sends. A WSGI face of the emulator looks at each exchange from inside, where what is stored can be compared.
"""

from __future__ import annotations

import json
import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

PACKAGES = Path(__file__).parents[2] / "generated" / "concertpitch_models"
UNSERVED = ("optimizePrompt", "processData", "validateReinforcementTuningReward")
"""Methods that have nothing to do with the life of a tuning job; the emulator has none of them."""
STATUSES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
}
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
PHASES = ["EXAMPLES", "COVERAGE", "FUZZING", "STATEFUL_TESTING"]
SETTINGS = {
    "seed": 1,
    "generation": {"max-examples": 6, "database": "none", "deterministic": True, "no-shrink": True},
    "cache": {"enabled": False},
    "suppress-health-check": ["all"],
}
"""The same every time, however slow the machine is."""
DEEP = 1
"""How far bodies are spelled out: the phase of coverage sends every combination of what it sees."""
STEP = 1.0
"""Seconds between two requests, so that tunings are met in every state."""
STOCK = 8
"""How many things of a kind are kept: all that is stored is compared before and after each refusal."""
FRESH = 9
"""After how many requests something of each kind is made, which nobody has ended, shared or given away yet."""

JOBS = "/v1/projects/my-project/locations/us-central1/tuningJobs"
SFT = {"baseModel": "gemini-2.0-flash-001", "supervisedTuningSpec": {"trainingDatasetUri": "gs://bucket/train.jsonl"}}
REBASE = {"tunedModelRef": {"tunedModel": "projects/my-project/locations/us-central1/models/1"}}
TASK = {"trainingData": {"examples": {"examples": [{"textInput": "1", "output": "2"}] * 2}}}
MODEL = {"baseModel": "models/gemini-1.0-pro-001", "tuningTask": TASK}
READER = {"granteeType": "USER", "emailAddress": "reader@example.com", "role": "READER"}
RIGHT: dict[str, list[Any]] = {
    "tuningJobs.create": [SFT],
    "tuningJobs.rebaseTunedModel": [REBASE],
    "tunedModels.create": [MODEL],
    "tunedModels.patch": [{"displayName": "another"}],
    "tunedModels.transferOwnership": [{"emailAddress": "next@example.com"}],
    "permissions.create": [READER, {"granteeType": "EVERYONE", "role": "READER"}],
    "permissions.patch": [{"role": "WRITER"}],
    "corpora.create": [{"displayName": "a corpus"}],
}
"""Bodies that are right, by the end of the operation's id."""


class Watched:
    """An emulator as a WSGI application that notes what is wrong with any exchange.

    Most requests are led to what is stored, or nothing behind a name would ever be reached.
    """

    def __init__(self, emulator: Any, document: dict[str, Any]) -> None:
        self.emulator = emulator
        self.complaints: list[str] = []
        self.phases: dict[str, str] = {}
        self.answered: dict[str, Counter[int]] = {}
        self._jobs, self._gemini = emulator.service.store, emulator.app.state.gemini.store
        self._methods = []
        self._calls = 0
        for verb, path, operation in methods(document):
            form = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
            self._methods.append((verb, form, path, operation["operationId"]))
            self.answered[operation["operationId"]] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        verb, headers = environ["REQUEST_METHOD"], {"host": "127.0.0.1"}
        path, query = environ["REQUEST_URI"].partition("?")[0], environ["QUERY_STRING"]
        content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ.get("CONTENT_TYPE"):
            headers["content-type"] = environ["CONTENT_TYPE"]
        operation, path, query, content = self._led(verb, path, query, content)
        before = self._stored()
        answer = self.emulator.send(verb, path, query, content, headers)
        found = list(_troubles(answer))
        if (answer.status != 200 or verb == "GET") and self._stored() != before:
            found.append("changed what is stored")
        said = f"{verb} {path}?{query} {content[:300]!r}: {answer.status} {answer.content[:300]!r}"
        self.complaints += [f"{trouble}: {said}" for trouble in found]
        if operation:
            self.answered[operation][answer.status] += 1
        self.emulator.later(STEP)
        start_response(f"{answer.status} -", [("content-type", answer.content_type)])
        return [answer.content]

    def _led(self, verb: str, path: str, query: str, content: bytes) -> tuple[str, str, str, bytes]:
        """The operation that a request means, and the request as it is to be sent."""
        meant = ((form.fullmatch(path), *rest) for known, form, *rest in self._methods if known == verb)
        match, template, operation = next((found for found in meant if found[0]), (None, "", ""))
        if match is None:
            return "", path, query, content
        self._calls += 1
        turn, number = self._calls % 4, self._calls // 4
        earlier = self.answered[operation].total()
        right, drawn = earlier == 1, earlier == 2  # whatever is drawn, one is accepted and one is not led at all
        names, bodies = match.groupdict(), _right(operation)
        self._replenish(anew=right)
        places = [place for place in self._places() if place.keys() >= names.keys()][-3:]
        if ((turn and not drawn) or right) and places:
            path = template.format(**places[-1 if right else number % len(places)])
        if right or (turn == 1 and bodies and not drawn):
            content = json.dumps(bodies[number % len(bodies)]).encode() if bodies else b""
            query = "updateMask=role" if operation.endswith("permissions.patch") else ""
        return operation, path, query, content

    def _places(self) -> Iterator[dict[str, str]]:
        """Values of path parameters that lead to something, of each kind the newest last."""
        for job in self._jobs.all_jobs():
            place = {"projectsId": job.parent.project, "locationsId": job.parent.location, "tuningJobsId": job.id}
            operations = self._jobs.operations(job.parent, job.id)
            yield from (place | {"operationsId": operation.id} for operation in operations) if operations else [place]
        yield {"modelsId": "gemini-1.0-pro-001"}
        for kind, shared in (("tunedModelsId", self._gemini.models), ("corporaId", self._gemini.corpora)):
            for one in shared.values():
                operation = getattr(one, "operation_id", "")
                for permission in one.permissions:
                    yield {kind: one.id, "permissionsId": permission, "operationsId": operation}

    def _replenish(self, *, anew: bool) -> None:
        """Keep some things of each kind, and not too many; make one of each `anew`, or after some requests."""
        for shared in (self._gemini.models, self._gemini.corpora):
            for name in list(shared)[:-STOCK]:
                del shared[name]
        for job in self._jobs.all_jobs()[:-STOCK]:
            for operation in self._jobs.operations(job.parent, job.id):
                self._jobs.remove_operation(operation)
            self._jobs.remove(job)
        if anew or self._calls % FRESH == 1:
            self.emulator.post(f"{JOBS}:rebaseTunedModel", REBASE)
            self.emulator.post("/v1beta/tunedModels", MODEL)
            self.emulator.post("/v1beta/corpora", {})
            for shared in (self._gemini.models, self._gemini.corpora):
                newest = next(reversed(shared.values()))
                self.emulator.post(f"/v1beta/{newest.name}/permissions", READER)

    def _stored(self) -> bytes:
        """All that the emulator keeps."""
        return pickle.dumps((vars(self._jobs), self._gemini.models, self._gemini.corpora))


def _troubles(answer: Any) -> Iterator[str]:
    """What is wrong with an answer, whatever was asked."""
    if answer.status >= 500:
        yield "a server error"
    if answer.content_type.partition(";")[0] != "application/json":
        yield "not JSON"
        return
    body = json.loads(answer.content)
    if answer.status == 200:
        return
    error = body.get("error") if isinstance(body, dict) and body.keys() == {"error"} else None
    if not isinstance(error, dict) or not error.keys() <= {"code", "message", "status", "details"}:
        yield "no error envelope"
    elif error.get("code") != answer.status or STATUSES.get(error.get("status")) != answer.status:
        yield "code and status disagree"
    elif not isinstance(error.get("message"), str) or not error["message"] or "Traceback" in error["message"]:
        yield "no message for a reader"


def document(package: str, only: str = "") -> dict[str, Any]:
    """A published document, or the path of one operation, with examples, links, and bodies of a bounded depth."""
    read = json.loads((PACKAGES / package / "openapi.json").read_text())
    if only:
        path = next(path for _, path, operation in methods(read) if operation["operationId"].endswith(only))
        read["paths"] = {path: read["paths"][path]}
    schemas = read["components"]["schemas"]
    operations = [operation for _, _, operation in methods(read)]
    for operation in operations:
        name, parameters = operation["operationId"], set(_path_parameters(operation))
        for media in operation.get("requestBody", {}).get("content", {}).values():
            media["schema"] = _cut(media["schema"], schemas, DEEP)
            media["examples"] = {str(index): {"value": body} for index, body in enumerate(_right(name))}
        if name.endswith((".create", ".rebaseTunedModel")):
            operation["responses"]["200"]["links"] = {
                target["operationId"]: _link(target)
                for target in operations
                if parameters < set(_path_parameters(target))
            }
    return read


def methods(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Verb, path and description of each operation."""
    for path, item in document["paths"].items():
        for verb in ("get", "post", "patch", "delete"):
            if verb in item:
                yield verb.upper(), path, item[verb]


def _link(target: dict[str, Any]) -> dict[str, Any]:
    """Leads from the name of what was made to an operation on it."""
    names = {name: f"$response.body#/name#regex:{name[:-2]}/([^/]+)" for name in _path_parameters(target)}
    return {"operationId": target["operationId"], "parameters": names}


def _right(operation: str) -> list[Any]:
    return next((bodies for end, bodies in RIGHT.items() if operation.endswith(end)), [])


def _path_parameters(operation: dict[str, Any]) -> list[str]:
    return [parameter["name"] for parameter in operation.get("parameters", []) if parameter.get("in") == "path"]


def _cut(schema: Any, schemas: dict[str, Any], deep: int) -> Any:
    """The schema without references; what lies deeper is any object."""
    if isinstance(schema, list):
        return [_cut(each, schemas, deep) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = schemas[schema["$ref"].rpartition("/")[2]]
        return _cut(target, schemas, deep - 1) if deep else {"type": target.get("type", "object")}
    return {key: _cut(member, schemas, deep) for key, member in schema.items()}


def run(emulator: Any, document: dict[str, Any], phases: list[str]) -> Watched:
    """Everything that schemathesis thinks of, and what came of it."""
    watched = Watched(emulator, document)
    chosen = {phase: {"enabled": phase in phases} for phase in ("examples", "coverage", "fuzzing", "stateful")}
    chosen["stateful"]["max-steps"] = 8
    config = SchemathesisConfig.from_dict({**SETTINGS, "phases": chosen})
    config.projects.default.checks.update(included_check_names=CHECKS)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = watched
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            watched.complaints.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.PhaseFinished):
            watched.phases[event.phase.name.name] = event.status.name
        elif isinstance(event, events.ScenarioFinished):
            checks = [check for found in event.recorder.checks.values() for check in found]
            watched.complaints += [f"{one.name}: {one.failure_info.failure}" for one in checks if one.failure_info]
    return watched


@pytest.mark.parametrize("package", ["vertex_v1", "vertex_v1beta1", "gemini_v1beta", "gemini_v1beta3"])
def test_every_operation(start, package: str) -> None:
    watched = run(start(), document(package), ["examples", "coverage", "fuzzing", "stateful"])
    assert watched.complaints == []
    assert {phase: watched.phases[phase] for phase in PHASES} == dict.fromkeys(PHASES, "SUCCESS")
    for operation, answers in watched.answered.items():
        assert answers.keys() & {400, 404}, operation
        assert (200 in answers) is not operation.endswith(UNSERVED), operation


@pytest.mark.parametrize(
    ("fault", "package", "operation", "phase", "complaint"),
    [
        ("refuse/stores-anyway", "vertex_v1", "tuningJobs.create", "fuzzing", "changed what is stored"),
        ("refuse/unknown-job-500", "vertex_v1", "tuningJobs.get", "coverage", "a server error"),
        ("refuse/flat-error", "vertex_v1beta1", "tuningJobs.cancel", "fuzzing", "no error envelope"),
        ("refuse/html-errors", "vertex_v1beta1", "tuningJobs.operations.get", "fuzzing", "not JSON"),
        ("wire/null-members", "vertex_v1", "tuningJobs.get", "fuzzing", "response_schema_conformance"),
        ("accepts/stores-refused", "gemini_v1beta", "tunedModels.create", "fuzzing", "changed what is stored"),
        ("patch/refused-half-done", "gemini_v1beta3", "tunedModels.patch", "fuzzing", "changed what is stored"),
        ("error/wrong-status", "gemini_v1beta", "permissions.create", "fuzzing", "code and status disagree"),
    ],
)
def test_a_fault_is_found(start, fault: str, package: str, operation: str, phase: str, complaint: str) -> None:
    watched = run(start(fault), document(package, operation), [phase])
    assert any(found.startswith(complaint) for found in watched.complaints), watched.complaints
