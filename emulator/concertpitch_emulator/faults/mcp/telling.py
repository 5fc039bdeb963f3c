"""Short hands for lies at the MCP surface: at one method, in one tool's result, in the bytes of a reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from concertpitch_emulator.mcp.hooks import Post, Reply, ToolCall
from concertpitch_emulator.mcp.jsonrpc import Message
from concertpitch_emulator.mcp.revisions import STATELESS, VERSION_HEADER

Body = dict[str, Any]
Says = Callable[[Body, Message, Post], Body | None]
Shows = Callable[[Body, ToolCall], Body]
Replies = Callable[[Reply, Post], Reply]


def stateless(post: Post) -> bool:
    return post.headers.get(VERSION_HEADER) == STATELESS


def in_result(change: Callable[[Body], object], method: str = "") -> Says:
    """Change the result of a method in place; of every method where none is given."""

    def says(answer: Body, message: Message, _post: Post) -> Body:
        if "result" in answer and method in {"", message.method}:
            change(answer["result"])
        return answer

    return says


def in_error(change: Callable[[Body], object], *codes: int) -> Says:
    """Change the errors of those codes in place; all errors where none is given."""

    def says(answer: Body, _message: Message, _post: Post) -> Body:
        if "error" in answer and (not codes or answer["error"]["code"] in codes):
            change(answer["error"])
        return answer

    return says


def recode(code: int, other: int) -> Says:
    """Another code in the place of one."""
    return in_error(lambda error: error.update(code=other), code)


def in_tool(name: str, change: Callable[[Body], object]) -> Says:
    """Change how a tool is listed."""

    def changed(result: Body) -> None:
        for tool in result["tools"]:
            if tool["name"] == name:
                change(tool)

    return in_result(changed, "tools/list")


def shown_by(tool: str, change: Callable[[Body], object]) -> Shows:
    """Change in place what a tool gives back."""

    def shows(value: Body, call: ToolCall) -> Body:
        if call.tool == tool:
            change(value)
        return value

    return shows


def in_json(change: Callable[[Any, Reply, Post], Any]) -> Replies:
    """Change the JSON of a reply; a stream is left as it is."""

    def replies(reply: Reply, post: Post) -> Reply:
        if reply.content.startswith((b"{", b"[")):
            reply.content = orjson.dumps(change(orjson.loads(reply.content), reply, post))
        return reply

    return replies
