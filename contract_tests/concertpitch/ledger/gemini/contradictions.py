"""Where the documents of the Gemini API contradict each other or real services.

Owns the rows; `ledger.contradictions` has those of all surfaces.
"""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.ledger.tables import Contradiction

_NEW = "generativelanguage.v1beta.protos"
_OLD = "generativelanguage.v1beta3.protos"
_EITHER = "At v1beta3 either default is taken: its protos stopped in 2023, and what is served there did not."


def _defaults() -> Iterator[Contradiction]:
    for member, newer, older in (
        ("epochCount", "5", "10"),
        ("batchSize", "4 or 16", "16 or 64"),
        ("learningRate", "0.001 or 0.0002", "0.0002 or 0.002"),
    ):
        yield Contradiction(_NEW, f"{member}: a default of {newer}", _OLD, f"{member}: a default of {older}", _EITHER)


GEMINI = tuple(_defaults())
