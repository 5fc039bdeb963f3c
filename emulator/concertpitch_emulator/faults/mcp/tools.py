"""Lies in the list of tools."""

from __future__ import annotations

from typing import Any

from concertpitch_emulator.faults.mcp.telling import Body, in_result, in_tool
from concertpitch_emulator.mcp.hooks import Fault, Post
from concertpitch_emulator.mcp.jsonrpc import Message

_GET = "get_tuning_job"
_DANGLING = {"type": "object", "properties": {"name": {"$ref": "#/$defs/Name"}}}


def _without_get(result: Body) -> None:
    result["tools"] = [tool for tool in result["tools"] if tool["name"] != _GET]


def _rename_argument(tool: Body) -> None:
    schema = tool["inputSchema"]
    schema["properties"] = {"tuningJob": schema["properties"]["name"]}
    schema["required"] = ["tuningJob"]


def _other_hint(hint: str) -> Any:
    def change(tool: Body) -> None:
        tool["annotations"][hint] = not tool["annotations"][hint]

    return in_tool(_GET, change)


def _other_order(answer: Body, message: Message, post: Post) -> Body:
    if message.method == "tools/list" and "result" in answer:
        count = post.lore["lists"] = post.lore.get("lists", 0) + 1
        if count % 2:
            answer["result"]["tools"].reverse()
    return answer


def _by_name(result: Body) -> None:
    result["tools"] = {tool["name"]: tool for tool in result["tools"]}


def _same_cursor(answer: Body, message: Message, _post: Post) -> Body:
    if message.method == "tools/list" and message.params.get("cursor") == "again":
        tools: Body = {"tools": [], **answer.get("result", {})}
        answer = {"jsonrpc": "2.0", "id": message.id, "result": tools}
    if message.method == "tools/list" and "result" in answer:
        answer["result"]["nextCursor"] = "again"
    return answer


FAULTS = [
    Fault(
        id="mcp/get-not-listed",
        lie="The tool get_tuning_job is not listed.",
        breaks=("tool/get-tuning-job-listed",),
        says=in_result(_without_get, "tools/list"),
    ),
    Fault(
        id="mcp/input-schema-null",
        lie="The input schema of list_tuning_jobs is null.",
        breaks=("tool/input-schema",),
        says=in_tool("list_tuning_jobs", lambda tool: tool.update(inputSchema=None)),
    ),
    Fault(
        id="mcp/output-schema-untyped",
        lie="The output schema of cancel_tuning_job does not say that it is an object.",
        breaks=("tool/output-schema",),
        says=in_tool("cancel_tuning_job", lambda tool: tool.update(outputSchema={})),
    ),
    Fault(
        id="mcp/output-not-described",
        lie="get_tuning_job has no output schema.",
        breaks=("tool/output-described",),
        says=in_tool(_GET, lambda tool: tool.pop("outputSchema")),
    ),
    Fault(
        id="mcp/argument-renamed",
        lie="The input schema of get_tuning_job calls the name tuningJob.",
        breaks=("tool/takes-a-name",),
        says=in_tool(_GET, _rename_argument),
    ),
    Fault(
        id="mcp/name-optional",
        lie="The input schema of get_tuning_job requires nothing.",
        breaks=("tool/name-required",),
        says=in_tool(_GET, lambda tool: tool["inputSchema"].update(required=[])),
    ),
    Fault(
        id="mcp/name-pattern-too-narrow",
        lie="The input schema of get_tuning_job takes names of no job.",
        breaks=("tool/input-schema-takes-the-call",),
        says=in_tool(_GET, lambda tool: tool["inputSchema"]["properties"]["name"].update(pattern="^[0-9]+$")),
    ),
    Fault(
        id="mcp/page-size-in-words",
        lie="The input schema of list_tuning_jobs says that the page size is a text.",
        breaks=("tool/list-schema-takes-the-call",),
        says=in_tool(
            "list_tuning_jobs", lambda tool: tool["inputSchema"]["properties"].update(pageSize={"type": "string"})
        ),
    ),
    Fault(
        id="mcp/output-schema-dangling",
        lie="The output schema of cancel_tuning_job refers to a definition that it lacks.",
        breaks=("tool/output-schema",),
        says=in_tool("cancel_tuning_job", lambda tool: tool.update(outputSchema=_DANGLING)),
    ),
    Fault(
        id="mcp/get-not-read-only",
        lie="get_tuning_job says that it changes things.",
        breaks=("tool/read-only-hint",),
        says=_other_hint("readOnlyHint"),
    ),
    Fault(
        id="mcp/get-destructive",
        lie="get_tuning_job says that it destroys things.",
        breaks=("tool/destructive-hint",),
        says=_other_hint("destructiveHint"),
    ),
    Fault(
        id="mcp/get-not-idempotent",
        lie="get_tuning_job says that it is not idempotent.",
        breaks=("tool/idempotent-hint",),
        says=_other_hint("idempotentHint"),
    ),
    Fault(
        id="mcp/get-open-world",
        lie="get_tuning_job says that it meets an open world.",
        breaks=("tool/open-world-hint",),
        says=_other_hint("openWorldHint"),
    ),
    Fault(
        id="mcp/no-hints",
        lie="get_tuning_job gives no hints.",
        breaks=("tool/hints-given",),
        says=in_tool(_GET, lambda tool: tool.pop("annotations")),
    ),
    Fault(
        id="mcp/tool-listed-twice",
        lie="The first tool is listed twice.",
        breaks=("tool/names",),
        says=in_result(lambda result: result["tools"].append(result["tools"][0]), "tools/list"),
    ),
    Fault(
        id="mcp/tools-shuffled",
        lie="Every other list of tools is in the reverse order.",
        breaks=("tool/list-order",),
        says=_other_order,
    ),
    Fault(
        id="mcp/any-cursor",
        lie="A cursor that was never given out is overlooked.",
        breaks=("tool/bad-cursor",),
        forgives=frozenset({"cursor"}),
    ),
    Fault(
        id="mcp/tools-by-name",
        lie="The tools are listed as an object, by name.",
        breaks=("tool/list-has-tools",),
        says=in_result(_by_name, "tools/list"),
    ),
    Fault(
        id="mcp/cursor-again",
        lie="Every page of tools gives out the same cursor.",
        breaks=("tool/list-ends",),
        says=_same_cursor,
    ),
    Fault(
        id="mcp/cursor-null",
        lie="The last page of tools gives out null as its cursor.",
        breaks=("tool/list-ends",),
        says=in_result(lambda result: result.setdefault("nextCursor", None), "tools/list"),
    ),
    Fault(
        id="mcp/cursor-number",
        lie="Lists of tools give out a number as their cursor.",
        breaks=("tool/list-ends",),
        says=in_result(lambda result: result.update(nextCursor=7), "tools/list"),
    ),
    Fault(
        id="mcp/cursor-refused",
        lie="Lists of tools give out a cursor that is refused when it comes back.",
        breaks=("tool/list-ends",),
        says=in_result(lambda result: result.update(nextCursor="next"), "tools/list"),
    ),
]
