"""Lies in revision 2026-07-28."""

from __future__ import annotations

from concertpitch_emulator.faults.mcp.telling import Body, in_error, in_result, recode, stateless
from concertpitch_emulator.mcp.hooks import Fault, Post, Reply
from concertpitch_emulator.mcp.jsonrpc import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    UNSUPPORTED_VERSION,
    Message,
)
from concertpitch_emulator.mcp.revisions import NAME_HEADER

_RESERVED = -32050


def _refuse_encoded_names(answer: Body, _message: Message, post: Post) -> Body:
    if post.headers.get(NAME_HEADER, "").startswith("=?base64?"):
        error = {"code": HEADER_MISMATCH, "message": "The header Mcp-Name differs from the name of the tool."}
        return {"jsonrpc": "2.0", "id": answer["id"], "error": error}
    return answer


def _unknown_method_200(reply: Reply, post: Post) -> Reply:
    if reply.status == 404 and stateless(post):  # noqa: PLR2004
        reply.status = 200
    return reply


def _undiscovered(answer: Body, message: Message, post: Post) -> Body:
    if message.method == "server/discover" and stateless(post):
        error = {"code": METHOD_NOT_FOUND, "message": "Method not found: server/discover"}
        return {"jsonrpc": "2.0", "id": answer["id"], "error": error}
    return answer


def _reserved_code(answer: Body, message: Message, post: Post) -> Body:
    if message.method == "tools/call" and "error" in answer and stateless(post) and "_meta" in message.params:
        return recode(INVALID_PARAMS, _RESERVED)(answer, message, post) or answer
    return answer


def _mint_session(reply: Reply, post: Post) -> Reply:
    if stateless(post):
        reply.headers = {**reply.headers, "mcp-session-id": post.headers.get("mcp-session-id", "minted")}
    return reply


FAULTS = [
    Fault(
        id="mcp/no-discovery",
        lie="server/discover is not known.",
        breaks=("mcp/discovery-served",),
        says=_undiscovered,
    ),
    Fault(
        id="mcp/discovery-without-capabilities",
        lie="server/discover does not tell the capabilities.",
        breaks=("mcp/discovery-members",),
        says=in_result(lambda result: result.pop("capabilities"), "server/discover"),
    ),
    Fault(
        id="mcp/no-result-type",
        lie="Results of 2026-07-28 have no resultType.",
        breaks=("mcp/result-type",),
        says=in_result(lambda result: result.pop("resultType", None)),
    ),
    Fault(
        id="mcp/other-result-type",
        lie="Results of 2026-07-28 have a resultType that nothing defines.",
        breaks=("mcp/result-type",),
        says=in_result(lambda result: result.update({"resultType": "final"} if "resultType" in result else {})),
    ),
    Fault(
        id="mcp/no-cache-hints",
        lie="A list of tools does not say how long it may be cached.",
        breaks=("mcp/cache-hints",),
        says=in_result(lambda result: result.pop("ttlMs", None), "tools/list"),
    ),
    Fault(
        id="mcp/meta-optional",
        lie="A request of 2026-07-28 is served without its revision or capabilities.",
        breaks=("mcp/meta-required",),
        forgives=frozenset({"meta"}),
    ),
    Fault(
        id="mcp/headers-unchecked",
        lie="Headers that contradict the body are overlooked.",
        breaks=("mcp/header-mismatch",),
        forgives=frozenset({"header-mismatch"}),
    ),
    Fault(
        id="mcp/version-refused-otherwise",
        lie="A revision that is not spoken is refused as an invalid parameter.",
        breaks=("mcp/version-unsupported",),
        says=recode(UNSUPPORTED_VERSION, INVALID_PARAMS),
    ),
    Fault(
        id="mcp/version-refused-without-hint",
        lie="The refusal of a revision does not say which ones are supported.",
        breaks=("mcp/version-unsupported",),
        says=in_error(lambda error: error.pop("data"), UNSUPPORTED_VERSION),
    ),
    Fault(
        id="mcp/encoded-name-compared",
        lie="A header Mcp-Name in base64 is compared as it stands.",
        breaks=("mcp/encoded-name-decoded",),
        says=_refuse_encoded_names,
    ),
    Fault(
        id="mcp/unknown-method-200",
        lie="An unknown method of 2026-07-28 is answered 200.",
        breaks=("mcp/unknown-method-404",),
        replies=_unknown_method_200,
    ),
    Fault(
        id="mcp/reserved-code",
        lie="A call of an unknown tool is refused with a code that the specification keeps for itself.",
        breaks=("mcp/reserved-codes",),
        says=_reserved_code,
    ),
    Fault(
        id="mcp/session-minted",
        lie="Answers of 2026-07-28 carry a session id.",
        breaks=("mcp/no-session-minted",),
        replies=_mint_session,
    ),
]
