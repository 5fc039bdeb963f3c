"""What travels as a body: messages, and the lists and plain values that some APIs have in their place.

Owns their reading and writing. Must not know how a body is sent, nor any API.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, TypeVar, cast

from pydantic import BaseModel, TypeAdapter

from .message import Message

T = TypeVar("T")


def read(content: bytes, kind: type[T]) -> T:
    """Read a body; a message may have an empty one. Raises `pydantic.ValidationError` for one of another kind."""
    if isinstance(kind, type) and issubclass(kind, Message):
        return cast("T", kind.from_wire(content or b"{}"))
    return cast("T", _adapter(cast("Any", kind)).validate_json(content))


def write(body: object) -> bytes:
    """Write a body."""
    return body.to_wire() if isinstance(body, Message) else json.dumps(body, default=_plain).encode()


@lru_cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _plain(value: BaseModel) -> Any:
    return json.loads(value.model_dump_json(by_alias=True, exclude_unset=True))
