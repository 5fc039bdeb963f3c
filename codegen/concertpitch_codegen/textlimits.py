"""Limits and formats that documents state in prose: "up to 128 characters", "Format: `projects/{project}`".

Owns the phrases and how far they are trusted: a limit is a fact with the evidence `text`, for people and for those
who compare revisions. It never becomes JSON Schema's own `maxLength` or `pattern`, because prose speaks of what is
sent, and an answer that differs is no fault. Must not know any document format.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from concertpitch_codegen.document import Evidence, Origin, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.document import Schema

_LENGTH = re.compile(
    r"(?:[Uu]p to|at most|no (?:longer|more) than|not exceed|[Mm]ax(?:imum)?(?: length)?(?: of| is|:)?|limited to)"
    r" (?P<most>\d[\d,]{0,8}) (?:UTF-8 |Unicode |ASCII )?(?P<unit>characters|bytes)"
)
_BETWEEN = re.compile(
    r"\b(?P<least>\d{1,6}) ?(?:-|and|to) ?(?P<most>\d{1,6}) (?:UTF-8 |Unicode |ASCII )?(?P<unit>characters|bytes)"
)
_PATTERN = re.compile(
    r"(?:[Rr]egular expression|[Rr]egexp?|[Pp]attern)(?: is)?:?\s+"
    r"(?:`(?P<quoted>[^`\n]+)`|(?P<plain>[\^\[(]\S*[\])?*+$}]))"
)
_FORMAT = re.compile(r"\bFormat(?: is)?:?\s+`(?P<form>[^`\s]+/[^`\s]+)`")
_RANGE = re.compile(r"range over `\[(?P<least>-?[\d.]+), ?(?P<most>-?[\d.]+)\]`")
_UNIT = re.compile(" characters| bytes")
_REACH = 80  # characters before the end of a unit in which its limit stands: more than the longest phrase has
_HINTS = (" characters", " bytes", "attern", "egular expression", "egex", "Format", "range over")  # of all the above
_PLACEHOLDER = re.compile(r"\{[a-z][a-z_\-]*\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class LimitFact:
    """One limit by JSON Schema's name for it, or `maxBytes`, or `resourceFormat`, and who says so."""

    name: str
    value: int | float | str
    evidence: Evidence
    origin: Origin


def text_limits(schema: Schema) -> tuple[LimitFact, ...]:
    """Read the limits that the description of a field or parameter states; of a map, those of each key and value."""
    text = schema.description
    if not text or isinstance(schema.type, Ref):
        return ()
    found = _limits_of(text)
    if not found:
        return ()
    place = Origin(schema.origin.document, schema.origin.pointer + "/description")
    return tuple(LimitFact(name, value, Evidence.TEXT, place) for name, value in found)


@lru_cache(maxsize=4096)  # the same sentences stand at many places
def _limits_of(text: str) -> tuple[tuple[str, int | float | str], ...]:
    """Give by its name the first limit of each kind that a text states."""
    if not any(map(text.__contains__, _HINTS)):
        return ()  # as most
    found: dict[str, int | float | str] = {}
    for name, value in _limits(text):
        found.setdefault(name, value)
    return tuple(sorted(found.items()))


def _limits(text: str) -> Iterator[tuple[str, int | float | str]]:
    """Yield what each phrase says; looking for its rarest word first is quicker."""
    if " characters" in text or " bytes" in text:
        yield from _lengths(text)
    if "attern" in text or "egular expression" in text or "egex" in text:
        for match in _PATTERN.finditer(text):
            pattern = match["quoted"] or match["plain"].rstrip(".,;")
            if _PLACEHOLDER.search(pattern):
                yield "resourceFormat", pattern
            elif _is_pattern(pattern):
                yield "pattern", pattern
    if "Format" in text:
        for match in _FORMAT.finditer(text):
            yield "resourceFormat", match["form"]
    if "range over" in text:
        for match in _RANGE.finditer(text):
            yield "minimum", float(match["least"])
            yield "maximum", float(match["most"])


def _lengths(text: str) -> Iterator[tuple[str, int]]:
    """Look for limits where a unit ends them, which takes a tenth of the time of looking everywhere."""
    ends = [unit.end() for unit in _UNIT.finditer(text)]
    phrases = [text[max(start, end - _REACH) : end] for start, end in pairwise([0, *ends])]
    for match in filter(None, map(_BETWEEN.search, phrases)):
        unit = _unit(match)
        yield f"min{unit}", int(match["least"])
        yield f"max{unit}", int(match["most"])
    for match in filter(None, map(_LENGTH.search, phrases)):
        yield f"max{_unit(match)}", int(match["most"].replace(",", ""))


def _unit(match: re.Match[str]) -> str:
    return "Bytes" if match["unit"] == "bytes" else "Length"


def _is_pattern(text: str) -> bool:
    try:
        with warnings.catch_warnings():  # of what another engine may read differently
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(text)
    except re.error:
        return False
    return True
