"""How MCP traffic is read: streams, what kind of message a body is, and what makes a twin."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from concertpitch.campaigns import CAMPAIGNS
from concertpitch.configure import configure
from concertpitch.credentials import Credentials
from concertpitch.exchange import REDACTED, Exchange
from concertpitch.jsonrpc import reply, same_id, values
from concertpitch.reading import subjects_of
from concertpitch.rules import rules_of
from concertpitch.subjects.mcp import Bystander, FilterTwin, JobTwin, ToolCall, Toolsets, ToolWalk
from concertpitch.surfaces import MCP
from concertpitch.transport import Transport
from concertpitch.verdicts import judge
from concertpitch_emulator.config import Config
from concertpitch_emulator.server import start

BASE = "http://127.0.0.1:9000"
NAME = "projects/1/locations/us-central1/tuningJobs/7"


class Tape:
    """Writes exchanges down, a second each."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def add(self, verb: str, path: str, sent: Any, body: Any, status: int = 200, **headers: str) -> None:
        number = len(self.exchanges) + 1
        media = headers.pop("media", "application/json")
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.exchanges.append(
            Exchange(
                number=number,
                probe="test",
                method=verb,
                url=BASE + path,
                request_headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
                request_body=sent if isinstance(sent, bytes) else json.dumps(sent).encode(),
                sent=float(number),
                sent_at=0.0,
                answered=number + 0.5,
                status=status,
                headers=(("content-type", media),),
                body=raw,
            )
        )

    def rest(self, body: Any) -> None:
        self.add("GET", f"/v1/{NAME}", b"", body)

    def tool(self, value: Any, name: str = NAME) -> None:
        params = {"name": "get_tuning_job", "arguments": {"name": name}}
        result = {"content": [], "structuredContent": value}
        self.post({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}, result)

    def post(self, message: Any, result: Any, **headers: str) -> None:
        self.add("POST", "/mcp/tuning", message, {"jsonrpc": "2.0", "id": 1, "result": result}, **headers)

    def subjects(self) -> list[object]:
        return list(subjects_of(self.exchanges, MCP))


