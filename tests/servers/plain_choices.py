"""What a correct server may do otherwise: one row per choice, with the clause that leaves it free.

Owns the names of the choices and how a seed draws some of them; knows nothing of what a choice does.
"""

from __future__ import annotations

import random

# Of each group a seed takes at most one; the clause is an id of the conventions, a document's sentence or a record.
GROUPS: dict[str, dict[str, str]] = {
    "names": {
        "names-with-project-id": "conflict/project-form: id or number, constant per resource",
    },
    "ids": {
        "ids-uuid": "name: `tuningJobs/{tuning_job}`, no form of the id is documented",
        "ids-sequential": "as above: 1, 2, 3",
        "ids-19-digits": "as seen in every record",
    },
    "digits": {
        "digits-0": "protojson/timestamp-out",
        "digits-3": "protojson/timestamp-out",
        "digits-9": "protojson/timestamp-out",
        "digits-mixed": "protojson/timestamp-out; mixed in one body in the Gemini records",
    },
    "order": {
        "list-oldest-first": "free/list-order",
        "list-shuffled": "free/list-order (a stable order that means nothing)",
    },
    "pages": {
        "pages-short": "free/full-pages",
        "pages-empty": "free/full-pages: an empty page with a token",
        "pages-at-most-5": "aip-158/page-size-coerced",
    },
    "end": {"token-empty-at-end": "free/absent-or-default"},
    "empty": {"list-empty-array": "free/absent-or-default"},
    "life": {
        "life-skips": "free/active-state-seen: QUEUED, then SUCCEEDED",
        "life-running-at-once": "no document demands PENDING",
        "life-paused": "PAUSED 'can be resumed', QUEUED 'created or resumed'",
        "life-updating": "UPDATING 'goes back to the RUNNING state'",
        "life-instant": "free/active-state-seen: the create answer is SUCCEEDED",
        "life-failing": "every job ends FAILED; nothing promises success",
        "life-expiring": "EXPIRED is an ended state",
        "life-partial": "PARTIALLY_SUCCEEDED, for which no endTime is documented",
        "life-new-state": "free/new-states",
    },
    "members": {
        "members-few": "free/output-only-empty: no experiment, no stats, no times but createTime",
        "members-few-no-display-name": "records show a made name, no document of the API demands it",
        "members-extra": "free/new-members, free/extra-details",
        "members-defaults": "free/absent-or-default: empty strings, lists and false",
    },
    "details": {"details-present": "aip-193/error-info, conflict/error-info"},
    "violations": {
        "violations-snake-case": "conflict/violation-path",
        "violations-camel-case": "conflict/violation-path",
    },
    "cancel": {
        "cancel-direct": "free/active-state-seen: no CANCELLING",
        "cancel-loses": "free/cancel-succeeds: the job ends as if nothing had been asked",
        "cancel-late": "CANCELLING 'may only go to SUCCEEDED, FAILED or CANCELLED'",
        "cancel-fails-job": "CANCELLING to FAILED",
        "cancel-loses-half": "free/cancel-succeeds, every second time",
        "cancel-slow": "asynchronous: 2 s in CANCELLING",
    },
    "ended": {"cancel-of-ended-is-no-op": "conflict/cancel-of-terminal"},
    "unknown-fields": {"unknown-fields-ignored": "free/unknown-key-refused"},
    "duplicates": {"duplicate-keys-refused": "free/duplicate-keys"},
    "labels": {"labels-added": "'user-defined metadata' beside the service's own"},
    "hyper": {
        "hyper-at-create": "conflict/owner-of-hyperparameters",
        "hyper-never": "conflict/owner-of-hyperparameters",
    },
    "null": {"null-refused": "conflict/null-members: a warning at most"},
    "models": {
        "models-checked": "an unknown base model is 400",
        "models-checked-404": "an unknown base model is 404 (real-behaviour, do not pin 400 or 404)",
    },
    "adapters": {"adapters-few": "'The adapter size is not supported for this base model.' 400"},
    "pre-tuned": {"pre-tuned-refused": "no document says that every model can be tuned again"},
    "preference": {"preference-refused": "unsupported: 400"},
    "kms": {"kms-refused": "400: no such key", "kms-denied": "403: no permission on the key"},
    "sources": {"datasets-checked": "an unreachable dataset is refused at once"},
    "defaults": {"defaults-dropped": "protojson/default-omitted: false, 0, empty strings and maps are not echoed"},
    "values": {"values-checked": "epochCount below 1 or above 100, a multiplier of 0 or below: 400"},
    "more-limits": {"texts-limited": "a description of 2000 characters or 65 labels: 400, other documents' limits"},
    "base-names": {"base-name-short": "records: the base model comes back without publishers/..."},
    "new-members": {"model-while-running": "no document says when tunedModel appears"},
    "half-model": {"model-without-endpoint": "records: a job with a model and no endpoint"},
    "more-stats": {"stats-whole": "every member of the statistics, dropped examples too"},
    "after": {"updated-after-end": "no document ends updates with endTime"},
    "start": {"start-before-state": "records: startTime 37 ms after createTime, while PENDING is shown"},
    "tokens-2": {"tokens-random": "aip-158/opaque-url-safe: another token each time, 600 characters"},
    "default-page": {"default-page-of-2": "free/default-page-size"},
    "id-check": {"ids-checked": "an id that no job can have is 400 (free/one-of-several-codes)"},
    "projects": {"projects-known": "aip-193/permission-before-existence: other projects are 403"},
    "query": {"unknown-query-refused": "real front end: Unknown name: Cannot bind query parameter"},
    "enum-encoding": {"enum-numbers-on-request": "$alt=json;enum-encoding=int"},
    "slow-create": {"create-takes-a-second": "no document bounds a create"},
    "no-cancel": {"cancel-501": "an unsupported method is UNIMPLEMENTED"},
    "empty-body": {"empty-body-accepted": "no property of TuningJob is REQUIRED; such a job ends FAILED"},
    "rebase": {
        "rebase-501": "unsupported method",
        "rebase-404": "free/unknown-path",
        "rebase-405": "free/wrong-method",
        "rebase-done-at-once": "free/lro-already-done",
        "rebase-bare": "free/lro-metadata, free/lro-result: done, without metadata and result",
        "rebase-fails": "aip-151/run-error-in-operation",
    },
    "operations": {
        "operations-get-only": "operations.proto: unsupported is UNIMPLEMENTED",
        "operations-absent": "a small target: what it started can be read as the job",
    },
    "update": {"update-time-stands": "free/update-time-advance"},
    "transport": {
        "http-1.0": "HTTP/1.0 closes after each answer",
        "chunked": "HTTP/1.1 transfer coding",
        "gzip": "HTTP content coding, where accepted",
    },
    "headers": {
        "headers-lower-case": "HTTP header names have no case",
        "no-date": "RFC 9110: a server without a clock",
    },
    "media": {"media-with-charset": "application/json; charset=UTF-8", "media-bare": "application/json"},
    "print": {
        "print-compact": "free/whitespace",
        "print-raw-utf8": "JSON is UTF-8",
        "print-shuffled": "free/key-order",
    },
    "unrouted": {"unrouted-html": "free/unknown-path", "unrouted-501": "free/unknown-path"},
    "methods": {"methods-405": "free/wrong-method", "methods-501": "free/wrong-method"},
    "hidden": {"unknown-403": "free/hidden-404-or-403"},
    "filter": {"filter-refused": "free/filter-support", "filter-501": "free/filter-support"},
    "foreign": {"foreign-jobs": "other people's jobs are there already"},
    "locations": {"locations-few": "aip-193/missing-404: an unknown location has no collection"},
    "versions": {"v1-only": "nothing asks a server for both versions"},
    "skew": {"clock-ahead": "nothing synchronises the clocks", "clock-behind": "nothing synchronises the clocks"},
}

