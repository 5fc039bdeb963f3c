"""A second honest server of Vertex tuningJobs, in the standard library, with legal choices and lies as switches.

Run `python tests/servers/plain.py --port 0 [--choice NAME ...] [--fault NAME] [--seed N]`; it prints its URL. Without
a choice a seed above 0 draws some. Owns the HTTP side and the command line; knows no job.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import plain_choices
import plain_faults
import plain_lists
import plain_methods
import plain_operations
from plain_input import ADAPTERS, Refused, parsed
from plain_world import World

TOKEN = "let-me-in"
GOOD = b'{"baseModel": "gemini-2.0-flash-001", "supervisedTuningSpec": {"trainingDatasetUri": "gs://a/b.jsonl"}}'
SEGMENT = r"[^/:]+"
PLACE = rf"/(?P<version>v1|v1beta1|ui)/projects/(?P<project>{SEGMENT})/locations/(?P<location>{SEGMENT})/tuningJobs"
ROUTES = [
    (method, re.compile(path), name)
    for method, path, name in (
        ("GET", PLACE, "list"),
        ("POST", PLACE, "create"),
        ("POST", PLACE + ":rebaseTunedModel", "rebase"),
        ("GET", PLACE + rf"/(?P<ident>{SEGMENT})", "get"),
        ("POST", PLACE + rf"/(?P<ident>{SEGMENT}):cancel", "cancel"),
        ("GET", PLACE + rf"/(?P<ident>{SEGMENT})/operations", "operations"),
        ("GET", PLACE + rf"/(?P<ident>{SEGMENT})/operations/(?P<operation>{SEGMENT})", "operation.get"),
        ("DELETE", PLACE + rf"/(?P<ident>{SEGMENT})/operations/(?P<operation>{SEGMENT})", "operation.delete"),
        (
            "POST",
            PLACE + rf"/(?P<ident>{SEGMENT})/operations/(?P<operation>{SEGMENT}):(?P<verb>wait|cancel)",
            "operation",
        ),
    )
]


def called(world: World, name: str, at: dict[str, str], query: dict[str, str], raw: bytes) -> Any:
    """The honest answer of a routed call; raises Refused."""
    place, version = (at["project"], at["location"]), at["version"].replace("ui", "v1")
    if name == "list":
        return plain_lists.listing(world, *place, query)
    if name in ("create", "rebase"):
        method = plain_methods.create if name == "create" else plain_operations.rebase
        return method(world, version, *place, raw)
    plain_methods.parent(world, *place)
    if name == "get":
        return plain_methods.shown(world, plain_methods.found(world, *place, at["ident"]), "get")
    if name == "cancel":
        return plain_methods.cancel(world, version, *place, at["ident"], raw)
    if name == "operations":
        return plain_operations.operations(world, *place, at["ident"], query)
    verb = at.get("verb") or name.partition(".")[2]
    owner = f"projects/{world.project(at['project'])}/locations/{at['location']}/tuningJobs/{at['ident']}"
    return plain_operations.operation_method(world, verb, f"{owner}/operations/{at['operation']}", query)


def routed(world: World, method: str, path: str) -> tuple[str, dict[str, str]]:
    on = world.on
    if "extra-segments-routed" in on:
        path = re.sub(r"(/tuningJobs/[^/]+)/(?!operations)[^/]+$", r"\1", path)
    known = False
    for verb, pattern, name in ROUTES:
        match = None if "operations-absent" in on and name.startswith("operation") else pattern.fullmatch(path)
        if match and not (match["version"] != "v1" and "v1-only" in on):
            known = True
            if verb == method:
                return name, {key: unquote(value) for key, value in match.groupdict().items() if value}
            if name == "get" and (
                (method == "DELETE" and "delete-works" in on) or (method == "PATCH" and "patch-works" in on)
            ):
                return name, {key: unquote(value) for key, value in match.groupdict().items() if value}
    if not known and "unrouted-html" in on:
        raise Refused(404, "HTML", "Not found")
    if not known and "unrouted-501" in on:
        raise Refused(501, "UNIMPLEMENTED", "Nothing is served here.")
    if known and "methods-405" in on:
        raise Refused(405, "UNIMPLEMENTED", "Method not allowed.")
    if known and "methods-501" in on:
        raise Refused(501, "UNIMPLEMENTED", "Method not implemented.")
    raise Refused(404, "NOT_FOUND", "Nothing is served here.")


def admitted(world: World, headers: Any, name: str) -> None:
    """Refuses callers without the token, where one is demanded."""
    on, given = world.on, headers.get("Authorization")
    if not on & {"auth", "auth-403"} or ("auth-forgets-lists" in on and name == "list"):
        return
    if given == f"Bearer {TOKEN}" or ("auth-ignores-token" in on and str(given).startswith("Bearer ")):
        return
    if (given and "auth-403" in on) or "auth-is-403" in on:
        raise Refused(403, "PERMISSION_DENIED", "The caller does not have permission.")
    raise Refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")


def answered(world: World, method: str, target: str, headers: Any, raw: bytes) -> dict[str, Any]:
    """Status, body and media type of the answer to a request."""
    on, parts = world.on, urlsplit(target)
    query = {key.removeprefix("$"): value for key, value in parse_qsl(parts.query, keep_blank_values=True)}
    answer: dict[str, Any] = {"status": 200, "media": "application/json; charset=UTF-8"}
    path = parts.path.replace("%3A", ":").replace("%3a", ":")
    try:
        answer["body"] = called(world, *entered(world, method, path, headers, raw), query, raw)
    except Refused as refused:
        answer |= refusal(refused, on)
    spoil_request(world, method, path, raw, answer)
    if "enum-numbers-on-request" in on and "enum-encoding=int" in query.get("alt", ""):
        numbered(answer["body"])
    for lie, (_, spoil) in plain_faults.ANSWER.items():
        if lie in on:
            spoil(answer, {"verb": method, "path": path})
    return answer


def entered(world: World, method: str, path: str, headers: Any, raw: bytes) -> tuple[str, dict[str, str]]:
    """The route of an admitted request; raises Refused, for want of credentials first."""
    try:
        name, at = routed(world, method, path)
    except Refused:
        admitted(world, headers, "")
        raise
    if "auth-after-validation" in world.on and name == "create":
        plain_methods.Reader(at["version"], world.on).message("TuningJob", parsed(raw, world.on))
    admitted(world, headers, name)
    return name, at


def spoil_request(world: World, method: str, path: str, raw: bytes, answer: dict[str, Any]) -> None:
    """The lies that depend on the request's bytes or path."""
    on = world.on
    said = str(answer["body"])
    malformed = "'message': 'Invalid JSON payload received.'" in said
    if "unknown-path-is-200" in on and answer["status"] == 404 and "/tuningJobs" not in path:
        answer |= {"status": 200, "body": {}}
    cancelling = method == "GET" and "tuningJobs/" in path and "CANCELLING" in said
    broken = {
        "deep-json-is-500": max(raw.count(b"{"), raw.count(b"[")) > 90,
        "malformed-json-is-500": malformed,
        "array-body-is-500": raw.lstrip()[:1] == b"[",
        "get-is-500-while-cancelling": cancelling,
    }
    if any(name in on and true for name, true in broken.items()):
        answer |= refusal(Refused(500, "INTERNAL", "Internal error encountered."), on)
    if malformed and "malformed-json-accepted" in on:
        name, at = routed(world, method, path)
        answer |= {"status": 200, "body": called(world, name, at, {}, GOOD)}


