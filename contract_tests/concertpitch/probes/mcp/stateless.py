"""Revision 2026-07-28: requests that say everything, and requests that leave something out."""

from __future__ import annotations

import base64

from concertpitch.probes.mcp.lab import McpLab
from concertpitch.subjects.mcp import STATELESS

_PROBE = "stateless"
_UNKNOWN = "1900-01-01"


def right(lab: McpLab) -> None:
    """Discovery, lists and calls as the revision wants them, with a session id that nobody gave out."""
    for endpoint in lab.stateless:
        lab.ask_stateless(endpoint, "server/discover", probe=_PROBE)
        lab.ask_stateless(endpoint, "tools/list", probe=_PROBE)
        lab.ask_stateless(endpoint, "tools/list", probe=_PROBE, headers={"mcp-session-id": "concertpitch"})
        lab.ask_stateless(endpoint, "concertpitch/nothing", probe=_PROBE)
        lab.ask_stateless(endpoint, "tools/call", {"name": "concertpitch_nothing"}, probe=_PROBE)
        for tool in sorted(lab.tools & {"get_tuning_job", "list_tuning_jobs"}):
            argument = "parent" if tool == "list_tuning_jobs" else "name"
            params = {"name": tool, "arguments": {argument: lab.rest.parent()}}
            lab.ask_stateless(endpoint, "tools/call", params, probe=_PROBE)
            encoded = f"=?base64?{base64.b64encode(tool.encode()).decode()}?="
            lab.ask_stateless(endpoint, "tools/call", params, probe=_PROBE, headers={"mcp-name": encoded})


def wrong(lab: McpLab) -> None:
    """Requests without what the revision needs, with headers unlike the body, and of a revision nobody knows."""
    capabilities = "io.modelcontextprotocol/clientCapabilities"
    for endpoint in lab.stateless:
        for gone in ("io.modelcontextprotocol/protocolVersion", capabilities):
            meta = {key: value for key, value in lab.meta().items() if key != gone}
            lab.ask_stateless(endpoint, "tools/list", probe=_PROBE, meta=meta)
        for headers in ({"mcp-method": "tools/call"}, {"mcp-method": None}):
            lab.ask_stateless(endpoint, "tools/list", probe=_PROBE, headers=headers)
        for tool in sorted(lab.tools)[:1]:
            params = {"name": tool, "arguments": {}}
            for name in ("another_tool", None):
                lab.ask_stateless(endpoint, "tools/call", params, probe=_PROBE, headers={"mcp-name": name})
        headers = {"mcp-protocol-version": _UNKNOWN}
        lab.ask_stateless(endpoint, "tools/list", probe=_PROBE, headers=headers, meta=lab.meta(_UNKNOWN))


def spoken(lab: McpLab) -> bool:
    """Whether anything of this can be asked here; notes it when not."""
    if not lab.stateless:
        lab.missing[_PROBE] = f"the target does not speak revision {STATELESS}"
    return bool(lab.stateless)
