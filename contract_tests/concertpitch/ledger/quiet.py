"""Every sentence without a rule, of every surface: `silences` has those with a reason of their own.

Owns nothing but the sum.
"""

from __future__ import annotations

from concertpitch.ledger.gemini import quiet as gemini
from concertpitch.ledger.vertex import quiet as vertex
from concertpitch.silences import SILENCES

ALL = (*SILENCES, *vertex.QUIET, *gemini.QUIET)
"""Those with reasons of their own first."""
