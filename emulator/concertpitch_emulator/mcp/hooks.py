"""Where a lie can be told at the MCP surface, and the form of such a fault.

Owns the four points at which an active fault sees and changes what passes. It must not know which faults exist.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from concertpitch_emulator import hooks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from concertpitch_emulator.mcp.jsonrpc import Message
    from concertpitch_emulator.vertex.service import TuningService


@dataclass(slots=True)
class Post:
    """An HTTP request to an MCP endpoint: header names in lower case, `local` where it came in on loopback.

    `lore` is what active faults remember of the whole server.
    """

    verb: str
    endpoint: str
    headers: dict[str, str]
    content: bytes
    local: bool
    lore: dict[str, Any] = field(default_factory=dict)
    stranger: bool = False
    """Whether it lacks the token, where one is demanded."""


@dataclass(slots=True)
class Reply:
    """What goes back over HTTP."""

    status: int
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool: its name and arguments, the HTTP request it came in, and the service it was made of."""

    tool: str
    arguments: dict[str, Any]
    post: Post
    service: TuningService


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault(hooks.Fault[Any]):
    """One lie told at the MCP surface; of the inherited points only `forgives` is asked here."""

    surface: ClassVar[str] = "mcp"

    hears: Callable[[Post], Post] | None = None
    """A request before it is read."""
    shows: Callable[[dict[str, Any], ToolCall], dict[str, Any]] | None = None
    """What a tool gives back, before it is put into text and structured content."""
    says: Callable[[dict[str, Any], Message, Post], dict[str, Any] | None] | None = None
    """The JSON-RPC answer to one message; None keeps silent."""
    replies: Callable[[Reply, Post], Reply] | None = None
    """The HTTP reply."""


class Hooks:
    """The active faults of this surface, asked at each point in the order they were named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._forgiven = frozenset(kind for fault in faults for kind in fault.forgives)
        self._hears = [fault.hears for fault in faults if fault.hears]
        self._shows = [fault.shows for fault in faults if fault.shows]
        self._says = [fault.says for fault in faults if fault.says]
        self._replies = [fault.replies for fault in faults if fault.replies]

    def forgives(self, kind: str) -> bool:
        return kind in self._forgiven

    def hears(self, post: Post) -> Post:
        for hook in self._hears:
            post = hook(post)
        return post

    def shows(self, value: dict[str, Any], call: ToolCall) -> dict[str, Any]:
        if self._shows:
            # What a tool gives back shares parts with what is stored.
            value = copy.deepcopy(value)
        for hook in self._shows:
            value = hook(value, call)
        return value

    def says(self, answer: dict[str, Any], message: Message, post: Post) -> dict[str, Any] | None:
        if self._says:
            answer = copy.deepcopy(answer)
        said: dict[str, Any] | None = answer
        for hook in self._says:
            said = None if said is None else hook(said, message, post)
        return said

    def replies(self, reply: Reply, post: Post) -> Reply:
        for hook in self._replies:
            reply = hook(reply, post)
        return reply
