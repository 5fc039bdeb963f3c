"""The MCP methods: what each answers to a message. It must not know HTTP; lies are told through the hooks."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING, Any

import orjson

from concertpitch_emulator.errors import ApiError, unreadable
from concertpitch_emulator.mcp import arguments, revisions
from concertpitch_emulator.mcp.hooks import Hooks, Post, ToolCall
from concertpitch_emulator.mcp.jsonrpc import INVALID_PARAMS, METHOD_NOT_FOUND, Message, Refused

if TYPE_CHECKING:
    from concertpitch_emulator.mcp.tools import Tool
    from concertpitch_emulator.vertex.service import TuningService

_SERVER = {"name": "concertpitch-emulator", "version": importlib.metadata.version("concertpitch")}
_CAPABILITIES: dict[str, Any] = {"tools": {}}
_CACHING = {"ttlMs": 0, "cacheScope": "private"}


class Methods:
    """The methods of both eras over one set of tools."""

    def __init__(self, service: TuningService, tools: dict[str, Tool], hooks: Hooks) -> None:
        self._service = service
        self._tools = tools
        self._hooks = hooks

    def result(self, message: Message, revision: str, post: Post) -> dict[str, Any]:
        """The result of a request; raises `Refused`."""
        if revision == revisions.STATELESS:
            return self._stateless(message, post)
        if message.method == "initialize":
            return _initialized(message)
        if message.method == "ping":
            return {}
        return self._either(message, post)

    def _stateless(self, message: Message, post: Post) -> dict[str, Any]:
        if message.method == "server/discover":
            result = {"supportedVersions": list(revisions.ALL), "capabilities": _CAPABILITIES}
        else:
            result = self._either(message, post)
        caching = {} if message.method == "tools/call" else _CACHING
        return {"resultType": "complete", **result, **caching, "_meta": {revisions.SERVER_META: _SERVER}}

    def _either(self, message: Message, post: Post) -> dict[str, Any]:
        """The methods that every revision has."""
        if message.method == "tools/list":
            if message.params.get("cursor") is not None and not self._hooks.forgives("cursor"):
                raise Refused(INVALID_PARAMS, "Invalid params: this cursor was never given out.", "cursor")
            return {"tools": [tool.described() for tool in self._tools.values()]}
        if message.method == "tools/call":
            return self._call(message, post)
        raise Refused(METHOD_NOT_FOUND, f"Method not found: {message.method[:200]}", "method")

    def _call(self, message: Message, post: Post) -> dict[str, Any]:
        name, given = message.params.get("name"), message.params.get("arguments")
        if not isinstance(name, str) or not isinstance(given, dict | None):
            raise Refused(INVALID_PARAMS, "Invalid params: a tool's name and its arguments are needed.", "call")
        tool = self._tools.get(name)
        if tool is None:
            raise Refused(INVALID_PARAMS, f"Unknown tool: {name[:200]}", "tool")
        try:
            wrong = arguments.violations(given or {}, tool.input_schema)
            if wrong:
                raise unreadable(wrong)
            value = tool.call(given or {}, self._service)
        except ApiError as error:
            return {"content": [_text(f"{error.status}: {error.message}")], "isError": True}
        value = self._hooks.shows(value, ToolCall(name, given or {}, post, self._service))
        return {
            "content": [_text(orjson.dumps(value).decode())],
            "structuredContent": value,
            "isError": False,
        }


def _initialized(message: Message) -> dict[str, Any]:
    asked = message.params.get("protocolVersion")
    if not isinstance(asked, str):
        raise Refused(INVALID_PARAMS, "Invalid params: protocolVersion must be a string.", "initialize")
    return {
        "protocolVersion": revisions.negotiated(asked),
        "capabilities": _CAPABILITIES,
        "serverInfo": _SERVER,
    }


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}
