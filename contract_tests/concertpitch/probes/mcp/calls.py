"""Lists of tools, and calls that cannot succeed."""

from __future__ import annotations

from typing import Any

from concertpitch.probes.mcp.lab import Line, McpLab
from concertpitch.subjects.mcp import STATELESS

_WRONG_LISTS: tuple[dict[str, Any], ...] = ({}, {"parent": "not-a-parent"})
_STRANGER = "1111111111111111111"


def listings(lab: McpLab) -> None:
    """The tools once more, and with a cursor that was never given out."""
    for line in lab.lines:
        lab.ask(line, "tools/list", probe="tools")
        lab.ask(line, "tools/list", {"cursor": "never-given-out"}, probe="tools")
        if line.revision != STATELESS:
            lab.ask(line, "tools/list", {"_meta": {"progressToken": "concertpitch"}}, probe="tools")


def mistakes(lab: McpLab) -> None:
    """Calls of no tool and of an unknown one, without arguments, with names that are none, and of nobody's job."""
    parent = lab.rest.parent()
    stranger = lab.unknown_like(_STRANGER, set())
    for line in lab.lines:
        if line.revision != STATELESS:
            lab.ask(line, "tools/call", {"arguments": {}}, probe="refusals")
        lab.call(line, "concertpitch_nothing", {}, probe="refusals")
        for tool in sorted(lab.tools & {"get_tuning_job"}):
            lab.ask(line, "tools/call", {"name": tool}, probe="refusals")
        for arguments in _WRONG_LISTS if "list_tuning_jobs" in lab.tools else ():
            lab.call(line, "list_tuning_jobs", arguments, probe="refusals")
        if "list_tuning_jobs" in lab.tools:
            lab.call(line, "list_tuning_jobs", {"parent": parent, "pageSize": -1}, probe="list-tool")
        for tool in ("get_tuning_job", "cancel_tuning_job", "get_operation"):
            if tool in lab.tools and (lab.settings.writes or tool != "cancel_tuning_job"):
                collection = "operations" if tool == "get_operation" else "tuningJobs"
                for arguments in (
                    {},
                    {"name": "not-a-name"},
                    {"name": parent},
                    {"name": f"{parent}/{collection}/{stranger}"},
                ):
                    lab.call(line, tool, arguments, probe="refusals")


def sample(lab: McpLab) -> None:
    """The call that the reference page prints, with and without a handshake, for some job of the location."""
    for line in lab.lines:
        if "list_tuning_jobs" in lab.tools:
            params = {"name": "list_tuning_jobs", "arguments": {"parent": lab.rest.parent(), "pageSize": 2}}
            lab.ask(line, "tools/call", params, probe="sample")
            lab.post(Line(line.endpoint), lab.request("tools/call", params), probe="sample")
