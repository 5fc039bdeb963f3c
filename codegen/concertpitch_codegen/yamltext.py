"""YAML text as the JSON value it stands for, as strictly as JSON is read.

Owns the part of YAML that is JSON: mappings with text for keys, sequences, and plain scalars by the JSON schema of
YAML 1.2 (so `no` and `2024-01-01` are text). Aliases are followed as long as what they repeat stays small. Must not
know what the value means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from concertpitch_codegen.jsontext import MAX_BYTES, MAX_DEPTH
from concertpitch_codegen.problems import DocumentError, Problem, pointer, refuse

MAX_NODES = 2_000_000  # aliases counted as often as they are used; the largest of Google's documents has 300,000
_TAGS = frozenset({"!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))})
_CONSTANTS = {"": None, "null": None, "~": None, "true": True, "false": False}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")


def parse_yaml(data: bytes, document: str) -> dict[str, Any]:
    """Read one YAML document that is a mapping.

    Raises `DocumentError`, with a pointer, for a key given twice, for what nests too deeply or grows too large by
    aliases, and for what JSON has no word for: tags, merge keys, keys that are no text.
    """
    if len(data) > MAX_BYTES:
        raise refuse(document, f"has {len(data)} bytes, the limit is {MAX_BYTES}")
    builder = _Builder(document)
    try:
        for event in yaml.parse(data.decode("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except UnicodeDecodeError as error:
        raise refuse(document, f"is not UTF-8: byte {error.start} cannot be decoded") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}" if mark else ""
        raise refuse(document, f"is not YAML: {getattr(error, 'problem', None) or error}{place}") from None
    if builder.problems:
        raise DocumentError(builder.problems)
    if not isinstance(builder.root, dict):
        raise refuse(document, f"is a YAML {type(builder.root).__name__}, a mapping was expected")
    return builder.root


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is still being read."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    at: str
    key: str | None = None
    size: int = 1


@dataclass(slots=True)
class _Builder:
    document: str
    root: Any = None
    problems: list[Problem] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    _documents: int = 0

    def take(self, event: Any) -> None:
        """Take the parser's next event. Raises `DocumentError` where going on would cost too much."""
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._start(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done = self._open.pop()
                self._place(done.value, done.anchor, done.size)
            case yaml.AliasEvent():
                value, size = self._anchors.get(str(event.anchor), (None, 0))
                if not size:
                    self._problem(f"uses the alias {event.anchor!r}, which stands for nothing, or for what it is in")
                self._place(value, None, max(size, 1))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise refuse(self.document, "holds several YAML documents, one was expected")

    def _scalar(self, event: Any) -> None:
        top = self._open[-1] if self._open else None
        if top and isinstance(top.value, dict) and top.key is None:
            if event.value in top.value:
                self._problem(f"has the key {event.value!r} twice in one object")
            if event.value == "<<" and event.implicit[0]:
                self._problem("has a merge key <<, which JSON and OpenAPI do not know")
            top.key = event.value
            return
        self._check_tag(event.tag)
        self._place(_plain(event.value) if event.implicit[0] else event.value, event.anchor, 1)

    def _start(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        top = self._open[-1] if self._open else None
        if top and isinstance(top.value, dict) and top.key is None:
            raise refuse(self.document, "has a key that is no text", top.at)
        self._check_tag(event.tag)
        at = self._at()
        if len(self._open) >= MAX_DEPTH:
            raise refuse(self.document, f"is nested deeper than {MAX_DEPTH} levels", at)
        self._open.append(_Open(value, event.anchor, at))

    def _check_tag(self, tag: str | None) -> None:
        if tag is not None and tag not in _TAGS:
            self._problem(f"has the tag {tag}, which JSON has no word for")

    def _place(self, value: Any, anchor: str | None, size: int) -> None:
        """Put a finished value where it belongs."""
        if anchor:
            self._anchors[anchor] = (value, size)
        if not self._open:
            self.root = value
            return
        top = self._open[-1]
        top.size += size
        if top.size > MAX_NODES:
            raise refuse(self.document, f"grows to more than {MAX_NODES} values by its aliases", top.at)
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is not None:
            top.value[top.key] = value
            top.key = None

    def _at(self) -> str:
        """Give the pointer of what comes next."""
        if not self._open:
            return ""
        top = self._open[-1]
        step = len(top.value) if isinstance(top.value, list) else top.key
        return top.at + (pointer(step) if step is not None else "")

    def _problem(self, message: str) -> None:
        self.problems.append(Problem(self.document, self._at(), message))


def _plain(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text
