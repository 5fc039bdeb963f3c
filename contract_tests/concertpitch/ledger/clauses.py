"""The clauses of the AIPs that bind a server of tuning jobs, each with its rules or the reason why it has none.

Owns the table. The conventions are not part of the repository: a row holds the section and the fewest words that find
the clause there, and tests hold the words against a copy where there is one. Rules that quote a clause are found by
their words; `rules` names those that judge it without quoting.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clause:
    """A clause of a convention or guide: the words that find it, the rules that judge it, or why none does."""

    document: str
    section: str
    says: str
    rules: tuple[str, ...] = ()
    why: str = ""

    @property
    def source(self) -> str:
        return f"{self.document} {self.section}"


NO_UPDATE = "Tuning jobs have no update method."
NO_CHOICE = "The ids of tuning jobs are the server's own."
NO_PRINCIPALS = "Needs credentials of different rights, which a target's owner would have to provide."
NO_SAME = "Only the service knows which of its errors are the same; two causes may share all that a caller sees."
FILTERS = "Which filters a tuning job list takes is not documented; a refusal and a result may both be right."

AIPS = (
    Clause("AIP-121", "Methods", "resource schema for that resource across all methods **must** be the same."),
    Clause("AIP-121", "Strong Consistency", "Following a successful create that is the latest mutation on a resource"),
    Clause("AIP-121", "Strong Consistency", "Following a successful update that is the latest mutation", why=NO_UPDATE),
    Clause(
        "AIP-121",
        "Strong Consistency",
        "Following a successful delete that is the latest mutation",
        why="Tuning jobs have no delete method; an operation's delete may be unsupported.",
    ),
    Clause(
        "AIP-121",
        "Stateless protocol",
        "operate over a [stateless protocol][]",
        why="The suite keeps connections alive and reopens them at will; every rule on reads judges both.",
    ),
    Clause("AIP-122", "Guidance", "All resource names defined by an API **must** be unique within that API."),
    Clause(
        "AIP-122",
        "Guidance",
        "Resource names are formatted according to the [URI path schema][]",
        rules=("job/name-format",),
    ),
    Clause("AIP-122", "Guidance", "Resources **must** expose a `name` field that contains its resource name."),
    Clause("AIP-122", "Resource ID segments", "lower-case (`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`).", why=NO_CHOICE),
    Clause(
        "AIP-122",
        "Resource ID aliases",
        "all data returned from the API **must** use the canonical resource name.",
        rules=("job/name-format", "stable/name", "get/returns-the-job-asked"),
    ),
    Clause("AIP-126", "Guidance", "All enum values **must** use `UPPER_SNAKE_CASE`."),
    Clause(
        "AIP-129",
        "Single Owner Fields",
        "server **must** respect the value (or lack thereof) for all client owned fields",
        rules=("create/echoes-hyperparameters", "stable/sent-hyperparameters"),
        why="The lack of a value is not held: real services fill in hyperparameters that were not sent.",
    ),
    Clause("AIP-129", "User-Specified Fields", "For user-specified fields, the value in response from the service"),
    Clause(
        "AIP-131",
        "Guidance",
        "The response message **must** be the resource itself.",
        rules=("get/returns-the-job-asked", "job/has-name"),
    ),
    Clause("AIP-132", "Response message", "The response **should** usually include fully-populated resources unless"),
    Clause("AIP-133", "Guidance", "include any fields that were provided unless they are input only (see"),
    Clause(
        "AIP-133",
        "Guidance",
        "message **must** be a `google.longrunning.Operation` which resolves to the",
        why="Create answers the job itself; only a rebase starts an operation, and its response type is judged.",
    ),
    Clause("AIP-133", "Request message", "The resource field **must** be included and **must** map to the POST body."),
    Clause("AIP-133", "User-specified IDs", "is provided as a query parameters on the request URI.", why=NO_CHOICE),
    Clause("AIP-133", "User-specified IDs", "The `name` field on the resource **must** be ignored."),
    Clause(
        "AIP-133",
        "User-specified IDs",
        "duplicate resource name, the service **must** error with `ALREADY_EXISTS`.",
        why=NO_CHOICE,
    ),
    Clause("AIP-140", "Display names", "**should not** have a uniqueness"),
    Clause(
        "AIP-142",
        "Timestamps",
        "These fields **should** have names ending in `_time`",
        why="The names of members stand in the documents; a server cannot choose them.",
    ),
    Clause("AIP-148", "display_name", "The `string display_name` field **must** be a mutable", why=NO_UPDATE),
    Clause(
        "AIP-148",
        "create_time",
        "The output only `google.protobuf.Timestamp create_time` field **must**",
        rules=("job/has-create-time", "stable/create-time"),
    ),
    Clause("AIP-148", "update_time", "to the resource made by users **must** refresh this value; changes to a"),
    Clause("AIP-151", "Guidance", "APIs with messages that return `Operation` **must** implement the"),
    Clause(
        "AIP-151",
        "Errors",
        "Errors that prevent a long-running operation from _starting_ **must** return an",
        rules=("refuse/missing-tuned-model-ref", "refuse/two-tuned-model-refs"),
    ),
    Clause(
        "AIP-151",
        "Errors",
        "Operations that fail during their execution phase **must** return an",
        rules=("operation/one-result", "operation/cancelled-has-code-1"),
        why="A rebase that fails by itself cannot be forced.",
    ),
    Clause(
        "AIP-151",
        "Standard methods",
        "resource **should** be included in [`List`][aip-132] and [`Get`][aip-131]",
        why="The job of a rebase has no name before its operation is done.",
    ),
    Clause(
        "AIP-151",
        "Standard methods",
        "calls; however, the resource **should** indicate that it is not usable,",
        why="The job of a rebase has no name before its operation is done; states of jobs are judged.",
    ),
    Clause(
        "AIP-151",
        "Parallel operations",
        "new operation until the one that is in progress finishes) **must** return",
        why="A service may run operations in parallel, so a second rebase proves nothing.",
    ),
    Clause("AIP-158", "Guidance", "The `page_size` field **must not** be required."),
    Clause("AIP-158", "Guidance", "If the user does not specify `page_size` (or specifies `0`), the API"),
    Clause("AIP-158", "Guidance", "field, allowing users to specify the maximum number of results to return."),
    Clause("AIP-158", "Guidance", "API, the API **should** coerce down to the maximum permitted page size."),
    Clause("AIP-158", "Guidance", "If the user specifies a negative value for `page_size`, the API **must**"),
    Clause("AIP-158", "Guidance", "If the user changes the `page_size` in a request for subsequent pages, the"),
    Clause("AIP-158", "Guidance", "any arguments are different, the API **should** send an `INVALID_ARGUMENT`"),
    Clause("AIP-158", "Guidance", "If the end of the collection has been reached, the `next_page_token` field"),
    Clause(
        "AIP-158",
        "Guidance",
        "**must** be empty. This is the _only_ way to communicate",
        rules=("listing/ends", "listing/complete"),
    ),
    Clause("AIP-158", "Guidance", "determine in time), the API **must** provide a `next_page_token`."),
    Clause("AIP-158", "Opacity", "Page tokens provided by APIs **must** be opaque (but URL-safe) strings, and"),
    Clause(
        "AIP-158", "Opacity", "the pagination process only. They **must not** provide any form of", why=NO_PRINCIPALS
    ),
    Clause(
        "AIP-158",
        "Backwards compatibility",
        "fields, they **must** be _actually implemented_ with a non-infinite default",
        rules=("listing/page-size-bound",),
        why="A default above the number of jobs a run may create cannot be told from none.",
    ),
    Clause("AIP-160", "Logical Operators", "`OR` operator has higher", why=FILTERS),
    Clause(
        "AIP-160",
        "Negation Operators",
        "a service that supports negation **must**",
        ("filter/shows-only-matching", "filter/shows-all-matching"),
    ),
    Clause(
        "AIP-160",
        "Comparison Operators",
        "Enums expect the enum's string representation",
        ("filter/shows-only-matching", "filter/shows-all-matching"),
    ),
    Clause("AIP-160", "Comparison Operators", "expect an [RFC-3339][] formatted string", why=FILTERS),
    Clause("AIP-160", "Has Operator", "Filtering implementations **must** provide the `:` operator", why=FILTERS),
    Clause("AIP-160", "Validation", "the API **should** error with `INVALID_ARGUMENT`."),
    Clause("AIP-180", "Changing resource names", "A resource **must not** change its [name][aip-122]."),
    Clause("AIP-193", "Guidance", "API error occurs, and **must** use the canonical error codes defined in"),
    Clause("AIP-193", "HTTP/1.1+JSON representation", "`code` field in the JSON is an HTTP status code,"),
    Clause(
        "AIP-193",
        "HTTP/1.1+JSON representation",
        "// This is the enum version for `google.rpc.Status.code`.",
        rules=("refuse/status-is-canonical", "refuse/status-fits-http"),
    ),
    Clause("AIP-193", "Status.details", "Each type of detail payload **must** be included at most once. For"),
    Clause("AIP-193", "Status.details", "All error responses **must** include an `ErrorInfo` within `details`. This"),
    Clause("AIP-193", "ErrorInfo", "The reason **must** be at most 63 characters and match"),
    Clause("AIP-193", "ErrorInfo", "Services **must** use the same (reason, domain) pair", why=NO_SAME),
    Clause("AIP-193", "Permission Denied", "Permission **must** be checked prior to"),
    Clause("AIP-193", "Permission Denied", "parent does not exist, the service **must** error with `NOT_FOUND` (HTTP"),
    Clause("AIP-203", "Output only", "**must** clear out any value in this field and **must not** throw an error"),
    Clause("AIP-203", "Required", "provided as part of the request, and failure to do so **must** cause an error"),
    Clause("AIP-203", "Required", "values, and therefore setting a required field to a falsy value yields an"),
    Clause("AIP-203", "Required", "change to the field (otherwise it **must** be provided).", why=NO_UPDATE),
    Clause("AIP-203", "Immutable", "even if included in the update mask, the service **should** ignore", why=NO_UPDATE),
    Clause("AIP-203", "Immutable", "the value matches, but **should** error with `INVALID_ARGUMENT`", why=NO_UPDATE),
    Clause(
        "AIP-203",
        "Input only",
        "that the corresponding field will not be included in output.",
        why="No member of a tuning job is input only.",
    ),
    Clause("AIP-203", "Identifier", "field is not accepted as input (i.e.", rules=("create/ignores-name",)),
    Clause(
        "AIP-203",
        "field behavior of nested messages",
        "annotations on a nested message are independent of",
        rules=("refuse/missing-required",),
    ),
    Clause("AIP-210", "Length units", "All string field length limits defined in API comments **must** be measured"),
    Clause("AIP-211", "Guidance", "Services **must** check authorization before validating"),
    Clause("AIP-216", "State transition methods", "If the state transition is not allowed, the service **must** error"),
    Clause(
        "AIP-216", "Default value", "Resources **should not** provide an unspecified state", rules=("job/has-state",)
    ),
    Clause("AIP-216", "Resting states", '"Resting states" are lifecycle states that, absent user action, are expected'),
    Clause("AIP-216", "Enum values", "temporary and will resolve to another state on its own, with no further user"),
    Clause("AIP-216", "Breaking changes", "APIs **may** add new states to an existing State enum when appropriate"),
    Clause(
        "AIP-217",
        "Partial success granularity",
        "report unreachable resources, the API **should** return an `INVALID_ARGUMENT`",
        why="The document of these operations says UNIMPLEMENTED, and a service may support it.",
    ),
    Clause(
        "AIP-2510",
        "Google APIs",
        "Externally-facing Google APIs **should** accept both project IDs and project",
        why="A run knows its project in one form only.",
    ),
    Clause(
        "AIP-2510",
        "Google APIs",
        "Error responses **must** return the originally-provided value without",
        why="No recorded error of a tuning method names a project; no message may be demanded.",
    ),
)
