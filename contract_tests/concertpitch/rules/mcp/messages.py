"""How messages are answered: JSON-RPC 2.0, and what streamable HTTP adds."""

from __future__ import annotations

from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, Cite, Findings, rule
from concertpitch.jsonrpc import EVENT_STREAM, duplicates, responses, resumable, same_id
from concertpitch.protojson import message
from concertpitch.sources import jsonrpc, mcp
from concertpitch.subjects.mcp import BATCHING, STRUCTURED, Batch, Malformed, Notice, Turn

_BATCHES = mcp(
    "basic, Batching", says="batches, but **MUST** support receiving JSON-RPC batches.", revision="2025-03-26"
)
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
ACCEPTED, _BAD_REQUEST, _INTERNAL = 202, 400, 500
STRANGE = "concertpitch/nothing"


def _replied(turn: Turn) -> bool:
    return turn.reply is not None


@rule(
    "mcp/request-answered",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.accepted and not resumable(turn.exchange),
    cite=jsonrpc("5", says="the Server MUST reply with a Response, except for in the case of Notifications"),
    probe="messages",
)
def request_answered(turn: Turn) -> Findings:
    """A request that HTTP answers with success is answered with a response (a stream may bring it when resumed)."""
    if turn.reply is None:
        yield f"{turn.shown} with the id {turn.id!r} was answered {turn.exchange.status} without a response"


@rule(
    "mcp/answered-once",
    CONVENTION,
    on=Turn,
    when=_replied,
    cite=jsonrpc("5", says="the Server MUST reply with a Response, except for in the case of Notifications"),
    probe="messages",
)
def answered_once(turn: Turn) -> Findings:
    """A request is answered with one response, on a stream too."""
    count = sum(same_id(one.get("id"), turn.id) for one in responses(turn.exchange))
    if count > 1:
        yield f"{turn.shown} with the id {turn.id!r} was answered with {count} responses"


@rule(
    "mcp/stream-holds-response",
    ADVISED,
    on=Turn,
    when=lambda turn: turn.accepted,
    cite=mcp("transports, Sending Messages", says="The SSE stream **SHOULD** eventually include a JSON-RPC _response_"),
    probe="messages",
)
def stream_holds_response(turn: Turn) -> Findings:
    """A request that is answered with an event stream finds its response there."""
    if turn.exchange.media_type == EVENT_STREAM and not responses(turn.exchange):
        yield f"{turn.shown} was answered with a stream that ended without a response"


@rule(
    "mcp/json-or-stream",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.accepted and bool(turn.exchange.body),
    cite=mcp(
        "transports, Sending Messages",
        says="`Content-Type: application/json`, to return one JSON object. The client **MUST**",
    ),
    probe="messages",
)
def json_or_stream(turn: Turn) -> Findings:
    """A response comes as application/json or as text/event-stream."""
    if turn.exchange.media_type not in {"application/json", EVENT_STREAM}:
        yield f"{turn.shown} was answered as {turn.exchange.media_type or 'nothing'}"


@rule(
    "mcp/names-are-unique",
    ADVISED,
    on=Turn,
    when=_replied,
    cite=Cite("RFC 8259", "4. Objects", "The names within an object SHOULD be unique."),
    probe="messages",
)
def names_are_unique(turn: Turn) -> Findings:
    """No object of a response names a member twice."""
    for name in duplicates(turn.exchange):
        yield f"the response to {turn.shown} names the member {name!r} twice in one object"


@rule(
    "mcp/version-member",
    CONVENTION,
    on=Turn,
    when=_replied,
    cite=jsonrpc("5", says='MUST be exactly "2.0"'),
    probe="messages",
)
def version_member(turn: Turn) -> Findings:
    """Every response says `jsonrpc: "2.0"`."""
    if message(turn.reply).get("jsonrpc") != "2.0":
        yield f"the response to {turn.shown} has jsonrpc {message(turn.reply).get('jsonrpc')!r}"


@rule(
    "mcp/same-id",
    CONVENTION,
    on=Turn,
    when=_replied,
    cite=jsonrpc("4", says="MUST reply with the same value in the Response object"),
    probe="messages",
)
def same_id_comes_back(turn: Turn) -> Findings:
    """A response has the id of its request, of the same JSON type."""
    got = message(turn.reply).get("id")
    if not same_id(got, turn.id) and not (got is None and not turn.accepted):
        yield f"{turn.shown} with the id {turn.id!r} was answered with the id {got!r}"


