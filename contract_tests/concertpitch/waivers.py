"""Breaches that somebody has looked at and accepts for a while: a TOML file of `[[waiver]]` tables.

    [[waiver]]
    rule = "listing/page-size-bound"
    reason = "The proxy returns whole pages until its next release."
    link = "https://example.com/issues/12"
    owner = "proxy team"
    expires = 2027-01-31

Rule 1: a waived rule is executed like any other; a waiver that passes, or has expired, fails the run.
Rule 2: every waiver has all five members; a waiver without a reason is worse than none.
"""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concertpitch.errors import UsageError
from concertpitch.verdicts import Kind, Verdict

_TEXTS = ("rule", "reason", "link", "owner")


@dataclass(frozen=True)
class Waiver:
    """One accepted breach; `expires` is the last day it counts."""

    rule: str
    reason: str
    link: str
    owner: str
    expires: dt.date


def load(path: Path, rules: Iterable[str]) -> dict[str, Waiver]:
    """Read waivers by rule. Raises UsageError for a file that cannot be read, and for a waiver that is not whole."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}") from error
    tables = raw.pop("waiver", [])
    if raw or not isinstance(tables, list):
        raise UsageError(f"{path} holds {', '.join(raw) or 'waiver'} instead of [[waiver]] tables")
    known = frozenset(rules)
    found: dict[str, Waiver] = {}
    for number, table in enumerate(tables, 1):
        waiver = _waiver(table, f"{path}: waiver {number}", known)
        if waiver.rule in found:
            raise UsageError(f"{path}: waiver {number} is the second for {waiver.rule}; keep one")
        found[waiver.rule] = waiver
    return found


def _waiver(table: Any, where: str, known: frozenset[str]) -> Waiver:
    values: Mapping[str, Any] = table if isinstance(table, dict) else {}
    texts = {name: value for name in _TEXTS if isinstance(value := values.get(name), str) and value.strip()}
    missing = [name for name in _TEXTS if name not in texts]
    expires = values.get("expires")
    if isinstance(expires, dt.datetime) or not isinstance(expires, dt.date):
        missing.append("expires (a date such as 2027-01-31)")
        expires = dt.date.min
    if missing:
        raise UsageError(f"{where} needs {', '.join(missing)}")
    unknown = sorted(values.keys() - {*_TEXTS, "expires"})
    if unknown:
        raise UsageError(f"{where} has {', '.join(unknown)}, which a waiver does not have")
    if texts["rule"] not in known:
        near = difflib.get_close_matches(texts["rule"], known, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]}?" if near else "; `concertpitch rules` lists them"
        raise UsageError(f"{where} is for {texts['rule']}, which is no rule{hint}")
    return Waiver(**texts, expires=expires)


def waive(verdicts: Iterable[Verdict], waivers: Mapping[str, Waiver], today: dt.date) -> list[str]:
    """Turn broken rules with a waiver into WAIVED; one line for each waiver that passes or has expired."""
    complaints = []
    for verdict in verdicts:
        waiver = waivers.get(verdict.rule.id)
        if waiver is None:
            continue
        if waiver.expires < today:
            complaints.append(f"the waiver of {waiver.rule} expired on {waiver.expires} (ask {waiver.owner})")
        elif verdict.kind is Kind.BROKEN:
            verdict.kind = Kind.WAIVED
            verdict.reason = f"{waiver.reason} ({waiver.link}, {waiver.owner}, until {waiver.expires})"
        elif verdict.kind is Kind.HELD:
            complaints.append(f"{waiver.rule} is waived but holds; remove its waiver ({waiver.link})")
    return complaints
