"""A slice of an OpenAPI document that is an OpenAPI document: every fact keeps its JSON pointer.

Owns which members of the source text are kept. Must not decide which operations belong to the slice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_codegen.problems import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.document import Document

VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_COMPONENTS = "#/components/"


def cut_source(raw: dict[str, Any], part: Document) -> dict[str, Any]:
    """Keep the operations that `part` has, the components they need, and whole what stands beside them."""
    kept = {key: value for key, value in raw.items() if key not in {"components", "paths"}}
    kept["paths"] = dict(_paths(raw["paths"], {each.origin.pointer for each in part.operations.values()}))
    components: dict[str, Any] = raw.get("components", {})
    beside = {
        key: value for key, value in components.items() if key == "securitySchemes" or not isinstance(value, dict)
    }
    # Long-running methods name the messages of their Operations without a reference.
    named = [("schemas", name) for name, each in part.definitions.items() if not each.hoisted]
    wanted = _closure(components, [*_references([kept, beside]), *named])
    for kind, each in components.items():
        if kind not in beside:
            beside[kind] = {name: value for name, value in each.items() if (kind, name) in wanted}
    if components:
        kept["components"] = {kind: beside[kind] for kind in components}
    return kept


def _paths(paths: dict[str, Any], operations: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in paths.items():
        left_out = {verb for verb in VERBS if verb in item and pointer("paths", path, verb) not in operations}
        if any(verb in item and verb not in left_out for verb in VERBS):
            yield path, {key: value for key, value in item.items() if key not in left_out}


def _closure(components: dict[str, Any], found: list[tuple[str, str]]) -> set[tuple[str, str]]:
    wanted: set[tuple[str, str]] = set()
    while found:
        kind, name = place = found.pop()
        named = components.get(kind)
        if place not in wanted and isinstance(named, dict) and name in named:
            wanted.add(place)
            found += _references(named[name])
    return wanted


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the kind and name of each component that a value mentions, by `$ref` or in a discriminator's mapping."""
    if isinstance(value, str) and value.startswith(_COMPONENTS):
        kind, _, name = value.removeprefix(_COMPONENTS).partition("/")
        yield kind, name.partition("/")[0].replace("~1", "/").replace("~0", "~")
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _references(each)
