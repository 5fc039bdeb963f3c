"""A slice of a Discovery document that is a Discovery document: every fact keeps its JSON pointer.

Owns which members of the source text are kept. Must not decide what belongs to the slice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concertpitch_codegen.document import Document


def cut_source(raw: dict[str, Any], part: Document) -> dict[str, Any]:
    """Keep the operations and named schemas that `part` has, and whole what stands beside them."""
    names = {name for name, each in part.definitions.items() if not each.hoisted}
    kept: dict[str, Any] = {key: value for key, value in raw.items() if key not in {"methods", "resources", "schemas"}}
    kept |= _methods(raw, part)
    kept["schemas"] = {name: schema for name, schema in raw.get("schemas", {}).items() if name in names}
    return kept


def _methods(node: dict[str, Any], part: Document) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    methods = {name: each for name, each in node.get("methods", {}).items() if each["id"] in part.operations}
    resources = {name: _methods(each, part) for name, each in node.get("resources", {}).items()}
    if methods:
        kept["methods"] = methods
    if any(resources.values()):
        kept["resources"] = {name: each for name, each in resources.items() if each}
    return kept
