"""The clauses of google.rpc, google.longrunning, google.api.http, ProtoJSON and the system parameters.

Owns the second half of the table in `clauses`, whose rules hold here too.
"""

from __future__ import annotations

from concertpitch.ledger.clauses import Clause

_TYPES = "Representation of each type"
_RULES = "Rules for HTTP mapping"
_MAPPING = "Google API system parameters"

PROTOCOL = (
    Clause("google.rpc", "Code", "HTTP Mapping: 499 Client Closed Request", rules=("refuse/status-is-mapped",)),
    Clause("google.rpc", "Code", "HTTP Mapping: 501 Not Implemented", rules=("refuse/status-fits-http",)),
    Clause(
        "google.rpc",
        "Code",
        "Similarly prefer `NOT_FOUND` or `ALREADY_EXISTS` over `FAILED_PRECONDITION`.",
        rules=("refuse/unknown-job", "refuse/cancel-unknown-job", "refuse/unknown-operation"),
    ),
    Clause(
        "google.rpc",
        "PERMISSION_DENIED",
        "caused by exhausting some resource (use `RESOURCE_EXHAUSTED`",
        why="The suite does not exhaust a quota; a 429 is reported as what it is.",
    ),
    Clause(
        "google.rpc",
        "PERMISSION_DENIED",
        "used if the caller can not be identified (use `UNAUTHENTICATED`",
    ),
    Clause(
        "google.rpc",
        "Status",
        "The status code, which should be an enum value of",
        rules=("job/error-code-is-rpc",),
    ),
    Clause(
        "google.rpc",
        "BadRequest",
        "sequence of dot-separated identifiers that identify a protocol buffer",
        why="Real violations are rooted at the request message, not the body, so no one path may be demanded.",
    ),
    Clause(
        "google.longrunning",
        "ListOperations (and Cancel, Delete, Wait)",
        "server doesn't support this method, it returns `UNIMPLEMENTED`.",
        why="A method that is not routed is answered 404 by real services too; rules on it are NOT_APPLICABLE then.",
    ),
    Clause(
        "google.longrunning",
        "DeleteOperation",
        "no longer interested in the operation result. It does not cancel the",
        rules=("operation/delete-leaves-the-job",),
    ),
    Clause(
        "google.longrunning",
        "CancelOperation",
        "makes a best effort to cancel the operation, but success is not",
        why="A cancel may lose the race; what a cancelled operation shows is judged.",
    ),
    Clause(
        "google.longrunning",
        "CancelOperation",
        "the operation is not deleted; instead, it becomes an operation with",
        rules=("operation/cancelled-has-code-1", "operation/readable"),
    ),
    Clause(
        "google.longrunning",
        "Operation.name",
        "`name` should be a resource name ending with `operations/{unique_id}`.",
        rules=("operation/name-format",),
    ),
    Clause(
        "google.longrunning",
        "Operation.done",
        "If `true`, the operation is completed, and either `error` or `response` is",
        rules=("operation/done-has-result", "operation/stays-done"),
    ),
    Clause(
        "google.longrunning",
        "Operation.result",
        "If `done` == `false`, neither `error` nor `response` is set.",
        rules=("operation/no-result-before-done",),
    ),
    Clause("google.longrunning", "Operation.result", "exactly one of `error` or `response` can be set."),
    Clause(
        "google.longrunning",
        "Operation.response",
        "`Get`/`Create`/`Update`, the response should be the resource.",
        rules=("operation/response-type",),
        why="A rebase is none of the standard methods; the protos name its response type, which is judged.",
    ),
    Clause(
        "google.longrunning",
        "ListOperationsRequest",
        "`UNIMPLEMENTED` error if set unless explicitly documented otherwise in",
        why="AIP-217 says INVALID_ARGUMENT, and a service may support it.",
    ),
    Clause(
        "google.api.http",
        _RULES,
        "parameter name is the field path in the request message.",
        rules=("listing/page-size-bound", "operation/wait-honours-timeout"),
    ),
    Clause(
        "google.api.http",
        _RULES,
        '2. If [HttpRule.body][google.api.HttpRule.body] is "*", there is no URL',
        why="It binds the sender; whether a stray parameter is refused is not said.",
    ),
    Clause(
        "google.api.http",
        _RULES,
        "3. If [HttpRule.body][google.api.HttpRule.body] is omitted, there is no HTTP",
        why="It binds the sender; whether a stray body of a get is refused is not said.",
    ),
    Clause(
        "google.api.http",
        "Path template syntax",
        "The syntax `*` matches a single URL path segment.",
        rules=("request/unrouted-is-refused",),
    ),
    Clause(
        "google.api.http",
        "Path template syntax",
        'The server side does the reverse decoding, except "%2F" and "%2f" are left',
        why="No id of a tuning job holds a slash, so a server may refuse or route such a path.",
    ),
    Clause("ProtoJSON", _TYPES, "Keys are serialized as lowerCamelCase of field name."),
    Clause("ProtoJSON", "Field names", "Parsers accept both the lowerCamelCase name (or the one specified by the"),
    Clause(
        "ProtoJSON",
        _TYPES,
        "The name of the enum value as specified in proto is used.",
        rules=("wire/enum-is-name", "wire/enum-keeps-prefix"),
    ),
    Clause("ProtoJSON", _TYPES, "accept both enum names and integer values."),
    Clause("ProtoJSON", _TYPES, "JSON value will be a number. Either numbers or strings are"),
    Clause("ProtoJSON", _TYPES, "JSON value will be a decimal string. Either numbers or strings are"),
    Clause("ProtoJSON", _TYPES, "Exponent notation (such as <code>1e2</code>) is"),
    Clause("ProtoJSON", _TYPES, 'JSON value will be a number or one of the special string values "NaN",'),
    Clause("ProtoJSON", "Out of range numeric values", "doesn't fit in the corresponding type, the parser should fail"),
    Clause("ProtoJSON", "Well-Known Types", "Generated output will always be Z-normalized"),
    Clause(
        "ProtoJSON",
        "Well-Known Types",
        'with 0, 3, 6 or 9 fractional digits. Offsets other than "Z" are',
        rules=("wire/timestamp-digits",),
        why="No request of tuning jobs carries a time, so other offsets cannot be sent.",
    ),
    Clause(
        "ProtoJSON",
        "Well-Known Types",
        'nanoseconds precision and the suffix "s" is required. This is <b>not</b> RFC 3339',
        rules=("operation/wait-honours-timeout", "wire/duration-is-seconds"),
    ),
    Clause("ProtoJSON", "Any", 'object with an additional `"@type"` field inserted'),
    Clause("ProtoJSON", "Well-Known Types", "An empty JSON object"),
    Clause(
        "ProtoJSON", "Presence and default-values", "presence, serializers must emit the field value if and only if"
    ),
    Clause(
        "ProtoJSON",
        "Presence and default-values",
        "serializers should omit it from the output",
        why="Absent and default are taken for the same in every answer.",
    ),
    Clause("ProtoJSON", "Null values", "Serializers should not emit `null` values."),
    Clause("ProtoJSON", "Null values", "Parsers accept `null` as a legal value for any field"),
    Clause(
        "ProtoJSON",
        "Null values",
        "`null` values are not allowed within repeated fields.",
        why="No repeated member of a tuning job can be sent but those of an evaluation.",
    ),
    Clause("ProtoJSON", "Duplicate values", "Serializers must never serialize the same field multiple times"),
    Clause(
        "ProtoJSON",
        "JSON Options",
        "fields by default but may provide an option to ignore unknown fields in",
        rules=("refuse/unknown-field",),
    ),
    Clause(_MAPPING, "HTTP mapping", "or ?%24foo=xxx if URL-encoded", rules=("request/system-parameters",)),
    Clause(_MAPPING, "Definitions", "Supported values are json (default), media, proto, sse (JSON streams)"),
    Clause(
        _MAPPING,
        "Definitions",
        "If empty, all fields should be returned unless documented otherwise",
        why="A server may ignore the parameter, and the real one answers an unknown path with 400.",
    ),
    Clause(
        _MAPPING,
        "Definitions",
        "JSON error format. Supported values are 1, 2 (default)",
        rules=("request/system-parameters",),
    ),
    Clause(
        _MAPPING,
        "Definitions",
        "Pretty-print JSON response. Supported values are",
        rules=("request/system-parameters",),
    ),
    Clause(
        _MAPPING,
        "Definitions",
        "The intended HTTP method for the request",
        why="Servers outside Google's front end do not offer it; no method of tuning jobs needs it.",
    ),
)
