"""Which sentences of a document bind somebody.

A sentence is normative when it marks a member (`Required.`), permits, forbids or limits something, states a condition
or a form, defines a value that can be measured, is what a method does, or says what a value of an enum means. What is
left names a thing (`Request message for ...`) and is called descriptive.
"""

from __future__ import annotations

import re

from concertpitch.ledger.sentences import Sentence

_MARKER = r"^(?:Output only|Input only|Required|Optional|Immutable|Identifier|Deprecated|Unordered list)\b"
_MODAL = (
    r"\b(?:must|should|shall|can|can't|cannot|may|might|will|would|needs?|required?|allow(?:s|ed)?|forbidden|"
    r"support(?:s|ed)?|accept(?:s|ed)?|available|valid|ignored|used?|contains?)\b"
)
_LIMIT = (
    r"\b(?:at most|at least|up to|no longer than|no more than|exceeds?|between|range|only|never|always|not|unless|"
    r"either|exclusive|incompatible|match(?:es|ing)?|subsequent|next|returns?|was tuned from|selector|"
    r"one of|maximum|minimum)\b"
)
_CONDITION = r"\b(?:if|when|while|unless|otherwise|defaults?|populated|omitted|unset|set to|unspecified|left blank)\b"
_FORM = r"\b(?:format(?:ted)?|UTF-8|RFC|pattern|E\.g|e\.g|example|prefix|ending with)\b"
_MEASURE = (
    r"\b(?:time when|(?:total )?number of|sum of|mean of|median of|percentile of|bound of|indices|for each|"
    r"arithmetic mean|samples?)\b"
)
_NORMATIVE = re.compile(f"{_MARKER}|{_MODAL}|{_LIMIT}|{_CONDITION}|{_FORM}|{_MEASURE}", re.IGNORECASE)
_BEHAVIOUR = re.compile(r"/methods/[\w.]+/(?:description|comment)$|/enumDescriptions/\d+$|/values/\w+/comment$")


def is_normative(sentence: Sentence) -> bool:
    return bool(_BEHAVIOUR.search(sentence.passage.where) or _NORMATIVE.search(sentence.text))
