"""Who else might ask: headers sent in the place of the run's own credentials, all made up here.

The run's own credentials go where every request goes, to the target, and nowhere else.
"""

from __future__ import annotations

NOBODY: dict[str, str] = {}
MALFORMED: tuple[dict[str, str], ...] = (
    {"authorization": "Basic x"},
    {"authorization": "Bearer"},
    {"authorization": "concertpitch"},
)
MADE_UP = {"authorization": "Bearer made-up-by-concertpitch"}
STRANGERS = (NOBODY, *MALFORMED, MADE_UP)
