"""A proxy on loopback that passes a client's requests on to a target and writes down what happened.

Rule 1: nothing is changed on the way but the host and hop-by-hop headers, so the client sees what the target answers.
Rule 2: credentials are passed on and not written down.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from concertpitch.errors import TargetUnreachable
from concertpitch.exchange import REDACTED, Exchange
from concertpitch.transport import MAX_BODY

TOKEN_PATH = "/concertpitch/token"  # noqa: S105 - a path
"""Where a made-up service account gets a made-up token."""
_SECRET = frozenset({"authorization", "x-goog-api-key"})
_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host", "content-length", "content-encoding",
})  # fmt: skip
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]
_READY_WITHIN = 10.0


class Recorder:
    """The exchanges that went through, in the order they were answered; `url` is where clients send to."""

    def __init__(self, target: str, timeout: float) -> None:
        self.exchanges: list[Exchange] = []
        self.url = ""
        self._target = target.rstrip("/")
        self._timeout = timeout
        self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route(TOKEN_PATH, self._token, methods=["POST"]),
                Route("/{path:path}", self._pass_on, methods=_VERBS),
            ]
        )

    async def _token(self, _request: Request) -> Response:
        return JSONResponse({"access_token": "concertpitch", "expires_in": 3600, "token_type": "Bearer"})

    async def _pass_on(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        tail = raw + (f"?{query}" if query else "")
        content = await request.body()
        sent_at, sent = time.time(), time.monotonic()
        failure, answer = None, None
        headers = [(name, value) for name, value in request.headers.items() if name not in _HOP]
        try:
            answer = await self._client.request(request.method, self._target + tail, headers=headers, content=content)
        except httpx.HTTPError as error:
            failure = f"{type(error).__name__}: {error}"
        body = answer.content if answer is not None else b""
        kept = [(k, v) for k, v in answer.headers.multi_items() if k not in _HOP] if answer is not None else []
        self.exchanges.append(
            Exchange(
                number=len(self.exchanges) + 1,
                probe="client",
                method=request.method,
                url=self._target + tail,
                request_headers=tuple((name, REDACTED if name in _SECRET else value) for name, value in headers),
                request_body=content,
                sent=sent,
                sent_at=sent_at,
                answered=time.monotonic(),
                status=answer.status_code if answer is not None else None,
                headers=tuple(kept),
                body=body[:MAX_BODY],
                failure=failure,
                truncated=len(body) > MAX_BODY,
            )
        )
        if answer is None:
            return Response(failure, 502, media_type="text/plain")
        passed = Response(body, answer.status_code)
        passed.raw_headers[:] = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in kept]
        passed.raw_headers.append((b"content-length", str(len(body)).encode()))
        return passed


@contextmanager
def recording(target: str, timeout: float) -> Iterator[Recorder]:
    """Start a recorder before `target` on a free port of loopback; it stops with the block."""
    recorder = Recorder(target, timeout)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        recorder.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            recorder.application(), log_level="error", access_log=False, lifespan="off", server_header=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + _READY_WITHIN
        while not server.started:
            if time.monotonic() > deadline:
                raise TargetUnreachable("the recorder before the target did not start; is loopback usable here?")
            time.sleep(0.01)
        try:
            yield recorder
        finally:
            server.should_exit = True
            thread.join()
