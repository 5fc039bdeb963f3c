"""The filter of `tunedModels.list`: words to search for, and operators on roles; it must not know requests.

numbers                 numbers "next one" owner:me
owner:me  writers:me  readers:me  readers:everyone
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from concertpitch_emulator.errors import invalid
from concertpitch_emulator.gemini.records import OWNER, READER, ROLES, WRITER

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.records import ModelRecord

Test = Callable[["ModelRecord"], bool]

_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')
_OPERATOR = re.compile(r"(owner|writers|readers):(.*)")
_ROLES = {"owner": OWNER, "writers": WRITER, "readers": READER}


def compile_filter(text: str, caller: str) -> Test:
    """A test of what a list shows that caller.

    All terms must hold. Without an operator it is what the caller has a role for and not everyone. A role
    includes the lesser ones, so that `readers:me` finds what the caller owns as well.
    """
    words: list[str] = []
    tests: list[Test] = []
    for match in _TERM.finditer(text):
        operator = _OPERATOR.fullmatch(match[2] or "")
        if operator is None:
            words.append((match[1] if match[2] is None else match[2]).lower())
        else:
            tests.append(_role_test(operator[1], operator[2], caller))
    if text.count('"') % 2:
        raise invalid("Invalid filter: a quotation mark is not closed.", "filter")
    tests = tests or [lambda model: model.granted(caller) is not None and model.for_everyone is None]
    return lambda model: all(test(model) for test in tests) and _says(model, words)


def _role_test(operator: str, operand: str, caller: str) -> Test:
    if operator == "readers" and operand == "everyone":
        return lambda model: model.for_everyone is not None
    if operand != "me":
        shown = f"{operator}:{operand}"[:100]
        raise invalid(
            f"Invalid filter: {shown!r} is not one of owner:me, writers:me, readers:me and readers:everyone.", "filter"
        )
    enough = ROLES[ROLES.index(_ROLES[operator]) :]
    return lambda model: model.granted(caller) in enough


def _says(model: ModelRecord, words: list[str]) -> bool:
    text = f"{model.settings.get('displayName', '')}\n{model.settings.get('description', '')}".lower()
    return all(word in text for word in words)
