"""What a finished google.longrunning.Operation carries: a message, or an error.

Owns the reading of `response` and `error`. Must not know how the operation was polled, nor any API.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from .errors import error_of
from .message import Message

M = TypeVar("M", bound=Message)


def result(operation: Message, kind: type[M]) -> M:
    """Give the `response` of an operation that is done, as a message of the type its method promises.

    Raises the `ApiError` its `error` stands for, `ValueError` for an operation that is not done.
    """
    said: dict[str, Any] = json.loads(operation.to_wire())
    if isinstance(error := said.get("error"), dict):
        raise error_of(error)
    if said.get("done") is not True:
        raise ValueError(f"the operation {said.get('name')} is not done")
    carried = said.get("response") or {}
    return kind.from_wire(json.dumps({key: value for key, value in carried.items() if key != "@type"}))
