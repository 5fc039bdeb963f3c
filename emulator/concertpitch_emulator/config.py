"""Settings of one emulator; it must not know how they are given (command line, Python)."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_SPEED = 20.0


@dataclass(frozen=True, slots=True)
class Config:
    """Settings: `speed` divides every duration, `seed` fixes ids and durations, `faults` are ids of lies.

    With a `token` every call must bear it; without one anybody may call.
    At speed 1 a job takes about five minutes; timestamps always agree with the wall clock.
    """

    speed: float = DEFAULT_SPEED
    seed: int | None = None
    faults: tuple[str, ...] = ()
    token: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.speed < float("inf"):
            raise ValueError(f"The speed must be a positive number, not {self.speed}.")
