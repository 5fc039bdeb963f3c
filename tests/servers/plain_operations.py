"""Rebase and its long-running operations.

Owns what these methods answer; knows nothing of sockets or headers.
"""

from __future__ import annotations

import re
import time
from typing import Any

from plain_faults import spoil_operation
from plain_input import Reader, Refused, invalid, parsed
from plain_lists import number
from plain_methods import UNSUPPORTED, found, parent
from plain_world import ENDED, World


def rebase(world: World, version: str, project: str, location: str, raw: bytes) -> dict[str, Any]:
    place, on = parent(world, project, location), world.on
    for choice, refused in (
        ("rebase-501", UNSUPPORTED),
        ("read-only", UNSUPPORTED),
        ("read-only-empty", UNSUPPORTED),
        ("rebase-404", Refused(404, "NOT_FOUND", "Not found.")),
        ("rebase-405", Refused(405, "UNIMPLEMENTED", "Method not allowed.")),
        ("denied-writes", Refused(403, "PERMISSION_DENIED", "Permission denied.")),
    ):
        if choice in on:
            raise refused
    body = Reader(version, on).message("RebaseTunedModelRequest", parsed(raw, on))
    reference = body.get("tunedModelRef", {})
    if len(reference) != 1 and not on & {"rebase-without-reference-accepted", "rebase-with-two-references-accepted"}:
        raise invalid("tuned_model_ref needs exactly one reference.", "tuned_model_ref")
    source = None
    name = re.fullmatch(r"projects/([^/]+)/locations/([^/]+)/tuningJobs/([^/]+)", reference.get("tuningJob", ""))
    for job in list(world.jobs.values()):
        if name and (world.project(name[1]), name[2], name[3]) == (job.project, job.location, job.ident):
            source = job
        model = world.tuned_model(job, f"projects/{job.project}/locations/{job.location}")["model"]
        if reference.get("tunedModel") in (model, model.split("@")[0]):
            source = job
    lenient = {"rebase-of-unknown-accepted", "rebase-without-reference-accepted"}
    if source is None and not on & lenient:
        raise Refused(404, "NOT_FOUND", "The tuned model does not exist.")
    if source and source.state(world.now()) not in ("SUCCEEDED", "PARTIALLY_SUCCEEDED"):
        raise Refused(400, "FAILED_PRECONDITION", "The tuned model is not ready.")
    spec = {"baseModel": "gemini-2.0-flash-001", "supervisedTuningSpec": {"trainingDatasetUri": "gs://rebased/t.jsonl"}}
    new = world.create(*place, dict(source.spec) if source else spec)
    ident = str(world.random.randrange(10**15, 10**16))
    operation = {
        "name": f"{world.name(new)}/operations/{ident}",
        "job": new,
        "version": version,
        "created": world.now(),
        "cancelled": None,
    }
    if "rebase-makes-no-job" in on:
        world.jobs.pop((new.project, new.location, new.ident))
    world.operations[operation["name"]] = operation
    return seen(world, operation, "create")


def seen(world: World, operation: dict[str, Any], method: str) -> dict[str, Any]:
    on, now, job = world.on, world.now(), operation["job"]
    kind = f"type.googleapis.com/google.cloud.aiplatform.{operation['version']}"
    shown_: dict[str, Any] = {"name": operation["name"]}
    finish = operation["created"] + (0 if on & {"rebase-done-at-once", "rebase-bare"} else 0.8)
    end = min(finish, operation["cancelled"] or finish)
    if "rebase-bare" not in on:
        times = {"createTime": world.stamp(operation["created"]), "updateTime": world.stamp(min(end, now))}
        shown_["metadata"] = {"@type": f"{kind}.RebaseTunedModelOperationMetadata", "genericMetadata": times}
    if now >= end:
        shown_["done"] = True
        if operation["cancelled"] and operation["cancelled"] <= finish:
            failed = "cancel-fails-job" in on  # what is being cancelled may also fail, with an error of its own
            shown_["error"] = {"code": 13 if failed else 1, "message": "The operation was cancelled."}
        elif "rebase-fails" in on:
            shown_["error"] = {"code": 13, "message": "The rebase failed."}
        elif "rebase-bare" not in on:
            shown_["response"] = {"@type": f"{kind}.TuningJob", **world.view(job, now)}
    elif "members-defaults" in on:
        shown_["done"] = False
    return spoil_operation(world, shown_, operation, method, now)


def operation_method(world: World, verb: str, name: str, query: dict[str, str]) -> Any:
    """get, cancel, delete or wait of an operation; raises Refused."""
    on, operation = world.on, world.operations.get(name)
    if verb != "get" and on & {"operations-get-only", "read-only", "read-only-empty"}:
        raise UNSUPPORTED
    if operation is None:
        if verb == "delete" and "delete-of-unknown-operation-is-200" in on:
            return {}
        raise Refused(404, "NOT_FOUND", "Operation is not found.")
    if verb == "cancel":
        if not seen(world, operation, "get").get("done"):
            operation["cancelled"] = world.now()
            world.cancel(operation["job"]) if operation["job"].state(world.now()) not in ENDED else None
        return {}
    if verb == "delete":
        if "deleted-operation-stays" not in on:
            del world.operations[name]
        return {}
    if verb == "wait":
        wait(world, operation, query.get("timeout", "5s"))
    return seen(world, operation, "get")


def wait(world: World, operation: dict[str, Any], timeout: str) -> None:
    """Sleeps until the operation is done or the time is over; raises Refused."""
    if not re.fullmatch(r"\d+(\.\d{1,9})?s", timeout):
        raise invalid("Invalid timeout.", "timeout")
    overruns = "wait-overruns" in world.on
    until = time.monotonic() + (8 if overruns else min(float(timeout[:-1]), 10))
    while time.monotonic() < until and (overruns or not seen(world, operation, "get").get("done")):
        time.sleep(0.05)


def operations(world: World, project: str, location: str, ident: str, query: dict[str, str]) -> dict[str, Any]:
    if (
        world.on & {"operations-get-only", "read-only", "read-only-empty"}
        or query.get("returnPartialSuccess") == "true"
    ):
        raise UNSUPPORTED
    prefix = f"{world.name(found(world, project, location, ident))}/operations/"
    number(query.get("pageSize", "0"), "page_size", world.on)
    if query.get("pageToken"):
        raise invalid("Invalid page token.", "page_token")
    return {
        "operations": [seen(world, one, "list") for name, one in world.operations.items() if name.startswith(prefix)]
    }
