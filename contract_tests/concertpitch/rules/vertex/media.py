"""How inline data and moments of a video are written, which the examples of a dataset may hold."""

from __future__ import annotations

import base64
import binascii
import re

from concertpitch.catalogue import CONVENTION, Findings, rule
from concertpitch.sources import protojson
from concertpitch.subjects import Bytes, Duration

_DURATION = re.compile(r"-?\d+(?:\.\d{1,9})?s", re.ASCII)
_STANDARD = str.maketrans("-_", "+/")


def _decodes(shown: str) -> bool:
    """Whether it is base64 in either alphabet, padded or not."""
    bare = shown.rstrip("=").translate(_STANDARD)
    try:
        base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return False
    return True


@rule(
    "wire/bytes-is-base64",
    CONVENTION,
    on=Bytes,
    cite=protojson(
        "Representation of each type", says="JSON value will be the data encoded as a string using standard base64"
    ),
    needs="a job whose dataset has examples with inline data",
    probe="cohort",
)
def bytes_is_base64(value: Bytes) -> Findings:
    """Bytes are a string in base64."""
    if not (isinstance(value.value, str) and _decodes(value.value)):
        yield f"{value.at} is {value.shown}, not a string in base64"


@rule(
    "wire/duration-is-seconds",
    CONVENTION,
    on=Duration,
    cite=protojson(
        "Well-Known Types",
        says='nanoseconds precision and the suffix "s" is required. This is <b>not</b> RFC 3339',
    ),
    needs="a job whose dataset has examples with moments of a video",
    probe="cohort",
)
def duration_is_seconds(value: Duration) -> Findings:
    """A duration is a string of seconds with at most nine digits after the point, and an `s`."""
    if not (isinstance(value.value, str) and _DURATION.fullmatch(value.value)):
        yield f"{value.at} is {value.shown}, not a number of seconds with the suffix s"
