"""One campaign per surface: its traffic, in order. A probe makes traffic for the rules to judge and knows none of them.

Rule 1: probes are deterministic; exploration beyond them (Hypothesis, schemathesis) is a campaign's last step.
Rule 2: a probe never raises for what a target answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from concertpitch.campaigns.campaign import Campaign, Probe, Step
from concertpitch.campaigns.gemini import GeminiCampaign
from concertpitch.campaigns.mcp import McpCampaign
from concertpitch.campaigns.vertex import VertexCampaign
from concertpitch.lab import Settings
from concertpitch.transport import Transport

__all__ = ["CAMPAIGNS", "NAMES", "Campaign", "Probe", "Step"]

CAMPAIGNS: Mapping[str, Callable[[Settings, Transport], Campaign]] = {
    "vertex": VertexCampaign,
    "gemini": GeminiCampaign,
    "mcp": McpCampaign,
}
"""The campaign of each surface, by the surface's name."""

NAMES: Mapping[str, Mapping[str, str]] = {
    "vertex": VertexCampaign.NAMES,
    "gemini": GeminiCampaign.NAMES,
    "mcp": McpCampaign.NAMES,
    "client": {"client": "is no probe but the client under test, run by `concertpitch judge`"},
}
"""What each probe of each surface does, in words that complete 'the probe ..., which ...'."""
