"""How a call of a tool is answered, and refused."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import items, message, text
from concertpitch.sources import mcp, tool_page
from concertpitch.subjects.mcp import STRUCTURED, ToolCall

_JOB = re.compile(r"projects/[^/]+/locations/[^/]+/tuningJobs/[^/]+")
_SUCCESS_BY_DEFAULT = mcp(
    "schema.ts, CallToolResult", says="If not set, this is assumed to be false (the call was successful)."
)


def _done(call: ToolCall) -> bool:
    return call.result is not None and not call.failed


def _shown(call: ToolCall) -> str:
    return f"{call.tool or 'a call of no tool'} with {json.dumps(call.arguments, ensure_ascii=False)[:120]}"


@rule(
    "tool/content",
    CONVENTION,
    on=ToolCall,
    when=lambda call: call.result is not None,
    cite=mcp(
        "tools, Structured Content",
        says="a tool that returns structured content SHOULD also return the serialized JSON in",
    ),
    probe="refusals",
)
def content(call: ToolCall) -> Findings:
    """A result has a list of content items, each with a type."""
    if not isinstance(message(call.result).get("content"), list):
        yield f"the result of {_shown(call)} has no list content"
    elif not all(isinstance(item.get("type"), str) for item in call.content):
        yield f"the result of {_shown(call)} has a content item without a type"


@rule(
    "tool/text-copy",
    ADVISED,
    on=ToolCall,
    when=lambda call: _done(call) and call.structured is not None and bool(call.content),
    cite=mcp(
        "tools, Structured Content",
        says="a tool that returns structured content SHOULD also return the serialized JSON in",
    ),
    probe="twins",
)
def text_copy(call: ToolCall) -> Findings:
    """Structured content is also there as the JSON of a text item."""
    if call.structured not in call.texts:
        yield f"no text item of {_shown(call)} holds its structured content"


@rule(
    "tool/text-agrees",
    CONVENTION,
    on=ToolCall,
    when=lambda call: _done(call) and isinstance(call.structured, dict) and "name" in call.structured,
    cite=mcp(
        "tools, Structured Content",
        says="a tool that returns structured content SHOULD also return the serialized JSON in",
    ),
    probe="twins",
)
def text_agrees(call: ToolCall) -> Findings:
    """A text item that shows the same resource as the structured content does not contradict it."""
    for copy in call.texts:
        if isinstance(copy, dict) and copy.get("name") == call.structured["name"]:
            for member in sorted(copy.keys() & call.structured.keys()):
                if copy[member] != call.structured[member]:
                    yield f"the text of {_shown(call)} shows another {member} than the structured content"
                    return


@rule(
    "tool/output-given",
    CONVENTION,
    on=ToolCall,
    when=lambda call: (
        _done(call) and not call.mistake and "outputSchema" in call.entry and call.turn.revision in STRUCTURED
    ),
    cite=mcp("tools, Output Schema", says="Servers **MUST** provide structured results that conform to this schema."),
    probe="twins",
)
def output_given(call: ToolCall) -> Findings:
    """A tool with an output schema gives structured content."""
    if call.structured is None:
        yield f"the result of {_shown(call)} has no structuredContent"


@rule(
    "tool/output-conforms",
    CONVENTION,
    on=ToolCall,
    when=lambda call: (
        _done(call)
        and not call.mistake
        and isinstance(call.entry.get("outputSchema"), dict)
        and call.structured is not None
    ),
    cite=mcp("tools, Output Schema", says="Servers **MUST** provide structured results that conform to this schema."),
    probe="twins",
)
def output_conforms(call: ToolCall) -> Findings:
    """Structured content is valid against the tool's output schema."""
    try:
        validator = jsonschema_rs.validator_for(call.entry["outputSchema"], retriever=_not_here)
        first = next(iter(validator.iter_errors(call.structured)), None)
    except ValueError:  # no schema, which tool/output-schema reports, or one that refers to other places
        return
    if first is not None:
        at = "/".join(map(str, first.instance_path))
        yield f"structuredContent of {_shown(call)} at /{at}: {first.message[:100]}"


def _not_here(uri: str) -> Any:
    """Schemas of targets may name any place: nothing is fetched."""
    raise ValueError(uri)


@rule(
    "tool/names-the-job",
    DOCUMENTED,
    on=ToolCall,
    when=lambda call: call.tool == "get_tuning_job" and not call.mistake and bool(call.value),
    cite=tool_page(
        "get_tuning_job",
        says="Resource name of a TuningJob. Format: projects/{project}/locations/{location}/tuningJobs/{tuning_job}",
    ),
    probe="twins",
)
def names_the_job(call: ToolCall) -> Findings:
    """get_tuning_job shows the job that was asked for, under its full name."""
    got, asked = call.value.get("name"), text(call.arguments.get("name"))
    if not _JOB.fullmatch(text(got)) or text(got).rpartition("/")[2] != asked.rpartition("/")[2]:
        yield f"{_shown(call)} was answered with the name {got!r}"


@rule(
    "tool/page-size",
    DOCUMENTED,
    on=ToolCall,
    when=lambda call: call.tool == "list_tuning_jobs" and bool(call.value) and bool(call.arguments.get("pageSize")),
    cite=tool_page("list_tuning_jobs", says="list input {parent, filter, pageSize, pageToken}"),
    probe="list-tool",
)
def page_size(call: ToolCall) -> Findings:
    """list_tuning_jobs shows at most `pageSize` jobs."""
    shown, most = len(items(call.value.get("tuningJobs"))), call.arguments["pageSize"]
    if isinstance(most, int) and shown > most:
        yield f"{_shown(call)} was answered with {shown} jobs"


@rule(
    "tool/cancel-answers-empty",
    DOCUMENTED,
    on=ToolCall,
    when=lambda call: call.tool == "cancel_tuning_job" and not call.mistake and _done(call),
    cite=tool_page("cancel_tuning_job", says="cancel input {name}, output Empty"),
    probe="cancel-tool",
)
def cancel_answers_empty(call: ToolCall) -> Findings:
    """cancel_tuning_job gives back nothing."""
    if call.structured:
        yield f"{_shown(call)} was answered with {', '.join(sorted(message(call.structured))) or 'no object'}"


def _not_a_success(call: ToolCall) -> Findings:
    if not call.failed:
        yield f"{_shown(call)} was answered as a success"


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
        yield f"{_shown(call)} was answered with a result"


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
        yield f"{_shown(call)} was answered with the error {call.turn.code}"


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
        yield f"{_shown(call)}, without a handshake, was answered {call.turn.exchange.status}"
