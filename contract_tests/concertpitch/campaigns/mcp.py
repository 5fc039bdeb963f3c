"""The traffic of a run on the MCP tools, with REST v1 of the same target beside it where that is served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from concertpitch.campaigns.campaign import NOT_SERVED, Probe, Step
from concertpitch.errors import NotServed, TargetUnreachable
from concertpitch.exchange import Exchange
from concertpitch.lab import Settings
from concertpitch.probes.mcp import calls, doors, messages, stateless, twins
from concertpitch.probes.mcp.lab import ENDPOINTS, McpLab
from concertpitch.transport import Transport

PROBES = (
    Probe("handshake", "initializes in every revision, pings and lists the tools", messages.handshakes, writes=False),
    Probe("messages", "numbers requests in every way that JSON-RPC allows", messages.ids, writes=False),
    Probe("messages", "sends requests at the same moment", messages.at_the_same_moment, writes=False),
    Probe("messages", "sends notifications", messages.notices, writes=False),
    Probe("messages", "sends bodies that are no message", messages.malformed, writes=False),
    Probe("messages", "sends batches", messages.batches, writes=False),
    Probe("tools", "lists the tools again, and with a made-up cursor", calls.listings, writes=False),
    Probe("refusals", "calls tools that cannot do what they are asked", calls.mistakes, writes=False),
    Probe("twins", "reads the same jobs, lists and operations over MCP and over REST", twins.twins, writes=False),
    Probe("sample", "makes the documented sample call, with and without a handshake", calls.sample, writes=False),
    Probe("stateless", "asks in the revision that has no handshake", stateless.right, writes=False),
    Probe("stateless", "leaves out or contradicts what that revision needs", stateless.wrong, writes=False),
    Probe("doors", "asks with a revision that nobody knows, and with none", doors.revisions, writes=False),
    Probe("doors", "asks from foreign places", doors.foreigners, writes=False),
    Probe("doors", "ends a session and uses it again", doors.sessions, writes=False),
    Probe("doors", "opens a stream with GET", doors.verbs, writes=False),
    Probe("credentials", "asks without the run's credentials", doors.outsiders, writes=False),
)
_OF_TOOL = {
    "list_tuning_jobs": ("list-tool", "lists jobs over MCP"),
    "cancel_tuning_job": ("cancel-tool", "cancels a job over MCP"),
    "get_operation": ("operation-tool", "reads an operation over MCP"),
}
"""Rules on a tool that a server need not have name a probe of their own."""

_LOCKED = frozenset({401, 403})


class McpCampaign:
    """Connects to both endpoints, then talks to those that are served in every right and wrong way."""

    NAMES: ClassVar[Mapping[str, str]] = {
        **{probe.name: probe.about for probe in reversed(PROBES)},
        **dict(_OF_TOOL.values()),
        "sessions": "ends a session and uses it again, where the target has sessions",
    }

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._lab = McpLab(settings, transport)

    @property
    def run_id(self) -> str:
        return self._lab.run_id

    @property
    def missing(self) -> Mapping[str, str]:
        return self._lab.missing

    def look(self) -> None:
        lab = self._lab
        answers = [lab.connect(endpoint, probe="look") for endpoint in ENDPOINTS]
        if not lab.lines:
            self._say_why_not(answers)
        stateless.spoken(lab)
        for tool, (probe, _) in _OF_TOOL.items():
            if tool not in lab.tools:
                lab.missing[probe] = f"the target has no tool {tool}"
        if not any(line.session for line in lab.lines):
            lab.missing["sessions"] = "the target has no sessions"

    def _say_why_not(self, answers: Sequence[Exchange]) -> None:
        """A server without MCP may answer in any way; only one that does not answer at all is gone."""
        target, answered = self._lab.settings.target, [one for one in answers if one.status is not None]
        if not answered:
            raise TargetUnreachable(
                f"{target} does not answer ({answers[0].failure}). Is it running, and is the URL right?"
            )
        best = next((one for one in answered if one.status not in NOT_SERVED), answered[0])
        hint = (
            ": set CONCERTPITCH_TOKEN or CONCERTPITCH_API_KEY to credentials that may" if best.status in _LOCKED else ""
        )
        raise NotServed(f"{target} answers {best.status} for {best.path}, and no list of tools{hint}.")

    def steps(self) -> Sequence[Step]:
        return [Step(probe.about, partial(probe.run, self._lab)) for probe in PROBES]

    def stop(self) -> None:
        """Nothing runs in the background."""

    def adopt(self, exchange: Exchange) -> None:
        parent, collection, rest = exchange.path.partition("/tuningJobs")
        if exchange.method == "POST" and collection and not rest:
            self._lab.rest.remember(exchange, parent[parent.index("projects/") :])

    def clean_up(self) -> list[str]:
        return self._lab.rest.clean_up()

    def advice(self) -> str:
        if not self._lab.settings.writes or self._lab.rest.made:
            return ""
        return "no job could be created over REST v1 at this target, so only jobs that it already had were looked at"
