"""What probes of every surface work with: the settings of a run, the transport, and a budget of creations.

Rule 1: everything is sent through the transport, so everything is recorded; nothing is judged here.
Rule 2: what a surface creates is remembered by its own lab (`probes/<surface>/lab.py`), which cleans up after the run.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from concertpitch.control import Control
from concertpitch.exchange import Exchange
from concertpitch.recipes import Recipe
from concertpitch.surfaces import Surface
from concertpitch.transport import Transport

_INTERNAL = 500


class Profile(StrEnum):
    """What a run may do to its target."""

    OBSERVE = "observe"
    """Read only: get and list."""
    EXERCISE = "exercise"
    """Create and cancel jobs, at most `max_jobs`; no exploration beyond the deterministic probes."""
    EXHAUST = "exhaust"
    """Everything, exploration included."""


@dataclass(frozen=True)
class Settings:
    """What the user asked for.

    Times are in seconds: `patience` for a job to end, `timeout` for one answer, `pause` at least between two
    reads of one job, `deadline` for all surfaces (0: none), `spent` of it before this one. `rate` is in requests per
    second (0: as they come). `quick`: as little as exercises each rule once. `recipes` are those of the surface.
    `base_model` is '' where the surface is to choose. `near`: the target is on loopback.
    """

    target: str
    project: str
    location: str
    surface: Surface
    profile: Profile
    max_jobs: int
    patience: float
    timeout: float
    pause: float
    seed: int
    base_model: str
    dataset: str
    deadline: float = 0.0
    spent: float = 0.0
    rate: float = 0.0
    quick: bool = False
    recipes: tuple[Recipe, ...] = ()
    control: Control | None = None
    near: bool = False

    @property
    def writes(self) -> bool:
        return self.profile is not Profile.OBSERVE

    @property
    def explores(self) -> bool:
        return self.profile is Profile.EXHAUST and not self.quick


@dataclass
class Lab:
    """The run's hands. Thread-safe as far as the transport is."""

    settings: Settings
    transport: Transport
    run_id: str = field(default_factory=lambda: secrets.token_hex(4))
    missing: dict[str, str] = field(default_factory=dict)
    """Probes that the target does not let run, with the reason."""
    demanding: bool = False
    """Whether the run's first request, which came without credentials, was refused for want of them."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    """Creations that count against the budget."""

    def path(self, name: str) -> str:
        return f"/{self.settings.surface.version}/{name}"

    def send(
        self,
        method: str,
        name: str,
        *,
        probe: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        stranger: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Send to a resource name or `name:verb`; `body` is bytes as they are, or a JSON value.

        `stranger` are headers sent in the place of the run's own credentials. What is answered 500 is sent once more:
        real services have internal errors now and then.
        """
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        send = partial(
            self.transport.send,
            method,
            self.path(name),
            query=list((query or {}).items()),
            body=raw,
            headers={**(headers or {}), **(stranger or {})},
            probe=probe,
            authorize=stranger is None,
        )
        answer = send()
        return send() if answer.status == _INTERNAL else answer

    def sleep(self, seconds: float) -> None:
        """Wait, as long as the run is not asked to end."""
        self.transport.pace.rest(seconds)

    def take(self) -> bool:
        """Take one creation out of the budget; False when it is spent."""
        with self.lock:
            granted = self.asked < self.settings.max_jobs
            self.asked += granted
            return granted

    def give_back(self) -> None:
        """A creation that made nothing does not count."""
        with self.lock:
            self.asked -= 1

    @staticmethod
    def unknown_like(known: str, taken: set[str]) -> str:
        """An id written like `known` that is not among those taken."""
        if known.isdigit() and len(known) < 8:  # noqa: PLR2004 - counted ids, so any number is well formed
            known = "9" * 7
        for _ in range(100):
            other = "".join(_like(char) for char in known)
            if other not in taken and not other.startswith("0"):
                return other
        return ""


def _like(char: str) -> str:
    """Another character of the same kind."""
    if char.isdigit():
        return secrets.choice("123456789")
    if char.isalpha():
        return secrets.choice("abcdef" if char.islower() else "ABCDEF")
    return char
