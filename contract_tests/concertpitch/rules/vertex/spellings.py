"""Spellings of a create that only warn: forms which ProtoJSON allows and parsers of other make often do not."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, Findings, rule
from concertpitch.sources import protojson
from concertpitch.subjects.vertex import Creation

_QUOTED = "double-string"
_BAD_REQUEST = 400


def _judged(creation: Creation) -> bool:
    """A create with a double in quotes that was accepted, or refused while the same without was accepted."""
    request, other = creation.request, creation.alike
    if _QUOTED not in request.spelling or request.faults:
        return False
    if creation.accepted:
        return True
    only = other is not None and request.spelling - other.request.spelling == {_QUOTED}
    return only and creation.call.status == _BAD_REQUEST


@rule(
    "create/accepts-double-string",
    ADVISED,
    on=Creation,
    when=_judged,
    cite=protojson(
        "Representation of each type", says="JSON value will be a number or one of the special string values"
    ),
    probe="guide",
)
def accepts_double_string(creation: Creation) -> Findings:
    """Create accepts a double in quotes, as the tuning guide prints it (other parsers may not, so this only warns)."""
    if not creation.accepted:
        yield f"a create with a double in quotes was answered {creation.call.status}, the same without was accepted"
