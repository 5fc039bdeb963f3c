"""What a google.longrunning.Operation carries: metadata while it runs, then a message or an error.

Owns the reading of `metadata`, `response` and `error`. Must not know how the operation was polled, nor any API.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from .errors import error_of
from .message import Message

M = TypeVar("M", bound=Message)


def result(operation: Message, kind: type[M]) -> M:
    """Give the `response` of an operation that is done; its method says of which `kind` that is.

    Raises the `ApiError` its `error` stands for, `ValueError` for an operation that is not done.
    """
    said = _said(operation)
    if isinstance(error := said.get("error"), dict):
        raise error_of(error)
    if said.get("done") is not True:
        raise ValueError(f"the operation {said.get('name')} is not done")
    return _carried(said.get("response"), kind)


def metadata(operation: Message, kind: type[M]) -> M:
    """Give the `metadata` of an operation, empty where it has none; its method says of which `kind` it is."""
    return _carried(_said(operation).get("metadata"), kind)


def _said(operation: Message) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(operation.to_wire())
    return said


def _carried(value: dict[str, Any] | None, kind: type[M]) -> M:
    """Read what a google.protobuf.Any holds beside its `@type`."""
    return kind.from_wire(json.dumps({key: each for key, each in (value or {}).items() if key != "@type"}))
