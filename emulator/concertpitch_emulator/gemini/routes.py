"""Which path leads to which method of the Gemini API; it must not know what the methods do.

Operations are read at every version and cancelled at v1, where recorded clients do both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from concertpitch_emulator.bindings import Binding, Handler
from concertpitch_emulator.gemini.calls import Call
from concertpitch_emulator.gemini.catalogue import CatalogueService
from concertpitch_emulator.gemini.corpora import CorporaService
from concertpitch_emulator.gemini.operations import OperationsService
from concertpitch_emulator.gemini.service import VERSIONS
from concertpitch_emulator.gemini.sharing import SharingService
from concertpitch_emulator.messages import snake

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.service import GeminiService

_Row = tuple[str, str, str, Handler[Call], tuple[str, ...]]

_OWN = re.compile(r"/(v1beta|v1beta3)(/|$)|/v1/(tunedModels|corpora|models)(/|$)")
_PAGES = ("pageSize", "pageToken")
_MODELS = "/tunedModels"
_MODEL = f"{_MODELS}/{{model}}"
_OPERATION = f"{_MODEL}/operations/{{operation}}"
_CORPUS = "/corpora/{corpus}"


def owns(path: str) -> bool:
    """Whether a path that leads nowhere is a mistake about this surface."""
    return _OWN.match(path) is not None


def routes(models: GeminiService) -> list[Binding[Call]]:
    """Every route, the most frequent first."""
    corpora, operations = CorporaService(models), OperationsService(models)
    sharing, catalogue = SharingService(models, corpora), CatalogueService(models)
    operation_table: list[_Row] = [
        ("GET", _OPERATION, "tunedModels.operations.get", operations.get, ()),
        ("GET", f"{_MODEL}/operations", "tunedModels.operations.list", operations.list_operations, _LISTED),
    ]
    table: list[_Row] = [
        ("GET", _MODEL, "tunedModels.get", models.get, ()),
        ("GET", _MODELS, "tunedModels.list", models.list_models, (*_PAGES, "filter")),
        ("POST", _MODELS, "tunedModels.create", models.create, ("tunedModelId",)),
        ("PATCH", _MODEL, "tunedModels.patch", models.patch, ("updateMask",)),
        ("DELETE", _MODEL, "tunedModels.delete", models.delete, ()),
        ("POST", f"{_MODEL}:transferOwnership", "tunedModels.transferOwnership", sharing.transfer, ()),
        *operation_table,
        *_permission_table(_MODEL, "tunedModels.permissions", sharing),
        *_permission_table(_CORPUS, "corpora.permissions", sharing),
        ("GET", "/models", "models.list", catalogue.list_models, _PAGES),
        ("GET", "/models/{base}", "models.get", catalogue.get, ()),
    ]
    corpus_table: list[_Row] = [
        ("GET", _CORPUS, "corpora.get", corpora.get, ()),
        ("GET", "/corpora", "corpora.list", corpora.list_corpora, _PAGES),
        ("POST", "/corpora", "corpora.create", corpora.create, ()),
        ("DELETE", _CORPUS, "corpora.delete", corpora.delete, ("force",)),
    ]
    cancel: _Row = ("POST", f"{_OPERATION}:cancel", "tunedModels.operations.cancel", operations.cancel, ())
    return [
        *(_route(version, row) for version in VERSIONS for row in table),
        *(_route("v1beta", row) for row in corpus_table),
        *(_route("v1", row) for row in (*operation_table, cancel)),
    ]


_LISTED = (*_PAGES, "filter", "returnPartialSuccess")


def _permission_table(parent: str, method: str, sharing: SharingService) -> list[_Row]:
    collection = f"{parent}/permissions"
    one = f"{collection}/{{permission}}"
    return [
        ("GET", one, f"{method}.get", sharing.get, ()),
        ("GET", collection, f"{method}.list", sharing.list_permissions, _PAGES),
        ("POST", collection, f"{method}.create", sharing.create, ()),
        ("PATCH", one, f"{method}.patch", sharing.patch, ("updateMask",)),
        ("DELETE", one, f"{method}.delete", sharing.delete, ()),
    ]


def _route(version: str, row: _Row) -> Binding[Call]:
    verb, path, method, handler, names = row
    query = {spelling: name for name in names for spelling in (name, snake(name))}
    return Binding(verb, f"/{version}{path}", method, version, handler, query)
