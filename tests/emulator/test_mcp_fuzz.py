"""Any message to the MCP endpoints is answered as JSON-RPC says, and none but a cancel changes what is stored."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

PARENT = "projects/my-project/locations/us-central1"
JOBS = f"/v1/{PARENT}/tuningJobs"
SFT = {"baseModel": "gemini-2.0-flash-001", "supervisedTuningSpec": {"trainingDatasetUri": "gs://bucket/train.jsonl"}}
REBASE = {"tunedModelRef": {"tunedModel": f"{PARENT}/models/1"}}
REVISIONS = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"]
METHODS = ["initialize", "ping", "tools/list", "server/discover", "notifications/initialized", "resources/list"]
TOOLS = ["list_tuning_jobs", "get_tuning_job", "cancel_tuning_job", "get_operation"]
MOST_BYTES = 300

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    SCALARS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
IDS = st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8)
VERSION = st.sampled_from(REVISIONS) | st.text(max_size=12)
META = st.fixed_dictionaries(
    {},
    optional={
        "io.modelcontextprotocol/protocolVersion": VERSION | JSON,
        "io.modelcontextprotocol/clientCapabilities": st.just({}) | JSON,
    },
)
HEADERS = st.fixed_dictionaries(
    {"host": st.just("127.0.0.1"), "content-type": st.just("application/json")},
    optional={
        "mcp-protocol-version": st.sampled_from([*REVISIONS, "1999-01-01", ""]),
        "mcp-method": st.sampled_from([*METHODS, "tools/call"]),
        "mcp-name": st.sampled_from([*TOOLS, "=?base64?Z2V0?=", "=?base64?%?="]),
    },
)


def calls(tools: list[dict[str, Any]], names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Parameters of `tools/call`: what the tools' input schemas allow, and what they do not."""

    def arguments(tool: dict[str, Any]) -> st.SearchStrategy[Any]:
        schema = tool["inputSchema"]
        kinds = {"string": st.sampled_from(names) | st.text(max_size=20), "integer": st.integers(-3, 2**32)}
        right = {name: kinds[member["type"]] for name, member in schema["properties"].items()}
        needed = {name: right.pop(name) for name in schema["required"]}
        wrong = dict.fromkeys([*schema["properties"], "x"], JSON)
        return st.fixed_dictionaries(needed, optional=right) | st.fixed_dictionaries({}, optional=wrong) | JSON

    each = [
        st.fixed_dictionaries({"name": st.just(tool["name"]), "arguments": arguments(tool)}, optional={"_meta": META})
        for tool in tools
    ]
    return st.one_of(each) | st.fixed_dictionaries({}, optional={"name": JSON, "arguments": JSON, "_meta": META | JSON})


def messages(call: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Any]:
    """Requests and notifications, right and wrong, and what is no message at all."""
    given_params = st.fixed_dictionaries({}, optional={"protocolVersion": VERSION, "cursor": JSON, "_meta": META})
    envelope = {"jsonrpc": st.just("2.0")}
    call_request = st.fixed_dictionaries(
        {**envelope, "id": IDS, "method": st.just("tools/call"), "params": call},
    )
    request = st.fixed_dictionaries(
        {**envelope, "method": st.sampled_from(METHODS) | st.text(max_size=8)},
        optional={"id": IDS, "params": given_params | JSON},
    )
    odd = st.fixed_dictionaries(
        {},
        optional={"jsonrpc": st.just("2.0") | JSON, "id": JSON, "method": JSON, "params": JSON, "result": JSON},
    )
    return call_request | request | odd | JSON


def well_formed(message: Any) -> bool:
    """Whether this is a request that must be answered with its id."""
    return (
        isinstance(message, dict)
        and message.get("jsonrpc") == "2.0"
        and isinstance(message.get("method"), str)
        and isinstance(message.get("id"), str | int)
        and not isinstance(message["id"], bool)
    )


def ids(answers: list[Any]) -> Counter[str]:
    """The ids as they stand on the wire: 1 is not "1"."""
    return Counter(json.dumps(answer.get("id")) for answer in answers)