def answer(body: bytes, media: str) -> Exchange:
    tape = Tape()
    tape.add("POST", "/mcp/tuning", {"jsonrpc": "2.0", "id": 2, "method": "x"}, body, media=media)
    return tape.exchanges[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_stream_is_read_event_by_event(end: str) -> None:
    lines = [
        ": hi",
        "",
        "event: message",
        'data: {"method": "n"}',
        "",
        "id: 4",
        'data: {"id": 2,',
        'data:"result": {}}',
    ]
    read = values(answer(end.join([*lines, "", ""]).encode(), "text/event-stream"))
    assert read == [{"method": "n"}, {"id": 2, "result": {}}]


def test_an_event_without_an_end_is_read_too() -> None:
    assert reply(answer(b'data: {"id": 2, "result": 1}', "text/event-stream")) == {"id": 2, "result": 1}


def test_the_response_with_the_id_is_the_reply() -> None:
    body = b'data: {"id": 1, "result": 1}\n\ndata: {"id": 2, "result": 2}\n\n'
    assert reply(answer(body, "text/event-stream")) == {"id": 2, "result": 2}
    assert reply(answer(b"[]", "application/json")) is None


@pytest.mark.parametrize(("one", "other"), [(1, "1"), (1, True), (0, False), (1, 1.0), (None, 0)])
def test_ids_are_compared_with_their_types(one: Any, other: Any) -> None:
    assert not same_id(one, other)
    assert same_id(one, one)


@pytest.mark.parametrize(
    ("message", "headers", "kind"),
    [
        ({"jsonrpc": "2.0", "id": 0, "method": "ping"}, {}, "Turn"),
        ({"jsonrpc": "2.0", "method": "x"}, {}, "Notice"),
        ({"jsonrpc": "2.0", "id": 1, "result": {}}, {}, "Notice"),
        ({"jsonrpc": "2.0", "id": 1, "method": 1}, {}, "Malformed"),
        ({"jsonrpc": "1.0", "id": 1, "method": "x"}, {}, "Malformed"),
        (b"{", {}, "Malformed"),
        ("x", {}, "Malformed"),
        ([{"jsonrpc": "2.0", "id": 1, "method": "x"}], {}, "Batch"),
        ({"jsonrpc": "2.0", "id": 1, "method": "x"}, {"origin": "http://evil.example.com"}, "Foreign"),
        ({"jsonrpc": "2.0", "id": 1, "method": "x"}, {"origin": "http://localhost:1"}, "Turn"),
        ({"jsonrpc": "2.0", "id": 1, "method": "x"}, {"host": "evil.example.com"}, "Foreign"),
        ({"jsonrpc": "2.0", "id": 1, "method": "x"}, {"mcp_protocol_version": "1999-01-01"}, "StrangeRevision"),
        ({"jsonrpc": "2.0", "id": 1, "method": "x"}, {"mcp_protocol_version": "2030-01-01"}, "Turn"),
    ],
)
def test_what_a_post_is(message: Any, headers: dict[str, str], kind: str) -> None:
    tape = Tape()
    tape.post(message, {}, **headers)
    assert [type(one).__name__ for one in tape.subjects()] == [kind]


@pytest.mark.parametrize(
    ("name", "mistake"),
    [(NAME, ""), (f"{NAME}1", "unknown"), ("7", "malformed"), (NAME.rpartition("/tuningJobs")[0], "malformed")],
)
def test_mistakes_are_told_by_what_the_run_showed(name: str, mistake: str) -> None:
    tape = Tape()
    tape.rest({"name": NAME})
    tape.tool({"name": name}, name)
    assert [one.mistake for one in tape.subjects() if isinstance(one, ToolCall)] == [mistake]


def test_a_twin_lies_between_two_equal_reads() -> None:
    for before, after, count in (("A", "A", 1), ("A", "B", 0)):
        tape = Tape()
        tape.rest({"name": NAME, "state": before})
        tape.tool({"name": NAME, "state": "A"})
        tape.rest({"name": NAME, "state": after})
        assert len([one for one in tape.subjects() if isinstance(one, JobTwin)]) == count


def test_without_a_read_after_it_there_is_no_twin() -> None:
    tape = Tape()
    tape.rest({"name": NAME})
    tape.tool({"name": NAME})
    assert not [one for one in tape.subjects() if isinstance(one, JobTwin)]


def test_a_cancel_is_held_against_jobs_that_nobody_cancelled() -> None:
    other = NAME[:-1] + "8"
    cancel = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    cancel["params"] = {"name": "cancel_tuning_job", "arguments": {"name": NAME}}
    for asked, found in ((False, ["JOB_STATE_CANCELLED"]), (True, [])):
        tape = Tape()
        tape.add("POST", f"/v1/{other.rpartition('/')[0]}", {}, {"name": other})
        for state in ("JOB_STATE_SUCCEEDED", "JOB_STATE_CANCELLED"):
            tape.rest({"name": NAME, "state": state})
            tape.add("GET", f"/v1/{other}", b"", {"name": other, "state": state.replace("SUCCEEDED", "RUNNING")})
            if state.endswith("SUCCEEDED"):
                tape.post(cancel, {"content": [], "structuredContent": {}})
            if asked:
                tape.add("POST", f"/v1/{other}:cancel", {}, {})
        assert [one.state for one in tape.subjects() if isinstance(one, Bystander)] == found
        assert broken(tape) >= {"twin/cancel-spares-the-ended"}


def test_a_filter_is_compared_where_the_tool_is_listed_with_it() -> None:
    parent, jobs = NAME.rpartition("/tuningJobs")[0], [{"name": NAME}, {"name": f"{NAME}8"}]
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    call["params"] = {"name": "list_tuning_jobs", "arguments": {"parent": parent, "filter": "x"}}
    for properties, count in (({"filter": {}}, 1), ({}, 0)):
        tape = Tape()
        tool = {"name": "list_tuning_jobs", "inputSchema": {"type": "object", "properties": properties}}
        tape.post({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, {"tools": [tool]})
        tape.add("GET", f"/v1/{parent}/tuningJobs", b"", {"tuningJobs": jobs})
        tape.add("GET", f"/v1/{parent}/tuningJobs?filter=x", b"", {"tuningJobs": jobs[:1]})
        tape.post(call, {"content": [], "structuredContent": {"tuningJobs": jobs}})
        tape.add("GET", f"/v1/{parent}/tuningJobs?filter=x", b"", {"tuningJobs": jobs[:1]})
        found = [one for one in tape.subjects() if isinstance(one, FilterTwin)]
        assert [one.mcp & one.left_out for one in found] == [{f"{NAME}8"}] * count
        assert ("twin/filter" in broken(tape)) is bool(count)


WEIRD = [None, True, 0, -1, 1.5, "", "x", [], {}, [[]], 10**30, [None], {"name": 5}, json.loads("[" * 900 + "]" * 900)]


def spoiled(value: Any, draw: random.Random, chance: float) -> Any:
    """A JSON value with parts left out or replaced."""
    if draw.random() < chance:
        return draw.choice(WEIRD)
    if isinstance(value, dict):
        return {name: spoiled(member, draw, chance) for name, member in value.items() if draw.random() > chance}
    return [spoiled(item, draw, chance) for item in value] if isinstance(value, list) else value


def test_no_answer_whatever_makes_a_rule_raise() -> None:
    with start(Config(speed=150)) as target:
        settings = configure(target, surface="mcp", profile="exercise", patience=3.0)
        transport = Transport(target, Credentials(), settings.timeout)
        campaign = CAMPAIGNS["mcp"](settings, transport)
        campaign.look()
        for step in campaign.steps():
            step.run()
        campaign.clean_up()
        transport.close()
    broken = set()
    for seed in range(6):
        draw = random.Random(seed)
        exchanges = [
            exchange
            if exchange.answer.error or draw.random() < 0.5
            else replace(
                exchange,
                body=json.dumps(spoiled(exchange.answer.value, draw, draw.choice([0.02, 0.2]))).encode(),
                status=draw.choice([exchange.status] * 9 + [202, 204, 404, 500]),
            )
            for exchange in transport.exchanges
        ]
        verdicts = judge(rules_of("mcp"), subjects_of(exchanges, MCP), {})
        broken |= {verdict.rule.id for verdict in verdicts if verdict.broken}
    assert len(broken) > 30


def broken(tape: Tape) -> set[str]:
    """The rules about doors and lists that are broken on a tape whose tools say nothing of themselves."""
    verdicts = judge(rules_of("mcp"), tape.subjects(), {})
    return {one.rule.id for one in verdicts if one.broken} - {"tool/input-schema", "tool/hints-given"}


def listing(tape: Tape, names: list[str], cursor: str = "", following: Any = None, **headers: str) -> None:
    params = {"cursor": cursor} if cursor else {}
    result = {"tools": [{"name": name} for name in names]} | ({} if following is None else {"nextCursor": following})
    tape.post({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": params}, result, **headers)


def test_a_list_of_tools_goes_on_at_its_cursor() -> None:
    tape = Tape()
    listing(tape, ["cancel_tuning_job"], following="b")
    listing(tape, ["get_tuning_job"], cursor="b")
    walk = next(one for one in tape.subjects() if isinstance(one, ToolWalk))
    assert walk.names == ("cancel_tuning_job", "get_tuning_job")
    assert walk.whole
    assert [one.names for one in tape.subjects() if isinstance(one, Toolsets)] == [set(walk.names)]


def test_an_unread_page_of_tools_may_hold_any() -> None:
    tape = Tape()
    listing(tape, ["cancel_tuning_job"], following="b")
    tape.tool({"name": NAME})
    assert not [one for one in tape.subjects() if isinstance(one, Toolsets)]
    assert [one.mistake for one in tape.subjects() if isinstance(one, ToolCall)] == ["unknown"]


def test_a_cursor_is_text_or_missing() -> None:
    tape = Tape()
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    tape.post(asked, {"tools": [{"name": "get_tuning_job"}], "nextCursor": None})
    assert "tool/list-ends" in broken(tape)


def test_two_responses_to_one_request_are_a_finding() -> None:
    event = b'data: {"jsonrpc": "2.0", "id": 1, "result": {}}\n\n'
    for count in (1, 2):
        tape = Tape()
        tape.add(
            "POST",
            "/mcp/tuning",
            {"jsonrpc": "2.0", "id": 1, "method": "ping"},
            event * count,
            media="text/event-stream",
        )
        assert ("mcp/answered-once" in broken(tape)) is (count > 1)


@pytest.mark.parametrize(("cursor", "code"), [(7, 0), ("b", -32602)])
def test_a_cursor_that_leads_nowhere_is_a_finding(cursor: Any, code: int) -> None:
    tape = Tape()
    listing(tape, ["get_tuning_job"], following=cursor)
    if code:
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"cursor": cursor}}
        tape.add("POST", "/mcp/tuning", asked, {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": "no"}})
    assert "tool/list-ends" in broken(tape)


def test_outsiders_are_judged_where_the_door_is_closed_to_them_only() -> None:
    tape, asked = Tape(), {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    listing(tape, ["get_tuning_job"], authorization=REDACTED)
    tape.add("POST", "/mcp/tuning", asked, b"", 401)
    tape.add("POST", "/mcp/tuning", asked, b"", 403, authorization="Bearer made-up")
    assert broken(tape) == {"mcp/wrong-token-401"}
    tape.exchanges[1] = replace(tape.exchanges[1], status=200)
    assert broken(tape) == set()


@pytest.mark.parametrize(
    ("second", "expected"), [(500, True), (200, False), (503, False)], ids=["again", "once", "outage"]
)
def test_one_internal_error_of_a_call_is_an_accident(second: int, expected: bool) -> None:
    tape = Tape()
    listing(tape, ["get_tuning_job"])
    params = {"name": "get_tuning_job", "arguments": {}}
    for status in (500, second):
        error = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32603, "message": "no"}}
        tape.add(
            "POST", "/mcp/tuning", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}, error, status
        )
    assert ("tool/client-fault-is-not-5xx" in broken(tape)) is expected


@pytest.mark.parametrize(("strange", "expected"), [(400, True), (200, False)], ids=["strict", "careless"])
def test_a_revision_that_is_taken_in_headers_is_spoken(strange: int, expected: bool) -> None:
    tape = Tape()
    initialize(tape, asked="2025-06-18", answered="2025-11-25")
    listing(tape, ["get_tuning_job"], mcp_protocol_version="2025-06-18")
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    tape.add(
        "POST",
        "/mcp/tuning",
        asked,
        {"jsonrpc": "2.0", "id": 1, "result": {}},
        strange,
        mcp_protocol_version="1999-01-01",
    )
    assert ("mcp/revision-kept" in broken(tape)) is expected


@pytest.mark.parametrize(("bare", "expected"), [(400, True), (200, False)])
def test_who_wants_a_header_never_begins_without(bare: int, expected: bool) -> None:
    tape = Tape()
    initialize(tape, status=bare)
    initialize(tape, status=400)  # as servers do that have begun already
    initialize(tape, mcp_protocol_version="2025-11-25")
    assert ("mcp/initialize-needs-no-header" in broken(tape)) is expected


def initialize(
    tape: Tape, asked: str = "2025-11-25", answered: str = "2025-11-25", status: int = 200, **headers: str
) -> None:
    result = {"protocolVersion": answered, "capabilities": {"tools": {}}, "serverInfo": {"name": "n", "version": "1"}}
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": asked}}
    answer = {"jsonrpc": "2.0", "id": 1} | (
        {"result": result} if status == 200 else {"error": {"code": 1, "message": ""}}
    )
    tape.add("POST", "/mcp/tuning", request, answer, status, **headers)


@pytest.mark.parametrize(
    ("stream", "expected"),
    [(b": nothing\n\n", True), (b'{"jsonrpc": "2.0", "id": 1, "result": {}}', True), (b"id: 1\ndata:\n\n", False)],
    ids=["silent", "bare", "to be resumed"],
)
def test_a_stream_without_a_response_is_a_finding_where_none_can_follow(stream: bytes, expected: bool) -> None:
    tape = Tape()
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"arguments": {}}}
    tape.add("POST", "/mcp/tuning", asked, stream, media="text/event-stream")
    assert broken(tape) == {"mcp/stream-holds-response"} | ({"mcp/request-answered"} if expected else set())
