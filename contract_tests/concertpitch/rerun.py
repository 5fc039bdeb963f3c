"""One finding of a report, sent again: the same chain of requests, to the same target or another, judged by its rule.

Rule 1: ids that the target gives anew stand in for the recorded ones.
Rule 2: what a stranger had sent is sent as by a stranger, with what he had presented in the place of credentials.
Rule 3: a read is repeated until it shows the states that it had shown, at most the patience.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from concertpitch import recordings
from concertpitch.campaigns import CAMPAIGNS, Campaign
from concertpitch.credentials import Identity
from concertpitch.errors import CannotJudge, UsageError
from concertpitch.exchange import Exchange
from concertpitch.lab import Settings
from concertpitch.protojson import message, text
from concertpitch.reading import subjects_of
from concertpitch.reading.credentials import presented
from concertpitch.rules import RULES
from concertpitch.subjects import Presented
from concertpitch.surfaces import Surface, surface_of
from concertpitch.transport import Transport
from concertpitch.verdicts import Verdict, judge

_PAUSE = 0.1
_SENT = frozenset({"content-type", "accept", "origin", "host"})
"""Headers that are part of what was asked."""
_CREDENTIALS = frozenset({"authorization", "x-goog-api-key"})


@dataclass(frozen=True)
class Chain:
    """The requests of a finding as a report holds them; `base_url` is the target they were sent to."""

    rule: str
    surface: Surface
    base_url: str
    exchanges: Sequence[Exchange]


def chain_of(report: Path, rule_id: str) -> Chain:
    """The chain of a rule's first finding; raises UsageError for a folder or rule that has none."""
    if rule_id not in RULES:
        raise UsageError(f"there is no rule '{rule_id}'; `concertpitch rules` lists them")
    try:
        content = json.loads((report / "verdicts.json").read_text(encoding="utf-8"))
        rule = next(one for one in content["rules"] if one["id"] == rule_id)
        numbers = set(rule["findings"][0]["chain"]) if rule["findings"] else set()
        surface, base_url = surface_of(content["surface"], content["version"]), str(content["target"])
    except OSError as error:
        raise UsageError(f"{report} is no report: {error.strerror} ({error.filename})") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UsageError(f"{report / 'verdicts.json'} is no report of this tool: {error}") from error
    except StopIteration:
        raise UsageError(f"{report} does not judge {rule_id}") from None
    if not numbers:
        raise UsageError(f"{report} has no finding of {rule_id} to send again: its verdict is {rule['verdict']}")
    kept = [one for one in recordings.load(report / "trace.har") if one.number in numbers]
    return Chain(rule_id, surface, base_url, kept)


def rerun(chain: Chain, settings: Settings, credentials: Identity) -> tuple[Verdict, list[str]]:
    """Send a chain again and judge it by its rule alone; also the names of what may be left over.

    Raises UsageError for a chain that writes where the profile only reads, CannotJudge when no answer comes.
    """
    if not settings.writes and any(one.method != "GET" for one in chain.exchanges):
        raise UsageError(f"the finding of {chain.rule} takes more than reads; allow them by --profile exercise")
    transport = Transport(settings.target, credentials, settings.timeout)
    campaign = CAMPAIGNS[settings.surface.name](settings, transport)
    try:
        _send_all(chain, transport, campaign, settings.patience)
        subjects = subjects_of(transport.exchanges, chain.surface, urlsplit(settings.target).path.rstrip("/"))
        (verdict,) = judge({chain.rule: RULES[chain.rule]}, subjects, {})
    finally:
        left_over = campaign.clean_up()
        transport.close()
    return verdict, left_over


def _send_all(chain: Chain, transport: Transport, campaign: Campaign, patience: float) -> None:
    root = urlsplit(chain.base_url).path.rstrip("/")
    renamed: dict[str, str] = {}
    strangers = any(presented(one) is Presented.OWN for one in chain.exchanges)
    for recorded in chain.exchanges:
        own = not strangers or presented(recorded) is Presented.OWN
        deadline = time.monotonic() + patience
        while True:
            answer = _send(transport, recorded, root, renamed, own=own)
            if answer.status is None:
                raise CannotJudge(f"{transport.base_url} does not answer ({answer.failure}). Is it running?")
            if recorded.method != "GET" or _states(recorded) <= _states(answer) or time.monotonic() > deadline:
                break
            time.sleep(_PAUSE)
        campaign.adopt(answer)
        renamed.update(_pairs(recorded, answer))


def _send(transport: Transport, recorded: Exchange, root: str, renamed: dict[str, str], *, own: bool) -> Exchange:
    path, body = recorded.path.removeprefix(root), recorded.request_body.decode("utf-8", "surrogateescape")
    query = [(name, renamed.get(value, value)) for name, value in recorded.query]
    for old, new in renamed.items():
        whole = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
        path, body = whole.sub(new, path), whole.sub(new, body)
    wanted = _SENT if own else _SENT | _CREDENTIALS
    headers = {name: value for name, value in recorded.request_headers if name in wanted or name.startswith("mcp-")}
    raw = body.encode("utf-8", "surrogateescape")
    return transport.send(recorded.method, path, query=query, body=raw, headers=headers, probe="rerun", authorize=own)


def _states(exchange: Exchange) -> set[str]:
    """The states that an answer shows, of one resource or of those on a page; `done` for a finished operation."""
    body = message(exchange.answer.value)
    lists = [value for value in body.values() if isinstance(value, list)]
    shown = [body, *(message(item) for listed in lists for item in listed)]
    return {text(one.get("state")) for one in shown} | {"done" for one in shown if one.get("done") is True}


def _pairs(recorded: Exchange, answer: Exchange) -> dict[str, str]:
    """What the recorded answer named, and what the new one names in its place: the ids of a name, and a page token."""
    before, after = message(recorded.answer.value), message(answer.answer.value)
    old, new = text(before.get("name")).split("/"), text(after.get("name")).split("/")
    pairs = dict(zip(old[1::2], new[1::2], strict=True)) if len(old) == len(new) else {}
    pairs[text(before.get("nextPageToken"))] = text(after.get("nextPageToken"))
    return {one: other for one, other in pairs.items() if one and other and one != other}
