"""The methods of jobs: create, get and cancel, and what every method begins with.

Owns what these methods answer; knows nothing of sockets or headers.
"""

from __future__ import annotations

import re
import time
from typing import Any

from plain_faults import spoil_job
from plain_input import Reader, Refused, check_job, invalid, parsed
from plain_world import ENDED, KNOWN_LOCATIONS, Job, World

BASES = re.compile(r"(publishers/google/models/|models/)?(gemini|translation|text|chat)-[\w.-]+")
UNSUPPORTED = Refused(501, "UNIMPLEMENTED", "The method is not implemented.")


def writable(on: frozenset[str], method: str) -> None:
    """Refuses everything but reading, where that is the choice."""
    if on & {"read-only", "read-only-empty", f"{method}-501"}:
        raise UNSUPPORTED
    if "denied-writes" in on:
        raise Refused(403, "PERMISSION_DENIED", f"Permission 'aiplatform.tuningJobs.{method}' denied.")


def parent(world: World, project: str, location: str) -> tuple[str, str]:
    """The canonical parent of a collection; raises Refused."""
    if "projects-known" in world.on and world.project(project) != world.project("concertpitch"):
        raise Refused(403, "PERMISSION_DENIED", f"Permission denied on resource project {project}.")
    if "location-refused-400" in world.on and location != "us-central1":
        raise invalid(f"Unsupported location {location}.", "parent")
    if ("locations-few" in world.on and location not in KNOWN_LOCATIONS) or location in ("", "-"):
        raise Refused(404, "NOT_FOUND", f"Location {location} is not found.")
    return world.project(project), location


def found(world: World, project: str, location: str, ident: str) -> Job:
    form = r"[^0-9]+" if "get-refuses-own-ids" in world.on else r"[0-9a-f-]{1,36}"
    if world.on & {"ids-checked", "get-refuses-own-ids"} and not re.fullmatch(form, ident):
        raise invalid("The resource name is invalid.", "name")
    job = world.jobs.get((world.project(project), location, ident))
    if job is None and world.on & {"get-ignores-project", "get-ignores-location"}:
        where = 0 if "get-ignores-location" in world.on else 1
        mine = (world.project(project), location)
        job = next((one for key, one in world.jobs.items() if key[2] == ident and key[where] == mine[where]), None)
    now = world.now()
    if job and "visible-late" in world.on and now < job.created + 0.4:
        job = None
    if job and "gone-when-ended" in world.on and (job.first(now, ENDED) or now) < now - 0.7:
        job = None
    if job and "cancel-deletes" in world.on and job.cancels and job.state(now) == "CANCELLED":
        job = None
    if job and "hidden-in-other-locations" in world.on and location != "us-central1":
        job = None
    if job is None:
        if "unknown-403" in world.on:
            raise Refused(403, "PERMISSION_DENIED", "Permission denied on the resource (or it may not exist).")
        raise Refused(404, "NOT_FOUND", f"TuningJob {ident} is not found.")
    return job


def shown(world: World, job: Job, method: str) -> dict[str, Any]:
    now = world.now()
    view = world.view(job, now)
    if method == "list" and "list-brief" in world.on:
        view = {name: view[name] for name in ("name", "state", "createTime")}
    return spoil_job(world, job, view, method, now)


def create(world: World, version: str, project: str, location: str, raw: bytes) -> dict[str, Any]:
    place, on = parent(world, project, location), world.on
    writable(on, "create")
    if "one-location" in on and location != "us-central1":
        raise Refused(400, "FAILED_PRECONDITION", f"Tuning is not available in {location}.")
    body = parsed(raw, on)
    sent = body if isinstance(body, dict) else {}
    if "wrapped-body-accepted" in on and "tuningJob" in sent:
        body = sent = sent["tuningJob"]
    spec = Reader(version, on).message("TuningJob", body, "tuning_job")
    check_job(spec, on)
    support(spec, on)
    limit = 0 if "quota-0" in on else 12 if "quota" in on else None
    if limit is not None and world.seq >= limit:
        raise Refused(429, "RESOURCE_EXHAUSTED", "Quota exceeded for tuning jobs.")
    adapt(world, spec)
    job = world.create(*place, spec)
    adopt(world, job, sent)
    return shown(world, job, "create")


