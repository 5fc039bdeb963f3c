"""OpenAPI Overlay 1.0: facts of our own, added to a written OpenAPI document, each with a citation.

Owns the actions and the part of JSONPath they may use: names, ``['quoted names']`` and ``*``. Must not know
which document it is applied to.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from concertpitch_codegen.problems import DocumentError, Problem, pointer

_STEP = re.compile(r"\.(?P<name>[A-Za-z_][\w\-]*)|\.(?P<any>\*)|\['(?P<quoted>[^']*)'\]|\[(?P<any2>\*)\]")
_NOTE = "x-concertpitch-overlay"


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay file: its id, and its actions as they stand in it."""

    id: str
    raw: dict[str, Any]


def apply(document: dict[str, Any], overlays: list[Overlay]) -> dict[str, Any]:
    """Give a copy of `document` with every action done.

    Each object an action changes says so under `x-concertpitch-overlay`. Raises `DocumentError` for an
    action that is malformed, has no citation, or matches nothing.
    """
    result = copy.deepcopy(document)
    problems: list[Problem] = []
    for overlay in overlays:
        actions = overlay.raw.get("actions")
        if not str(overlay.raw.get("overlay", "")).startswith("1.") or not isinstance(actions, list):
            problems.append(Problem(overlay.id, "", "is not an OpenAPI Overlay 1.x document"))
            continue
        for index, action in enumerate(actions):
            place = pointer("actions", index)
            message = _act(result, action, overlay.id) if isinstance(action, dict) else "is not an object"
            if message:
                problems.append(Problem(overlay.id, place, message))
    if problems:
        raise DocumentError(problems)
    return result


def _act(document: dict[str, Any], action: dict[str, Any], overlay: str) -> str | None:
    cite, update, target = action.get("x-concertpitch-cite"), action.get("update"), action.get("target")
    steps = _steps(target)
    if steps is None:
        return f"has the target {target!r}; a target is made of names and *, such as $.paths.*.get"
    if not isinstance(cite, str) or not cite:
        return "has no x-concertpitch-cite: name the document that says so, or write 'assumed'"
    if not isinstance(update, dict) or action.get("remove"):
        return "has no object to update with; removing what a document says is not supported"
    found = [node for node in _select(document, steps) if isinstance(node, dict)]
    for node in found:
        _merge(node, copy.deepcopy(update))
        if "type" in node or "$ref" in node:
            note = {"overlay": overlay, "cite": cite, "says": action.get("description", "")}
            node.setdefault(_NOTE, []).append(note)
    return None if found else f"matches nothing: {target}"


def _steps(target: object) -> list[str | None] | None:
    """Split a path into names, None for each wildcard; None for a path outside the supported part."""
    if not isinstance(target, str) or not target.startswith("$"):
        return None
    steps: list[str | None] = []
    position = 1
    while position < len(target):
        match = _STEP.match(target, position)
        if match is None:
            return None
        steps.append(match["name"] if match["name"] is not None else match["quoted"])
        position = match.end()
    return steps


def _select(node: Any, steps: list[str | None]) -> list[Any]:
    if not steps:
        return [node]
    if isinstance(node, dict):
        names = list(node) if steps[0] is None else [name for name in (steps[0],) if name in node]
        return [found for name in names for found in _select(node[name], steps[1:])]
    if isinstance(node, list) and steps[0] is None:
        return [found for item in node for found in _select(item, steps[1:])]
    return []


def _merge(node: dict[str, Any], update: dict[str, Any]) -> None:
    """Merge as the Overlay specification says: objects by member, lists end to end, the rest replaced."""
    for key, value in update.items():
        if isinstance(value, dict) and isinstance(node.get(key), dict):
            _merge(node[key], value)
        elif isinstance(value, list) and isinstance(node.get(key), list):
            node[key] += value
        else:
            node[key] = value
