"""Calls -> tuned models that were made under the id of a deleted one, and who may see them from the start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from concertpitch.reading.gemini.models import DELETE
from concertpitch.reading.gemini.permissions import writes_on
from concertpitch.subjects import Call
from concertpitch.subjects.gemini import Heir, Permission, Roster, Tuning


def heirs_of(
    calls: list[Call], tunings: Iterable[Tuning], rosters: Sequence[Roster], permissions: Sequence[Permission]
) -> Iterator[Heir]:
    """The first roster of each such model, if nothing was granted on it before."""
    deletes = [call for call in calls if call.method == DELETE and call.succeeded]
    writes = writes_on(calls)
    for tuning in tunings:
        name, created = f"tunedModels/{tuning.model_id}", tuning.call.exchange
        ended = [one for one in deletes if one.resource == name and one.exchange.before(created)]
        roster = next((one for one in rosters if one.parent == name and created.before(one.exchanges[0])), None)
        if not (tuning.accepted and tuning.asked_id == tuning.model_id and ended and roster):
            continue
        until = roster.exchanges[-1].answered
        if any(one.exchange.answered > created.sent and one.exchange.sent < until for one in writes[name]):
            continue
        granted = {
            (one.grantee_type, one.email)
            for one in permissions
            if one.parent == name and one.source == "create" and one.exchange.before(ended[-1].exchange)
        }
        if granted:
            kept = (one for one in roster.permissions if (one.grantee_type, one.email) in granted)
            yield Heir(ended[-1], tuning, roster, tuple(kept))
