"""Changes as text, Markdown, JSON, or annotations of a GitHub workflow.

Owns the four forms. Must not know how changes are found or judged.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_codegen.diff.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from concertpitch_codegen.diff.change import Change

_SHOWN = 120  # characters of a value
_HEADS = {
    Severity.SOURCE: "Breaks source: code that uses it must change",
    Severity.WIRE: "Breaks the wire: requests or answers are no longer understood",
    Severity.SEMANTIC: "Breaks meaning: the same request does something else",
    Severity.COMPATIBLE: "Compatible",
    Severity.TEXT: "Text only",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is reported.

    The two revisions, all changes worst first, the fingerprints that are approved, and those whose approval has
    ended, each with the day of its end.
    """

    old: str
    new: str
    changes: list[Change]
    approved: frozenset[str]
    ended: Mapping[str, str]

    def standing(self, change: Change) -> str:
        """Say what became of a change's approval, nothing where it never had one."""
        if change.fingerprint in self.approved:
            return "approved"
        end = self.ended.get(change.fingerprint)
        return f"approval ended {end}" if end else ""

    def counts(self) -> dict[str, int]:
        """Count changes by severity, every severity listed, approved ones too."""
        found = Counter(each.severity for each in self.changes)
        return {each.label: found[each] for each in sorted(Severity, reverse=True)}


def as_text(comparison: Comparison) -> str:
    """One line a change, grouped; texts are only counted."""
    return "\n".join(_text(comparison)) + "\n"


def _text(comparison: Comparison) -> Iterator[str]:
    yield f"{comparison.old} -> {comparison.new}: {_summary(comparison)}"
    for severity, changes in _grouped(comparison):
        yield f"\n{_HEADS[severity]} ({len(changes)})"
        if severity is not Severity.TEXT:
            for each in changes:
                line = f"  {each.fingerprint}  {_short(str(each))}  [{each.direction}]  {comparison.standing(each)}"
                yield line.rstrip()


def as_markdown(comparison: Comparison) -> str:
    """Tables ready for a pull request; compatible changes fold away."""
    return "\n".join(_markdown(comparison)) + "\n"


def _markdown(comparison: Comparison) -> Iterator[str]:
    yield f"## {comparison.old} → {comparison.new}\n\n{_summary(comparison)}"
    for severity, changes in _grouped(comparison):
        head = f"{_HEADS[severity]} ({len(changes)})"
        if severity is Severity.TEXT:
            yield f"\n{head}"
            continue
        yield f"\n### {head}\n" if severity.breaks else f"\n<details><summary>{head}</summary>\n"
        yield "| change | what | where | fingerprint |\n| --- | --- | --- | --- |"
        for each in changes:
            standing = comparison.standing(each)
            cells = (
                each.rule,
                f"`{each.subject}` {_values(each)}",
                each.direction,
                f"{each.fingerprint} ({standing})" if standing else each.fingerprint,
            )
            yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
        if not severity.breaks:
            yield "\n</details>"


def as_json(comparison: Comparison) -> str:
    """Everything, for machines."""
    changes = [
        {
            "rule": each.rule,
            "severity": each.severity.label,
            "subject": each.subject,
            "direction": each.direction,
            "old": each.old,
            "new": each.new,
            "fingerprint": each.fingerprint,
            "approved": each.fingerprint in comparison.approved,
            "approval_ended": comparison.ended.get(each.fingerprint),
            "document": each.origin.document,
            "pointer": each.origin.pointer,
        }
        for each in comparison.changes
    ]
    report = {
        "old": comparison.old,
        "new": comparison.new,
        "summary": comparison.counts(),
        "changes": changes,
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def as_github(comparison: Comparison) -> str:
    """Workflow commands: an error for each break, a notice for the rest in one."""
    lines = [
        f"::{'notice' if each.fingerprint in comparison.approved else 'error'} "
        f"title={_escaped(each.rule, ',:')}::{_escaped(_short(str(each)))} ({each.fingerprint})"
        for each in comparison.changes
        if each.severity.breaks
    ]
    return "\n".join([*lines, f"::notice title=API changes::{_escaped(_summary(comparison))}"]) + "\n"


def _grouped(comparison: Comparison) -> Iterator[tuple[Severity, list[Change]]]:
    for severity in sorted(Severity, reverse=True):
        if changes := [each for each in comparison.changes if each.severity is severity]:
            yield severity, changes


def _summary(comparison: Comparison) -> str:
    if not comparison.changes:
        return "no changes"
    counted = ", ".join(f"{count} {label}" for label, count in comparison.counts().items() if count)
    accepted = sum(each.fingerprint in comparison.approved for each in comparison.changes)
    return f"{counted}{f' ({accepted} approved)' if accepted else ''}"


def _values(change: Change) -> str:
    return _short(f"{change.old} → {change.new}" if change.old and change.new else change.old or change.new)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _escaped(text: str, more: str = "") -> str:
    """Escape as GitHub's workflow commands ask."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for char in more:
        escaped = escaped.replace(char, f"%{ord(char):02X}")
    return escaped


FORMATS: dict[str, Callable[[Comparison], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
    "github": as_github,
}
