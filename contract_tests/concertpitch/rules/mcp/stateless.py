"""Revision 2026-07-28: every request says everything, and every result says what it is."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.protojson import items, message, text
from concertpitch.rules.mcp.messages import INVALID_PARAMS, METHOD_NOT_FOUND, STRANGE
from concertpitch.sources import mcp
from concertpitch.subjects.mcp import STATELESS, Discovery, Turn

_BAD_REQUEST, _NOT_FOUND = 400, 404
_HEADER_MISMATCH, _UNSUPPORTED_VERSION = -32020, -32022
_RESERVED = range(-32099, -32019)
_DEFINED = frozenset({_HEADER_MISMATCH, -32021, _UNSUPPORTED_VERSION})
_RETIRED = frozenset({-32002, -32042})
_CACHED = frozenset({"tools/list", "server/discover"})


def _flawed(kind: str, turn: Turn) -> bool:
    return turn.modern and turn.flaw == kind


def _refusal(turn: Turn, code: int) -> Findings:
    if turn.exchange.status != _BAD_REQUEST or turn.code != code:
        yield f"{turn.shown} was answered {turn.exchange.status} with {turn.code or 'no error'}"


@rule(
    "mcp/discovery-members",
    CONVENTION,
    on=Discovery,
    cite=mcp(
        "discover",
        says="capabilities, and identity before sending any other requests. Servers **MUST**",
        revision=STATELESS,
    ),
    probe="stateless",
)
def discovery_members(discovery: Discovery) -> Findings:
    """server/discover tells the supported revisions and the capabilities."""
    if not items(discovery.result.get("supportedVersions")):
        yield f"server/discover at {discovery.turn.endpoint} was answered without supportedVersions"
    if not isinstance(discovery.result.get("capabilities"), dict):
        yield f"server/discover at {discovery.turn.endpoint} was answered without capabilities"


@rule(
    "mcp/discovery-served",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.modern and turn.method == "server/discover" and not turn.flaw,
    cite=mcp(
        "discover",
        says="capabilities, and identity before sending any other requests. Servers **MUST**",
        revision=STATELESS,
    ),
    probe="stateless",
)
def discovery_served(turn: Turn) -> Findings:
    """An endpoint that answers requests of revision 2026-07-28 answers server/discover, and names that revision."""
    if turn.result is None:
        yield f"{turn.shown} was answered {turn.exchange.status} with {turn.code or 'no result'}"
    elif STATELESS not in items(turn.result.get("supportedVersions", [STATELESS])):
        yield f"{turn.shown} was answered without {STATELESS}, which is served"


@rule(
    "mcp/result-type",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.stateless and turn.result is not None,
    cite=mcp(
        "basic, Result Responses",
        says="The `result` **MUST** include a `resultType` field to indicate the type of the result.",
        revision=STATELESS,
    ),
    probe="stateless",
)
def result_type(turn: Turn) -> Findings:
    """Every result has a resultType, lists of tools and discoveries `complete`: no other type is theirs."""
    kind = message(turn.result).get("resultType")
    if not isinstance(kind, str):
        yield f"the result of {turn.shown} has no resultType"
    elif kind != "complete" and turn.method in _CACHED:
        yield f"the result of {turn.shown} has the resultType {kind[:40]!r}"


@rule(
    "mcp/cache-hints",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.stateless and turn.method in _CACHED and turn.result is not None,
    cite=mcp("caching", says="Servers **MUST** provide a `ttlMs` value that is `>= 0`.", revision=STATELESS),
    probe="stateless",
)
def cache_hints(turn: Turn) -> Findings:
    """Lists of tools and discoveries say how long and by whom they may be cached."""
    ttl = message(turn.result).get("ttlMs")
    if not isinstance(ttl, int | float) or isinstance(ttl, bool) or ttl < 0:
        yield f"the result of {turn.shown} has ttlMs {ttl!r}"
    if text(message(turn.result).get("cacheScope")) not in {"public", "private"}:
        yield f"the result of {turn.shown} has cacheScope {message(turn.result).get('cacheScope')!r}"


@rule(
    "mcp/meta-required",
    CONVENTION,
    on=Turn,
    when=lambda turn: _flawed("meta", turn) and turn.revision == STATELESS,
    cite=mcp(
        "basic, _meta",
        says="A request missing any required field is malformed; the server **MUST",
        revision=STATELESS,
    ),
    probe="stateless",
)
def meta_required(turn: Turn) -> Findings:
    """A request without its revision or capabilities in `_meta` is answered 400 with -32602."""
    yield from _refusal(turn, INVALID_PARAMS)


@rule(
    "mcp/header-mismatch",
    CONVENTION,
    on=Turn,
    when=lambda turn: _flawed("mismatch", turn),
    cite=mcp(
        "streamable-http, Server Validation",
        says="return HTTP status `400 Bad Request` and **MUST** include a JSON-RPC error",
        revision=STATELESS,
    ),
    probe="stateless",
)
def header_mismatch(turn: Turn) -> Findings:
    """A request whose headers are missing or unlike its body is answered 400 with -32020."""
    yield from _refusal(turn, _HEADER_MISMATCH)


@rule(
    "mcp/version-unsupported",
    CONVENTION,
    on=Turn,
    when=lambda turn: _flawed("version", turn),
    cite=mcp("versioning, Negotiation", says="support), it **MUST** respond with an", revision=STATELESS),
    probe="stateless",
)
def version_unsupported(turn: Turn) -> Findings:
    """A revision that the server does not speak is answered 400 with -32022 and the revisions it does."""
    yield from _refusal(turn, _UNSUPPORTED_VERSION)
    if turn.code == _UNSUPPORTED_VERSION and not items(message(message(turn.error).get("data")).get("supported")):
        yield f"the refusal of {turn.shown} does not say which revisions are supported"


@rule(
    "mcp/encoded-name-decoded",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.stateless and turn.name_encoded,
    cite=mcp(
        "streamable-http, Value Encoding",
        says="decode an encoded `Mcp-Name` or `Mcp-Param-{Name}` value before comparing it",
        revision=STATELESS,
    ),
    probe="stateless",
)
def encoded_name_decoded(turn: Turn) -> Findings:
    """A header Mcp-Name in base64 is decoded before it is compared."""
    if turn.code == _HEADER_MISMATCH:
        yield f"{turn.shown} with an encoded Mcp-Name was refused with {turn.code}"


@rule(
    "mcp/unknown-method-404",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.stateless and turn.method == STRANGE,
    cite=mcp(
        "streamable-http, Protocol Version Header",
        says="If the server does not implement the requested RPC method, it **MUST** respond",
        revision=STATELESS,
    ),
    probe="stateless",
)
def unknown_method_404(turn: Turn) -> Findings:
    """A method that nobody knows is answered 404 with -32601."""
    if turn.exchange.status != _NOT_FOUND or turn.code != METHOD_NOT_FOUND:
        yield f"{turn.shown} was answered {turn.exchange.status} with {turn.code or 'no error'}"


@rule(
    "mcp/reserved-codes",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.modern and isinstance(turn.code, int),
    cite=mcp(
        "basic, Error Codes",
        says="**MUST NOT** emit any code from this sub-range that is not defined by this",
        revision=STATELESS,
    ),
    probe="stateless",
)
def reserved_codes(turn: Turn) -> Findings:
    """No error has a code that the specification keeps for itself and has not defined, or has retired."""
    if (turn.code in _RESERVED and turn.code not in _DEFINED) or turn.code in _RETIRED:
        yield f"{turn.shown} was refused with {turn.code}"


@rule(
    "mcp/no-session-minted",
    ADVISED,
    on=Turn,
    when=lambda turn: turn.stateless and turn.accepted,
    cite=mcp(
        "streamable-http, Earlier Revisions",
        says="An `Mcp-Session-Id` header on a request: ignore it, and do not mint or echo",
        revision=STATELESS,
    ),
    probe="stateless",
)
def no_session_minted(turn: Turn) -> Findings:
    """A session id is neither made up nor repeated."""
    if turn.exchange.header("mcp-session-id"):
        yield f"{turn.shown} was answered with a session id"
