"""OpenAPI Overlay 1.0: facts of our own, added to a written OpenAPI document, each with a citation.

Owns the actions, the part of JSONPath they may use (names, ``['quoted names']``, ``*`` and ``[?@.name=='x']``), and
the record of what each action touched. Must not know which document it is applied to, nor what its members mean.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import Any

from concertpitch_codegen.document import Note, Origin
from concertpitch_codegen.problems import DocumentError, Problem, pointer

_STEP = re.compile(
    r"\.(?P<name>[A-Za-z_][\w\-]*)|\['(?P<quoted>[^']*)'\]|\[\?@\.name=='(?P<named>[^']*)'\]|\.\*|\[\*\]"
)


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a path: the member `key`, the list's item with this `name`, or, without either, every one."""

    key: str | None = None
    name: str | None = None

    def into(self, node: Any) -> list[tuple[str, Any]]:
        """Give what the step leads to, each with its pointer from the node."""
        if isinstance(node, dict) and self.name is None:
            return [(pointer(key), each) for key, each in node.items() if self.key in {None, key}]
        if isinstance(node, list) and self.key is None:
            return [(pointer(index), each) for index, each in enumerate(node) if self._takes(each)]
        return []

    def _takes(self, item: Any) -> bool:
        return self.name is None or (isinstance(item, dict) and item.get("name") == self.name)


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay file: its id, and its actions as they stand in it."""

    id: str
    raw: dict[str, Any]

    @property
    def version(self) -> str:
        info = self.raw.get("info")
        return str(info.get("version", "")) if isinstance(info, dict) else ""


@dataclass(frozen=True, slots=True)
class Touched:
    """A member that an action set, extended or removed, and the place its target stands; both are pointers."""

    at: str
    target: str
    note: Note

    def concerns(self, place: str) -> bool:
        """Say whether a place is this member, stands in it, or holds it."""
        return f"{self.at}/".startswith(f"{place}/") or f"{place}/".startswith(f"{self.at}/")

    def origin(self, place: str) -> Origin:
        """Give what the overlay itself says of a place, as far down as it speaks of it."""
        below = place.removeprefix(self.target) if f"{place}/".startswith(f"{self.at}/") else ""
        return Origin(self.note.origin.document, f"{self.note.origin.pointer}/update{below}")


@dataclass(frozen=True, slots=True)
class Applied:
    """A document after its overlays, and what they did to it."""

    document: dict[str, Any]
    touched: tuple[Touched, ...]


@dataclass(slots=True)
class _Action:
    """One action that can be done: where, what, and the note it leaves."""

    steps: list[_Step]
    update: dict[str, Any] | None
    note: Note
    touched: list[Touched] = field(default_factory=list)

    def act(self, document: dict[str, Any]) -> bool:
        """Do it; say whether the target matched anything."""
        if self.update is None:
            *above, last = self.steps
            for at, node in _select(document, above, ""):
                for step, _ in last.into(node) if isinstance(node, dict) else ():
                    del node[step[1:].replace("~1", "/").replace("~0", "~")]
                    self.touched.append(Touched(at + step, at, self.note))
        else:
            for at, node in _select(document, self.steps, ""):
                if isinstance(node, dict):
                    self._merge(node, copy.deepcopy(self.update), at, at)
        return bool(self.touched)

    def _merge(self, node: dict[str, Any], update: dict[str, Any], at: str, target: str) -> None:
        """Merge as the Overlay specification says: objects by member, lists end to end, the rest replaced."""
        for key, value in update.items():
            below = at + pointer(key)
            if isinstance(value, dict) and isinstance(node.get(key), dict):
                self._merge(node[key], value, below, target)
                continue
            if isinstance(value, list) and isinstance(node.get(key), list):
                node[key] = node[key] + value
            else:
                node[key] = value
            self.touched.append(Touched(below, target, self.note))


def apply(document: dict[str, Any], overlays: list[Overlay]) -> Applied:
    """Do every action on a copy of `document`.

    Raises `DocumentError` for an action that is malformed, has no citation, or matches nothing.
    """
    result = copy.deepcopy(document)
    touched: list[Touched] = []
    problems: list[Problem] = []
    for overlay in overlays:
        actions = overlay.raw.get("actions")
        if not str(overlay.raw.get("overlay", "")).startswith("1.") or not isinstance(actions, list):
            problems.append(Problem(overlay.id, "", "is not an OpenAPI Overlay 1.x document"))
            continue
        for index, raw in enumerate(actions):
            origin = Origin(overlay.id, pointer("actions", index))
            action = _read(raw, origin) if isinstance(raw, dict) else "is not an object"
            if isinstance(action, _Action) and action.act(result):
                touched += action.touched
            else:
                message = action if isinstance(action, str) else f"matches nothing: {raw['target']}"
                problems.append(Problem(overlay.id, origin.pointer, message))
    if problems:
        raise DocumentError(problems)
    return Applied(result, tuple(touched))


def _read(raw: dict[str, Any], origin: Origin) -> _Action | str:
    """Read one action, or say what is wrong with it."""
    cite, update, remove = raw.get("x-concertpitch-cite"), raw.get("update"), raw.get("remove", False)
    steps = _steps(raw.get("target"))
    if not steps:
        return f"has the target {raw.get('target')!r}; a target is made of names and *, such as $.paths.*.get"
    if not isinstance(cite, str) or not cite:
        return "has no x-concertpitch-cite: name the document that says so, or write 'assumed'"
    if remove is not (update is None) or not isinstance(update, dict | None):
        return "has neither an object to update with nor `remove: true`, or both"
    return _Action(steps, update, Note(origin, cite, str(raw.get("description", ""))))


def _steps(target: object) -> list[_Step] | None:
    """Split a path into steps; None for a path outside the supported part."""
    if not isinstance(target, str) or not target.startswith("$"):
        return None
    steps: list[_Step] = []
    position = 1
    while position < len(target):
        match = _STEP.match(target, position)
        if match is None:
            return None
        key = match["quoted"] if match["name"] is None else match["name"]
        steps.append(_Step(key, match["named"]))
        position = match.end()
    return steps


def _select(node: Any, steps: list[_Step], at: str) -> list[tuple[str, Any]]:
    """Find what a path leads to, each with its pointer."""
    if not steps:
        return [(at, node)]
    return [found for step, each in steps[0].into(node) for found in _select(each, steps[1:], at + step)]
