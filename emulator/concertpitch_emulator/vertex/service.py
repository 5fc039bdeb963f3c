"""The TuningService: what each method of `tuningJobs` does, for both versions, over one store.

It must not know HTTP. Every answer passes the hooks on its way out; without faults they do nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging, protojson
from concertpitch_emulator.bodies import read_body
from concertpitch_emulator.errors import (
    ApiError,
    failed_precondition,
    found_errors,
    invalid,
    not_found,
)
from concertpitch_emulator.filters import compile_filter
from concertpitch_emulator.identity import Source
from concertpitch_emulator.messages import Message, Messages
from concertpitch_emulator.vertex import rendering, scenarios, timeline, validation
from concertpitch_emulator.vertex.hooks import Hooks, JobView
from concertpitch_emulator.vertex.records import JobRecord, ModelRecord, Parent, Store
from concertpitch_emulator.vertex.timeline import ENDED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from concertpitch_emulator.clock import Clock
    from concertpitch_emulator.config import Config
    from concertpitch_emulator.errors import Violation
    from concertpitch_emulator.vertex.calls import Call

VERSIONS = ("v1", "v1beta1")

_FILTERED = frozenset({"state", "tunedModelDisplayName", "baseModel", "labels"})
_PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_LOCATION = re.compile(r"[a-z][a-z0-9-]{0,62}")
_UNKNOWN_BASE = "gemini-2.0-flash-001"


class TuningService:
    """Tuning jobs of one emulator.

    `lore` is what active faults remember of the whole server; the honest service never reads it.
    """

    def __init__(self, config: Config, clock: Clock, hooks: Hooks) -> None:
        self.config = config
        self.hooks = hooks
        self.clock = clock
        self.source = Source(config.seed)
        self.store = Store()
        self.messages = {version: Messages(f"vertex_{version}") for version in VERSIONS}
        self.lore: dict[str, Any] = {}

    def create(self, call: Call) -> dict[str, Any]:
        """Store a new job and show it."""
        parent = self.parent(call)
        messages = self.messages[call.version]
        job = self.read(call, messages.named("TuningJob"), "tuning_job")
        self.refuse(validation.tuning_job(messages, job, parent.location))
        call.job = self.new_job(parent, call.version, self.hooks.draft(job, call), call.now)
        return self.show(call.job, call)

    def get(self, call: Call) -> dict[str, Any]:
        return self.show(self.job(call), call)

    def list_jobs(self, call: Call) -> dict[str, Any]:
        """One page of the jobs of a location, newest first."""
        parent = self.parent(call)
        text = call.query.get("filter", "")
        scope = f"tuningJobs {parent} {text}"
        asked = paging.window(call.int32("pageSize", "page_size"), call.query.get("pageToken", ""), scope)
        test = compile_filter(text, _FILTERED)
        wanted = None if test is None else lambda record: test(self._at_now(record, call))
        jobs = self.hooks.collection(self.store.jobs(parent), call)
        page = self.hooks.page(paging.select(jobs, asked, wanted), asked, call)
        body: dict[str, Any] = {}
        if page.items:
            body["tuningJobs"] = [self.show(record, call) for record in page.items]
        if page.following is not None:
            body["nextPageToken"] = paging.token(page.following, scope)
        return body

    def cancel(self, call: Call) -> dict[str, Any]:
        """Ask a job to stop; one that has ended is left alone."""
        record = self.job(call)
        self.read(call, self.messages[call.version].named("CancelTuningJobRequest"), "")
        state = record.timeline.at(call.now).state
        if state in ENDED:
            text = f"The TuningJob is in state {state} and cannot be cancelled."
            raise failed_precondition(text, "cancel-ended")
        record.timeline.cancel(call.now)
        return {}

    def experiment(self, call: Call) -> dict[str, Any]:
        """The experiment of a job that has started, which vertexai.tuning.sft reads when it refreshes the job."""
        parent, name = self.parent(call), call.path["context"]
        for record in self.store.jobs(parent):
            started = record.timeline.at(call.now).started
            if started is not None and rendering.experiment(record, started).endswith(f"/{name}"):
                return rendering.context(f"{parent}/metadataStores/default/contexts/{name}", started)
        raise unknown("Context", f"{_location(call.path)}/metadataStores/default/contexts/{name}")

    def read(self, call: Call, message: Message, root: str) -> dict[str, Any]:
        """The body of a request as a message; no body is an empty message."""
        return read_body(call, self.hooks, self.messages[call.version], message, root)

    def refuse(self, violations: Iterable[Violation]) -> None:
        """Refuse if anything is wrong."""
        unforgiven = self.hooks.unforgiven(violations)
        if unforgiven:
            raise found_errors(unforgiven)

    def show(self, record: JobRecord, call: Call, version: str = "") -> dict[str, Any]:
        """The job as this call shows it, at its version unless another one is given."""
        version = version or call.version
        phase = record.timeline.at(call.now)
        job = rendering.job(record, phase)
        messages = self.messages[version]
        message = messages.named("TuningJob")
        if record.version != version:
            job = protojson.known(messages, message, job)
        job = self.hooks.job(job, JobView(record, phase, call.now, call))
        return protojson.with_enum_numbers(messages, message, job) if call.enum_numbers else job

    def parent(self, call: Call) -> Parent:
        """The location that the path names; one that cannot exist is refused."""
        project, location = call.path["project"], call.path["location"]
        if not _PROJECT.fullmatch(project) or not _LOCATION.fullmatch(location):
            raise invalid("The parent must have the form projects/{project}/locations/{location}.", "parent")
        return Parent.named(project, location)

    def job(self, call: Call) -> JobRecord:
        """The job that the path names."""
        path = call.path
        record = self.store.job(Parent.named(path["project"], path["location"]), path["job"])
        if record is None:
            raise unknown("TuningJob", f"{_location(path)}/tuningJobs/{path['job']}")
        call.job = record
        return record

    def new_job(self, parent: Parent, version: str, spec: dict[str, Any], now: int) -> JobRecord:
        """Store a job for a valid spec (canonical form); everything the server makes up is settled here."""
        source, spec = self.source, dict(spec)
        dataset = rendering.tuning_spec(spec).get("trainingDatasetUri", "")
        scenario = scenarios.scenario(dataset)
        job_id = source.resource_id()
        while self.store.job(parent, job_id) is not None:
            job_id = source.resource_id()
        sent_name = spec.pop("tunedModelDisplayName", None)
        model, base_model, display_name = self._model(parent, spec, sent_name)
        record = JobRecord(
            parent=parent,
            id=job_id,
            version=version,
            spec=spec,
            display_name=display_name,
            named_by_server=sent_name is None,
            base_model=base_model,
            timeline=timeline.plan(now, self.config.speed, source, outcome=scenario.outcome, early=scenario.early),
            scenario=scenario,
            model=model,
            endpoint_id=source.resource_id(),
            experiment_digits=f"{source.between(0, 999_999):06}",
        )
        self.store.add(record)
        return record

    def _model(self, parent: Parent, spec: dict[str, Any], sent_name: str | None) -> tuple[str, str, str]:
        """The name of the model the job will make, its base model, and the display name.

        Continuous tuning makes the next version of the model it starts from, unless a new display name asks
        for a new model.
        """
        known, version, model_id = None, "", ""
        if "preTunedModel" in spec:
            path, _, version = spec["preTunedModel"]["tunedModelName"].partition("@")
            model_id = path.rpartition("/")[2]
            known = self.store.models.get((parent, model_id))
            base_model = known.base_model if known else _UNKNOWN_BASE
            spec["preTunedModel"] = {**spec["preTunedModel"], "baseModel": base_model}
        else:
            base_model = spec.get("baseModel", _UNKNOWN_BASE).rpartition("/")[2]
            if "baseModel" in spec:
                spec["baseModel"] = base_model
        inherited = known.display_name if known else None
        display_name = sent_name or inherited or f"{base_model}-{self.source.uuid()}"
        if model_id and sent_name in (None, inherited):
            versions = known.versions if known else int(version) if version.isdigit() else 1
            entry = self.store.models[parent, model_id] = ModelRecord(base_model, display_name, versions + 1)
            return f"{parent}/models/{model_id}@{entry.versions}", base_model, display_name
        model_id = self.source.resource_id()
        self.store.models[parent, model_id] = ModelRecord(base_model, display_name, 1)
        return f"{parent}/models/{model_id}@1", base_model, display_name

    def _at_now(self, record: JobRecord, call: Call) -> dict[str, Any]:
        """The members of a job that a filter may compare."""
        return {
            **record.spec,
            "tunedModelDisplayName": record.display_name,
            "state": record.timeline.at(call.now).state,
        }


def unknown(kind: str, name: str) -> ApiError:
    """The refusal of a name that leads nowhere; it repeats the form the caller used."""
    return not_found(f"The {kind} {name[:300]!r} does not exist.", f"unknown-{kind}")


def _location(path: dict[str, str]) -> str:
    return f"projects/{path['project']}/locations/{path['location']}"
