"""How a job ends, told by its dataset's name; it must not know how that end is printed."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch_emulator.vertex.timeline import EXPIRED, FAILED, SUCCEEDED


@dataclass(frozen=True, slots=True)
class Scenario:
    """An outcome, with the google.rpc.Status of a failure; `early`: before the dataset was processed.

    `multimodal`: the examples of the dataset hold an image and a moment of a video.
    """

    trigger: str
    outcome: str
    code: int = 0
    message: str = ""
    early: bool = False
    truncates: bool = False
    multimodal: bool = False
    leaves_model: bool = False


ORDINARY = Scenario("", SUCCEEDED)

SCENARIOS = (
    Scenario(
        "does-not-exist",
        FAILED,
        5,
        "The training dataset was not found.",
        early=True,
    ),
    Scenario(
        "endpoint-fails",
        FAILED,
        13,
        "Failed to create endpoint. Tuned model is uploaded and can be accessed through Model Registry.",
        leaves_model=True,
    ),
    Scenario("malformed", FAILED, 3, "The training dataset holds a line that is not an example.", early=True),
    Scenario("expires", EXPIRED),
    Scenario("truncated", SUCCEEDED, truncates=True),
    Scenario("multimodal", SUCCEEDED, multimodal=True),
)


def scenario(dataset: str) -> Scenario:
    """The scenario that a training dataset's URI asks for."""
    return next((row for row in SCENARIOS if row.trigger in dataset), ORDINARY)