def check_answer(answer: Any) -> None:
    assert answer["jsonrpc"] == "2.0"
    assert answer.keys() in ({"jsonrpc", "id", "result"}, {"jsonrpc", "id", "error"})
    assert isinstance(answer["id"], str | int | None)
    if "error" in answer:
        assert isinstance(answer["error"]["code"], int)
        assert answer["error"]["message"]
        assert "Traceback" not in answer["error"]["message"]
    elif "structuredContent" in answer["result"]:
        assert json.loads(answer["result"]["content"][0]["text"]) == answer["result"]["structuredContent"]


def cancels(answers: list[Any]) -> bool:
    return any(answer.get("result", {}).get("structuredContent") == {} for answer in answers)


class Session:
    """An emulator with some jobs, and the check of one exchange with it."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        names = [emulator.post(JOBS, SFT).json["name"] for _ in range(4)]
        names.append(emulator.post(f"{JOBS}:rebaseTunedModel", REBASE).json["name"])
        listed = self.emulator.send("POST", "/mcp/tuning", "", b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}')
        self.tools = listed.json["result"]["tools"]
        self.names = [*names, PARENT, f"{names[0]}9"]

    def stored(self) -> bytes:
        return pickle.dumps(vars(self.emulator.service.store))

    def post(self, endpoint: str, content: bytes, sent: Any, headers: dict[str, str]) -> None:
        """Send and check; `sent` is the JSON value of the content, None where there is none."""
        before = self.stored()
        answer = self.emulator.send("POST", endpoint, "", content, headers)
        asked = [message for message in (sent if isinstance(sent, list) else [sent]) if well_formed(message)]
        if answer.status == 202:
            assert (answer.content, asked) == (b"", [])
            assert self.stored() == before
            return
        assert answer.status in {200, 400, 404}
        assert answer.content_type == "application/json"
        value = answer.json
        answers = value if isinstance(value, list) else [value]
        assert answers
        for one in answers:
            check_answer(one)
        if isinstance(value, list) is isinstance(sent, list):
            assert ids(asked) <= ids(answers)
        else:
            assert (ids(answers), answer.status) == (Counter(["null"]), 400)
        assert self.stored() == before or cancels(answers)


def fuzz(emulator: Any, examples: int) -> None:
    session = Session(emulator)
    message = messages(calls(session.tools, session.names))
    values = message | st.lists(message, max_size=4)

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(sent=values, headers=HEADERS, endpoint=st.sampled_from(["/mcp/tuning", "/mcp/generate"]))
    def any_value(sent: Any, headers: dict[str, str], endpoint: str) -> None:
        session.post(endpoint, json.dumps(sent).encode(), sent, headers)
        session.emulator.later(1)

    any_value()


def test_any_value(start) -> None:
    fuzz(start(), 1000)


@pytest.mark.parametrize(
    "fault",
    ["mcp/id-as-text", "mcp/error-beside-result", "mcp/text-contradicts", "mcp/silent-to-zero", "mcp/text-plain"],
)
def test_a_fault_is_found(start, fault: str) -> None:
    with pytest.raises(AssertionError):
        fuzz(start(fault), 400)


def test_any_bytes(start) -> None:
    session = Session(start())

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(content=st.binary(max_size=MOST_BYTES) | JSON.map(lambda value: json.dumps(value).encode()[:-1]))
    def any_content(content: bytes) -> None:
        try:
            sent = json.loads(content)
        except ValueError:
            sent = None
        session.post("/mcp/tuning", content, sent, {"host": "127.0.0.1"})

    any_content()


@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_is_reached(start, name: str) -> None:
    """Some of what the strategies make up is accepted; each result has the form that the tool promises."""
    session = Session(start())
    tool = next(tool for tool in session.tools if tool["name"] == name)
    fitting = {"list_tuning_jobs": [PARENT], "get_operation": session.names[4:5]}.get(name, session.names[:4])
    accepted = []

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(call=calls([tool], fitting))
    def one(call: dict[str, Any]) -> None:
        request = {"jsonrpc": "2.0", "id": 0, "method": "tools/call", "params": call}
        result = session.emulator.post("/mcp/tuning", request).json.get("result", {})
        if "structuredContent" in result:
            jsonschema.validate(result["structuredContent"], tool["outputSchema"])
            accepted.append(call)

    one()
    assert accepted
