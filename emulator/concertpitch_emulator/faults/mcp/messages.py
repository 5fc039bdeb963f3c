"""Lies in the messages: JSON-RPC, handshakes, notifications and batches."""

from __future__ import annotations

from typing import Any

import orjson

from concertpitch_emulator.faults.mcp.telling import Body, in_error, in_json, in_result, recode, stateless
from concertpitch_emulator.mcp.hooks import Fault, Post, Reply
from concertpitch_emulator.mcp.jsonrpc import INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR, Message
from concertpitch_emulator.mcp.revisions import NEWEST_HANDSHAKE, VERSION_HEADER

_INTERNAL = -32603
_INVALID_PARAMS = -32602


def _silent_to_zero(answer: Body, message: Message, _post: Post) -> Body | None:
    return None if message.id == 0 else answer


def _empty_stream(reply: Reply, post: Post) -> Reply:
    if b'"method": "tools/list"' in post.content and post.content.startswith(b"{") and b'"id": "' in post.content:
        return Reply(200, b": nothing to say\n\n", {"content-type": "text/event-stream"})
    return reply


def _twice(reply: Reply, post: Post) -> Reply:
    if b'"method": "ping"' in post.content and post.content.startswith(b"{"):
        return Reply(reply.status, b"data: %s\n\n" % reply.content * 2, {"content-type": "text/event-stream"})
    return reply


def _id_twice(reply: Reply, _post: Post) -> Reply:
    reply.content = reply.content.replace(b'{"jsonrpc"', b'{"id":0,"jsonrpc"')
    return reply


def _text_plain(reply: Reply, _post: Post) -> Reply:
    if reply.content:
        reply.headers = {**reply.headers, "content-type": "text/plain; charset=utf-8"}
    return reply


def _id(change: Any) -> Any:
    def says(answer: Body, _message: Message, _post: Post) -> Body:
        return {**answer, "id": change(answer["id"])}

    return says


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


def _as_number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _is_message_refusal(value: Any, reply: Reply, post: Post) -> bool:
    code = (value.get("error") or {}).get("code") if isinstance(value, dict) else None
    return reply.status == 400 and code == INVALID_REQUEST and not post.content.startswith(b"[")  # noqa: PLR2004


def _accept_anything(reply: Reply, post: Post) -> Reply:
    return Reply(202) if reply.content and _is_message_refusal(orjson.loads(reply.content), reply, post) else reply


def _other_refusal(value: Any, reply: Reply, post: Post) -> Any:
    if _is_message_refusal(value, reply, post):
        value["error"]["code"] = _INTERNAL
    return value


def _parse_error(**members: Any) -> Any:
    def change(value: Any, _reply: Reply, _post: Post) -> Any:
        if isinstance(value, dict) and (value.get("error") or {}).get("code") == PARSE_ERROR:
            value["error"]["code"] = members.get("code", PARSE_ERROR)
            value["id"] = members.get("id")
        return value

    return in_json(change)


def _in_handshake_only(says: Any) -> Any:
    return lambda answer, message, post: answer if stateless(post) else says(answer, message, post)


def _unknown_method_is_empty(answer: Body, _message: Message, post: Post) -> Body:
    if (answer.get("error") or {}).get("code") == METHOD_NOT_FOUND and not stateless(post):
        return {"jsonrpc": "2.0", "id": answer["id"], "result": {}}
    return answer


def _acknowledge(status: int, content: bytes) -> Any:
    def replies(reply: Reply, _post: Post) -> Reply:
        return Reply(status, content, {"content-type": "application/json"}) if reply.status == 202 else reply  # noqa: PLR2004

    return replies


def _lose_one(value: Any, _reply: Reply, _post: Post) -> Any:
    return value[:-1] if isinstance(value, list) else value


def _agree(version: Any) -> Any:
    """Let initialize answer what `version` makes of the revision asked for; None keeps the honest answer."""

    def says(answer: Body, message: Message, _post: Post) -> Body:
        if message.method == "initialize" and "result" in answer:
            asked = message.params["protocolVersion"]
            answer["result"]["protocolVersion"] = version(asked) or answer["result"]["protocolVersion"]
        return answer

    return says


def _refuse_unknown_revision(answer: Body, message: Message, _post: Post) -> Body:
    if message.method == "initialize" and answer["result"]["protocolVersion"] != message.params["protocolVersion"]:
        error = {"code": _INVALID_PARAMS, "message": "Unsupported protocol version"}
        return {"jsonrpc": "2.0", "id": answer["id"], "error": error}
    return answer


