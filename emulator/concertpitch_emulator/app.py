"""The HTTP face: Starlette routes, and the one way every request goes in and every reply goes out.

It must not know what any method means.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from concertpitch_emulator.calls import Call, Reply, parse_query, reply
from concertpitch_emulator.clock import Clock, wall_clock
from concertpitch_emulator.config import Config
from concertpitch_emulator.errors import ApiError, invalid, not_found, unauthenticated
from concertpitch_emulator.faults import chosen
from concertpitch_emulator.hooks import Hooks
from concertpitch_emulator.protojson import MAX_BYTES
from concertpitch_emulator.vertex.operations import OperationsService
from concertpitch_emulator.vertex.routes import routes
from concertpitch_emulator.vertex.service import TuningService

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from concertpitch_emulator.bindings import Binding

_Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(config: Config | None = None, *, clock: Clock | None = None) -> Starlette:
    """An emulator as an ASGI application; raises `UnknownFaultError` for a fault that does not exist."""
    config = config or Config()
    hooks = Hooks(chosen(config.faults))
    service = TuningService(config, clock or wall_clock(), hooks)
    front = _FrontEnd(service, hooks)
    table = routes(service, OperationsService(service))
    app = Starlette(
        routes=[Route(row.path, front.endpoint(row), methods=[row.verb]) for row in table],
        exception_handlers={404: front.no_route, 405: front.no_route},
    )
    app.router.redirect_slashes = False
    app.state.service = service
    if hooks.rewrites_paths:
        app.add_middleware(_PathRewriting, hooks=hooks, service=service)
    return app


class _FrontEnd:
    """Reads a request into a call, asks the method, and writes what comes back."""

    def __init__(self, service: TuningService, hooks: Hooks) -> None:
        self._service = service
        self._hooks = hooks

    def endpoint(self, row: Binding) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            call = self._call(row.method, row.version, request)
            return self._response(await self._answer(call, row, request), call)

        return endpoint

    async def no_route(self, request: Request, _error: Exception) -> Response:
        """No method has this path, or not with this verb: an error of the API, not of the web server."""
        call = self._call("", "v1", request)
        error = not_found(f"There is no method {request.method} {request.url.path[:300]}.", "no-method")
        return self._response(self._refusal(error, call), call)

    def _call(self, method: str, version: str, request: Request) -> Call:
        query = parse_query(request.scope["query_string"])
        return Call(method, version, request.path_params, query, b"", self._service.clock(), self._service)

    async def _answer(self, call: Call, row: Binding, request: Request) -> Reply:
        try:
            call.content = await _content(request)
            self._admit(call, request.headers.get("authorization", ""))
            # What another request did while the body arrived came before this one.
            call.now = self._service.clock()
            await self._hooks.enter(call)
            self._hooks.request(call)
            call.check_query(row.query)
            body = row.handler(call)
            if isinstance(body, Awaitable):
                body = await body
            return reply(200, self._hooks.answer(body, call))
        except ApiError as error:
            return self._refusal(error, call)

    def _admit(self, call: Call, credentials: str) -> None:
        """Refuse a call without the token, where one is demanded."""
        token = self._service.config.token
        call.stranger = bool(token) and credentials != f"Bearer {token}"
        if call.stranger:
            call.credentials = credentials
            error = self._hooks.admission(unauthenticated(), call)
            if error is not None:
                raise error

    def _refusal(self, error: ApiError, call: Call) -> Reply:
        refused = self._hooks.refusal(error, call)
        return refused if isinstance(refused, Reply) else reply(refused.code, refused.envelope())

    def _response(self, answer: Reply, call: Call) -> Response:
        answer = self._hooks.wire(answer, call)
        return Response(answer.content, answer.status, headers={"content-type": answer.media_type})


class _PathRewriting:
    """Middleware for the faults that make other paths lead somewhere."""

    def __init__(self, app: ASGIApp, hooks: Hooks, service: TuningService) -> None:
        self._app = app
        self._hooks = hooks
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "path": self._hooks.path(scope["path"], self._service)}
        await self._app(scope, receive, send)


async def _content(request: Request) -> bytes:
    """The request's body, of any media type that may hold JSON."""
    if request.method in {"GET", "HEAD"}:
        return b""
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > MAX_BYTES:
                raise invalid(f"Request payload size exceeds the limit: {MAX_BYTES} bytes.", "too-large")
    except ClientDisconnect:
        raise invalid("The request ended before its body did.", "disconnected") from None
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content and media_type not in {"", "application/json", "text/json"}:
        raise invalid(f"Invalid content type {media_type[:100]!r}. Use application/json.", "media-type")
    return bytes(content)
