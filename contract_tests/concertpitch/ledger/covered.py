"""Every sentence, of every surface, that rules judge without quoting it.

Owns nothing but the sum.
"""

from __future__ import annotations

from concertpitch.ledger.gemini import covered as gemini
from concertpitch.ledger.vertex import covered as vertex

COVERED = (*vertex.COVERED, *gemini.COVERED)
