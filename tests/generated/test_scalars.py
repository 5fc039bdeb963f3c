"""ProtoJSON scalars: what their text means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from concertpitch_models.runtime.scalars import Base64, Duration, FieldMask, Timestamp


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01.000000001Z", 1_000_000_001),
        ("1969-12-31T23:59:59.5Z", -500_000_000),
        ("1970-01-01T01:00:00.25+01:00", 250_000_000),
        ("9999-12-31T23:59:59.999999999Z", 253402300799_999999999),
    ],
)
def test_timestamps_count_nanoseconds(text: str, nanoseconds: int) -> None:
    assert Timestamp(text).nanoseconds() == nanoseconds


def test_timestamps_from_and_to_datetime() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=timezone(timedelta(hours=2)))
    assert Timestamp.of(moment) == "2026-01-02T01:04:05.678900Z"
    assert Timestamp.of(moment).to_datetime() == moment
    assert Timestamp("2026-01-02T01:04:05.123456789Z").to_datetime().microsecond == 123456
    with pytest.raises(ValueError, match="has no time zone"):
        Timestamp.of(moment.replace(tzinfo=None))
    with pytest.raises(ValueError, match="is not an RFC 3339 timestamp"):
        Timestamp("yesterday").to_datetime()


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=3, milliseconds=500), "3.5s"),
        (timedelta(0), "0s"),
        (timedelta(seconds=-1, microseconds=-1), "-1.000001s"),
        (timedelta(days=1), "86400s"),
    ],
)
def test_durations_from_and_to_timedelta(span: timedelta, text: str) -> None:
    assert Duration.of(span) == text
    assert Duration(text).to_timedelta() == span


def test_durations_keep_nanoseconds() -> None:
    assert Duration("-0.000000001s").nanoseconds() == -1
    with pytest.raises(ValueError, match="is not a duration in seconds"):
        Duration("3 minutes").nanoseconds()


def test_field_masks() -> None:
    assert FieldMask.of(["displayName", "labels.x"]) == "displayName,labels.x"
    assert FieldMask("displayName,labels.x").paths() == ("displayName", "labels.x")
    assert FieldMask("").paths() == ()


def test_base64() -> None:
    assert Base64.of(b"\xfb\xff") == "+/8="
    with pytest.raises(ValueError, match=r"."):
        Base64("§").to_bytes()


def test_a_moment_is_written_in_utc() -> None:
    assert Timestamp.of(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00Z"