def _no_batches(reply: Reply, post: Post) -> Reply:
    if not post.content.lstrip().startswith(b"["):
        return reply
    refused = {"jsonrpc": "2.0", "id": None, "error": {"code": INVALID_REQUEST, "message": "One message at a time."}}
    return Reply(400, orjson.dumps(refused), {"content-type": "application/json"})


def _crash(reply: Reply, _post: Post) -> Reply:
    return Reply(500, b"JSONDecodeError") if str(PARSE_ERROR).encode() in reply.content else reply


def _one_id(value: Any) -> Any:
    return "at-once-0" if isinstance(value, str) and value.startswith("at-once-") else value


def _no_meta(answer: Body, message: Message, post: Post) -> Body:
    if "progressToken" in message.params.get("_meta", {}) and not stateless(post):
        error = {"code": _INVALID_PARAMS, "message": "Invalid params: _meta"}
        return {"jsonrpc": "2.0", "id": answer["id"], "error": error}
    return answer


def _headers_first(reply: Reply, post: Post) -> Reply:
    if b'"initialize"' in post.content and VERSION_HEADER not in post.headers:
        return Reply(400, b"The header MCP-Protocol-Version is missing.", {"content-type": "text/plain"})
    return reply


def _any_version(post: Post) -> Post:
    try:
        value = orjson.loads(post.content)
    except orjson.JSONDecodeError:
        return post
    if isinstance(value, dict) and "method" in value:
        post.content = orjson.dumps({**value, "jsonrpc": "2.0"})
    return post


