"""Calls of the Gemini API -> what its rules judge."""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.reading.creates import aftermaths_of, creates_of, first_reads_of, names_of
from concertpitch.reading.gemini.edits import deletions_of, patches_of, together_of
from concertpitch.reading.gemini.heirs import heirs_of
from concertpitch.reading.gemini.lists import (
    base_model_lists_of,
    filtered_of,
    model_lists_of,
    permission_lists_of,
    plain_lists_of,
)
from concertpitch.reading.gemini.lookups import Memory, lookups_of, retrievals_of
from concertpitch.reading.gemini.mistakes import mistakes_of
from concertpitch.reading.gemini.models import (
    CREATE,
    DELETE,
    base_model_sameness_of,
    base_models_of,
    by_key,
    lives_of,
    model_changes_of,
    model_sameness_of,
    tuned_models_of,
)
from concertpitch.reading.gemini.permissions import (
    PARENTS,
    grants_of,
    next_doors_of,
    permission_changes_of,
    permissions_of,
    regrants_of,
    roster_changes_of,
    rosters_of,
    transfers_of,
    trespasses_of,
)
from concertpitch.reading.gemini.tunings import (
    Known,
    kept_of,
    lags_of,
    progress_changes_of,
    progress_of,
    results_of,
    snapshots_of,
    tunings_of,
    twice_given,
)
from concertpitch.reading.operations import operation_calls_of, operation_changes_of, operation_lists_of, operations_of
from concertpitch.reading.refusals import refusals_of
from concertpitch.reading.retrievals import reads_of
from concertpitch.schema import Schemas
from concertpitch.subjects import Call
from concertpitch.surfaces import Surface


def gemini_subjects(calls: list[Call], surface: Surface) -> Iterator[object]:
    """Everything beyond calls, answers and values that the rules of the Gemini API can judge in these calls."""
    seen = _Seen(calls, surface.schemas)
    yield from _of_models(seen)
    yield from _of_operations(seen)
    yield from _of_lists(seen)
    yield from _of_permissions(seen)
    yield from _of_names(seen)


class _Seen:
    """What is derived once and looked at from several sides."""

    def __init__(self, calls: list[Call], schemas: Schemas) -> None:
        self.calls = calls
        self.schemas = schemas
        self.models = tuned_models_of(calls, schemas)
        self.operations = operations_of(calls, CREATE)
        self.tunings = tunings_of(calls, self.operations, self.models, schemas)
        self.grouped = by_key(self.models, twice_given(self.tunings))
        self.mine = frozenset(one.model_id for one in self.tunings if one.accepted and one.model_id)
        self.bases = base_models_of(calls, schemas)
        self.patches = list(patches_of(calls, self.grouped, schemas))
        self.operation_calls = list(operation_calls_of(calls, self.operations, CREATE, DELETE))
        self.permissions = permissions_of(calls, schemas)
        model_pages, self.model_walks = model_lists_of(calls, self.models, self.grouped, self.mine)
        permission_pages, self.permission_walks = permission_lists_of(calls, self.permissions)
        base_pages, self.base_walks = base_model_lists_of(calls, self.bases)
        self.pages = [*model_pages, *permission_pages, *base_pages]
        self.grants = list(grants_of(calls, self.permissions, self.permission_walks, schemas))
        self.rosters = rosters_of(self.permission_walks, calls)
        self.transfers = list(transfers_of(calls, self.rosters, schemas))


def _of_models(seen: _Seen) -> Iterator[object]:
    yield from seen.models
    yield from model_changes_of(seen.grouped, seen.calls, seen.mine)
    yield from model_sameness_of(seen.grouped, seen.calls)
    yield from lives_of(seen.grouped, seen.calls, seen.mine)
    yield from seen.bases
    yield from base_model_sameness_of(seen.bases)
    yield from seen.tunings
    yield from kept_of(seen.tunings, seen.grouped, seen.bases, seen.calls)
    yield from seen.patches
    yield from together_of(seen.patches, seen.grouped)


def _of_operations(seen: _Seen) -> Iterator[object]:
    known = Known(seen.tunings, seen.grouped, seen.operations)
    progress = progress_of(seen.operations, known, seen.schemas)
    yield from seen.operations
    yield from operation_changes_of(seen.operations, seen.calls)
    yield from progress
    yield from progress_changes_of(progress)
    yield from snapshots_of(seen.grouped, progress, known)
    yield from results_of(progress, seen.grouped, seen.tunings, seen.calls)
    yield from lags_of(progress, seen.grouped)
    yield from seen.operation_calls
    yield from operation_lists_of(seen.calls, seen.operations, CREATE, lambda name: name)


def _of_lists(seen: _Seen) -> Iterator[object]:
    yield from seen.pages
    yield from (*seen.model_walks, *seen.permission_walks, *seen.base_walks)
    yield from aftermaths_of(seen.tunings, seen.model_walks)
    yield from deletions_of(seen.calls, seen.model_walks, DELETE, "tuned model")
    yield from deletions_of(seen.calls, (), "corpora.delete", "corpus")
    for parent in PARENTS:
        yield from deletions_of(seen.calls, seen.permission_walks, f"{parent}.permissions.delete", "permission")
    yield from plain_lists_of(seen.model_walks, seen.rosters, seen.calls)
    yield from filtered_of(seen.model_walks, seen.grouped, seen.rosters, seen.calls, seen.mine)


def _of_permissions(seen: _Seen) -> Iterator[object]:
    yield from seen.permissions
    yield from permission_changes_of(seen.permissions, seen.calls)
    yield from seen.grants
    yield from regrants_of(seen.calls, seen.permissions, seen.schemas)
    yield from seen.rosters
    yield from roster_changes_of(seen.rosters, seen.calls)
    yield from trespasses_of(seen.rosters, seen.calls)
    yield from seen.transfers
    yield from next_doors_of(seen.calls, seen.permissions, seen.rosters)
    yield from heirs_of(seen.calls, seen.tunings, seen.rosters, seen.permissions)


def _of_names(seen: _Seen) -> Iterator[object]:
    calls, tunings = seen.calls, seen.tunings
    gets = [(call.resource, call) for call in calls if call.method.endswith(("tunedModels.get", "permissions.get"))]
    made = [(one, f"tunedModels/{one.model_id}", f"tunedModels/{one.model_id}") for one in tunings if one.model_id]
    shared = [(one, one.permission.key, one.permission.shown) for one in seen.grants if one.permission]
    deletes = [call for call in calls if call.method.endswith(".delete")]
    ended = [(call.resource, call) for call in deletes]
    for one in filter(None, (grant.permission for grant in seen.grants)):
        ended += [(one.key, call) for call in deletes if call.resource == one.parent]
    yield from first_reads_of([*made, *shared], gets, ended)
    yield from names_of((one, one.model_id) for one in tunings if one.model_id and not one.asked_id)
    lookups = list(lookups_of(calls, Memory(seen.models, tunings, seen.permissions, seen.bases)))
    yield from lookups
    retrievals = list(retrievals_of(lookups))
    yield from retrievals
    yield from reads_of(retrievals)
    corpora = creates_of(calls, "corpora.create", seen.schemas, lambda create: create)
    yield from corpora
    creates = [*tunings, *seen.grants, *corpora]
    mistakes = mistakes_of(creates, seen.pages, lookups, seen.operation_calls, seen.patches, seen.transfers)
    yield from refusals_of(calls, mistakes)
