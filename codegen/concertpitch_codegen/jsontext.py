"""JSON text: strict reading, canonical writing, digests, atomic files.

Owns the rules every JSON file of the project follows. Must not know what the JSON means.
"""

from __future__ import annotations

import json
import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_codegen.problems import DocumentError, Problem, pointer, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 64 * 1024 * 1024  # ten times the largest document Google publishes
_CONTAINERS = frozenset({dict, list})
_COLON = re.compile(r"\s*:")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
MAX_DEPTH = 200  # the deepest of Google's 610 Discovery documents has 26 levels
_NUMBERS = bytes.maketrans(b"0123456789-:,[\t\n\r", b"0000000000       ")
_LONG = b" " + b"0" * 19  # how an integer begins that may need more than 64 bits


def parse(data: bytes, document: str) -> dict[str, Any]:
    """Read one JSON object, refusing what is not one.

    Raises `DocumentError` for text that is not UTF-8 JSON, an HTML page, a cut-off text, a key given twice,
    a value that is not an object, and anything larger than `MAX_BYTES` or nested deeper than `MAX_DEPTH`.
    """
    if len(data) > MAX_BYTES:
        raise refuse(document, f"has {len(data)} bytes, the limit is {MAX_BYTES}")
    if data.lstrip()[:1] == b"<":
        raise refuse(document, "is an HTML or XML page, not JSON; an error page was probably saved in its place")
    value = _sound(data)
    return _looked_through(data, document) if value is None else value


def _sound(data: bytes) -> dict[str, Any] | None:
    """Read what is certainly one object and nothing to refuse; None says that it takes a closer, slower look.

    A key given twice leaves fewer quotation marks in the value than in the text; an integer of more than 64 bits
    would become a float.
    """
    try:
        value = orjson.loads(data)
        written = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    except (ValueError, TypeError):
        return None
    whole = b"\\u0022" not in data and written.count(b'"') == data.count(b'"')
    flat = b"\n" + b" " * (2 * MAX_DEPTH) not in written
    exact = _LONG not in data.translate(_NUMBERS)
    return value if whole and flat and exact and isinstance(value, dict) else None


def _looked_through(data: bytes, document: str) -> dict[str, Any]:
    value = _load(data, document, None)
    if _SURROGATE.search(data) and not _is_unicode(value):
        raise refuse(document, "has half of a surrogate pair, which is no character")
    if not isinstance(value, dict):
        raise refuse(document, f"is a JSON {type(value).__name__}, an object was expected")
    if _deeper_than(value, MAX_DEPTH):
        raise refuse(document, f"is nested deeper than {MAX_DEPTH} levels", _too_deep(data.decode()))
    if twice := list(_given_twice(data, document)):
        raise DocumentError(twice)
    return value


def _given_twice(data: bytes, document: str) -> Iterator[Problem]:
    """Look for objects that have a key twice."""
    twice: list[tuple[dict[str, Any], str]] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            keys = [key for key, _ in pairs]
            twice.append((made, next(key for key in made if keys.count(key) > 1)))
        return made

    places = {id(node): at for at, node in _objects(_load(data, document, unique))}
    for node, key in twice:
        if id(node) in places:  # and not in the first value of a key that was given twice
            yield Problem(document, places[id(node)], f"has the key {key!r} twice in one object")


def _load(data: bytes, document: str, pairs: Callable[[list[tuple[str, Any]]], dict[str, Any]] | None) -> Any:
    """Read JSON; `pairs` makes objects of their members."""
    try:
        text = data.decode("utf-8")
        return json.loads(text, object_pairs_hook=pairs, parse_constant=_no_constant, parse_float=_double)
    except UnicodeDecodeError as error:
        raise refuse(document, f"is not UTF-8: byte {error.start} cannot be decoded") from None
    except json.JSONDecodeError as error:
        early = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        cut = " (the text ends early)" if early else ""
        raise refuse(document, f"is not JSON: {error.msg.removesuffix(' at')} at line {error.lineno}{cut}") from None
    except RecursionError:
        raise refuse(document, f"is nested deeper than {MAX_DEPTH} levels", _too_deep(text)) from None
    except ValueError as error:
        digits = "set_int_max_str_digits" in str(error)
        raise refuse(document, "has an integer with thousands of digits" if digits else str(error)) from None


def dump(value: object) -> bytes:
    """Write JSON for people and for diffs: sorted keys, two spaces, a final newline."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # an integer of more than 64 bits
        return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def sha256(data: bytes) -> str:
    import hashlib  # noqa: PLC0415 - most of the commands digest nothing

    return hashlib.sha256(data).hexdigest()


def canonical_sha256(value: dict[str, Any], *, ignoring: frozenset[str] = frozenset({"etag", "revision"})) -> str:
    """Digest what a document says, whatever its spacing, order, `etag` and `revision`."""
    said = {key: item for key, item in value.items() if key not in ignoring}
    return sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode())


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` in one step, so that a reader sees the old file or the new one, never a part."""
    import tempfile  # noqa: PLC0415 - slow to import, and most of what is read is never written

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _objects(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object in a value that is not nested too deeply, with the pointer to it."""
    queue: list[tuple[str, Any]] = [("", value)]
    while queue:
        at, node = queue.pop()
        if isinstance(node, dict):
            yield at, node
            queue += [(at + pointer(key), each) for key, each in node.items()]
        elif isinstance(node, list):
            queue += [(at + pointer(index), each) for index, each in enumerate(node)]


def _too_deep(text: str) -> str:
    """Find the pointer to what is nested too deeply, in JSON text that Python itself cannot read."""
    steps: list[str | int] = []
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{},]', text):
        match token[0]:
            case "{" | "[" if len(steps) == MAX_DEPTH:
                return pointer(*steps)
            case "{":
                steps.append("")
            case "[":
                steps.append(0)
            case "}" | "]":
                steps.pop()
            case ",":
                if steps and isinstance(index := steps[-1], int):
                    steps[-1] = index + 1
            case key:
                if steps and isinstance(steps[-1], str) and _COLON.match(text, token.end()):
                    steps[-1] = json.loads(key)
    return ""


def _is_unicode(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(name: str) -> None:
    raise ValueError(f"is not JSON: {name} is not a JSON value")


def _double(text: str) -> float:
    if math.isinf(number := float(text)):
        raise ValueError(f"has the number {text}, which is too large for a double")
    return number


def _deeper_than(value: object, limit: int) -> bool:
    level: list[Any] = [value]
    for _ in range(limit):
        level = [
            item
            for node in level
            for item in (node.values() if type(node) is dict else node)
            if type(item) in _CONTAINERS
        ]
        if not level:
            return False
    return True