# Choices that change what a run can learn; a seed never draws them.
ALONE: dict[str, str] = {
    "tokens-once": "free/token-forever: a token dies with its first use; whether at once is reasonable is open",
    "never-ending": "no document bounds the life of a job",
    "slow": "50 to 300 ms per request",
    "quota": "rpc-code/denied-not-quota: 429 after 12 creates",
    "quota-0": "as above: not one create",
    "read-only": "a server of get and list: the rest is 501",
    "read-only-empty": "as above, with no job",
    "denied-writes": "403 PERMISSION_DENIED for everything but reading",
    "foreign-writer": "somebody else creates a job every 150 ms",
    "auth": "bearer token demanded, 401 without",
    "auth-403": "a wrong token is 403, a missing one 401",
    "list-by-update-time": "free/list-order, free/page-snapshot: jobs move between the pages of a walk",
    "single-thread": "one request at a time",
    "keep-alive-short": "idle connections are closed after 0.3 s",
    "body-limit": "bodies above 100 kB are 413 with HTML, of the HTTP layer",
    "media-checked": "POST without application/json is 415 of the HTTP layer",
    "flaky": "one answer in twenty is 503 UNAVAILABLE with Retry-After",
    "resets": "one connection in twenty is closed without an answer",
    "one-location": "creates only in us-central1",
    "location-refused-400": "free/one-of-several-codes: nothing but us-central1, for any method",
    "cancel-waiting-refused": "aip-216/transition-refused: a job that waits cannot be cancelled",
    "list-brief": "aip-132/full-items: lists show name, state and createTime, get all",
}

CHOICES: dict[str, str] = {name: why for group in GROUPS.values() for name, why in group.items()} | ALONE


def drawn(seed: int) -> frozenset[str]:
    """The choices of a seed: each group is left at its default two times in three."""
    source = random.Random(seed)
    return frozenset(source.choice(sorted(group)) for _, group in sorted(GROUPS.items()) if source.random() < 1 / 3)