def adapt(world: World, spec: dict[str, Any]) -> None:
    """What this server makes of an accepted request, in place; raises Refused."""
    on = world.on
    if "create-takes-a-second" in on:
        time.sleep(1)
    if "base-name-short" in on and "baseModel" in spec:
        spec["baseModel"] = spec["baseModel"].split("/")[-1]
    names = {job.spec.get("tunedModelDisplayName", "") for job in world.jobs.values()}
    if "display-name-unique" in on and spec.get("tunedModelDisplayName") in names:
        raise Refused(409, "ALREADY_EXISTS", "A tuned model of this name exists.")


def adopt(world: World, job: Job, sent: dict[str, Any]) -> None:
    """Output-only input that faults take over."""
    on = world.on
    if "state-from-input" in on and "state" in sent:
        job.plan = [(job.created, str(sent["state"]).removeprefix("JOB_STATE_"))]
    if "name-from-input" in on and "/tuningJobs/" in str(sent.get("name")):
        del world.jobs[job.project, job.location, job.ident]
        job.ident = sent["name"].split("/tuningJobs/")[-1]
        world.jobs[job.project, job.location, job.ident] = job
    if "create-time-from-input" in on and "createTime" in sent:
        job.memory["createTime"] = sent["createTime"]


def support(spec: dict[str, Any], on: frozenset[str]) -> None:
    """What this server refuses although the API knows it; raises Refused."""
    base = spec.get("baseModel")
    if base is not None and on & {"models-checked", "models-checked-404"} and not BASES.fullmatch(base):
        status, code = (404, "NOT_FOUND") if "models-checked-404" in on else (400, "INVALID_ARGUMENT")
        raise Refused(status, code, f"Base model {base} is not supported.", ("tuning_job.base_model",))
    if "pre-tuned-refused" in on and "preTunedModel" in spec:
        raise invalid("Continuous tuning is not supported.", "tuning_job.pre_tuned_model")
    if "preTunedModel" in spec and re.search(r"/models/\D*\d*$", spec["preTunedModel"].get("tunedModelName", "")):
        raise Refused(404, "NOT_FOUND", "The model does not exist.")
    if "preference-refused" in on and "preferenceOptimizationSpec" in spec:
        raise invalid("Preference tuning is not supported.", "tuning_job.preference_optimization_spec")
    if "kms-refused" in on and "encryptionSpec" in spec:
        raise invalid("The key does not exist.", "tuning_job.encryption_spec.kms_key_name")
    if "kms-denied" in on and "encryptionSpec" in spec:
        raise Refused(403, "PERMISSION_DENIED", "Permission denied on the key.")
    check_specs(spec, on)


def check_specs(spec: dict[str, Any], on: frozenset[str]) -> None:
    for member, part in spec.items():
        if not member.endswith("Spec") or not isinstance(part, dict):
            continue
        size = part.get("hyperParameters", {}).get("adapterSize", "ADAPTER_SIZE_FOUR")
        if "adapters-few" in on and size not in ("ADAPTER_SIZE_ONE", "ADAPTER_SIZE_FOUR", "ADAPTER_SIZE_EIGHT"):
            raise invalid("The adapter size is not supported for this base model.")
        uris = [str(part.get(key, "gs://x/y")) for key in ("trainingDatasetUri", "validationDatasetUri")]
        if "datasets-checked" in on and any(
            not uri.startswith(("gs://", "projects/")) or "missing" in uri or "not" in uri for uri in uris
        ):
            raise invalid("The dataset cannot be read.", "tuning_job.supervised_tuning_spec.training_dataset_uri")


def cancel(world: World, version: str, project: str, location: str, ident: str, raw: bytes) -> Any:
    on = world.on
    writable(on, "cancel")
    if "cancel-demands-body" in on and not raw:
        raise invalid("A body is required.")
    Reader(version, on).message("CancelTuningJobRequest", parsed(raw, on))
    if "cancel-of-unknown-is-200" in on and (world.project(project), location, ident) not in world.jobs:
        return {}
    job = found(world, project, location, ident)
    busy = job.memory.get("busy")
    job.memory["busy"] = True
    if "parallel-cancels-clash" in on:
        time.sleep(0.02)
        if busy:
            raise Refused(500, "INTERNAL", "Transaction lock timeout.")
    world.cancel(job)
    job.memory["busy"] = None
    return shown(world, job, "get") if "cancel-answers-job" in on else {}
