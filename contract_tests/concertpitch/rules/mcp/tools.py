"""What a server says of its tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import items, message, text
from concertpitch.rules.mcp.messages import INVALID_PARAMS
from concertpitch.sources import mcp, tool_page
from concertpitch.subjects.mcp import STATELESS, Tool, ToolList, Toolsets, ToolWalk, Turn

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_GET, _CANCEL = "get_tuning_job", "cancel_tuning_job"
_HINTS: dict[str, dict[str, bool]] = {
    _GET: {"destructiveHint": False, "idempotentHint": True, "readOnlyHint": True, "openWorldHint": False},
    _CANCEL: {"readOnlyHint": False},
}
_PAGE_SAYS = "Destructive Hint: ❌ | Idempotent Hint: ✅ | Read Only Hint: ✅ | Open World Hint: ❌"


def _schema_flaw(schema: Any) -> str:
    """Why a value is no JSON Schema of an object; '' if it is one."""
    if not isinstance(schema, dict):
        return f"is {schema!r}"
    try:
        jsonschema_rs.meta.validate(schema)
    except ValueError as error:
        return f"is no JSON Schema: {str(error).splitlines()[0][:100]}"
    if schema.get("type") != "object":
        return f"has the type {schema.get('type')!r}"
    if all(reference.startswith("#") for reference in _references(schema)):
        try:
            jsonschema_rs.validator_for(schema)
        except ValueError as error:
            return f"cannot be resolved: {str(error).splitlines()[0][:100]}"
    return ""


def _references(schema: Any) -> Iterator[str]:
    """Every `$ref` in a schema."""
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        yield from [reference] if isinstance(reference, str) else []
        for inner in schema.values():
            yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)


@rule(
    "tool/get-tuning-job-listed",
    DOCUMENTED,
    on=Toolsets,
    cite=tool_page(_GET, says="Tool: get_tuning_job"),
    probe="tools",
)
def get_tuning_job_listed(toolsets: Toolsets) -> Findings:
    """One of the endpoints lists the tool get_tuning_job."""
    if _GET not in toolsets.names:
        yield f"the endpoints list {', '.join(sorted(toolsets.names)) or 'no tools'}"


@rule(
    "tool/input-schema",
    CONVENTION,
    on=Tool,
    cite=mcp("tools, Data Types", says="**MUST** be a valid JSON Schema object (not `null`)"),
    probe="tools",
)
def input_schema(tool: Tool) -> Findings:
    """Every tool has an input schema: a valid JSON Schema of an object."""
    flaw = _schema_flaw(tool.body.get("inputSchema"))
    if flaw:
        yield f"the inputSchema of {tool.name} {flaw}"


@rule(
    "tool/output-schema",
    CONVENTION,
    on=Tool,
    when=lambda tool: "outputSchema" in tool.body and tool.turn.revision != STATELESS,
    cite=mcp("tools, Output Schema", says="Servers **MUST** provide structured results that conform to this schema."),
    probe="tools",
)
def output_schema(tool: Tool) -> Findings:
    """An output schema is a valid JSON Schema of an object."""
    flaw = _schema_flaw(tool.body["outputSchema"])
    if flaw:
        yield f"the outputSchema of {tool.name} {flaw}"


@rule(
    "tool/output-described",
    ADVISED,
    on=Tool,
    when=lambda tool: tool.name == _GET and tool.turn.revision in tool.turn.speaks - {"2025-03-26"},
    cite=tool_page(_GET, says="Output Schema"),
    probe="tools",
)
def output_described(tool: Tool) -> Findings:
    """get_tuning_job has an output schema (the page prints one; MCP makes it optional, so this warns)."""
    if "outputSchema" not in tool.body:
        yield f"{tool.name} has no outputSchema"


@rule(
    "tool/takes-a-name",
    DOCUMENTED,
    on=Tool,
    when=lambda tool: tool.name in {_GET, _CANCEL} and bool(tool.properties),
    cite=tool_page(_GET, says="Required. The name of the tuning job to retrieve."),
    probe="tools",
)
def takes_a_name(tool: Tool) -> Findings:
    """get_tuning_job and cancel_tuning_job take a `name`."""
    if "name" not in tool.properties:
        yield f"the input of {tool.name} has {', '.join(sorted(tool.properties))}"


@rule(
    "tool/name-required",
    ADVISED,
    on=Tool,
    when=lambda tool: tool.name in {_GET, _CANCEL} and "name" in tool.properties,
    cite=tool_page(_GET, says="Required. The name of the tuning job to retrieve."),
    probe="tools",
)
def name_required(tool: Tool) -> Findings:
    """The input schema says that `name` is required."""
    if "name" not in items(message(tool.body.get("inputSchema")).get("required")):
        yield f"the input schema of {tool.name} does not require its name"


def _hint(tool: Tool, name: str) -> Findings:
    given, wanted = tool.hints.get(name), _HINTS[tool.name].get(name)
    if given is not None and wanted is not None and given is not wanted:
        yield f"{tool.name} has {name} {given!r}"


def _hinted(tool: Tool) -> bool:
    return tool.name in _HINTS


@rule("tool/read-only-hint", DOCUMENTED, on=Tool, when=_hinted, cite=tool_page(_GET, says=_PAGE_SAYS), probe="tools")
def read_only_hint(tool: Tool) -> Findings:
    """get_tuning_job calls itself read-only, cancel_tuning_job does not."""
    yield from _hint(tool, "readOnlyHint")


@rule("tool/destructive-hint", DOCUMENTED, on=Tool, when=_hinted, cite=tool_page(_GET, says=_PAGE_SAYS), probe="tools")
def destructive_hint(tool: Tool) -> Findings:
    """get_tuning_job does not call itself destructive."""
    yield from _hint(tool, "destructiveHint")


@rule("tool/idempotent-hint", DOCUMENTED, on=Tool, when=_hinted, cite=tool_page(_GET, says=_PAGE_SAYS), probe="tools")
def idempotent_hint(tool: Tool) -> Findings:
    """get_tuning_job calls itself idempotent."""
    yield from _hint(tool, "idempotentHint")


@rule("tool/open-world-hint", DOCUMENTED, on=Tool, when=_hinted, cite=tool_page(_GET, says=_PAGE_SAYS), probe="tools")
def open_world_hint(tool: Tool) -> Findings:
    """get_tuning_job does not speak of an open world."""
    yield from _hint(tool, "openWorldHint")


@rule(
    "tool/hints-given",
    ADVISED,
    on=Tool,
    when=lambda tool: tool.name == _GET,
    cite=tool_page(_GET, says="Tool Annotations"),
    probe="tools",
)
def hints_given(tool: Tool) -> Findings:
    """get_tuning_job says that it only reads, in a closed world (absent hints mean the opposite)."""
    lacking = [name for name in ("readOnlyHint", "openWorldHint") if name not in tool.hints]
    if lacking:
        yield f"{tool.name} has no {' and no '.join(lacking)}"


@rule(
    "tool/names",
    ADVISED,
    on=ToolList,
    cite=mcp("tools, Tool Names", says="Tool names **SHOULD** be between 1 and 128 characters in length (inclusive)."),
    probe="tools",
)
def names(page: ToolList) -> Findings:
    """Tool names are unique, and have up to 128 letters, digits, dots, dashes and underscores."""
    for name in sorted(set(page.names)):
        if not _NAME.fullmatch(name):
            yield f"{page.turn.endpoint} lists a tool {name[:40]!r}"
        if page.names.count(name) > 1:
            yield f"{page.turn.endpoint} lists {name} {page.names.count(name)} times"


@rule(
    "tool/list-order",
    ADVISED,
    on=ToolList,
    when=lambda page: page.earlier is not None and sorted(page.earlier.names) == sorted(page.names),
    cite=mcp(
        "tools, Capabilities",
        says="Servers **SHOULD** return tools in a deterministic order (i.e., the same ordering across",
        revision=STATELESS,
    ),
    probe="tools",
)
def list_order(page: ToolList) -> Findings:
    """The tools come in the same order each time."""
    if page.earlier is not None and page.earlier.names != page.names:
        yield f"{page.turn.endpoint} listed the same tools in another order than before"


@rule(
    "tool/list-has-tools",
    CONVENTION,
    on=Turn,
    when=lambda turn: turn.method == "tools/list" and turn.error is None and "result" in message(turn.reply),
    cite=mcp("schema.ts, ListToolsResult", says="tools: Tool[];"),
    probe="tools",
)
def list_has_tools(turn: Turn) -> Findings:
    """A list of tools has an array `tools` of objects with names."""
    tools = message(message(turn.reply)["result"]).get("tools")
    if not isinstance(tools, list):
        yield f"{turn.shown} was answered without an array of tools"
    elif not all(text(message(tool).get("name")) for tool in tools):
        yield f"{turn.shown} was answered with a tool that has no name"


@rule(
    "tool/list-ends",
    CONVENTION,
    on=ToolWalk,
    cite=mcp("pagination", says="Treat a missing `nextCursor` as the end of results"),
    probe="tools",
)
def list_ends(walk: ToolWalk) -> Findings:
    """A list of tools can be read to its end: a cursor is text, is taken when it comes back, and leads on."""
    given = [cursor for cursor in walk.cursors if cursor is not None]
    if any(message(page.turn.result).get("nextCursor", "") is None for page in walk.pages):
        yield f"{walk.pages[0].turn.endpoint} gave out the cursor null, which is no text and not missing"
    for cursor in given:
        if not isinstance(cursor, str):
            yield f"{walk.pages[0].turn.endpoint} gave out the cursor {cursor!r}"
        elif given.count(cursor) > 1:
            yield f"{walk.pages[0].turn.endpoint} gave out the cursor {cursor[:40]!r} {given.count(cursor)} times"
            return
    if walk.refused is not None:
        yield f"{walk.refused.shown} with a cursor that it gave out was refused with {walk.refused.code}"


@rule(
    "tool/bad-cursor",
    ADVISED,
    on=Turn,
    when=lambda turn: turn.method == "tools/list" and turn.params.get("cursor") == "never-given-out",
    cite=mcp(
        "pagination, Error Handling",
        says="Invalid cursors **SHOULD** result in an error with code -32602 (Invalid params).",
    ),
    probe="tools",
)
def bad_cursor(turn: Turn) -> Findings:
    """A cursor that was never given out is refused with -32602."""
    if turn.accepted and turn.code != INVALID_PARAMS:
        yield f"{turn.shown} with a made-up cursor was answered with {turn.code or 'a result'}"
