"""Whether one regular expression allows less than another, as far as Google's documents need to be told.

Owns the two forms in which their patterns change: alternatives come and go, and a segment of a resource name
opens. Anything else is "changed". Must not know where a pattern stands.
"""

from __future__ import annotations

import re

_SEGMENT, _MARK = "[^/]+", "\0"  # the one class with a slash; marked, so that slashes part segments only
_OPEN = (".*", ".+")
_PLAIN = re.compile(r"[\w\-.~:@]+")


def relation(old: str | None, new: str | None) -> str:
    """Say `narrowed`, `widened` or `changed` of two patterns that differ; None allows every text."""
    before, after = _alternatives(old), _alternatives(new)
    if old is None or (new is not None and _cover(before, after)):
        return "narrowed"
    return "widened" if new is None or _cover(after, before) else "changed"


def _cover(wide: list[str], narrow: list[str]) -> bool:
    return all(any(_covers(one, other) for one in wide) for other in narrow)


def _covers(wide: str, narrow: str) -> bool:
    """Compare segment by segment: `[^/]+` covers any word, an open end covers all that follows."""
    ours, theirs = (text.replace(_SEGMENT, _MARK).removesuffix("$").split("/") for text in (wide, narrow))
    for index, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one in _OPEN and index == len(ours) - 1:
            return True
        if one != other and not (one == _MARK and _PLAIN.fullmatch(other)):
            return False
    return len(ours) == len(theirs)


def _alternatives(pattern: str | None) -> list[str]:
    """Split at the bars that stand outside of parentheses and classes."""
    found, depth, begin = [], 0, 0
    text = pattern or ""
    for match in re.finditer(r"\\.|\[\^?\]?[^\]]*\]|[()|]", text):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if match[0] == "|" and depth == 0:
            found.append(text[begin : match.start()])
            begin = match.end()
    return [*found, text[begin:]]
