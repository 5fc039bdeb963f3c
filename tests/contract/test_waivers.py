"""Waivers: what they must say, and that one which no longer says the truth fails the run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from concertpitch.errors import UsageError
from concertpitch.rules import RULES
from concertpitch.verdicts import Kind, Verdict
from concertpitch.waivers import Waiver, load, waive

RULE = "listing/page-size-bound"
TODAY = dt.date(2026, 11, 21)
WHOLE = f"""
[[waiver]]
rule = "{RULE}"
reason = "whole pages until the next release"
link = "https://example.com/12"
owner = "proxy team"
expires = 2026-12-31
"""


def waiver(expires: dt.date = TODAY) -> dict[str, Waiver]:
    return {RULE: Waiver(RULE, "why", "https://example.com/12", "proxy team", expires)}


def test_a_whole_waiver_is_read(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(WHOLE)
    assert load(path, RULES)[RULE].expires == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (WHOLE.replace("reason = ", "because = "), "needs reason"),
        (WHOLE.replace('"whole pages until the next release"', '" "'), "needs reason"),
        (WHOLE.replace("link", "url"), "needs link"),
        (WHOLE.replace('owner = "proxy team"', ""), "needs owner"),
        (WHOLE.replace("2026-12-31", '"soon"'), "needs expires"),
        (WHOLE.replace("2026-12-31", "2026-12-31T00:00:00"), "needs expires"),
        (WHOLE.replace("page-size-bound", "page-size-bond"), "did you mean listing/page-size-bound"),
        (WHOLE + WHOLE, "is the second for"),
        (WHOLE + "note = 1\n", "has note"),
        (WHOLE.replace("[[waiver]]", "[waiver]"), r"\[\[waiver\]\]"),
        ("[[waivers]]\n", r"holds waivers instead"),
        ("rule = ", "is not TOML"),
    ],
)
def test_a_waiver_that_is_not_whole_is_refused(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(content)
    with pytest.raises(UsageError, match=complaint):
        load(path, RULES)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "none.toml", RULES)


@pytest.mark.parametrize(
    ("kind", "expires", "becomes", "complaint"),
    [
        (Kind.BROKEN, TODAY, Kind.WAIVED, ""),
        (Kind.BROKEN, TODAY - dt.timedelta(1), Kind.BROKEN, "expired on 2026-11-20"),
        (Kind.HELD, TODAY, Kind.HELD, "holds; remove its waiver"),
        (Kind.HELD, TODAY - dt.timedelta(1), Kind.HELD, "expired"),
        (Kind.NOT_EXERCISED, TODAY, Kind.NOT_EXERCISED, ""),
    ],
)
def test_a_waiver_waives_what_is_broken_until_its_last_day(
    kind: Kind, expires: dt.date, becomes: Kind, complaint: str
) -> None:
    verdict = Verdict(RULES[RULE], kind)
    complaints = waive([verdict], waiver(expires), TODAY)
    assert verdict.kind is becomes
    assert complaint in "".join(complaints)
    assert bool(complaints) is bool(complaint)


def test_other_rules_are_not_waived() -> None:
    verdict = Verdict(RULES["listing/ends"], Kind.BROKEN)
    assert waive([verdict], waiver(), TODAY) == []
    assert verdict.kind is Kind.BROKEN
