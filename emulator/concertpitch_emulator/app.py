"""The HTTP face: Starlette routes, and the one way every request goes in and every reply goes out.

It must not know what any method means.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from concertpitch_emulator.calls import CallT, Reply, parse_query, reply
from concertpitch_emulator.clock import Clock, wall_clock
from concertpitch_emulator.config import Config
from concertpitch_emulator.errors import ApiError, invalid, not_found, unauthenticated
from concertpitch_emulator.faults import chosen
from concertpitch_emulator.gemini import calls as gemini_calls
from concertpitch_emulator.gemini import hooks as gemini_hooks
from concertpitch_emulator.gemini import routes as gemini_routes
from concertpitch_emulator.gemini.service import GeminiService
from concertpitch_emulator.identity import caller
from concertpitch_emulator.mcp import hooks as mcp_hooks
from concertpitch_emulator.mcp.endpoint import Endpoint
from concertpitch_emulator.mcp.methods import Methods
from concertpitch_emulator.mcp.tools import tools
from concertpitch_emulator.protojson import MAX_BYTES
from concertpitch_emulator.vertex import calls as vertex_calls
from concertpitch_emulator.vertex import hooks as vertex_hooks
from concertpitch_emulator.vertex import routes as vertex_routes
from concertpitch_emulator.vertex.operations import OperationsService
from concertpitch_emulator.vertex.service import TuningService

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from concertpitch_emulator.bindings import Binding
    from concertpitch_emulator.hooks import Hooks

_Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(config: Config | None = None, *, clock: Clock | None = None) -> Starlette:
    """An emulator as an ASGI application; raises `UnknownFaultError` for a fault that does not exist."""
    config, clock = config or Config(), clock or wall_clock()
    faults = chosen(config.faults)
    vertex_lies = vertex_hooks.Hooks([fault for fault in faults if isinstance(fault, vertex_hooks.Fault)])
    gemini_lies = gemini_hooks.Hooks([fault for fault in faults if isinstance(fault, gemini_hooks.Fault)])
    tuning = TuningService(config, clock, vertex_lies)
    gemini = GeminiService(config, clock, gemini_lies)

    def vertex_call(method: str, version: str, request: Request) -> vertex_calls.Call:
        return vertex_calls.Call(method, version, *_parts(request), clock(), tuning)

    def gemini_call(method: str, version: str, request: Request) -> gemini_calls.Call:
        path, query, content = _parts(request)
        who = caller(request.headers.get("authorization", ""), request.headers.get("x-goog-api-key", ""), query)
        return gemini_calls.Call(method, version, path, query, content, clock(), gemini, who)

    operations = OperationsService(tuning)
    mcp_lies = mcp_hooks.Hooks([fault for fault in faults if isinstance(fault, mcp_hooks.Fault)])
    mcp = Endpoint(Methods(tuning, tools(tuning, operations), mcp_lies), mcp_lies, config.token)
    vertex_front = _FrontEnd(clock, vertex_lies, vertex_call, config.token)
    gemini_front = _FrontEnd(clock, gemini_lies, gemini_call, config.token)

    async def no_route(request: Request, _error: Exception) -> Response:
        front = gemini_front if gemini_routes.owns(request.url.path) else vertex_front
        return await front.no_route(request)

    app = Starlette(
        routes=[
            *vertex_front.routes(vertex_routes.routes(tuning, operations)),
            *gemini_front.routes(gemini_routes.routes(gemini)),
            *mcp.routes(),
        ],
        exception_handlers={404: no_route, 405: no_route},
    )
    app.router.redirect_slashes = False
    app.state.service = tuning
    app.state.gemini = gemini
    if vertex_lies.rewrites_paths:
        app.add_middleware(_PathRewriting, hooks=vertex_lies, service=tuning)
    if gemini_lies.rewrites_paths:
        app.add_middleware(_PathRewriting, hooks=gemini_lies, service=gemini)
    return app


class _FrontEnd(Generic[CallT]):
    """Reads a request into a call of one surface, asks the method, and writes what comes back."""

    def __init__(
        self, clock: Clock, hooks: Hooks[CallT], new_call: Callable[[str, str, Request], CallT], token: str
    ) -> None:
        self._clock = clock
        self._token = token
        self._hooks = hooks
        self._new_call = new_call

    def routes(self, table: list[Binding[CallT]]) -> list[Route]:
        return [Route(row.path, self._endpoint(row), methods=[row.verb]) for row in table]

    def _endpoint(self, row: Binding[CallT]) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            call = self._new_call(row.method, row.version, request)
            return self._response(await self._answer(call, row, request), call)

        return endpoint

    async def no_route(self, request: Request) -> Response:
        """No method has this path, or not with this verb: an error of the API, not of the web server."""
        call = self._new_call("", "v1", request)
        error = not_found(f"There is no method {request.method} {request.url.path[:300]}.", "no-method")
        return self._response(self._refusal(error, call), call)

    async def _answer(self, call: CallT, row: Binding[CallT], request: Request) -> Reply:
        try:
            call.content_type = request.headers.get("content-type", "")
            call.content = await _content(request)
            self._admit(call, request.headers.get("authorization", ""))
            # What another request did while the body arrived came before this one.
            call.now = self._clock()
            await self._hooks.enter(call)
            self._hooks.request(call)
            call.check_query(row.query)
            body = row.handler(call)
            if isinstance(body, Awaitable):
                body = await body
            return reply(200, self._hooks.answer(body, call))
        except ApiError as error:
            return self._refusal(error, call)

    def _admit(self, call: CallT, credentials: str) -> None:
        """Refuse a call without the token, where one is demanded."""
        call.stranger = bool(self._token) and credentials != f"Bearer {self._token}"
        if call.stranger:
            call.credentials = credentials
            error = self._hooks.admission(unauthenticated(), call)
            if error is not None:
                raise error

    def _refusal(self, error: ApiError, call: CallT) -> Reply:
        refused = self._hooks.refusal(error, call)
        return refused if isinstance(refused, Reply) else reply(refused.code, refused.envelope())

    def _response(self, answer: Reply, call: CallT) -> Response:
        answer = self._hooks.wire(answer, call)
        return Response(answer.content, answer.status, headers={"content-type": answer.media_type})


class _PathRewriting:
    """Middleware for the faults that make other paths lead somewhere."""

    def __init__(self, app: ASGIApp, hooks: Hooks[Any], service: TuningService | GeminiService) -> None:
        self._app = app
        self._hooks = hooks
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "path": self._hooks.path(scope["path"], self._service)}
        await self._app(scope, receive, send)


def _parts(request: Request) -> tuple[dict[str, str], dict[str, str], bytes]:
    """Path parameters, query, and the content as far as it is known."""
    return request.path_params, parse_query(request.scope["query_string"]), b""


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
