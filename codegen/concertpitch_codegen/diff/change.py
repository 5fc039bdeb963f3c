"""One change between two revisions.

Owns its fingerprint, which stays the same from run to run and from machine to machine. Must not know how
changes are found or printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from concertpitch_codegen.diff.rules import RULES, Severity
from concertpitch_codegen.jsontext import sha256

if TYPE_CHECKING:
    from concertpitch_codegen.document import Origin


@dataclass(frozen=True, slots=True)
class Change:
    """What changed, where. `direction` is `request`, `response`, `both` or `unused`; see `Reach.label`.

    What no method mentions can only be read: it comes inside an Operation, as its response or metadata.
    """

    rule: str
    subject: str
    direction: str
    origin: Origin
    old: str = ""
    new: str = ""

    @property
    def severity(self) -> Severity:
        rule = RULES[self.rule]
        match self.direction:
            case "response" | "unused":
                return rule.in_response
            case "both":
                return max(rule.in_request, rule.in_response)
        return rule.in_request

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits of what changed, whatever the revisions and the direction."""
        return sha256(f"{self.rule}\n{self.subject}\n{self.old}\n{self.new}".encode())[:12]

    def __str__(self) -> str:
        values = f": {self.old} -> {self.new}" if self.old and self.new else f": {self.old or self.new}"
        return f"{self.subject} {self.rule}{values if self.old or self.new else ''}"
