"""What the emulator stores of jobs, models and operations, and finds again without searching.

It must not know HTTP, JSON forms or time passing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.identity import project_number

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.scenarios import Scenario
    from concertpitch_emulator.vertex.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Parent:
    """A location of a project; the project is its number, whichever form the caller used."""

    project: str
    location: str

    @classmethod
    def named(cls, project: str, location: str) -> Parent:
        return cls(project_number(project), location)

    def __str__(self) -> str:
        return f"projects/{self.project}/locations/{self.location}"


@dataclass(slots=True, eq=False)
class JobRecord:
    """A stored job: what the caller said (`spec`, canonical form) and what the server settled at once.

    `marks` is the memory of active faults; the honest server never reads it.
    """

    parent: Parent
    id: str
    version: str
    spec: dict[str, Any]
    display_name: str
    named_by_server: bool
    base_model: str
    timeline: Timeline
    scenario: Scenario
    model: str
    endpoint_id: str
    experiment_digits: str
    marks: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.parent}/tuningJobs/{self.id}"


@dataclass(slots=True, eq=False)
class OperationRecord:
    """A stored rebase operation: it ends when the job it made ends. `version` is that of the rebase call."""

    id: str
    version: str
    job: JobRecord
    marks: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.job.name}/operations/{self.id}"


@dataclass(slots=True)
class ModelRecord:
    """A model of the registry, as far as continuous tuning asks for it."""

    base_model: str
    display_name: str
    versions: int


class Store:
    """Everything one emulator remembers. Jobs are kept per parent in the order they were made."""

    def __init__(self) -> None:
        self._jobs: dict[tuple[Parent, str], JobRecord] = {}
        self._by_parent: dict[Parent, list[JobRecord]] = {}
        self._operations: dict[Parent, dict[str, OperationRecord]] = {}
        self.models: dict[tuple[Parent, str], ModelRecord] = {}

    def add(self, job: JobRecord) -> None:
        self._jobs[job.parent, job.id] = job
        self._by_parent.setdefault(job.parent, []).append(job)

    def remove(self, job: JobRecord) -> None:
        del self._jobs[job.parent, job.id]
        self._by_parent[job.parent].remove(job)

    def job(self, parent: Parent, job_id: str) -> JobRecord | None:
        return self._jobs.get((parent, job_id))

    def jobs(self, parent: Parent) -> list[JobRecord]:
        """The jobs of a parent, oldest first."""
        return self._by_parent.get(parent, [])

    def all_jobs(self) -> list[JobRecord]:
        """Every job, oldest first."""
        return list(self._jobs.values())

    def add_operation(self, operation: OperationRecord) -> None:
        self._operations.setdefault(operation.job.parent, {})[operation.id] = operation

    def remove_operation(self, operation: OperationRecord) -> None:
        del self._operations[operation.job.parent][operation.id]

    def operation(self, parent: Parent, operation_id: str) -> OperationRecord | None:
        return self._operations.get(parent, {}).get(operation_id)

    def operations(self, parent: Parent, job_id: str | None) -> list[OperationRecord]:
        """The operations of a parent, or of one job of it, oldest first."""
        operations = self._operations.get(parent, {}).values()
        return [operation for operation in operations if job_id in (None, operation.job.id)]
