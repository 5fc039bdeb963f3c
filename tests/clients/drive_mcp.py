"""Talks to an MCP endpoint with the official `mcp` package, 1.x or 2.x, and prints what came back as one JSON object.

Runs in a throw-away environment: `python drive_mcp.py ENDPOINT JOB_NAME`.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import sys
from typing import Any

PARENT_SEGMENTS = 4


def calls(name: str) -> list[tuple[str, dict[str, Any]]]:
    parent = "/".join(name.split("/")[:PARENT_SEGMENTS])
    return [
        ("get_tuning_job", {"name": name}),
        ("get_tuning_job", {"name": "not-a-name"}),
        ("get_tuning_job", {"name": f"{name}0"}),
        ("list_tuning_jobs", {"parent": parent, "pageSize": 1}),
        ("cancel_tuning_job", {"name": name}),
    ]


async def first(endpoint: str, name: str) -> list[dict[str, Any]]:
    """With 1.x: one connection, with a handshake."""
    from mcp import ClientSession  # noqa: PLC0415 - each version has names of its own
    from mcp.client.streamable_http import streamablehttp_client  # noqa: PLC0415

    async with streamablehttp_client(endpoint) as (read, write, _), ClientSession(read, write) as session:
        agreed = await session.initialize()
        await session.send_ping()
        listed = await session.list_tools()
        results = [await session.call_tool(tool, arguments) for tool, arguments in calls(name)]
    return [
        {
            "revision": agreed.protocolVersion,
            "tools": {tool.name: tool.annotations.readOnlyHint for tool in listed.tools},
            "results": [
                {"failed": one.isError, "value": one.structuredContent, "text": one.content[0].text} for one in results
            ],
        }
    ]


async def second(endpoint: str, name: str) -> list[dict[str, Any]]:
    """With 2.x: as it finds its way by itself, and with a handshake."""
    from mcp import Client  # noqa: PLC0415

    found = []
    for mode in ("auto", "legacy"):
        async with Client(endpoint, mode=mode) as client:
            listed = await client.list_tools()
            results = [await client.call_tool(tool, arguments) for tool, arguments in calls(name)]
            found.append(
                {
                    "revision": client.protocol_version,
                    "tools": {tool.name: tool.annotations.read_only_hint for tool in listed.tools},
                    "results": [
                        {"failed": one.is_error, "value": one.structured_content, "text": one.content[0].text}
                        for one in results
                    ],
                }
            )
    return found


if __name__ == "__main__":
    talk = first if importlib.metadata.version("mcp").startswith("1.") else second
    json.dump(asyncio.run(talk(*sys.argv[1:])), sys.stdout)
