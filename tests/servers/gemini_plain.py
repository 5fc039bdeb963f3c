"""A second honest server of the Gemini API's tuned models, in the standard library, with legal choices as switches.

Run `python tests/servers/gemini_plain.py --port 0 [--choice NAME ...]`; it prints its URL. Owns the HTTP side and the
command line; knows no tuned model.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import gemini_methods as methods
from gemini_choices import CHOICES
from gemini_input import Refused
from gemini_world import World

TOKEN = "let-me-in"
SEGMENT = r"[^/:]+"
VERSION = "/(?P<version>v1beta|v1beta3)"
PATHS = {
    "model": rf"{VERSION}/tunedModels(/(?P<ident>{SEGMENT}))?",
    "transfer": rf"{VERSION}/tunedModels/(?P<ident>{SEGMENT}):transferOwnership",
    "operation": rf"/(?P<version>v1|v1beta)/tunedModels/(?P<ident>{SEGMENT})/operations(/(?P<last>{SEGMENT}))?",
    "permission": rf"{VERSION}/(?P<parent>(tunedModels|corpora)/{SEGMENT})/permissions(/(?P<last>{SEGMENT}))?",
    "corpus": rf"/(?P<version>v1beta)/corpora(/(?P<ident>{SEGMENT}))?",
    "base": rf"{VERSION}/(?P<name>models(/{SEGMENT})?)",
}
ROUTES = [(name, re.compile(pattern)) for name, pattern in PATHS.items()]
NOWHERE = Refused(404, "NOT_FOUND", "Nothing is served here.")
ABSENT = {
    "operation": "operations-absent",
    "permission": "permissions-absent",
    "corpus": "corpora-absent",
    "transfer": "transfer-absent",
    "base": "models-absent",
}


def called(world: World, verb: str, path: str, query: dict[str, str], raw: bytes) -> dict[str, Any]:
    """The answer of a request; raises Refused."""
    for name, pattern in ROUTES:
        match = pattern.fullmatch(path)
        if match and ABSENT.get(name) not in world.on:
            at = {key: unquote(value) for key, value in match.groupdict().items() if value}
            return routed(world, name, verb, at, query, raw)
    raise NOWHERE


def routed(world: World, name: str, verb: str, at: dict[str, str], query: dict[str, str], raw: bytes) -> dict[str, Any]:
    if name == "model":
        return model(world, verb, at, query, raw)
    if name == "transfer" and verb == "POST":
        return methods.transfer(world, at["ident"], raw)
    if name == "permission" and verb in ({"GET", "PATCH", "DELETE"} if "last" in at else {"GET", "POST"}):
        if at["parent"].startswith("corpora") and "corpora-absent" in world.on:
            raise NOWHERE
        return methods.permission_method(world, verb, at["parent"], at.get("last", ""), query, raw)
    if name == "corpus" and verb in ({"GET", "DELETE"} if "ident" in at else {"GET", "POST"}):
        return methods.corpus_method(world, verb, at.get("ident", ""), query, raw)
    if name == "base" and verb == "GET":
        return methods.models(world, query, at["name"] if "/" in at["name"] else "")
    if name == "operation" and verb == "GET":
        return operations(world, at, query)
    raise NOWHERE


def model(world: World, verb: str, at: dict[str, str], query: dict[str, str], raw: bytes) -> dict[str, Any]:
    if "ident" not in at and verb in {"GET", "POST"}:
        return methods.listed(world, query) if verb == "GET" else methods.create(world, at["version"], query, raw)
    if "ident" not in at or verb not in {"GET", "PATCH", "DELETE"}:
        raise NOWHERE
    if verb == "PATCH":
        return methods.patch(world, at["ident"], query, raw)
    if verb == "DELETE":
        return methods.delete(world, at["ident"])
    return world.shown(methods.found(world, at["ident"]))


def operations(world: World, at: dict[str, str], query: dict[str, str]) -> dict[str, Any]:
    if "operations-at-v1" in world.on and at["version"] != "v1":
        raise NOWHERE
    if "last" in at:
        return methods.operation(world, at["ident"], at["last"])
    if "operations-unlisted" in world.on:
        raise Refused(501, "UNIMPLEMENTED", "Operations are not listed.")
    one = world.operation(methods.found(world, at["ident"]))
    return methods.page(world, "operations", [one], query, 10)


class Handler(BaseHTTPRequestHandler):
    """One connection; the world hangs on the server."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def serve(self) -> None:
        world, parts = self.server.world, urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        status, body = 200, {}
        try:
            self.admit(world)
            with world.lock:
                body = called(world, self.command, parts.path, query, raw)
                text = json.dumps(body)
        except Refused as refused:
            status = refused.status
            error: dict[str, Any] = {"code": status, "message": refused.message, "status": refused.code}
            if "errors-detailed" in world.on:
                kind = "type.googleapis.com/google.rpc.ErrorInfo"
                error["details"] = [{"@type": kind, "reason": refused.code, "domain": "example.org"}]
            text = json.dumps({"error": error})
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def admit(self, world: World) -> None:
        """Refuses callers without the token, where one is demanded."""
        if "auth" in world.on and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Nothing: the tests read standard output."""


class Server(ThreadingHTTPServer):
    """A listening server with its world."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, on: frozenset[str], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.world = World(on)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--choice", action="append", default=[], choices=sorted(CHOICES), metavar="NAME")
    asked = parser.parse_args()
    server = Server(frozenset(asked.choice), asked.port)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
