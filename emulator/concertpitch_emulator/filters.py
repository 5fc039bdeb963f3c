"""A small part of AIP-160 filters, and a refusal of the rest; it must not know what is filtered.

    state="JOB_STATE_RUNNING" AND NOT labels.team=red
    tunedModelDisplayName="one" OR tunedModelDisplayName="two"
    labels.team:*          labels:team

OR binds tighter than AND, as AIP-160 says. A field is compared with `=`, `!=` or `:`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from concertpitch_emulator.errors import invalid
from concertpitch_emulator.messages import snake

Test = Callable[[Mapping[str, Any]], bool]

_MAX_LENGTH = 2000
_MAX_NESTING = 20
_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<op>!=|[=:()-])|(?P<word>[^\s"'=:()!<>]+))"""
)


def compile_filter(text: str, fields: frozenset[str]) -> Test | None:
    """A test for items (as dicts) from a filter; None for an empty one.

    `fields` are the camelCase names that may be compared; one of them may be a map (`labels`).
    """
    if not text.strip():
        return None
    if len(text) > _MAX_LENGTH:
        raise _refused("it is too long")
    parser = _Parser(_tokens(text), fields)
    test = parser.conjunction(0)
    if parser.peek() is not None:
        raise _refused(f"{parser.peek()!r} is unexpected")
    return test


def _refused(reason: str) -> Exception:
    return invalid(f"Invalid filter: {reason[:200]}.", "filter")


def _tokens(text: str) -> list[str]:
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise _refused(f"it can not be read from {text[at:].strip()[:20]!r}")
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens; no token is a lie about its own kind, so texts suffice."""

    def __init__(self, tokens: list[str], fields: frozenset[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._names = {spelling: name for name in fields for spelling in (name, snake(name))}

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> str:
        token = self.peek()
        if token is None:
            raise _refused("it ends too early")
        self._at += 1
        return token

    def conjunction(self, depth: int) -> Test:
        """Terms that must all hold, joined by AND or by nothing."""
        tests = [self._disjunction(depth)]
        while self.peek() not in (None, ")"):
            if self.peek() == "AND":
                self._next()
            tests.append(self._disjunction(depth))
        return lambda item: all(test(item) for test in tests)

    def _disjunction(self, depth: int) -> Test:
        tests = [self._term(depth)]
        while self.peek() == "OR":
            self._next()
            tests.append(self._term(depth))
        return lambda item: any(test(item) for test in tests)

    def _term(self, depth: int) -> Test:
        if depth > _MAX_NESTING:
            raise _refused("it is nested too deeply")
        token = self._next()
        if token in {"NOT", "-"}:
            negated = self._term(depth + 1)
            return lambda item: not negated(item)
        if token.startswith("("):
            inner = self.conjunction(depth + 1)
            if self._next() != ")":
                raise _refused("a parenthesis is not closed")
            return inner
        return self._comparison(token)

    def _comparison(self, path: str) -> Test:
        first, dot, key = path.partition(".")
        name = self._names.get(first)
        if name is None or (dot and name != "labels"):
            raise _refused(f"{path!r} is not a field that can be filtered")
        operator = self._next()
        if operator not in {"=", "!=", ":"}:
            raise _refused(f"{operator!r} is not one of =, != and :")
        value = _literal(self._next())
        if name == "labels":
            return _label_test(key, operator, value)
        if operator == "!=":
            return lambda item: item.get(name) != value
        if operator == ":" and value == "*":
            return lambda item: name in item
        return lambda item: item.get(name) == value


def _label_test(key: str, operator: str, value: str) -> Test:
    if not key:
        if operator != ":":
            raise _refused("labels are compared one by one, as labels.key=value")
        return lambda item: value in item.get("labels", {})
    if operator == "!=":
        return lambda item: item.get("labels", {}).get(key) != value
    if operator == ":" and value == "*":
        return lambda item: key in item.get("labels", {})
    return lambda item: item.get("labels", {}).get(key) == value


def _literal(token: str) -> str:
    if token in {"=", "!=", ":", "(", ")", "-"}:
        raise _refused(f"{token!r} is not a value")
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] in "\"'" else token
