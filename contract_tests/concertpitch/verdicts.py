"""Subjects and rules -> verdicts. The only judge; it sends nothing and prints nothing.

Rule 1: a verdict is folded from findings alone; a rule that met nothing is NOT_EXERCISED, never HELD.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from concertpitch.catalogue import Rule
from concertpitch.exchange import Exchange

MAX_FINDINGS = 20
"""Findings kept per rule; the rest are counted."""


class Kind(StrEnum):
    HELD = "HELD"
    BROKEN = "BROKEN"
    NOT_EXERCISED = "NOT_EXERCISED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    WAIVED = "WAIVED"
    """Broken, and somebody has said in a waivers file why that is accepted, and until when."""


@dataclass(frozen=True)
class Finding:
    """One breach: a line for people, and the exchanges that prove it."""

    message: str
    exchanges: tuple[Exchange, ...]


@dataclass
class Verdict:
    """What became of one rule: `subjects` it was held against, and what it found (`broken` counts all)."""

    rule: Rule
    kind: Kind
    subjects: int = 0
    broken: int = 0
    findings: list[Finding] = field(default_factory=list)
    reason: str = ""
    """Why it is NOT_EXERCISED or NOT_APPLICABLE, or the waiver's reason."""

    @property
    def fails(self) -> bool:
        """Whether this verdict alone makes a run fail."""
        return self.kind is Kind.BROKEN and self.rule.level.fails

    @property
    def warns(self) -> bool:
        return self.kind is Kind.BROKEN and not self.rule.level.fails


def judge(rules: Mapping[str, Rule], subjects: Iterable[object], missing: Mapping[str, str]) -> list[Verdict]:
    """Hold every subject against the rules on its type and on what its type is derived from.

    `missing` maps a probe to the reason why the target cannot be asked that way (a method it does not serve);
    rules that this probe exercises are then NOT_APPLICABLE instead of NOT_EXERCISED.
    """
    by_type: dict[type, list[Verdict]] = defaultdict(list)
    verdicts = []
    for entry in rules.values():
        verdict = Verdict(entry, Kind.HELD)
        by_type[entry.on].append(verdict)
        verdicts.append(verdict)
    held: dict[type, list[Verdict]] = {}
    for subject in subjects:
        kind = type(subject)
        if kind not in held:
            held[kind] = [verdict for parent in kind.__mro__ for verdict in by_type.get(parent, ())]
        for verdict in held[kind]:
            if verdict.rule.applies(subject):
                verdict.subjects += 1
                for message in verdict.rule.check(subject):
                    _note(verdict, message, subject)
    for verdict in verdicts:
        if verdict.broken:
            verdict.kind = Kind.BROKEN
        elif not verdict.subjects:
            reason = missing.get(verdict.rule.probe, "")
            verdict.kind = Kind.NOT_APPLICABLE if reason else Kind.NOT_EXERCISED
            verdict.reason = reason or _unmet(verdict.rule)
    return verdicts


def _unmet(rule: Rule) -> str:
    hint = f"; it takes {rule.needs}, which a recipe can bring about (docs/targets.md)" if rule.needs else ""
    return f"nothing that the probe '{rule.probe}' met lets this rule be judged{hint}"


def _note(verdict: Verdict, message: str, subject: object) -> None:
    verdict.broken += 1
    if len(verdict.findings) < MAX_FINDINGS and all(message != found.message for found in verdict.findings):
        exchanges: tuple[Exchange, ...] = getattr(subject, "exchanges", ())
        verdict.findings.append(Finding(message, exchanges))
