"""Field masks and what a patch may change; it must not know how requests travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator.errors import Violation, unreadable
from concertpitch_emulator.messages import snake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_emulator.gemini.records import ModelRecord
    from concertpitch_emulator.messages import Message, Messages

ALL = "*"


def paths(messages: Messages, message: Message, mask: str) -> list[str]:
    """The camelCase paths of a mask, in either spelling; one that leads nowhere is refused."""
    return [_path(messages, message, path.strip()) for path in mask.split(",") if path.strip()]


def _path(messages: Messages, message: Message, path: str) -> str:
    if path == ALL:
        return path
    inner: Message | None = message
    names = []
    for segment in path.split("."):
        field = inner.fields.get(segment) if inner is not None else None
        if field is None:
            text = f"Invalid value at 'update_mask' (type.googleapis.com/google.protobuf.FieldMask), {path[:200]!r}"
            raise unreadable([Violation("bad-mask", "update_mask", text)])
        names.append(field.name)
        inner = messages[field.message] if field.message is not None and field.shape == "one" else None
    return ".".join(names)


def changed(body: dict[str, Any], mask: list[str], settings: tuple[str, ...]) -> dict[str, Any]:
    """What becomes of the settings: values of the body, None for what the mask clears.

    Without a mask the members that the body has are changed.
    """
    if not mask:
        return {name: value for name, value in body.items() if name in settings}
    named = list(settings) if ALL in mask else mask
    return {name: body.get(name) for name in named if name in settings}


def kept(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings without those that were cleared."""
    return {name: value for name, value in settings.items() if value is not None}


def immutable(record: ModelRecord, body: dict[str, Any], mask: list[str]) -> Iterator[Violation]:
    """Attempts to change what is fixed by create; saying it again as it is changes nothing."""
    held = {**record.source, "tuningTask": {"hyperparameters": record.hyperparameters}}
    for place, value in _leaves(body, ""):
        top = place.partition(".")[0]
        if top not in {"baseModel", "tunedModelSource", "tuningTask"} or not _masked(place, mask):
            continue
        if _at(held, place) != value:
            yield Violation("immutable", f"tuned_model.{snake(place)}", "The field is immutable.")


def _leaves(value: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for name, member in value.items():
        if isinstance(member, dict):
            yield from _leaves(member, f"{path}{name}.")
        else:
            yield f"{path}{name}", member


def _masked(place: str, mask: list[str]) -> bool:
    return not mask or ALL in mask or any(place == path or place.startswith(f"{path}.") for path in mask)


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
