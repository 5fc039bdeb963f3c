"""What a rule is, and the catalogue that holds them all.

Rule 1: a rule is a function of one subject that yields one line per breach; it never sends, prints or raises.
Rule 2: its id, level, subject, precondition, source and the probe that exercises it stand in its decorator,
its sentence is the docstring's first line. Ids are words, never reused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

Findings = Iterator[str]
S = TypeVar("S")


class Level(StrEnum):
    """Where a rule's authority comes from. Breaking the first two fails a run; the others warn, unless --strict."""

    DOCUMENTED = "DOCUMENTED"
    """A sentence of the API's own documents."""
    CONVENTION = "CONVENTION"
    """A binding clause of a convention the API follows: AIP, ProtoJSON, google.rpc, JSON-RPC, MCP."""
    ADVISED = "ADVISED"
    """A clause that advises (SHOULD), or one that correct implementations enforce to different depths."""
    OBSERVED = "OBSERVED"
    """Seen in real records; no document says so."""

    @property
    def fails(self) -> bool:
        return self in {Level.DOCUMENTED, Level.CONVENTION}


DOCUMENTED, CONVENTION, ADVISED, OBSERVED = Level.DOCUMENTED, Level.CONVENTION, Level.ADVISED, Level.OBSERVED


@dataclass(frozen=True)
class Cite:
    """A source.

    `document` is a pinned document's id or a convention, `where` a JSON pointer or a section, `says` words that
    stand there.
    """

    document: str
    where: str
    says: str

    def __str__(self) -> str:
        return f"{self.document} {self.where}: “{self.says}”"


@dataclass(frozen=True)
class Rule:
    """One promise. `check` yields a line per breach; `applies` tells whether a subject can keep or break it.

    `needs` says in words what a job must come to that no request can force, '' when nothing.
    """

    id: str
    level: Level
    on: type[Any]
    cite: Cite
    probe: str
    sentence: str
    applies: Callable[[Any], bool]
    check: Callable[[Any], Findings]
    needs: str = ""

    @property
    def folder(self) -> str:
        """The folder of `concertpitch.rules` it stands in, which says which surfaces it is for."""
        return self.check.__module__.split(".")[2]


def _always(_: object) -> bool:
    return True


RULES: dict[str, Rule] = {}
"""All rules by id, in the order they are entered: read it from `concertpitch.rules`, which enters them."""


def rule(
    rule_id: str,
    level: Level,
    *,
    on: type[S],
    cite: Cite,
    probe: str,
    when: Callable[[S], bool] = _always,
    needs: str = "",
) -> Callable[[Callable[[S], Findings]], Callable[[S], Findings]]:
    """Enter a check into the catalogue; `probe` names the probe that exercises it every time.

    Where that takes a job that comes to something no request can force, `needs` says to what, for a recipe to do it.
    """

    def enter(check: Callable[[S], Findings]) -> Callable[[S], Findings]:
        if rule_id in RULES:
            raise ValueError(f"two rules are called {rule_id}")
        sentence = (inspect.getdoc(check) or "").partition("\n")[0]
        RULES[rule_id] = Rule(rule_id, level, on, cite, probe, sentence, when, check, needs)
        return check

    return enter