@rule(
    "mcp/result-or-error",
    CONVENTION,
    on=Turn,
    when=_replied,
    cite=jsonrpc("5", says="but both members MUST NOT be included"),
    probe="messages",
)
def result_or_error(turn: Turn) -> Findings:
    """A response holds a result or an error, never both."""
    if {"result", "error"} <= message(turn.reply).keys():
        yield f"the response to {turn.shown} has both a result and an error"


@rule(
    "mcp/error-object",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.reply is not None and "error" in turn.reply and "result" not in turn.reply,
    cite=jsonrpc("5.1", says="A Number that indicates the error type that occurred."),
    probe="messages",
)
def error_object(turn: Turn) -> Findings:
    """An error is an object with an integer code and a message."""
    error = turn.error
    if error is None:
        yield f"the error of {turn.shown} is no object"
        return
    if not isinstance(error.get("code"), int) or isinstance(error.get("code"), bool):
        yield f"the error of {turn.shown} has the code {error.get('code')!r}"
    if not isinstance(error.get("message"), str):
        yield f"the error of {turn.shown} has no message"


@rule(
    "mcp/parse-error",
    CONVENTION,
    on=Malformed,
    when=lambda malformed: malformed.kind == "json",
    cite=jsonrpc("5.1", says="Invalid JSON was received by the server"),
    probe="messages",
)
def parse_error(malformed: Malformed) -> Findings:
    """A body that is not JSON is refused: with 4xx, or with -32700."""
    if malformed.served or malformed.crashed:
        yield f"a body that is not JSON was answered {malformed.exchange.status}"
    elif malformed.code is not None and malformed.code != PARSE_ERROR:
        yield f"a body that is not JSON was refused with {malformed.code}"


@rule(
    "mcp/parse-error-id",
    CONVENTION,
    on=Malformed,
    when=lambda malformed: malformed.kind == "json" and malformed.reply is not None,
    cite=jsonrpc("5", says="it MUST be Null"),
    probe="messages",
)
def parse_error_id(malformed: Malformed) -> Findings:
    """The error for a body that cannot be read has no id, or null."""
    got = message(malformed.reply).get("id")
    if got is not None:
        yield f"the error for a body that is not JSON has the id {got!r}"


@rule(
    "mcp/no-request-refused",
    CONVENTION,
    on=Malformed,
    when=lambda malformed: malformed.kind == "request",
    cite=jsonrpc("5.1", says="The JSON sent is not a valid Request object"),
    probe="messages",
)
def no_request_refused(malformed: Malformed) -> Findings:
    """JSON that is no message is refused."""
    if malformed.served:
        sent = malformed.exchange.request_body[:80].decode("utf-8", "replace")
        yield f"{sent} was answered {malformed.exchange.status} without an error"


@rule(
    "mcp/version-asked-for",
    ADVISED,
    on=Malformed,
    when=lambda malformed: malformed.kind == "version",
    cite=jsonrpc("5.1", says="The JSON sent is not a valid Request object"),
    probe="messages",
)
def version_asked_for(malformed: Malformed) -> Findings:
    """A request without `jsonrpc: "2.0"` is refused (many servers forgive that, so this warns)."""
    if malformed.served:
        sent = malformed.exchange.request_body[:80].decode("utf-8", "replace")
        yield f"{sent} was answered {malformed.exchange.status} without an error"


@rule(
    "mcp/invalid-request-code",
    ADVISED,
    on=Malformed,
    when=lambda malformed: malformed.kind in {"request", "version"} and malformed.code is not None,
    cite=jsonrpc("5.1", says="The JSON sent is not a valid Request object"),
    probe="messages",
)
def invalid_request_code(malformed: Malformed) -> Findings:
    """JSON that is no JSON-RPC 2.0 request is refused with -32600 (the official SDKs say otherwise, so this warns)."""
    if malformed.code != INVALID_REQUEST:
        yield f"a body that is no request was refused with {malformed.code}"


