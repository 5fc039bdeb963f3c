"""How a call of a tool is answered."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import items, message, text
from concertpitch.sources import mcp, method, protojson, tool_page
from concertpitch.subjects.mcp import HANDSHAKE, STRUCTURED, NextPage, ToolCall

_NAMED = frozenset({"get_tuning_job", "cancel_tuning_job"})
_CONTENT = ("text", "image", "audio", "resource", "resource_link")
_PARTS: dict[str, dict[str, type]] = {
    "text": {"text": str},
    "image": {"data": str, "mimeType": str},
    "audio": {"data": str, "mimeType": str},
    "resource": {"resource": dict},
    "resource_link": {"uri": str, "name": str},
}
"""What the specification makes each type of content item hold."""
_MOMENTS = ("createTime", "startTime", "endTime", "updateTime")
_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
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
    """A result has a list of content items, each of a type that the specification has, with what that type holds."""
    if not isinstance(message(call.result).get("content"), list):
        yield f"the result of {shown(call)} has no list content"
        return
    for item in call.content:
        if not isinstance(item.get("type"), str) or (
            item["type"] not in _CONTENT and call.turn.revision in {"", *HANDSHAKE}
        ):
            yield f"the result of {shown(call)} has a content item of the type {item.get('type')!r}"
            continue
        for name, kind in _PARTS.get(item["type"], {}).items():
            if not isinstance(item.get(name), kind):
                yield f"the result of {shown(call)} has a {item['type']} item without a {name}"


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
    "tool/input-schema-takes-the-call",
    DOCUMENTED,
    on=ToolCall,
    when=lambda call: (
        call.tool in _NAMED
        and not call.mistake
        and _done(call)
        and "name" in message(message(call.entry.get("inputSchema")).get("properties"))
    ),
    cite=tool_page("get_tuning_job", says="Required. The name of the tuning job to retrieve."),
    probe="twins",
)
def input_schema_takes_the_call(call: ToolCall) -> Findings:
    """The documented arguments of a call that succeeds are valid against the tool's input schema."""
    yield from _against_schema(call)


def _against_schema(call: ToolCall) -> Findings:
    try:
        validator = jsonschema_rs.validator_for(call.entry["inputSchema"], retriever=_not_here)
        first = next(iter(validator.iter_errors(call.arguments)), None)
    except ValueError:  # as above
        return
    if first is not None:
        yield f"{shown(call)} succeeded, and its inputSchema refuses it: {first.message[:100]}"


def _properties(call: ToolCall) -> set[str]:
    return set(message(message(call.entry.get("inputSchema")).get("properties")))


@rule(
    "tool/list-schema-takes-the-call",
    ADVISED,
    on=ToolCall,
    when=lambda call: (
        call.tool == "list_tuning_jobs"
        and not call.mistake
        and call.shows
        and {"parent"} < call.arguments.keys() <= _properties(call)
    ),
    cite=method("list", part="parameters/pageSize/description", says="The standard list page size."),
    probe="list-tool",
)
def list_schema_takes_the_call(call: ToolCall) -> Findings:
    """A page size that is taken is valid against the input schema of list_tuning_jobs (no page prints it: warns)."""
    yield from _against_schema(call)


@rule(
    "tool/times-are-utc",
    CONVENTION,
    on=ToolCall,
    when=lambda call: bool(_times(call)),
    cite=protojson("Representation of each type", says="Generated output will always be Z-normalized"),
    probe="twins",
)
def times_are_utc(call: ToolCall) -> Findings:
    """The times of jobs are RFC 3339 dates and times in UTC that end in Z."""
    for name, value in _times(call):
        if not (isinstance(value, str) and _UTC.fullmatch(value)):
            yield f"{shown(call)} was answered with the {name} {value!r}"
            return


def _times(call: ToolCall) -> list[tuple[str, Any]]:
    """The times of the jobs that a call shows, by their members."""
    jobs = (
        [call.value] if call.tool == "get_tuning_job" else [message(one) for one in items(call.value.get("tuningJobs"))]
    )
    return [(name, job[name]) for job in jobs for name in _MOMENTS if job.get(name) is not None]


@rule(
    "tool/lists-the-parent",
    DOCUMENTED,
    on=ToolCall,
    when=lambda call: call.tool == "list_tuning_jobs" and not call.mistake and bool(call.value),
    cite=method("list", says="Lists tuning jobs in a location."),
    probe="list-tool",
)
def lists_the_parent(call: ToolCall) -> Findings:
    """list_tuning_jobs shows jobs of the location that was asked for."""
    asked = text(call.arguments.get("parent")).partition("/locations/")[2]
    for job in items(call.value.get("tuningJobs")):
        name = text(message(job).get("name"))
        if _JOB.fullmatch(name) and name.split("/")[3] != asked:
            yield f"{shown(call)} was answered with {name}"
            return


@rule(
    "tool/next-page-goes-on",
    DOCUMENTED,
    on=NextPage,
    when=lambda page: "pageToken" in message(message(page.after.entry.get("inputSchema")).get("properties")),
    cite=method("list", part="parameters/pageToken/description", says="The standard list page token."),
    probe="list-tool",
)
def next_page_goes_on(page: NextPage) -> Findings:
    """The next page of a list_tuning_jobs that takes a pageToken shows no job of the page before it."""
    again = page.before.jobs & page.after.jobs
    if again:
        yield f"{shown(page.after)} was answered with {len(again)} jobs of the page before"


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
