"""A second honest MCP server, in the standard library, over the jobs of plain.py, with legal choices as switches.

Run `python tests/servers/plain_mcp.py [--choice NAME ...]`; it prints its URL. Written from the specification alone;
`CHOICES` says what leaves each choice free. Owns MCP; what a job is stands in plain.py and its modules.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import secrets
import sys
from typing import Any
from urllib.parse import urlencode, urlsplit

import plain

CHOICES = {
    "sse": "free/mcp-json-or-sse: every answer is a stream, with a comment and a notification before the response",
    "sessions": "free/mcp-session: an id is given out and demanded; DELETE ends it",
    "one-revision": "lifecycle: only 2025-06-18 is spoken, whatever is asked for",
    "oldest-revision": "the same with 2025-03-26, so text only, no output schemas, and batches",
    "stateless-only": "2026-07-28 needs no handshake: initialize is refused",
    "refuses-revisions": "conflict/mcp-version-refusal: the example of the page refuses",
    "bad-name-is-error": "conflict/mcp-invalid-arguments: a JSON-RPC error for what is wrong with a name",
    "bare-refusals": "free/mcp-error-body: 4xx without a body for what is no message",
    "get-tool-only": "only get_tuning_job is there",
    "tuning-only": "the toolset table: only /mcp/tuning is served",
    "more": "free/new-members: more tools, content items, members and capabilities",
    "no-rest": "no document demands that both are served at one place",
    "get-stream": "mcp-http/get-405: a GET opens a stream",
    "shuffled": "JSON has no order: members come in another one",
    "defaults-shown": "free/absent-or-default: members that say nothing are written out",
    "tools-paged": "pagination: a page of tools holds one, so get_tuning_job is not on the first",
    "text-beside": "content is a list: words stand before and behind the JSON",
    "auth": "authorization: a bearer token is demanded at the endpoints",
    "unknown-job-404": "an HTTP status for what a tool does not find",
}
TOKEN = "let-me-in"
PATHS = ("/mcp/tuning", "/mcp/generate")
HANDSHAKES = ("2025-03-26", "2025-06-18", "2025-11-25")
STATELESS = "2026-07-28"
META = "io.modelcontextprotocol/"
JOB = re.compile(r"projects/[^/]+/locations/[^/]+/tuningJobs/[^/]+")
HINTS = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
NAME = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
PARENT = {"type": "object", "properties": {"parent": {"type": "string"}, "pageSize": {"type": "integer"}}}
TOOLS: list[dict[str, Any]] = [
    {"name": "get_tuning_job", "inputSchema": NAME, "outputSchema": {"type": "object"}, "annotations": HINTS},
    {"name": "list_tuning_jobs", "inputSchema": PARENT, "outputSchema": {"type": "object"}},
    {"name": "cancel_tuning_job", "inputSchema": NAME, "outputSchema": {"type": "object"}},
]


class Wrong(Exception):
    """A message that is answered with an error."""

    def __init__(self, code: int, message: str, status: int = 200, data: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"code": code, "message": message} | ({"data": data} if data else {})


class Handler(plain.Handler):
    """MCP at its endpoints, plain REST elsewhere."""

    server: Server

    def choose(self) -> None:
        path, on = urlsplit(self.path).path, self.server.mcp
        length = int(self.headers.get("Content-Length") or 0)
        if path not in PATHS and "no-rest" not in on:
            self.serve()
            return
        raw = self.rfile.read(length)
        if "auth" in on and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.send(401, b"")
        elif path not in PATHS[: 1 if "tuning-only" in on else 2]:
            self.send(404, b"<html>Not here</html>", "text/html")
        elif not self.at_home():
            self.send(403, b"")
        elif self.command == "GET" and "get-stream" in on:
            self.send(200, b": hello\n\n", "text/event-stream")
        elif self.command == "DELETE" and self.headers.get("Mcp-Session-Id") in self.server.sessions:
            self.server.sessions.remove(self.headers["Mcp-Session-Id"])
            self.send(204, b"")
        elif self.command != "POST":
            self.send(405, b"")
        else:
            self.posted(raw)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = choose  # noqa: N815

    def at_home(self) -> bool:
        named = [f"//{self.headers.get('Host', '')}", self.headers.get("Origin") or "//127.0.0.1"]
        return all(urlsplit(one).hostname in {"127.0.0.1", "localhost"} for one in named)

    def posted(self, raw: bytes) -> None:
        on, version = self.server.mcp, self.headers.get("MCP-Protocol-Version", "2025-03-26")
        try:
            value = json.loads(raw)
        except ValueError:
            self.refuse(Wrong(-32700, "This is no JSON.", 400))
            return
        session = self.headers.get("Mcp-Session-Id")
        first = isinstance(value, dict) and value.get("method") == "initialize"
        if "MCP-Protocol-Version" in self.headers and version not in (*self.spoken, STATELESS):
            data = {"supported": [STATELESS]} if "stateless-only" in on else None
            self.refuse(Wrong(-32022 if data else -32000, "Nobody speaks this.", 400, data))
        elif "sessions" in on and not first and session not in self.server.sessions:
            self.refuse(Wrong(-32001, "No such session.", 404 if session else 400))
        elif isinstance(value, list) and not on & {"one-revision", "stateless-only"} and version == "2025-03-26":
            answers = [self.answer(one) for one in value if "id" in one]
            self.reply(answers, 200)
        elif not isinstance(value, dict) or not isinstance(value.get("method"), str) or value.get("jsonrpc") != "2.0":
            self.refuse(Wrong(-32600, "This is no request.", 400))
        elif "id" not in value:
            self.send(202, b"")
        else:
            answer = self.answer(value)
            self.reply(answer, answer.pop("status", 200))

    def refuse(self, wrong: Wrong) -> None:
        if "bare-refusals" in self.server.mcp:
            self.send(wrong.status, b"")
        else:
            self.send(wrong.status, json.dumps({"jsonrpc": "2.0", "id": None, "error": wrong.error}).encode())

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            said: dict[str, Any] = {"result": self.result(request)}
        except Wrong as wrong:
            said = {"error": wrong.error, "status": wrong.status}
        return {"jsonrpc": "2.0", "id": request["id"]} | said

    def result(self, request: dict[str, Any]) -> dict[str, Any]:
        on, method, params = self.server.mcp, request["method"], request.get("params", {})
        modern = "stateless-only" in on
        if modern:
            self.check(request, params)
        if method == "initialize" and not modern:
            return self.initialized(params["protocolVersion"])
        if method == "ping" and not modern:
            return {}
        caching = {"resultType": "complete", "ttlMs": 1000, "cacheScope": "public"} if modern else {}
        if method == "server/discover" and modern:
            return {"supportedVersions": [STATELESS], "capabilities": {"tools": {}}} | caching
        if method == "tools/list":
            return self.page(params, 400 if modern else 200) | caching
        if method == "tools/call":
            return self.called(params) | ({"resultType": "complete"} if modern else {})
        raise Wrong(-32601, "No such method.", 404 if modern else 200)

    def check(self, request: dict[str, Any], params: dict[str, Any]) -> None:
        """What 2026-07-28 asks of every request."""
        meta = params.get("_meta", {})
        if not {f"{META}protocolVersion", f"{META}clientCapabilities"} <= meta.keys():
            raise Wrong(-32602, "Say more in _meta.", 400)
        name = self.headers.get("Mcp-Name", "")
        if name.startswith("=?base64?"):
            name = base64.b64decode(name[9:-2]).decode()
        spoken, sent = meta[f"{META}protocolVersion"], self.headers.get("MCP-Protocol-Version")
        named = request["method"] != "tools/call" or params.get("name", "") == name
        if spoken != sent or self.headers.get("Mcp-Method") != request["method"] or not named:
            raise Wrong(-32020, "The headers say something else.", 400)

    @property
    def spoken(self) -> tuple[str, ...]:
        """The revisions with a handshake that are spoken here."""
        on = self.server.mcp
        return ("2025-06-18",) if "one-revision" in on else HANDSHAKES[:1] if "oldest-revision" in on else HANDSHAKES

    def initialized(self, asked: str) -> dict[str, Any]:
        on, spoken = self.server.mcp, self.spoken
        if asked not in spoken and "refuses-revisions" in on:
            raise Wrong(-32602, "Unsupported protocol version", 200, {"supported": list(spoken), "requested": asked})
        more = {"prompts": {}, "experimental": {}} if "more" in on else {}
        if "sessions" in on:
            self.fresh = secrets.token_urlsafe(12)
            self.server.sessions.add(self.fresh)
        return {
            "protocolVersion": asked if asked in spoken else spoken[-1],
            "capabilities": {"tools": {"listChanged": True}, **more},
            "serverInfo": {"name": "plain", "version": "0", "title": "Plain"},
        }

    def tools(self) -> list[dict[str, Any]]:
        on, tools = self.server.mcp, TOOLS
        if "get-tool-only" in on:
            tools = TOOLS[:1]
        if "oldest-revision" in on:
            tools = [{key: value for key, value in tool.items() if key != "outputSchema"} for tool in tools]
        more = [{"name": "generate_content", "inputSchema": {"type": "object"}, "icons": []}] if "more" in on else []
        return tools + more

    def page(self, params: dict[str, Any], status: int) -> dict[str, Any]:
        tools = self.tools()
        pages = [[tool] for tool in reversed(tools)] if "tools-paged" in self.server.mcp else [tools]
        known = {f"page {number}": number for number in range(1, len(pages))}
        if "cursor" in params and params["cursor"] not in known:
            raise Wrong(-32602, "No such cursor.", status)
        number = known.get(params.get("cursor", ""), 0)
        more = {"nextCursor": f"page {number + 1}"} if number + 1 < len(pages) else {}
        return {"tools": pages[number]} | more

    def called(self, params: dict[str, Any]) -> dict[str, Any]:
        tool, given = params.get("name"), params.get("arguments", {})
        if tool not in {one["name"] for one in self.tools()}:
            raise Wrong(-32602, "No such tool.", 400 if "stateless-only" in self.server.mcp else 200)
        if tool == "list_tuning_jobs":
            size = urlencode({"pageSize": given["pageSize"]} if given.get("pageSize") else {})
            return self.shown("GET", f"/v1/{given.get('parent')}/tuningJobs?{size}")
        if not JOB.fullmatch(str(given.get("name"))):
            return self.failed("A name has the form projects/P/locations/L/tuningJobs/J.")
        if tool == "cancel_tuning_job":
            return self.shown("POST", f"/v1/{given['name']}:cancel")
        return self.shown("GET", f"/v1/{given['name']}")

    def shown(self, verb: str, target: str) -> dict[str, Any]:
        on = self.server.mcp
        answer = plain.answered(self.server.world, verb, target, self.headers, b"")
        body = answer["body"]
        if answer["status"] >= 400:
            return self.failed(body["error"]["message"])
        if "shuffled" in on:
            body = dict(reversed(body.items()))
        if "defaults-shown" in on and verb == "GET":
            body = {"description": "", "labels": {}} | body if "name" in body else body
        content: list[dict[str, Any]] = [{"type": "text", "text": json.dumps(body, indent=1)}]
        if "more" in on:
            words = {"type": "text", "text": "This is what was found:", "annotations": {"audience": ["user"]}}
            content = [words, *content, {"type": "resource_link", "uri": "https://example.com", "name": "more"}]
        if "text-beside" in on:
            content = [{"type": "text", "text": "Found:"}, *content, {"type": "text", "text": "That is all."}]
        return {"content": content} | ({} if "oldest-revision" in on else {"structuredContent": body})

    def failed(self, words: str) -> dict[str, Any]:
        if "bad-name-is-error" in self.server.mcp:
            raise Wrong(-32602, words)
        if "unknown-job-404" in self.server.mcp:
            raise Wrong(-32000, words, 404)
        return {"content": [{"type": "text", "text": words}], "isError": True}

    def reply(self, value: Any, status: int) -> None:
        text = json.dumps(value)
        if "sse" in self.server.mcp and status == 200:
            notice = json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info"}})
            stream = f": one moment\r\n\r\nevent: message\r\ndata: {notice}\r\n\r\nid: 1\r\ndata: {text}\r\n\r\n"
            self.send(200, stream.encode(), "text/event-stream; charset=utf-8")
        else:
            self.send(status, text.encode())

    def send(self, status: int, body: bytes, media: str = "application/json") -> None:
        self.send_response_only(status)
        if body:
            self.send_header("Content-Type", media)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        if self.fresh:
            self.send_header("Mcp-Session-Id", self.fresh)
        self.fresh = ""
        self.end_headers()
        self.wfile.write(body)

    fresh = ""


class Server(plain.Server):
    """A plain server with MCP beside it."""

    def __init__(self, choices: frozenset[str], port: int = 0, life: float = 1.5) -> None:
        super().__init__(frozenset(), 0, life, port)
        self.RequestHandlerClass = Handler
        self.mcp = choices
        self.sessions: set[str] = set()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--choice", action="append", default=[], choices=sorted(CHOICES), metavar="NAME")
    asked = parser.parse_args()
    server = Server(frozenset(asked.choice), asked.port)
    sys.stdout.write(server.url + "\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
