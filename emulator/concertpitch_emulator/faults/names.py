"""Lies in names: of jobs, models, endpoints and experiments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.faults.telling import changed, find, in_model, last_segment, without
from concertpitch_emulator.vertex.hooks import Fault, JobView

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call
    from concertpitch_emulator.vertex.records import JobRecord
    from concertpitch_emulator.vertex.service import TuningService

_HOST = "https://aiplatform.googleapis.com/v1/"
_ELSEWHERE = "asia-southeast1"
_ELSE = "me-central2"
_REUSE_EVERY = 5

_FULL = re.compile(r"^/(v1|v1beta1)/.*?(projects/.*)$")
_UNPLACED = re.compile(r"^/(v1|v1beta1)/projects/([^/]+)/tuningJobs/([^/:]+)(.*)$")
_PLACED = re.compile(r"^(/[^/]+/projects/([^/]+)/locations/)([^/]+)(/tuningJobs/([^/:]+).*)$")


def _from_projects(path: str, _service: TuningService) -> str:
    return _FULL.sub(r"/\1/\2", path)


def _find_location(path: str, service: TuningService) -> str:
    match = _UNPLACED.match(path)
    job = find(service, match[2], match[3]) if match else None
    return f"/{match[1]}/{job.name}{match[4]}" if match and job else path


def _relocate(path: str, service: TuningService) -> str:
    match = _PLACED.match(path)
    job = find(service, match[2], match[5]) if match else None
    shown = match is not None and job is not None and match[3] == _elsewhere(job.parent.location)
    return f"{match[1]}{job.parent.location}{match[4]}" if match and job and shown else path


def _shown_elsewhere(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    location = view.record.parent.location
    if "name" in job:
        job["name"] = job["name"].replace(f"/locations/{location}/", f"/locations/{_elsewhere(location)}/")
    return job


def _elsewhere(location: str) -> str:
    return _ELSE if location == _ELSEWHERE else _ELSEWHERE


def _another(body: Any, call: Call) -> Any:
    if call.method != "tuningJobs.get" or call.job is None:
        return body
    jobs = call.service.store.jobs(call.job.parent)
    other: JobRecord = jobs[jobs.index(call.job) - 1]
    return call.service.show(other, call)


def _same_name(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if view.call.method == "tuningJobs.create":
        given = view.call.service.lore.setdefault("names", {}).setdefault(view.record.parent, [])
        given.append(job["name"])
        if len(given) % _REUSE_EVERY == 0:
            job["name"] = given[-2]
    return job


def _without_version(model: dict[str, Any]) -> None:
    model["model"] = model["model"].partition("@")[0]


def _version_two(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "tunedModel" in job and "baseModel" in view.record.spec:
        job["tunedModel"]["model"] = job["tunedModel"]["model"].replace("@1", "@2")
    return job


def _one_model(job: dict[str, Any], view: JobView) -> dict[str, Any]:
    if "tunedModel" in job and "baseModel" in view.record.spec:
        model = job["tunedModel"]["model"]
        job["tunedModel"]["model"] = f"{model.rpartition('/')[0]}/1234567890123456780@1"
    return job


def _short_endpoint(model: dict[str, Any]) -> None:
    if "endpoint" in model:
        model["endpoint"] = last_segment(model["endpoint"])


def _short_checkpoint_endpoints(model: dict[str, Any]) -> None:
    for checkpoint in model.get("checkpoints", ()):
        checkpoint["endpoint"] = last_segment(checkpoint["endpoint"])


FAULTS = (
    Fault(
        id="job/name-without-location",
        lie="A job's name leaves out its location.",
        breaks=("job/name-format",),
        job=changed("name", lambda name: re.sub(r"/locations/[^/]+", "", name)),
        path=_find_location,
    ),
    Fault(
        id="job/name-with-slash",
        lie="A job's name starts with a slash.",
        breaks=("job/name-format",),
        job=changed("name", lambda name: f"/{name}"),
        path=_from_projects,
    ),
    Fault(
        id="job/name-is-url",
        lie="A job's name is a full URL.",
        breaks=("job/name-format",),
        job=changed("name", lambda name: _HOST + name),
        path=_from_projects,
    ),
    Fault(
        id="job/no-name",
        lie="Jobs are shown without a name.",
        breaks=("job/has-name",),
        job=without("name"),
    ),
    Fault(
        id="job/wrong-location",
        lie="A job's name shows another location than the one it was made in.",
        breaks=("create/location-kept", "listing/only-its-location", "get/returns-the-job-asked"),
        job=_shown_elsewhere,
        path=_relocate,
    ),
    Fault(
        id="job/get-returns-another",
        lie="Get of a job answers another job of the location.",
        breaks=("get/returns-the-job-asked",),
        answer=_another,
    ),
    Fault(
        id="create/same-name-twice",
        lie="Every fifth create of a location answers with the name of the create before it.",
        breaks=("create/names-unique",),
        job=_same_name,
    ),
    Fault(
        id="job/model-without-version",
        lie="The tuned model's name lacks its version.",
        breaks=("job/model-name-format",),
        job=in_model(_without_version),
    ),
    Fault(
        id="job/model-version-two",
        lie="The model tuned from a base model has version 2.",
        breaks=("job/base-model-makes-version-one",),
        job=_version_two,
    ),
    Fault(
        id="job/model-of-all",
        lie="Every job tuned from a base model shows the same tuned model.",
        breaks=("job/model-is-its-own",),
        job=_one_model,
    ),
    Fault(
        id="job/endpoint-short",
        lie="The tuned model's endpoint is a bare id.",
        breaks=("job/endpoint-name-format",),
        job=in_model(_short_endpoint),
    ),
    Fault(
        id="job/experiment-short",
        lie="The experiment is a bare id.",
        breaks=("job/experiment-name-format",),
        job=changed("experiment", last_segment),
    ),
    Fault(
        id="job/checkpoint-endpoint-short",
        lie="The endpoints of checkpoints are bare ids.",
        breaks=("job/checkpoint-endpoint-format",),
        job=in_model(_short_checkpoint_endpoints),
    ),
)
