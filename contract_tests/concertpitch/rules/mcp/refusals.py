"""Calls that cannot succeed, and how that is told."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.protojson import message
from concertpitch.rules.mcp.calls import shown
from concertpitch.sources import aip, mcp, rpc, tool_page
from concertpitch.subjects.mcp import ToolCall

_INTERNAL = 500
_SUCCESS_BY_DEFAULT = mcp(
    "schema.ts, CallToolResult", says="If not set, this is assumed to be false (the call was successful)."
)


def _not_a_success(call: ToolCall) -> Findings:
    if not call.failed and "result" in message(call.turn.reply):
        yield f"{shown(call)} was answered as a success"


@rule(
    "tool/client-fault-is-not-5xx",
    CONVENTION,
    on=ToolCall,
    when=lambda call: bool(call.mistake) and (call.crashes or (call.turn.exchange.status or 0) < _INTERNAL),
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="refusals",
)
def client_fault_is_not_5xx(call: ToolCall) -> Findings:
    """A call that cannot succeed is no internal error of HTTP (one, once, may be an accident)."""
    if call.turn.exchange.status == _INTERNAL:
        yield f"{shown(call)} was answered {_INTERNAL}"


@rule(
    "tool/nameless-call-refused",
    CONVENTION,
    on=ToolCall,
    when=lambda call: call.mistake == "nameless",
    cite=_SUCCESS_BY_DEFAULT,
    probe="refusals",
)
def nameless_call_refused(call: ToolCall) -> Findings:
    """A call that names no tool is no success."""
    yield from _not_a_success(call)


@rule(
    "tool/unknown-tool-refused",
    CONVENTION,
    on=ToolCall,
    when=lambda call: call.mistake == "tool",
    cite=_SUCCESS_BY_DEFAULT,
    probe="refusals",
)
def unknown_tool_refused(call: ToolCall) -> Findings:
    """A call of a tool that is not listed is no success."""
    yield from _not_a_success(call)


@rule(
    "tool/unknown-tool-is-an-error",
    ADVISED,
    on=ToolCall,
    when=lambda call: call.mistake == "tool" and call.failed and call.turn.accepted,
    cite=mcp(
        "schema.ts, CallToolResult", says="However, any errors in _finding_ the tool, an error indicating that the"
    ),
    probe="refusals",
)
def unknown_tool_is_an_error(call: ToolCall) -> Findings:
    """A call of a tool that is not listed is answered with a JSON-RPC error, not with a result."""
    if call.turn.error is None:
        yield f"{shown(call)} was answered with a result"


@rule(
    "tool/missing-argument-refused",
    CONVENTION,
    on=ToolCall,
    when=lambda call: call.mistake == "missing",
    cite=_SUCCESS_BY_DEFAULT,
    probe="refusals",
)
def missing_argument_refused(call: ToolCall) -> Findings:
    """A call without the name it needs is no success."""
    yield from _not_a_success(call)


@rule(
    "tool/malformed-name-refused",
    CONVENTION,
    on=ToolCall,
    when=lambda call: call.mistake == "malformed",
    cite=_SUCCESS_BY_DEFAULT,
    probe="refusals",
)
def malformed_name_refused(call: ToolCall) -> Findings:
    """A call with a name that can be no resource's is no success."""
    yield from _not_a_success(call)


@rule(
    "tool/negative-page-size-refused",
    CONVENTION,
    on=ToolCall,
    when=lambda call: call.mistake == "negative",
    cite=aip(158, "Guidance", says="If the user specifies a negative value for `page_size`, the API **must**"),
    probe="list-tool",
)
def negative_page_size_refused(call: ToolCall) -> Findings:
    """A list with a negative page size is no success."""
    yield from _not_a_success(call)


@rule(
    "tool/unknown-name-refused",
    CONVENTION,
    on=ToolCall,
    when=lambda call: call.mistake == "unknown",
    cite=_SUCCESS_BY_DEFAULT,
    probe="refusals",
)
def unknown_name_refused(call: ToolCall) -> Findings:
    """A call for a job or operation that does not exist is no success."""
    yield from _not_a_success(call)


@rule(
    "tool/unknown-name-is-a-result",
    ADVISED,
    on=ToolCall,
    when=lambda call: call.mistake == "unknown" and call.failed and call.turn.accepted,
    cite=mcp(
        "schema.ts, CallToolResult", says="Any errors that originate from the tool SHOULD be reported inside the result"
    ),
    probe="refusals",
)
def unknown_name_is_a_result(call: ToolCall) -> Findings:
    """That a job does not exist is told in a result with isError, not with a JSON-RPC error."""
    if call.turn.error is not None:
        yield f"{shown(call)} was answered with the error {call.turn.code}"


@rule(
    "tool/sample-call-served",
    ADVISED,
    on=ToolCall,
    when=lambda call: call.tool == "list_tuning_jobs" and not call.mistake and not call.turn.revision,
    cite=tool_page("get_tuning_job", says="The following sample demonstrate how to use curl"),
    probe="list-tool",
)
def sample_call_served(call: ToolCall) -> Findings:
    """The documented sample call, without a handshake and a revision, is served (servers may want both: warns)."""
    if call.turn.refused:
        yield f"{shown(call)}, without a handshake, was answered {call.turn.exchange.status}"
