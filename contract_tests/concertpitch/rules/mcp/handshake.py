"""initialize, version negotiation, and ping."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.protojson import message
from concertpitch.sources import mcp
from concertpitch.subjects.mcp import HANDSHAKE, STATELESS, Handshake, Turn

_MEMBERS = (("protocolVersion", str), ("capabilities", dict), ("serverInfo", dict))


@rule(
    "mcp/initialize-members",
    CONVENTION,
    on=Handshake,
    when=lambda handshake: handshake.turn.result is not None,
    cite=mcp(
        "lifecycle, Initialization", says="The server **MUST** respond with its own capabilities and information:"
    ),
    probe="handshake",
)
def initialize_members(handshake: Handshake) -> Findings:
    """The result of initialize has a revision, capabilities, and the server's name and version."""
    result = message(handshake.turn.result)
    for name, kind in _MEMBERS:
        if not isinstance(result.get(name), kind):
            yield f"initialize at {handshake.turn.endpoint} was answered without {name}"
            return
    for name in ("name", "version"):
        if not isinstance(result["serverInfo"].get(name), str):
            yield f"initialize at {handshake.turn.endpoint} was answered without serverInfo.{name}"
    if not isinstance(result.get("instructions", ""), str):
        yield f"initialize at {handshake.turn.endpoint} was answered with instructions that are no text"


@rule(
    "mcp/revision-kept",
    CONVENTION,
    on=Handshake,
    when=lambda handshake: bool(handshake.answered) and (handshake.taken or handshake.asked in handshake.turn.speaks),
    cite=mcp(
        "lifecycle, Version Negotiation",
        says="If the server supports the requested protocol version, it **MUST** respond with the same",
    ),
    probe="handshake",
)
def revision_kept(handshake: Handshake) -> Findings:
    """A revision that the server speaks, or takes in headers though it looks at them, is answered with itself."""
    if handshake.asked not in {handshake.answered, STATELESS}:
        yield f"{handshake.turn.endpoint} speaks {handshake.asked}, but answered it with {handshake.answered}"


@rule(
    "mcp/initialize-needs-no-header",
    CONVENTION,
    on=Handshake,
    when=lambda handshake: not handshake.turn.revision and bool(handshake.answered or handshake.named_only),
    cite=mcp(
        "schema.ts, InitializeRequest",
        says="This request is sent from the client to the server when it first connects, asking it to begin",
    ),
    probe="handshake",
)
def initialize_needs_no_header(handshake: Handshake) -> Findings:
    """An initialize is taken without a header that names a revision, which is only agreed on then."""
    if not handshake.answered:
        status = handshake.turn.exchange.status
        yield f"initialize at {handshake.turn.endpoint} was answered {status} without MCP-Protocol-Version"


@rule(
    "mcp/revision-not-made-up",
    CONVENTION,
    on=Handshake,
    when=lambda handshake: bool(handshake.answered),
    cite=mcp(
        "lifecycle, Version Negotiation",
        says="version. Otherwise, the server **MUST** respond with another protocol ve",
    ),
    probe="handshake",
)
def revision_not_made_up(handshake: Handshake) -> Findings:
    """The server agrees to no revision that does not exist."""
    if handshake.answered not in {*HANDSHAKE, STATELESS, "2024-11-05"} and handshake.answered <= STATELESS:
        yield f"{handshake.turn.endpoint} agreed to speak revision {handshake.answered}"


@rule(
    "mcp/revision-negotiated",
    ADVISED,
    on=Handshake,
    when=lambda handshake: (
        handshake.asked not in handshake.turn.speaks and bool(handshake.turn.speaks & set(HANDSHAKE))
    ),
    cite=mcp(
        "lifecycle, Version Negotiation",
        says="version. Otherwise, the server **MUST** respond with another protocol ve",
    ),
    probe="handshake",
)
def revision_negotiated(handshake: Handshake) -> Findings:
    """A revision that the server does not speak is answered with one it speaks (its example shows an error: warns)."""
    if handshake.turn.refused:
        yield f"initialize with {handshake.asked} at {handshake.turn.endpoint} was refused with {handshake.turn.code}"


@rule(
    "mcp/tools-capability",
    CONVENTION,
    on=Handshake,
    when=lambda handshake: (
        handshake.turn.result is not None and isinstance(handshake.turn.result.get("capabilities"), dict)
    ),
    cite=mcp("tools, Capabilities", says="Servers that support tools **MUST** declare the `tools` capability:"),
    probe="handshake",
)
def tools_capability(handshake: Handshake) -> Findings:
    """A server with tools says so in its capabilities."""
    if "tools" not in message(message(handshake.turn.result).get("capabilities")):
        yield f"initialize at {handshake.turn.endpoint} was answered without the capability tools"
    elif not isinstance(message(message(handshake.turn.result)["capabilities"])["tools"], dict):
        yield f"initialize at {handshake.turn.endpoint} was answered with a capability tools that is no object"


@rule(
    "mcp/ping-empty",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.method == "ping" and turn.revision in HANDSHAKE and turn.reply is not None,
    cite=mcp("ping", says="The receiver **MUST** respond promptly with an empty response:"),
    probe="handshake",
)
def ping_empty(turn: Turn) -> Findings:
    """A ping is answered with an empty result."""
    if turn.result is None:
        yield f"{turn.shown} was answered without a result"
    elif turn.result.keys() - {"_meta"}:
        yield f"{turn.shown} was answered with {', '.join(sorted(turn.result))}"