STATES = ["UNSPECIFIED", "QUEUED", "PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLING", "CANCELLED", "PAUSED"]


def numbered(value: Any) -> None:
    """Puts numbers in the place of the state names of an answer."""
    for one in [*value.get("tuningJobs", []), value]:
        word = str(one.get("state", "")).removeprefix("JOB_STATE_")
        if word in STATES:
            one["state"] = STATES.index(word)
        for spec in (one.get("supervisedTuningSpec", {}), one.get("preferenceOptimizationSpec", {})):
            hyper = spec.get("hyperParameters", {})
            for number, size in ADAPTERS.items():
                if hyper.get("adapterSize") == f"ADAPTER_SIZE_{size}":
                    hyper["adapterSize"] = number


def refusal(refused: Refused, on: frozenset[str]) -> dict[str, Any]:
    if refused.code == "HTML":
        return {
            "status": refused.status,
            "body": "<html><title>Error 404 (Not Found)!!1</title></html>",
            "media": "text/html",
        }
    error: dict[str, Any] = {"code": refused.status, "message": refused.message, "status": refused.code}
    details: list[dict[str, Any]] = []
    kind = "type.googleapis.com/google.rpc."
    if "details-present" in on:
        details.append(
            {"@type": kind + "ErrorInfo", "reason": f"{refused.code}_HERE", "domain": "aiplatform.googleapis.com"}
        )
    if on & {"violations-snake-case", "violations-camel-case"} and refused.fields:
        fields = refused.fields
        if "violations-camel-case" in on:
            fields = tuple(re.sub(r"_([a-z])", lambda part: part[1].upper(), one) for one in fields)
        violations = [
            {"field": one, "description": refused.message} if one else {"description": refused.message}
            for one in fields
        ]
        details.append({"@type": kind + "BadRequest", "fieldViolations": violations})
    if details:
        error["details"] = details
    if "members-extra" in on:
        error["traceId"] = "7b0c"
    return {"status": refused.status, "body": {"error": error}}


