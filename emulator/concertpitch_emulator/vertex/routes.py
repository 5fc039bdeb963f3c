"""Which path leads to which method at Vertex; it must not know what the methods do.

`/ui/` leads to operations only: generated REST clients poll there, and it says nothing about a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_emulator.bindings import Binding, Handler
from concertpitch_emulator.messages import snake
from concertpitch_emulator.vertex.calls import Call
from concertpitch_emulator.vertex.service import VERSIONS, TuningService

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.operations import OperationsService

_Row = tuple[str, str, str, Handler[Call], tuple[str, ...]]

_LIST = ("pageSize", "pageToken", "filter")
_LOCATION = "/projects/{project}/locations/{location}"
_JOBS = f"{_LOCATION}/tuningJobs"
_JOB = f"{_JOBS}/{{job}}"
_EXPERIMENT = f"{_LOCATION}/metadataStores/default/contexts/{{context}}"


def routes(jobs: TuningService, operations: OperationsService) -> list[Binding[Call]]:
    """Every route, the most frequent first."""
    table: list[_Row] = [
        ("GET", _JOB, "tuningJobs.get", jobs.get, ()),
        ("GET", _JOBS, "tuningJobs.list", jobs.list_jobs, _LIST),
        ("POST", _JOBS, "tuningJobs.create", jobs.create, ()),
        ("POST", f"{_JOB}:cancel", "tuningJobs.cancel", jobs.cancel, ()),
        ("POST", f"{_JOBS}:rebaseTunedModel", "tuningJobs.rebaseTunedModel", operations.rebase, ()),
        ("GET", _EXPERIMENT, "metadataStores.contexts.get", jobs.experiment, ()),
    ]
    operation_table = [row for owner in (_JOB, _LOCATION) for row in _operation_table(owner, operations)]
    return [
        *(_route(version, row) for version in VERSIONS for row in (*table, *operation_table)),
        *(_route("ui", row) for row in operation_table),
    ]


def _operation_table(owner: str, operations: OperationsService) -> list[_Row]:
    collection = f"{owner}/operations"
    one = f"{collection}/{{operation}}"
    method = "tuningJobs.operations" if owner == _JOB else "operations"
    listed = (*_LIST, "returnPartialSuccess")
    return [
        ("GET", one, f"{method}.get", operations.get, ()),
        ("GET", collection, f"{method}.list", operations.list_operations, listed),
        ("POST", f"{one}:wait", f"{method}.wait", operations.wait, ("timeout",)),
        ("POST", f"{one}:cancel", f"{method}.cancel", operations.cancel, ()),
        ("DELETE", one, f"{method}.delete", operations.delete, ()),
    ]


def _route(prefix: str, row: _Row) -> Binding[Call]:
    verb, path, method, handler, names = row
    query = {spelling: name for name in names for spelling in (name, snake(name))}
    version = prefix if prefix in VERSIONS else VERSIONS[0]
    return Binding(verb, f"/{prefix}{path}", method, version, handler, query)
