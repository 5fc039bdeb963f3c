"""What recorded answers of the real service show and no document says.

Owns the facts that have no rule. Those that have one are quoted by their rules, of level OBSERVED.
"""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.catalogue import Rule
from concertpitch.ledger.entries import Entry, Standing

RECORDS = "real records"
_ONE_SERVICE = "A habit of one service that no document promises; an implementation may do otherwise."
_FREE = "Both forms are legal by the documents; what a job shows once may not change, which is judged."

_UNRULED = (
    ("name, 6 of 6", "the project's number and an id of 19 digits, whatever the caller wrote", _FREE),
    ("baseModel, 6 of 6", "the short id, without publishers/google/models/", _FREE),
    ("experiment, 3 of 3", "20 digits that are a time in US Pacific and six more", _ONE_SERVICE),
    ("times, 18 of 18", "six digits of a second", "ProtoJSON allows 0, 3, 6 or 9, and those are judged."),
    ("createTime, 3 of 3 pending jobs", "createTime == updateTime", "A server may touch a job that waits."),
    ("hyperParameters, 1 job seen twice", "filled in while the job runs", "It frees servers, and binds none."),
    ("hyperParameters, 1 job", "an empty object that was sent is kept, or left out", "Empty and absent are the same."),
    ("distributions, 9 of 9", "no billableSum", "Documented, so it may be shown."),
    ("distributions, 9 of 9", "empty buckets are left out", _ONE_SERVICE),
    ("messages per example, 3 of 3", "sum == 2 x examples", "So it is for data of one turn only."),
    ("userDatasetExamples, 2 of 2", "a flat list user, model, user, model; texts cut to 400 characters", _ONE_SERVICE),
    ("supervisedTuningDataStats, 3 of 3", "neither tuningStepCount nor character counts", "Documented: may be shown."),
    ("tunedModel, 1 failed job", "a model without an endpoint", "It frees servers, and binds none."),
    ("errors, 16 of 16", "no ErrorInfo, mostly no details", "It frees servers, and binds none."),
    ("refused fields, 1", "fieldViolations with snake_case paths below tuning_job", "AIP-193 and records differ."),
    ("adapter size, 1", "400, and 404 for the same request months before", "It frees servers, and binds none."),
)


def entries(rules: dict[str, Rule]) -> Iterator[Entry]:
    """The facts that rules quote, then those without a rule."""
    for rule in rules.values():
        if rule.cite.document == RECORDS:
            yield Entry(RECORDS, rule.cite.where, rule.cite.says, Standing.RULED, (rule.id,))
    for where, says, why in _UNRULED:
        yield Entry(RECORDS, where, says, Standing.SILENT, why=why)
