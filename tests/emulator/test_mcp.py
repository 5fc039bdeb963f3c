"""The MCP endpoints, message by message: status, result or error, and who may ask at all."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from concertpitch_emulator.protojson import MAX_BYTES

SFT = {
    "baseModel": "gemini-2.0-flash-001",
    "supervisedTuningSpec": {"trainingDatasetUri": "gs://bucket/train.jsonl"},
}
PARENT = "projects/my-project/locations/us-central1"
STATELESS = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": STATELESS,
    "io.modelcontextprotocol/clientCapabilities": {},
}
NEEDS = {"host": "127.0.0.1:8000", "content-type": "application/json"}


class Client:
    """Posts to one endpoint of an emulator without a socket."""

    def __init__(self, emulator: Any, endpoint: str = "/mcp/tuning") -> None:
        self.emulator = emulator
        self.endpoint = endpoint

    def http(self, content: bytes, verb: str = "POST", **headers: str) -> tuple[int, Any]:
        named = NEEDS | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.emulator.send(verb, self.endpoint, content=content, headers=named)
        return answer.status, json.loads(answer.content) if answer.content else None

    def post(self, value: Any, **headers: str) -> tuple[int, Any]:
        return self.http(json.dumps(value).encode(), **headers)

    def ask(self, method: str, params: Any = None, **headers: str) -> tuple[int, Any]:
        request = {"jsonrpc": "2.0", "id": 1, "method": method}
        return self.post(request if params is None else request | {"params": params}, **headers)

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        status, answer = self.ask("tools/call", {"name": tool, "arguments": arguments})
        assert status == 200
        return answer["result"]

    def modern(self, method: str, **params: Any) -> tuple[int, Any]:
        """A request of 2026-07-28 with everything that it needs."""
        headers = {"mcp_protocol_version": STATELESS, "mcp_method": method}
        if "name" in params:
            headers["mcp_name"] = params["name"]
        return self.ask(method, {"_meta": META, **params}, **headers)


@pytest.fixture
def client(emulator) -> Client:
    return Client(emulator)


def initialize(version: str) -> dict[str, Any]:
    return {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
        ("2024-11-05", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
    ],
)
def test_initialize_negotiates(client: Client, asked: str, answered: str) -> None:
    status, answer = client.ask("initialize", initialize(asked))
    assert status == 200
    assert answer["result"]["protocolVersion"] == answered
    assert answer["result"]["capabilities"] == {"tools": {}}
    assert answer["result"]["serverInfo"].keys() == {"name", "version"}


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        ({"jsonrpc": "2.0", "id": 1, "method": "foo/bar"}, 200, -32601),
        ({"jsonrpc": "2.0", "id": 1, "method": "server/discover"}, 200, -32601),
        ({"jsonrpc": "2.0", "id": 1, "method": 1}, 400, -32600),
        ({"jsonrpc": "2.0", "id": 1}, 400, -32600),
        ({"id": 1, "method": "ping"}, 400, -32600),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, 400, -32600),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, 400, -32600),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "ping"}, 400, -32600),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, 400, -32600),
        ("ping", 400, -32600),
        ([], 400, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}, 200, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}, 200, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"cursor": "x"}}, 200, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call"}, 200, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 1}}, 200, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "create_tuning_job"}}, 200, -32602),
    ],
)
def test_refusals(client: Client, message: Any, status: int, code: int) -> None:
    got, answer = client.post(message)
    assert (got, answer["error"]["code"]) == (status, code)
    assert answer["error"]["message"]
    assert "result" not in answer


@pytest.mark.parametrize("content", [b"{", b"", b'{"a":NaN}', b"\xff", b"[" * 100_000])
def test_what_is_no_json(client: Client, content: bytes) -> None:
    status, answer = client.http(content)
    assert (status, answer["error"]["code"], answer["id"]) == (400, -32700, None)


@pytest.mark.parametrize("message_id", [0, -1, 2**53 + 1, "", "0", "a b"])
def test_an_id_comes_back_as_it_was_sent(client: Client, message_id: Any) -> None:
    for method, member in (("ping", "result"), ("foo", "error")):
        answer = client.post({"jsonrpc": "2.0", "id": message_id, "method": method})[1]
        assert repr(answer["id"]) == repr(message_id)
        assert answer.keys() == {"jsonrpc", "id", member}


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "method": "notifications/nobody-knows", "params": {}},
        {"jsonrpc": "2.0", "id": 7, "result": {}},
        [{"jsonrpc": "2.0", "method": "notifications/initialized"}],
    ],
)
def test_what_needs_no_answer_is_202(client: Client, message: Any) -> None:
    assert client.post(message) == (202, None)


def test_batches_are_of_the_first_revision(client: Client) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    batch = [ping, {"jsonrpc": "2.0", "method": "notifications/x"}, {"id": 2}]
    for headers in ({}, {"mcp_protocol_version": "2025-03-26"}):
        status, answers = client.post(batch, **headers)
        assert status == 200
        assert [answer["id"] for answer in answers] == [1, 2]
    for version in ("2025-06-18", "2025-11-25"):
        status, answer = client.post(batch, mcp_protocol_version=version)
        assert (status, answer["error"]["code"]) == (400, -32600)


def test_long_batches_are_refused(client: Client) -> None:
    """They would keep everybody else waiting."""
    batch = [{"jsonrpc": "2.0", "id": number, "method": "ping"} for number in range(101)]
    status, answer = client.post(batch)
    assert (status, answer["id"], answer["error"]["code"]) == (400, None, -32600)
    assert "100" in answer["error"]["message"]
    assert len(client.post(batch[1:])[1]) == 100


@pytest.mark.parametrize("verb", ["GET", "DELETE", "PUT", "OPTIONS"])
def test_other_verbs_are_405(client: Client, verb: str) -> None:
    assert client.http(b"", verb) == (405, None)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "localhost"}, 200),
        ({"host": "LOCALHOST:99"}, 200),
        ({"host": "[::1]:99"}, 200),
        ({"host": "evil.example.com"}, 421),
        ({"host": "127.0.0.1.evil.example.com"}, 421),
        ({"origin": "http://localhost:3000"}, 200),
        ({"origin": "http://127.0.0.1"}, 200),
        ({"origin": "http://evil.example.com"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[broken"}, 403),
        ({"host": "[broken"}, 421),
    ],
)
def test_only_this_machine_is_served_on_loopback(client: Client, headers: dict[str, str], status: int) -> None:
    assert client.ask("ping", **headers)[0] == status


def test_unknown_revisions_are_400(client: Client) -> None:
    status, answer = client.ask("tools/list", mcp_protocol_version="1999-01-01")
    assert (status, answer["error"]["code"]) == (400, -32022)
    assert client.post({"jsonrpc": "2.0", "method": "x"}, mcp_protocol_version="1999-01-01")[0] == 400


@pytest.mark.parametrize("endpoint", ["/mcp/generate", "/mcp/tuning"])
def test_tools_are_listed_with_schemas_and_hints(emulator, endpoint: str) -> None:
    listed = {tool["name"]: tool for tool in Client(emulator, endpoint).ask("tools/list")[1]["result"]["tools"]}
    assert list(listed) == ["list_tuning_jobs", "get_tuning_job", "cancel_tuning_job", "get_operation"]
    for name, tool in listed.items():
        for schema in (tool["inputSchema"], tool["outputSchema"]):
            jsonschema.Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        hints = {key: value for key, value in tool["annotations"].items() if key.endswith("Hint")}
        assert hints == {
            "readOnlyHint": name != "cancel_tuning_job",
            "destructiveHint": False,
            "idempotentHint": True,
            "openWorldHint": False,
        }


def test_a_tool_shows_what_rest_shows(emulator, client: Client) -> None:
    schemas = {tool["name"]: tool["outputSchema"] for tool in client.ask("tools/list")[1]["result"]["tools"]}
    job = emulator.create(labels={"team": "grün"})
    rebase = {"tunedModelRef": {"tuningJob": job["name"]}}
    operation = emulator.post(f"/v1/{PARENT}/tuningJobs:rebaseTunedModel", rebase).json["name"]
    for seconds in (0, 30, 400):
        emulator.later(seconds)
        for tool, arguments, path, query in (
            ("get_tuning_job", {"name": job["name"]}, job["name"], ""),
            ("list_tuning_jobs", {"parent": PARENT, "pageSize": 1}, f"{PARENT}/tuningJobs", "pageSize=1"),
            ("get_operation", {"name": operation}, operation, ""),
        ):
            result = client.call(tool, **arguments)
            assert result["structuredContent"] == emulator.get(f"/v1/{path}", query).json
            assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
            assert result["isError"] is False
            jsonschema.validate(result["structuredContent"], schemas[tool])


def test_cancel(emulator, client: Client) -> None:
    name = emulator.create()["name"]
    assert client.call("cancel_tuning_job", name=name)["structuredContent"] == {}
    emulator.later(60)
    assert emulator.get(f"/v1/{name}").json["state"] == "JOB_STATE_CANCELLED"
    assert client.call("cancel_tuning_job", name=name)["isError"] is True


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("get_tuning_job", {}, "name is missing"),
        ("get_tuning_job", {"name": None}, "name is missing"),
        ("get_tuning_job", {"name": 7}, "must be of type string"),
        ("get_tuning_job", {"name": "x"}, "does not have the form"),
        ("get_tuning_job", {"name": PARENT}, "does not have the form"),
        ("get_tuning_job", {"name": f"{PARENT}/tuningJobs/1/operations/2"}, "does not have the form"),
        ("get_tuning_job", {"name": f"{PARENT}/tuningJobs/1"}, "does not exist"),
        ("get_tuning_job", {"name": f"{PARENT}/tuningJobs/1", "colour": "blue"}, "Unknown argument 'colour'"),
        ("cancel_tuning_job", {"name": f"{PARENT}/tuningJobs/1"}, "does not exist"),
        ("get_operation", {"name": f"{PARENT}/operations/1"}, "does not exist"),
        ("get_operation", {"name": f"{PARENT}/tuningJobs/1/operations/1"}, "does not exist"),
        ("list_tuning_jobs", {"parent": PARENT, "pageSize": "1"}, "must be of type integer"),
        ("list_tuning_jobs", {"parent": PARENT, "pageSize": True}, "must be of type integer"),
        ("list_tuning_jobs", {"parent": PARENT, "pageSize": -1}, "negative"),
        ("list_tuning_jobs", {"parent": PARENT, "pageToken": "x"}, "page token"),
        ("list_tuning_jobs", {"parent": PARENT, "filter": "nonsense"}, "filter"),
        ("list_tuning_jobs", {"parent": "my-project"}, "does not have the form"),
    ],
)
def test_what_a_tool_cannot_do_is_said_in_its_result(client: Client, tool: str, arguments: Any, says: str) -> None:
    result = client.call(tool, **arguments)
    assert result["isError"] is True
    assert says.lower() in result["content"][0]["text"].lower()
    assert "structuredContent" not in result


def test_discover_and_the_stateless_revision(client: Client) -> None:
    status, answer = client.modern("server/discover")
    assert (status, answer["result"]["resultType"]) == (200, "complete")
    assert STATELESS in answer["result"]["supportedVersions"]
    status, answer = client.modern("tools/list")
    assert (status, answer["result"]["cacheScope"], answer["result"]["ttlMs"]) == (200, "private", 0)
    status, answer = client.modern("tools/call", name="list_tuning_jobs", arguments={"parent": PARENT})
    assert (status, answer["result"]["structuredContent"]) == (200, {})
    assert [client.modern(method)[0] for method in ("initialize", "ping", "foo/bar")] == [404, 404, 404]


def test_encoded_names_are_decoded(client: Client) -> None:
    params = {"_meta": META, "name": "list_tuning_jobs", "arguments": {"parent": PARENT}}
    headers = {"mcp_protocol_version": STATELESS, "mcp_method": "tools/call"}
    name = "=?base64?bGlzdF90dW5pbmdfam9icw==?="
    assert client.ask("tools/call", params, **headers, mcp_name=name)[0] == 200
    for wrong in ("=?base64?!?=", "=?base64?/w==?=", "get_tuning_job"):
        assert client.ask("tools/call", params, **headers, mcp_name=wrong)[1]["error"]["code"] == -32020


@pytest.mark.parametrize(
    ("meta", "headers", "code"),
    [
        ({}, {"mcp_method": "tools/list", "mcp_protocol_version": STATELESS}, -32602),
        ({**META, "io.modelcontextprotocol/clientCapabilities": None}, {}, -32020),
        (META, {}, -32020),
        (META, {"mcp_protocol_version": STATELESS}, -32020),
        (META, {"mcp_protocol_version": STATELESS, "mcp_method": "tools/call"}, -32020),
        (META, {"mcp_protocol_version": "1900-01-01", "mcp_method": "tools/list"}, -32020),
        (
            {**META, "io.modelcontextprotocol/protocolVersion": "1900-01-01"},
            {"mcp_protocol_version": "1900-01-01", "mcp_method": "tools/list"},
            -32022,
        ),
    ],
)
def test_stateless_requests_say_everything(client: Client, meta: Any, headers: dict[str, str], code: int) -> None:
    status, answer = client.ask("tools/list", {"_meta": meta}, **headers)
    assert (status, answer["error"]["code"]) == (400, code)


def test_a_body_beyond_the_limit_is_413(client: Client) -> None:
    assert client.http(b" " * (MAX_BYTES + 1)) == (413, None)