@rule(
    "mcp/method-not-found",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.method == STRANGE and (turn.accepted or turn.error is not None),
    cite=jsonrpc("5.1", says="The method does not exist / is not available"),
    probe="messages",
)
def method_not_found(turn: Turn) -> Findings:
    """A method that nobody knows is refused with -32601."""
    if turn.result is not None or (turn.error is not None and turn.code != METHOD_NOT_FOUND):
        yield f"{turn.shown} was answered with {'a result' if turn.result is not None else turn.code}"


@rule(
    "mcp/progress-token-taken",
    CONVENTION,
    on=Turn,
    when=lambda turn: (
        turn.params.keys() == {"_meta"} and turn.meta.keys() == {"progressToken"} and turn.method == "tools/list"
    ),
    cite=mcp("schema.ts, RequestParams", says="The receiver is not obligated to provide these notifications."),
    probe="tools",
)
def progress_token_taken(turn: Turn) -> Findings:
    """A request with a progress token in `_meta`, as any may have, is no error."""
    if turn.error is not None or (turn.exchange.status or 0) in {_BAD_REQUEST, _INTERNAL}:
        yield f"{turn.shown} with a progressToken was answered {turn.exchange.status} with {turn.code or 'no error'}"


@rule(
    "mcp/notification-202",
    CONVENTION,
    on=Notice,
    when=lambda notice: notice.accepted,
    cite=mcp(
        "transports, Sending Messages",
        says="If the server accepts the input, the server **MUST** return HTTP status code 202",
    ),
    probe="messages",
)
def notification_202(notice: Notice) -> Findings:
    """A notification that is accepted is answered 202, with no body."""
    if notice.exchange.status != ACCEPTED:
        yield f"a notification at {notice.endpoint} was answered {notice.exchange.status}"
    elif notice.exchange.body and not notice.replies:
        yield f"a notification at {notice.endpoint} was answered 202 with a body"


@rule(
    "mcp/notification-unanswered",
    CONVENTION,
    on=Notice,
    when=lambda notice: notice.accepted,
    cite=jsonrpc("4.1", says="The Server MUST NOT reply to a Notification"),
    probe="messages",
)
def notification_unanswered(notice: Notice) -> Findings:
    """A notification gets no response."""
    if notice.replies:
        yield f"a notification at {notice.endpoint} was answered with a response"


def _unanswered(batch: Batch) -> list[Any]:
    return [one for one in batch.asked if not any(same_id(one, other) for other in batch.replied)]


def _for_batches(batch: Batch) -> bool:
    return batch.revision == BATCHING and BATCHING in batch.speaks


@rule(
    "mcp/batch-answered",
    CONVENTION,
    on=Batch,
    when=lambda batch: _for_batches(batch) and bool(batch.answered or not batch.speaks & set(STRUCTURED)),
    cite=_BATCHES,
    probe="messages",
)
def batch_answered(batch: Batch) -> Findings:
    """Where batches of revision 2025-03-26 are taken, or no later one is spoken, just their requests are answered."""
    left = _unanswered(batch)
    if batch.answered and len(batch.replied) > len(batch.asked):
        asked, replied = len(batch.asked), len(batch.replied)
        yield f"a batch of {asked} requests at {batch.endpoint} was answered with {replied} responses"
    if left:
        yield f"a batch at {batch.endpoint} was answered {batch.exchange.status} without answers for {left}"


@rule(
    "mcp/batch-taken",
    ADVISED,
    on=Batch,
    when=_for_batches,
    cite=_BATCHES,
    probe="messages",
)
def batch_taken(batch: Batch) -> Findings:
    """A server that agrees to revision 2025-03-26 takes batches (the official SDKs do not any more, so this warns)."""
    if not batch.answered:
        yield f"a batch at {batch.endpoint} was answered {batch.exchange.status} without any result"


@rule(
    "mcp/batch-refused",
    ADVISED,
    on=Batch,
    when=lambda batch: batch.revision in STRUCTURED and batch.revision in batch.speaks,
    cite=mcp(
        "transports, Sending Messages",
        says="The body of the POST request **MUST** be a single JSON-RPC _request_, _notification_, or _response_.",
    ),
    probe="messages",
)
def batch_refused(batch: Batch) -> Findings:
    """Since revision 2025-06-18 a batch is refused (the clause binds clients, so this warns)."""
    if batch.answered:
        yield f"a batch at {batch.endpoint} was served in revision {batch.revision}"
