"""Rebase, and the long-running operations it starts; an operation's state is that of the job it made.

It must not know HTTP. Source of the forms: google/longrunning/operations.proto.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging, protojson
from concertpitch_emulator.bodies import empty_body
from concertpitch_emulator.clock import SECOND, stamp
from concertpitch_emulator.errors import Violation, invalid, unreadable
from concertpitch_emulator.filters import compile_filter
from concertpitch_emulator.vertex import rendering, validation
from concertpitch_emulator.vertex.records import OperationRecord, Parent
from concertpitch_emulator.vertex.service import TuningService, unknown
from concertpitch_emulator.vertex.timeline import ENDED, SUCCEEDED

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.calls import Call

_PACKAGE = "type.googleapis.com/google.cloud.aiplatform"
_DURATION = re.compile(r"\d{1,12}(?:\.\d{1,9})?s", re.ASCII)
_LONGEST_WAIT = 30.0
_LOOK_AGAIN = 0.02
_EXPIRED_ERROR = {"code": 4, "message": "The tuning job expired."}
_DEFAULT_SPEC = {"supervisedTuningSpec": {"trainingDatasetUri": "gs://migrated-models/train.jsonl"}}
_JOB_NAME = re.compile(r"projects/([^/]+)/locations/([^/]+)/tuningJobs/([^/]+)")
_TARGET_BASE = "gemini-2.0-flash-001"


class OperationsService:
    """`tuningJobs.rebaseTunedModel`, `tuningJobs.operations` and `operations`."""

    def __init__(self, jobs: TuningService) -> None:
        self._jobs = jobs
        self._store = jobs.store

    def rebase(self, call: Call) -> dict[str, Any]:
        """Make a new job from a tuned model and answer the operation that follows it."""
        jobs, parent = self._jobs, self._jobs.parent(call)
        messages = jobs.messages[call.version]
        request = jobs.read(call, messages.named("RebaseTunedModelRequest"), "")
        reference = request.get("tunedModelRef", {})
        if not any(reference.values()):
            jobs.refuse([Violation("missing-tuned_model_ref", "tuned_model_ref", "Required field is not set.")])
        origin = protojson.known(messages, messages.named("TuningJob"), self._origin(reference))
        spec = _merged(origin, request.get("tuningJob", {}))
        jobs.refuse(validation.tuning_job(messages, spec, parent.location))
        call.job = jobs.new_job(parent, call.version, spec, call.now)
        call.operation = OperationRecord(jobs.source.resource_id(), call.version, call.job)
        self._store.add_operation(call.operation)
        return self._show(call.operation, call)

    def get(self, call: Call) -> dict[str, Any]:
        return self._show(self._operation(call), call)

    def list_operations(self, call: Call) -> dict[str, Any]:
        """One page of the operations of a location or of one job, newest first."""
        parent = self._jobs.parent(call)
        job_id = call.path.get("job")
        if job_id is not None:
            self._jobs.job(call)
        text = call.query.get("filter", "")
        scope = f"operations {parent} {job_id} {text}"
        asked = paging.window(call.int32("pageSize", "page_size"), call.query.get("pageToken", ""), scope)
        test = compile_filter(text, frozenset({"done"}))
        wanted = None if test is None else lambda record: test({"done": str(self._done(record, call)).lower()})
        page = paging.select(self._store.operations(parent, job_id), asked, wanted)
        body: dict[str, Any] = {}
        if page.items:
            body["operations"] = [self._show(record, call) for record in page.items]
        if page.following is not None:
            body["nextPageToken"] = paging.token(page.following, scope)
        return body

    async def wait(self, call: Call) -> dict[str, Any]:
        """The operation once it is done, or as it is when the time is over."""
        record = self._operation(call)
        sent = empty_body(call).get("timeout", "")
        seconds = min(_timeout(call.query.get("timeout", sent)), _LONGEST_WAIT)
        deadline = call.now + round(seconds * SECOND)
        # A server that is being stopped cancels who waits.
        with contextlib.suppress(asyncio.CancelledError):
            while not self._done(record, call) and call.now < deadline:
                left = (min(deadline, record.job.timeline.end()) - call.now) / SECOND
                # A cancel may move the end while we sleep.
                await asyncio.sleep(min(max(left, 0), _LOOK_AGAIN))
                call.now = self._jobs.clock()
        return self._show(record, call)

    def cancel(self, call: Call) -> dict[str, Any]:
        """Ask the job behind an operation to stop; best effort: one that is done stays as it is."""
        record = self._operation(call)
        empty_body(call)
        if not self._done(record, call):
            record.job.timeline.cancel(call.now)
        return {}

    def delete(self, call: Call) -> dict[str, Any]:
        """Forget an operation; its job goes on."""
        self._store.remove_operation(self._operation(call))
        return {}

    def _operation(self, call: Call) -> OperationRecord:
        path = call.path
        project, location, job_id = path["project"], path["location"], path.get("job")
        record = self._store.operation(Parent.named(project, location), path["operation"])
        if record is None or job_id not in (None, record.job.id):
            collection = f"projects/{project}/locations/{location}"
            if job_id is not None:
                collection += f"/tuningJobs/{job_id}"
            raise unknown("Operation", f"{collection}/operations/{path['operation']}")
        call.operation = record
        return record

    def _done(self, record: OperationRecord, call: Call) -> bool:
        return record.job.timeline.at(call.now).state in ENDED

    def _show(self, record: OperationRecord, call: Call) -> dict[str, Any]:
        phase = record.job.timeline.at(call.now)
        times = {"createTime": stamp(record.job.timeline.created), "updateTime": stamp(phase.updated)}
        package = f"{_PACKAGE}.{record.version}"
        operation: dict[str, Any] = {
            "name": record.name,
            "metadata": {"@type": f"{package}.RebaseTunedModelOperationMetadata", "genericMetadata": times},
        }
        if phase.state in ENDED:
            operation["done"] = True
            if phase.state == SUCCEEDED:
                job = self._jobs.show(record.job, call, record.version)
                operation["response"] = {"@type": f"{package}.TuningJob", **job}
            else:
                operation["error"] = rendering.job(record.job, phase).get("error", _EXPIRED_ERROR)
        return self._jobs.hooks.operation(operation, record, call)

    def _origin(self, reference: dict[str, str]) -> dict[str, Any]:
        """What the new job takes over from the tuned model that is referred to."""
        if "tuningJob" not in reference:
            return {}
        match = _JOB_NAME.fullmatch(reference["tuningJob"])
        if match is None:
            text = "tuning_job should be the resource name of a TuningJob."
            raise unreadable([Violation("bad-reference", "tuned_model_ref.tuning_job", text)])
        origin = self._store.job(Parent.named(match[1], match[2]), match[3])
        if origin is None:
            raise unknown("TuningJob", reference["tuningJob"])
        kept = {name: value for name, value in origin.spec.items() if name not in {"baseModel", "preTunedModel"}}
        return {"tunedModelDisplayName": origin.display_name, **kept}


def _merged(origin: dict[str, Any], override: dict[str, Any]) -> dict[str, Any]:
    """The job to make: what the request says, and the origin's word where it says nothing."""
    spec = {**origin, **override}
    if "preTunedModel" not in override:
        spec.setdefault("baseModel", _TARGET_BASE)
    own_specs = _specs(override) or _specs(origin) or _specs(_DEFAULT_SPEC)
    for name in _specs(spec):
        if name not in own_specs:
            del spec[name]
    for name in own_specs:
        spec[name] = {**origin.get(name, _DEFAULT_SPEC.get(name, {})), **override.get(name, {})}
    return spec


def _specs(job: dict[str, Any]) -> list[str]:
    return [name for name in job if name.endswith("Spec") and name != "encryptionSpec"]


def _timeout(text: Any) -> float:
    """Seconds from a google.protobuf.Duration; none given means the longest."""
    if not text:
        return _LONGEST_WAIT
    if not isinstance(text, str) or not _DURATION.fullmatch(text):
        shown = str(text)[:50]
        raise invalid(f"Invalid value at 'timeout' (type.googleapis.com/google.protobuf.Duration), {shown!r}")
    return float(text.removesuffix("s"))
