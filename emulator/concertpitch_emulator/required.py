"""Required members of a message that has been read; it must not know what a message is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_emulator.messages import Message, Messages


def missing(messages: Messages, message: Message, value: dict[str, Any], path: str) -> Iterator[Violation]:
    """Required fields that are not set, in every message that is."""
    for field in message.required:
        if not value.get(field.name):
            yield Violation(f"missing-{field.snake}", _below(path, field.snake), "Required field is not set.")
    for name, member in value.items():
        field = message.fields[name]
        if field.message is None:
            continue
        inner = messages[field.message]
        below = _below(path, field.snake)
        if field.shape == "list":
            items = [(f"{below}[{index}]", item) for index, item in enumerate(member)]
        else:
            items = [(below, item) for item in ([member] if field.shape == "one" else member.values())]
        for place, item in items:
            if isinstance(item, dict):
                yield from missing(messages, inner, item, place)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
