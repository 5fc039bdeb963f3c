"""The form of a route: one method of a surface at one path. It must not know any surface."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concertpitch_emulator.calls import Call

Handler = Callable[["Call"], dict[str, Any] | Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Binding:
    """One method at one path.

    `method` is the Discovery id from the resource on (`tuningJobs.get`), `query` leads from both spellings of
    the method's own parameters to the camelCase one.
    """

    verb: str
    path: str
    method: str
    version: str
    handler: Handler
    query: dict[str, str] = field(default_factory=dict)
