"""The form of a route: one method of a surface at one path. It must not know any surface."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic

from concertpitch_emulator.calls import CallT

Handler = Callable[[CallT], dict[str, Any] | Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Binding(Generic[CallT]):
    """One method at one path.

    `method` is the Discovery id from the resource on (`tuningJobs.get`), `query` leads from both spellings of
    the method's own parameters to the camelCase one.
    """

    verb: str
    path: str
    method: str
    version: str
    handler: Handler[CallT]
    query: dict[str, str] = field(default_factory=dict)
