"""Field behaviour that documents state in prose.

Owns the words ("Required.", "Output only. Identifier.") and how far they are trusted: only at the start of a
description, where Google's generators put them. Must not know any document format.
"""

from __future__ import annotations

import re
from functools import lru_cache

from concertpitch_codegen.document import Behavior, BehaviorFact, Evidence, Origin

_WORDS = {
    "required": Behavior.REQUIRED,
    "optional": Behavior.OPTIONAL,
    "output only": Behavior.OUTPUT_ONLY,
    "output-only": Behavior.OUTPUT_ONLY,
    "input only": Behavior.INPUT_ONLY,
    "input-only": Behavior.INPUT_ONLY,
    "immutable": Behavior.IMMUTABLE,
    "identifier": Behavior.IDENTIFIER,
}
_FIRST = frozenset("[" + "".join({word[0] for word in (*_WORDS, "deprecated")}))
_FIRST |= {letter.upper() for letter in _FIRST}
_WORD = re.compile(rf"{'|'.join(_WORDS)}|deprecated", re.IGNORECASE)
_OPENING = re.compile(rf"\s*(?:(?:\[\s*(?:{_WORD.pattern})\s*\][.:,;]?|(?:{_WORD.pattern})[.:,;!])\s*)*", re.IGNORECASE)


def stated(description: str | None, origin: Origin) -> tuple[tuple[BehaviorFact, ...], bool]:
    """Read the behaviours a description opens with, and whether it opens with "Deprecated"."""
    if not description or (description[0] not in _FIRST and not description[0].isspace()):
        return (), False  # as most are
    behaviors, deprecated = _said(_opening(description))
    if not behaviors:
        return (), deprecated
    place = Origin(origin.document, origin.pointer + "/description")
    return tuple([BehaviorFact(each, Evidence.TEXT, place) for each in behaviors]), deprecated


@lru_cache  # there are few
def _said(opening: str) -> tuple[tuple[Behavior, ...], bool]:
    words = [word.lower() for word in _WORD.findall(opening)]
    behaviors = dict.fromkeys(_WORDS[word] for word in words if word in _WORDS)
    return tuple(behaviors), "deprecated" in words


def without_words(description: str | None) -> str:
    """Give a description without the words it opens with that state behaviour."""
    text = description or ""
    return text[len(_opening(text)) :].strip()


def _opening(description: str) -> str:
    """Find the words that state behaviour, one after the other, with what is between them."""
    match = _OPENING.match(description)
    return match[0] if match else ""
