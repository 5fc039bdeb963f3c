"""The body of a request as the message it should be, for any surface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator import protojson
from concertpitch_emulator.errors import invalid, unreadable

if TYPE_CHECKING:
    from concertpitch_emulator.calls import Call, CallT
    from concertpitch_emulator.hooks import Hooks
    from concertpitch_emulator.messages import Message, Messages


def read_body(call: CallT, hooks: Hooks[CallT], messages: Messages, message: Message, root: str) -> dict[str, Any]:
    """The body in canonical form; no body is an empty message, an unreadable one is refused.

    `root` is the path that violations start from, as in `protojson.read`.
    """
    value = hooks.body(protojson.load(call.content) if call.content.strip() else {}, call)
    read, violations = protojson.read(messages, message, value, root)
    violations = hooks.unforgiven(violations)
    if violations:
        raise unreadable(violations)
    return read


def empty_body(call: Call) -> dict[str, Any]:
    """The body of a request whose message is in no document; none is needed."""
    value = protojson.load(call.content) if call.content.strip() else {}
    if not isinstance(value, dict):
        raise invalid('Invalid JSON payload received. Unknown name "": Root element must be a message.')
    return value