FAULTS = [
    Fault(
        id="mcp/silent-to-zero",
        lie="A request with the id 0 is taken for a notification.",
        breaks=("mcp/request-answered",),
        says=_silent_to_zero,
    ),
    Fault(
        id="mcp/empty-stream",
        lie="A list of tools with a text as id is answered with a stream that holds nothing.",
        breaks=("mcp/request-answered", "mcp/stream-holds-response"),
        replies=_empty_stream,
    ),
    Fault(
        id="mcp/ping-answered-twice",
        lie="A ping is answered twice, on a stream.",
        breaks=("mcp/answered-once",),
        replies=_twice,
    ),
    Fault(
        id="mcp/ids-of-others",
        lie="Requests that are under way together are answered with the id of one of them.",
        breaks=("mcp/same-id",),
        says=_id(_one_id),
    ),
    Fault(
        id="mcp/progress-token-refused",
        lie="A request with a progress token is refused.",
        breaks=("mcp/progress-token-taken",),
        says=_no_meta,
    ),
    Fault(
        id="mcp/initialize-wants-header",
        lie="An initialize is refused unless its header names a revision.",
        breaks=("mcp/initialize-needs-no-header", "mcp/revision-negotiated"),
        replies=_headers_first,
    ),
    Fault(
        id="mcp/newest-whatever-asked",
        lie="Every initialize is answered with the newest revision, and older ones are taken in headers.",
        breaks=("mcp/revision-kept",),
        says=_agree(lambda _asked: NEWEST_HANDSHAKE),
    ),
    Fault(
        id="mcp/id-given-twice",
        lie="Responses name their id twice.",
        breaks=("mcp/names-are-unique",),
        replies=_id_twice,
    ),
    Fault(
        id="mcp/text-plain",
        lie="Answers say that they are plain text.",
        breaks=("mcp/json-or-stream",),
        replies=_text_plain,
    ),
    Fault(
        id="mcp/other-jsonrpc",
        lie="Responses say that they are JSON-RPC 1.0.",
        breaks=("mcp/version-member",),
        says=lambda answer, _message, _post: {**answer, "jsonrpc": "1.0"},
    ),
    Fault(
        id="mcp/id-as-text",
        lie="A number that was sent as id comes back as text.",
        breaks=("mcp/same-id", "mcp/batch-answered"),
        says=_id(_as_text),
    ),
    Fault(
        id="mcp/id-as-number",
        lie="A text of digits that was sent as id comes back as a number.",
        breaks=("mcp/same-id",),
        says=_id(_as_number),
    ),
    Fault(
        id="mcp/error-beside-result",
        lie="A response with a result also has the member error, which is null.",
        breaks=("mcp/result-or-error",),
        says=lambda answer, _message, _post: {**answer, "error": None} if "result" in answer else answer,
    ),
    Fault(
        id="mcp/error-without-message",
        lie="Errors have a code and no message.",
        breaks=("mcp/error-object",),
        says=in_error(lambda error: error.pop("message")),
    ),
    Fault(
        id="mcp/other-parse-error",
        lie="A body that is not JSON is refused as an internal error.",
        breaks=("mcp/parse-error",),
        replies=_parse_error(code=_INTERNAL),
    ),
    Fault(
        id="mcp/parse-error-with-id",
        lie="The error for a body that is not JSON has an id.",
        breaks=("mcp/parse-error-id",),
        replies=_parse_error(id=0),
    ),
    Fault(
        id="mcp/anything-is-a-message",
        lie="JSON that is no message is accepted as if it were a notification.",
        breaks=("mcp/no-request-refused", "mcp/version-asked-for"),
        replies=_accept_anything,
    ),
    Fault(
        id="mcp/crashes-on-no-json",
        lie="A body that is not JSON is answered 500, in plain words.",
        breaks=("mcp/parse-error",),
        replies=_crash,
    ),
    Fault(
        id="mcp/any-version",
        lie="A request that is no JSON-RPC 2.0 is served as if it were.",
        breaks=("mcp/version-asked-for",),
        hears=_any_version,
    ),
    Fault(
        id="mcp/other-invalid-request",
        lie="JSON that is no message is refused as an internal error.",
        breaks=("mcp/invalid-request-code",),
        replies=in_json(_other_refusal),
    ),
    Fault(
        id="mcp/other-method-not-found",
        lie="An unknown method is refused as an invalid request.",
        breaks=("mcp/method-not-found",),
        says=_in_handshake_only(recode(METHOD_NOT_FOUND, INVALID_REQUEST)),
    ),
    Fault(
        id="mcp/unknown-method-succeeds",
        lie="An unknown method is answered with an empty result.",
        breaks=("mcp/method-not-found",),
        says=_unknown_method_is_empty,
    ),
    Fault(
        id="mcp/notification-200",
        lie="Notifications are answered 200.",
        breaks=("mcp/notification-202",),
        replies=_acknowledge(200, b""),
    ),
    Fault(
        id="mcp/notification-answered",
        lie="Notifications get a response.",
        breaks=("mcp/notification-unanswered",),
        replies=_acknowledge(202, b'{"jsonrpc":"2.0","id":null,"result":{}}'),
    ),
    Fault(
        id="mcp/batch-loses-one",
        lie="The last request of a batch is not answered.",
        breaks=("mcp/batch-answered",),
        replies=in_json(_lose_one),
    ),
    Fault(
        id="mcp/batches-refused",
        lie="Batches are refused in the revision that has them, too.",
        breaks=("mcp/batch-taken",),
        replies=_no_batches,
    ),
    Fault(
        id="mcp/batch-served",
        lie="Batches are served in revisions that have none.",
        breaks=("mcp/batch-refused",),
        forgives=frozenset({"batch"}),
    ),
    Fault(
        id="mcp/no-server-info",
        lie="The answer to initialize does not say who the server is.",
        breaks=("mcp/initialize-members",),
        says=in_result(lambda result: result.pop("serverInfo"), "initialize"),
    ),
    Fault(
        id="mcp/revision-changed",
        lie="Revision 2025-06-18 is answered with the next one, although it is spoken.",
        breaks=("mcp/revision-kept",),
        says=_agree(lambda asked: "2025-11-25" if asked == "2025-06-18" else None),
    ),
    Fault(
        id="mcp/revision-echoed",
        lie="Any revision is agreed to, even one that does not exist.",
        breaks=("mcp/revision-not-made-up",),
        says=_agree(lambda asked: asked),
    ),
    Fault(
        id="mcp/revision-refused",
        lie="A revision that is not spoken is refused instead of answered with one that is.",
        breaks=("mcp/revision-negotiated",),
        says=_refuse_unknown_revision,
    ),
    Fault(
        id="mcp/no-tools-capability",
        lie="The capabilities do not mention tools.",
        breaks=("mcp/tools-capability",),
        says=in_result(lambda result: result.update(capabilities={}), "initialize"),
    ),
    Fault(
        id="mcp/ping-says-more",
        lie="A ping is answered with a member.",
        breaks=("mcp/ping-empty",),
        says=in_result(lambda result: result.update(ok=True), "ping"),
    ),
]
