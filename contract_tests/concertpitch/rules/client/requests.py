"""What a client may send."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.sources import advice, aip, rpc
from concertpitch.sources import protojson as proto
from concertpitch.subjects.client import Asked, Sent


def _has_body(sent: Sent) -> bool:
    return sent.request is not None and bool(sent.call.exchange.request_body.strip())


def _wants_body(sent: Sent) -> bool:
    return sent.request is not None


@rule(
    "client/known-method",
    CONVENTION,
    on=Asked,
    cite=rpc("Code", says="HTTP Mapping: 501 Not Implemented"),
    probe="client",
)
def known_method(asked: Asked) -> Findings:
    """A client calls paths and verbs that a document has."""
    if not asked.known:
        yield f"{asked.exchange.method} {asked.exchange.path} is in no document (answered {asked.exchange.status})"


@rule(
    "client/json-body",
    CONVENTION,
    on=Sent,
    when=lambda sent: bool(sent.call.exchange.request_body.strip()) and sent.call.route.request is not None,
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="client",
)
def json_body(sent: Sent) -> Findings:
    """A body is JSON."""
    if sent.unreadable:
        yield f"{sent.call.method}: {sent.unreadable}"


@rule(
    "client/known-members",
    CONVENTION,
    on=Sent,
    when=_has_body,
    cite=proto("JSON Options", says="fields by default but may provide an option to ignore unknown fields in"),
    probe="client",
)
def known_members(sent: Sent) -> Findings:
    """A request has the members that the document names, spelled as it does or in snake_case."""
    for path in sent.request.unknown if sent.request else ():
        hint = f"; did you mean {sent.meant[path]}?" if sent.meant.get(path) else ""
        yield f"{sent.call.method} has no member {path}{hint} (answered {sent.call.status}{sent.forgiven})"


@rule(
    "client/known-parameters",
    CONVENTION,
    on=Sent,
    when=lambda sent: bool(sent.call.query),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="client",
)
def known_parameters(sent: Sent) -> Findings:
    """A query has parameters of the method, or those of every Google API."""
    for name, near in sent.strange.items():
        hint = f"; did you mean {near}?" if near else ""
        yield f"{sent.call.method} has no parameter {name}{hint} (answered {sent.call.status}{sent.forgiven})"


@rule(
    "client/types",
    CONVENTION,
    on=Sent,
    when=_has_body,
    cite=proto("Out of range numeric values", says="doesn't fit in the corresponding type, the parser should fail"),
    probe="client",
)
def types(sent: Sent) -> Findings:
    """Members have the JSON type of their field, as ProtoJSON lets it be written."""
    request = sent.request
    if request is not None:
        wrong = [*request.bad_type, *request.bad_integer, *request.fraction, *request.bad_enum]
        for path in wrong:
            yield f"{sent.call.method}: {path or 'the body'} has a wrong type or value{sent.forgiven}"


@rule(
    "client/required-members",
    CONVENTION,
    on=Sent,
    when=_wants_body,
    cite=aip(203, "Required", says="provided as part of the request, and failure to do so **must** cause an error"),
    probe="client",
)
def required_members(sent: Sent) -> Findings:
    """A request has every required member, and none of them empty."""
    request = sent.request
    for path in [*request.missing, *request.empty] if request else ():
        yield f"{sent.call.method} was sent without {path}, which is required{sent.forgiven}"


@rule(
    "client/required-parameters",
    CONVENTION,
    on=Sent,
    when=lambda sent: any(sent.call.route.query.values()),
    cite=aip(203, "Required", says="provided as part of the request, and failure to do so **must** cause an error"),
    probe="client",
)
def required_parameters(sent: Sent) -> Findings:
    """A request has every required query parameter."""
    for name in sent.missing:
        yield f"{sent.call.method} was sent without {name}, which is required{sent.forgiven}"


@rule(
    "client/one-of-a-oneof",
    CONVENTION,
    on=Sent,
    when=_has_body,
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="client",
)
def one_of_a_oneof(sent: Sent) -> Findings:
    """At most one member of a oneof is set."""
    for path in sent.request.both if sent.request else ():
        yield f"{sent.call.method} sets more than one member of {path}{sent.forgiven}"


@rule(
    "client/output-only-left-alone",
    ADVISED,
    on=Sent,
    when=_has_body,
    cite=aip(203, "Output only", says="**must** clear out any value in this field and **must not** throw an error"),
    probe="client",
)
def output_only_left_alone(sent: Sent) -> Findings:
    """A caller does not set what only the server sets: it is ignored, which the caller may not expect."""
    for path in sent.request.output_only if sent.request else ():
        yield f"{sent.call.method} sets {path}, which is output only"


@rule(
    "client/immutable-left-alone",
    ADVISED,
    on=Sent,
    when=lambda sent: sent.call.exchange.method == "PATCH" and _has_body(sent),
    cite=aip(203, "Immutable", says="the value matches, but **should** error with `INVALID_ARGUMENT` if a change is"),
    probe="client",
)
def immutable_left_alone(sent: Sent) -> Findings:
    """An update leaves immutable members as they were shown: they keep their value, or the update is refused."""
    for path in sent.fixed:
        yield f"{sent.call.method} updates {path}, which is immutable{sent.forgiven}"


@rule(
    "client/no-deprecated-members",
    ADVISED,
    on=Sent,
    when=_has_body,
    cite=advice("What is deprecated may be gone in a later revision."),
    probe="client",
)
def no_deprecated_members(sent: Sent) -> Findings:
    """A request does without deprecated members."""
    for path in sent.deprecated:
        yield f"{sent.call.method} sets {path}, which is deprecated"
