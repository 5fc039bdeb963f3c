"""The lies of the plain server: one row per fault, with the clause it breaks.

A fault is either a spoiler here (it changes an honest answer) or a flag that other modules look at (FLAGS).
Owns the names of all faults; knows nothing of how honest answers come about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

View = dict[str, Any]
ENDS = ("SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED", "PARTIALLY_SUCCEEDED")

FLAGS: dict[str, str] = {
    # input
    "snake-case-refused": "protojson/accept-both-names",
    "output-only-input-refused": "aip-203/output-only-input",
    "missing-dataset-accepted": "trainingDatasetUri 'Required.', aip-203/required-error",
    "empty-dataset-accepted": "aip-203/required-falsy",
    "missing-kms-key-accepted": "kmsKeyName 'Required.', aip-203/nested-independent",
    "enum-numbers-refused": "protojson/enum-int-in",
    "enum-numbers-by-position": "enum numbers: TWO=6, FOUR=2 (upstream-facts 4); aip-129/user-value-unchanged",
    "bad-enum-is-500": "a client's mistake is INVALID_ARGUMENT, not INTERNAL",
    "bad-enum-accepted": "protojson: an unknown enum name cannot be read",
    "int64-number-refused": "protojson/int64-string: either numbers or strings",
    "int64-string-refused": "protojson/int64-string",
    "bad-int64-accepted": "protojson/range: 'abc' is no integer",
    "fractions-truncated": "protojson/range: 1.5 fails for an integer",
    "int64-through-double": "aip-129/user-value-unchanged: 2^53 + 1 as a string comes back otherwise",
    "bool-strings-accepted": "protojson: a bool is true or false",
    "numbers-as-strings-accepted": "protojson: a string is a string (baseModel: 7)",
    "long-display-name-accepted": "'up to 128 characters long'",
    "lengths-in-utf16": "aip-210/code-points",
    "lengths-in-bytes": "aip-210/code-points",
    "long-labels-accepted": "'no longer than 64 characters'",
    "international-labels-refused": "'International characters are allowed.'",
    "label-characters-unchecked": "'can only contain lowercase letters, numeric characters, underscores and dashes'",
    "two-sources-accepted": "oneof source_model",
    "two-specs-accepted": "oneof tuning_spec",
    "wrapped-body-accepted": "aip-133/body-is-resource",
    "name-from-input": "aip-133/name-ignored, aip-203/identifier",
    "state-from-input": "state 'Output only.', aip-203/output-only-input",
    "create-time-from-input": "createTime 'Output only.', aip-203/output-only-input",
    "malformed-json-is-500": "aip-193; INTERNAL is no answer to a client's mistake",
    "malformed-json-accepted": "RFC 8259: no JSON, no message",
    "array-body-is-500": "as above",
    "exponents-refused": 'protojson/exponent: "1e1" is an integer',
    "integral-floats-refused": "protojson/range: 1.0 is fine",
    "emoji-is-500": "'can consist of any UTF-8 characters'",
    "deep-json-is-500": "INTERNAL for a client's mistake",
    "display-name-unique": "aip-140/display-name-not-unique (SHOULD NOT)",
    "create-is-idempotent": "'Creates a tuning job': two creates are two jobs",
    "get-ignores-project": "a name holds its project: GET under another project is 404 or 403",
    "get-ignores-location": "a name holds its location",
    "get-is-500-while-cancelling": "INTERNAL for an honest request",
    "cancel-hits-the-newest": "cancel names one job",
    "page-size-zero-refused": "aip-158/page-size-zero",
    "page-size-demanded": "aip-158/page-size-optional",
    "page-size-must-not-change": "aip-158/page-size-may-change",
    "list-is-500-when-long": "INTERNAL for an honest request, above 25 jobs",
    "one-cursor": "aip-121/stateless: two interleaved walks disturb each other",
    "extra-segments-routed": "http/star-one-segment: tuningJobs/ID/anything is the job",
    # names and lives
    "get-refuses-own-ids": "aip-121/read-after-create: 400 for every job there is",
    "ids-collide": "aip-122/unique-names",
    "ids-race": "aip-122/unique-names, only when creates overlap",
    "visible-late": "aip-121/read-after-create: 404 for 400 ms",
    "gone-when-ended": "no method deletes a job; aip-121/read-after-create",
    "hidden-in-other-locations": "aip-121/read-after-create: only outside us-central1",
    "cancelling-for-ever": "aip-216/active-resolves",
    "cancelling-back-to-running": "CANCELLING 'may only go to'",
    "cancelling-to-paused": "CANCELLING 'may only go to'",
    "cancelling-to-expired": "CANCELLING 'may only go to'",
    "cancelled-then-succeeded": "aip-216/resting",
    "cancelled-then-queued-again": "aip-216/resting, every second job",
    # cancel
    "cancel-deletes": "'the tuning job is not deleted'",
    "cancel-turns-ended-into-cancelled": "conflict/cancel-of-terminal: the state must not move",
    "cancel-restamps-ended": "endTime: entered the ended state, not the cancel after it",
    "cancel-hits-the-neighbour": "cancel names one job",
    "cancel-of-unknown-is-200": "aip-193/missing-404",
    "cancel-demands-body": "clients post no body; protojson: an empty message",
    "cancel-answers-job": "cancel returns google.protobuf.Empty, protojson/empty",
    "second-cancel-is-500": "INTERNAL is no answer to a client's request",
    "parallel-cancels-clash": "as above, only when cancels overlap",
    # lists
    "negative-page-size-accepted": "aip-158/page-size-negative",
    "page-two-ignores-size": "aip-158/page-size-is-maximum",
    "bad-token-is-500": "INTERNAL for a client's mistake",
    "bad-token-is-first-page": "a token that was never given is INVALID_ARGUMENT (clients.md, errors)",
    "bad-token-is-end": "as above",
    "foreign-token-accepted": "aip-158/token-other-args: another parent",
    "token-with-other-filter-accepted": "aip-158/token-other-args",
    "lists-every-location": "'Lists tuning jobs in a location.'",
    "lists-every-project": "'Lists tuning jobs in a location' of one project",
    "filter-inverts": "a supported filter gives the others",
    "filter-ignores-second-term": "AIP-160: AND",
    # rebase and operations
    "rebase-without-reference-accepted": "tunedModelRef 'Required.'",
    "rebase-with-two-references-accepted": "oneof tuned_model_ref",
    "rebase-of-unknown-accepted": "aip-193/missing-404",
    "rebase-makes-no-job": "'creates a new tuning job': the operation's response names one that get does not know",
    "wait-overruns": "wait 'reaches at most a specified timeout'",
    "deleted-operation-stays": "aip-121/read-after-delete",
    "delete-of-unknown-operation-is-200": "aip-135/only-if-present (SHOULD)",
    # transport
    "delete-works": "no method deletes a job; free/wrong-method: 4xx or 501",
    "patch-works": "no method changes a job; free/wrong-method: 4xx or 501",
    "unknown-path-is-200": "free/unknown-path: 4xx or 501",
    "auth-ignores-token": "rpc-code/denied-not-anonymous: any bearer is taken (needs the choice auth)",
    "auth-forgets-lists": "as above: list needs no credentials (needs the choice auth)",
    "auth-is-403": "rpc-code/denied-not-anonymous: no credentials are UNAUTHENTICATED (needs the choice auth)",
    "auth-after-validation": "aip-211/authorize-first: a bad body is 400 without credentials (needs the choice auth)",
}

JOB: dict[str, tuple[str, Callable[..., None]]] = {}
LIST: dict[str, tuple[str, Callable[..., None]]] = {}
OPERATION: dict[str, tuple[str, Callable[..., None]]] = {}
ANSWER: dict[str, tuple[str, Callable[..., Any]]] = {}


def spoiler(table: dict[str, tuple[str, Callable[..., Any]]], name: str, clause: str) -> Callable[..., Any]:
    def entered(function: Callable[..., Any]) -> Callable[..., Any]:
        table[name] = (clause, function)
        return function

    return entered


def spoil_job(world: Any, job: Any, view: View, method: str, now: float) -> View:
    for name, (_, spoil) in JOB.items():
        if name in world.on:
            spoil(view, job, method, now, world)
    return view


def spoil_list(world: Any, answer: View, beyond: list[View], query: dict[str, str]) -> View:
    for name, (_, spoil) in LIST.items():
        if name in world.on:
            spoil(answer, beyond, query, world)
    return answer


def spoil_operation(world: Any, view: View, operation: View, method: str, now: float) -> View:
    for name, (_, spoil) in OPERATION.items():
        if name in world.on:
            spoil(view, operation, method, now)
    return view


def keeps(world: Any, job: Any, now: float, query: dict[str, str]) -> bool:
    """Whether a list shows a job at all."""
    on, age = world.on, now - job.created
    return not (
        ("list-lags" in on and age < 1.0)
        or ("list-forgets-ended" in on and job.state(now) in ENDS and (job.first(now, set(ENDS)) or now) < now - 0.5)
        or ("list-hides-cancelling" in on and job.state(now) == "CANCELLING")
        or ("list-hides-every-eleventh" in on and job.seq % 11 == 0)
        or ("list-shows-twenty" in on and job.seq <= world.seq - 20)
        or ("gone-when-ended" in on and (job.first(now, set(ENDS)) or now) < now - 0.7)
        or ("cancel-deletes" in on and job.cancels and job.state(now) == "CANCELLED")
    )


FLAGS |= {
    "list-lags": "aip-121 Strong Consistency: a job is in no list for its first second",
    "list-forgets-ended": "no method deletes a job; aip-158/token-if-more",
    "list-hides-cancelling": "'Lists tuning jobs in a location', all of them",
    "list-hides-every-eleventh": "as above",
    "list-shows-twenty": "aip-158/token-if-more: silently cut at the newest twenty",
}


STATE = "JOB_STATE_"


def ended(view: View) -> bool:
    return str(view.get("state", "")).removeprefix(STATE) in ENDS


def specs(view: View) -> list[View]:
    return [view[key] for key in ("supervisedTuningSpec", "preferenceOptimizationSpec") if key in view]


def hypers(view: View) -> list[View]:
    return [spec["hyperParameters"] for spec in specs(view) if "hyperParameters" in spec]


def shifted(text: str, seconds: float) -> str:
    moment = datetime.fromisoformat(text) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def dig(view: View, *path: str) -> Any:
    here: Any = view
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here


def all_faults() -> dict[str, str]:
    """Every fault by name, with its clause."""
    for part in ("values", "states", "reads", "lists", "answers"):
        import_module(f"plain_lies_{part}")  # fills the tables above

    tables = (JOB, LIST, OPERATION, ANSWER)
    return FLAGS | {name: clause for table in tables for name, (clause, _) in table.items()}