def encoded(answer: dict[str, Any], on: frozenset[str]) -> bytes:
    body = answer["body"]
    if "raw" in answer:
        return answer["raw"]
    if isinstance(body, str):
        return body.encode()
    if "print-shuffled" in on and isinstance(body, dict):
        body = dict(sorted(body.items(), key=lambda item: item[0][::-1]))
    compact = "print-compact" in on
    text = json.dumps(
        body,
        indent=None if compact else 2,
        separators=(",", ":") if compact else None,
        ensure_ascii="print-raw-utf8" not in on,
    )
    return text.encode()


class Handler(BaseHTTPRequestHandler):
    """One connection; the world and the choices hang on the server."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        if "keep-alive-short" in self.server.world.on:
            self.timeout = 0.3
        super().setup()

    def serve(self) -> None:
        world, on = self.server.world, self.server.world.on
        length = self.headers.get("Content-Length", "0")
        raw = self.chunks() if "chunked" in self.headers.get("Transfer-Encoding", "") else self.rfile.read(int(length))
        draw = self.server.draw
        if "slow" in on:
            time.sleep(draw.uniform(0.05, 0.3))
        if "resets" in on and draw.random() < 0.05:
            self.close_connection = True
            return
        media = self.headers.get("Content-Type", "")
        if "body-limit" in on and length.isdigit() and int(length) > 100_000:
            answer = {"status": 413, "body": "<html>Too large</html>", "media": "text/html"}
        elif "media-checked" in on and raw and "json" not in media:
            answer = {"status": 415, "body": "<html>Unsupported Media Type</html>", "media": "text/html"}
        elif "flaky" in on and draw.random() < 0.05:
            answer = refusal(Refused(503, "UNAVAILABLE", "Try again."), on) | {
                "media": "application/json",
                "retry": True,
            }
        elif "single-thread" in on:
            with self.server.one:
                answer = answered(world, self.command, self.path, self.headers, raw)
                time.sleep(0.005)
        else:
            answer = answered(world, self.command, self.path, self.headers, raw)
        self.write(answer, on)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = serve  # noqa: N815

    def chunks(self) -> bytes:
        whole = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def write(self, answer: dict[str, Any], on: frozenset[str]) -> None:
        body = encoded(answer, on)
        media = answer.get("media", "application/json; charset=UTF-8")
        if "media-bare" in on:
            media = media.split(";")[0]
        headers = {"Content-Type": media}
        if "gzip" in on and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        if "no-date" not in on:
            headers["Date"] = self.date_time_string(int(self.server.world.now()))
        if answer.get("retry"):
            headers["Retry-After"] = "1"
        chunked = "chunked" in on and "http-1.0" not in on and self.request_version == "HTTP/1.1"
        headers |= {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(body))}
        if "http-1.0" in on:
            self.close_connection = True
        self.send_response_only(answer["status"])
        for name, value in headers.items():
            self.send_header(name.lower() if "headers-lower-case" in on else name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if chunked:
            for at in range(0, len(body), 700):
                part = body[at : at + 700]
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            body = b"0\r\n\r\n"
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        if self.server.verbose:
            super().log_message(*args)  # type: ignore[arg-type]


class Server(ThreadingHTTPServer):
    """A listening server with its world."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, on: frozenset[str], seed: int = 0, life: float = 1.5, port: int = 0, *, verbose: bool = False):
        plain_faults.all_faults()
        if "single-thread" in on:
            self.one = threading.Lock()
        handler = type("OldHandler", (Handler,), {"protocol_version": "HTTP/1.0"}) if "http-1.0" in on else Handler
        super().__init__(("127.0.0.1", port), handler)
        self.world, self.verbose, self.draw = World(on, seed, life), verbose, random.Random(seed)
        if "foreign-writer" in on:
            threading.Thread(target=self.disturb, daemon=True).start()

    def disturb(self) -> None:
        while True:
            time.sleep(0.15)
            self.world.foreign(1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


def main() -> None:
    choices, faults = plain_choices.CHOICES, plain_faults.all_faults()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--choice", action="append", default=[], choices=sorted(choices), metavar="NAME")
    parser.add_argument("--fault", action="append", default=[], choices=sorted(faults), metavar="NAME")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--life", type=float, default=1.5, help="seconds from creation to the end of a job")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--table", action="store_true", help="print all choices and faults")
    asked = parser.parse_args()
    if asked.table:
        sys.stdout.writelines(f"choice\t{name}\t{why}\n" for name, why in choices.items())
        sys.stdout.writelines(f"fault\t{name}\t{why}\n" for name, why in faults.items())
        return
    drawn = plain_choices.drawn(asked.seed) if asked.seed and not asked.choice else frozenset(asked.choice)
    server = Server(drawn | frozenset(asked.fault), asked.seed, asked.life, asked.port, verbose=asked.verbose)
    sys.stdout.write(server.url + "\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
