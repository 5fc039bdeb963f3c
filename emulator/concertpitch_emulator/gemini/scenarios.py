"""How the tuning of a model ends, told by its training data; it must not know how that end is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.gemini.timeline import ACTIVE, FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Scenario:
    """An outcome, the google.rpc.Status of a failure, and the share of the tuning that is done by then."""

    trigger: str
    outcome: str
    code: int = 0
    message: str = ""
    share: float = 1.0


ORDINARY = Scenario("", ACTIVE)

SCENARIOS = (
    Scenario("tuning fails at its start", FAILED, 3, "The training data could not be used.", share=0.0),
    Scenario("tuning fails half-way", FAILED, 13, "Tuning failed with an internal error.", share=0.5),
)


def scenario(examples: Iterable[dict[str, Any]]) -> Scenario:
    """The scenario that the first example asks for whose text is exactly a trigger."""
    triggers = {row.trigger: row for row in SCENARIOS}
    texts = (example.get("textInput", "") for example in examples)
    return next((triggers[text] for text in texts if text in triggers), ORDINARY)
