"""How a call of a tool is answered."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import items, message, text
from concertpitch.sources import mcp, method, tool_page
from concertpitch.subjects.mcp import HANDSHAKE, STRUCTURED, ToolCall

_CONTENT = ("text", "image", "audio", "resource", "resource_link")
_JOB = re.compile(r"projects/[^/]+/locations/[^/]+/tuningJobs/[^/]+")


def _done(call: ToolCall) -> bool:
    return call.result is not None and not call.failed


def shown(call: ToolCall) -> str:
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
    """A result has a list of content items, each of a type that the specification has, texts with their text."""
    if not isinstance(message(call.result).get("content"), list):
        yield f"the result of {shown(call)} has no list content"
        return
    for item in call.content:
        if not isinstance(item.get("type"), str) or (
            item["type"] not in _CONTENT and call.turn.revision in {"", *HANDSHAKE}
        ):
            yield f"the result of {shown(call)} has a content item of the type {item.get('type')!r}"
        elif item["type"] == "text" and not isinstance(item.get("text"), str):
            yield f"the result of {shown(call)} has a text item without a text"


@rule(
    "tool/error-flag",
    CONVENTION,
    on=ToolCall,
    when=lambda call: call.result is not None,
    cite=mcp("schema.ts, CallToolResult", says="If not set, this is assumed to be false (the call was successful)."),
    probe="refusals",
)
def error_flag(call: ToolCall) -> Findings:
    """The member isError of a result is true, false, or not there."""
    flag = message(call.result).get("isError", False)
    if not isinstance(flag, bool):
        yield f"the result of {shown(call)} has isError {flag!r}"


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
        yield f"no text item of {shown(call)} holds its structured content"


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
                    yield f"the text of {shown(call)} shows another {member} than the structured content"
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
        yield f"the result of {shown(call)} has no structuredContent"


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
        yield f"structuredContent of {shown(call)} at /{at}: {first.message[:100]}"


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
        yield f"{shown(call)} was answered with the name {got!r}"


@rule(
    "tool/page-size",
    DOCUMENTED,
    on=ToolCall,
    when=lambda call: call.tool == "list_tuning_jobs" and bool(call.value) and bool(call.arguments.get("pageSize")),
    cite=method("list", part="parameters/pageSize/description", says="The standard list page size."),
    probe="list-tool",
)
def page_size(call: ToolCall) -> Findings:
    """list_tuning_jobs shows at most `pageSize` jobs."""
    count, most = len(items(call.value.get("tuningJobs"))), call.arguments["pageSize"]
    if isinstance(most, int) and count > most:
        yield f"{shown(call)} was answered with {count} jobs"


@rule(
    "tool/cancel-answers-empty",
    DOCUMENTED,
    on=ToolCall,
    when=lambda call: call.tool == "cancel_tuning_job" and not call.mistake and _done(call),
    cite=method("cancel", part="response/$ref", says="GoogleProtobufEmpty"),
    probe="cancel-tool",
)
def cancel_answers_empty(call: ToolCall) -> Findings:
    """cancel_tuning_job gives back nothing."""
    if call.structured:
        yield f"{shown(call)} was answered with {', '.join(sorted(message(call.structured))) or 'no object'}"
