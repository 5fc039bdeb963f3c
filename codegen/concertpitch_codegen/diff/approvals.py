"""Changes that someone has looked at and accepted: `approvals.toml`.

Owns the file's form. An approval names a fingerprint, says why, and ends; one that ended approves nothing.
Must not know how changes are found.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.problems import CodegenError

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.diff.change import Change


@dataclass(frozen=True, slots=True)
class Approval:
    """One accepted change."""

    fingerprint: str
    reason: str
    until: dt.date


def load_approvals(path: Path) -> dict[str, Approval]:
    """Read approvals by fingerprint. Raises `CodegenError` for one without fingerprint, reason or end."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CodegenError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CodegenError(f"{path} is not TOML: {error}") from None
    listed = raw.get("approved", [])
    if not isinstance(listed, list):
        raise CodegenError(f"{path}: approved is not a list of tables, write [[approved]]")
    approvals = [_approval(path, number, each) for number, each in enumerate(listed, 1)]
    return {each.fingerprint: each for each in approvals}


def _approval(path: Path, number: int, table: Any) -> Approval:
    values = table if isinstance(table, dict) else {}
    fingerprint, reason, until = (values.get(key) for key in ("fingerprint", "reason", "until"))
    if not isinstance(fingerprint, str) or not isinstance(reason, str) or not reason.strip():
        raise CodegenError(f"{path}: approval {number} needs a fingerprint and a reason, both texts")
    if not isinstance(until, dt.date):
        raise CodegenError(f"{path}: approval {number} needs until, a date such as 2027-01-31")
    return Approval(fingerprint, reason, until)


def approved(change: Change, approvals: dict[str, Approval], today: dt.date) -> bool:
    """Say whether a change is accepted today."""
    approval = approvals.get(change.fingerprint)
    return approval is not None and approval.until >= today
