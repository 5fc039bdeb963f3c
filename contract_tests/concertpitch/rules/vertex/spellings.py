"""Spellings of a create that only warn: forms which ProtoJSON allows and parsers of other make often do not."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, Findings, rule
from concertpitch.sources import advice, protojson
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


_TYPED = frozenset({400, 415})


def _charset(creation: Creation) -> bool:
    """Whether the request says in which character set its JSON is, and nothing else is special about it."""
    said = (creation.call.exchange.sent_header("content-type") or "").lower()
    return said.startswith("application/json") and "charset=utf-8" in said and not creation.request.faults


@rule(
    "create/accepts-charset",
    ADVISED,
    on=Creation,
    when=lambda creation: (
        _charset(creation) and (creation.accepted or (creation.akin is not None and creation.call.status in _TYPED))
    ),
    cite=advice("Client libraries send `Content-Type: application/json; charset=utf-8`."),
    probe="limits",
)
def accepts_charset(creation: Creation) -> Findings:
    """Create accepts a media type with `charset=utf-8`, as client libraries send it."""
    if not creation.accepted:
        yield f"a create with a charset in its Content-Type was answered {creation.call.status}"
