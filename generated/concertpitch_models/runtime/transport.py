"""HTTP for generated clients: requests out, messages or errors in.

Owns query strings, credentials, retries and the choice between a message and an error. Must not know any API.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx
import stamina

from .bodies import read, write
from .errors import ApiError, content_of
from .media import multipart
from .paths import wire_text
from .resource import ATTEMPTS
from .resumable import CHUNK, Session, send, send_async

if TYPE_CHECKING:
    from types import TracebackType

    from .media import Media

# As libraries do: retries are logged for those who set up logging, and never printed for those who did not.
logging.getLogger("stamina").addHandler(logging.NullHandler())

T = TypeVar("T")
Query = Mapping[str, "str | int | float | Sequence[str | int | float] | None"]
NO_QUERY: Query = {}
_TRY_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_REFUSED_EARLY = frozenset({429, 503})
TIMEOUT = 60.0  # seconds for each step of an exchange


class _Base:
    """What the blocking and the asynchronous transport share."""

    def __init__(
        self, base_url: str, token: str | Callable[[], str] | None, api_key: str | None, attempts: int
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._api_key = api_key
        self._attempts = attempts

    def _headers(self) -> dict[str, str]:
        headers = {"accept": "application/json"}
        if self._token is not None:
            token = self._token if isinstance(self._token, str) else self._token()
            headers["authorization"] = f"Bearer {token}"
        if self._api_key is not None:
            headers["x-goog-api-key"] = self._api_key
        return headers

    def _request(self, client: Any, verb: str, path: str, query: Query, body: object) -> Any:
        headers = self._headers()
        content = None
        if body is not None:
            headers["content-type"] = "application/json"
            content = write(body)
        url = f"{self._base_url}/{path}"
        return client.build_request(verb, url, params=_wire_query(query), headers=headers, content=content)

    def _upload_request(
        self, client: Any, verb: str, path: str, query: Query, body: object, service: str, media: Media
    ) -> Any:
        if body is None:
            kind, content, content_type = "media", media.part(0, media.size()), media.type
        else:
            kind, (content, content_type) = "multipart", multipart(write(body), media)
        headers = {**self._headers(), "content-type": content_type}
        params = _wire_query({**query, "uploadType": kind})
        return client.build_request(
            verb, self._upload_url(service, path), params=params, headers=headers, content=content
        )

    def _upload_session(
        self, client: Any, verb: str, path: str, query: Query, body: object, service: str, media: Media
    ) -> Session:
        host = httpx.URL(self._base_url)

        def begin() -> Any:
            described = {"x-upload-content-type": media.type, "x-upload-content-length": str(media.size())}
            headers = {**self._headers(), "content-type": "application/json; charset=UTF-8", **described}
            params = _wire_query({**query, "uploadType": "resumable"})
            content = b"" if body is None else write(body)
            url = self._upload_url(service, path)
            return client.build_request(verb, url, params=params, headers=headers, content=content)

        def put(url: httpx.URL, span: str, content: bytes) -> Any:
            ours = (url.scheme, url.host, url.port) == (host.scheme, host.host, host.port)
            headers = {**(self._headers() if ours else {}), "content-range": span}
            return client.build_request("PUT", url, headers=headers, content=content)

        return Session(media, begin, put)

    def _upload_url(self, service: str, path: str) -> str:
        root = self._base_url.removesuffix(f"/{service}")
        return "/".join(filter(None, [root, "upload", service, path]))

    def _tries(self, verb: str) -> Any:
        return stamina.retry_context(_pause_after(verb), attempts=self._attempts, timeout=None)


class Transport(_Base):
    """A blocking connection to one service; close it, or use it in a `with` statement.

    `token` is an OAuth access token or a function that gives a fresh one. Redirects are not followed, so that
    credentials never reach another host. Requests that read are sent up to `attempts` times, after pauses
    that grow or that the server asks for; requests that write only where the server asks for it by
    Retry-After.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str | Callable[[], str] | None = None,
        api_key: str | None = None,
        attempts: int = ATTEMPTS,
        http: httpx.Client | None = None,
    ) -> None:
        super().__init__(base_url, token, api_key, attempts)
        self._http = http or httpx.Client(timeout=TIMEOUT)

    def call(self, verb: str, path: str, answer: type[T], *, query: Query = NO_QUERY, body: object = None) -> T:
        """Send one request, again if it may help.

        Raises `ApiError` for an answer that is not 2xx, `httpx.HTTPError` without one.
        """
        content = self._exchange(verb, lambda: self._request(self._http, verb, path, query, body))
        return read(content, answer)

    def upload(
        self,
        verb: str,
        path: str,
        answer: type[T],
        *,
        service: str,
        media: Media,
        resumable: bool,
        query: Query = NO_QUERY,
        body: object = None,
    ) -> T:
        """`call`, with a file beside the message: in one request, or if it is large in parts that are sent again."""
        sent = (self._http, verb, path, query, body, service, media)
        if resumable and media.size() > CHUNK:
            content = send(self._http, self._upload_session(*sent), lambda: self._tries("GET"))
        else:
            content = self._exchange(verb, lambda: self._upload_request(*sent))
        return read(content, answer)

    def download(self, verb: str, path: str, *, query: Query = NO_QUERY) -> bytes:
        """`call`, for the bytes of a file."""
        return self._exchange(verb, lambda: self._request(self._http, verb, path, {**query, "alt": "media"}, None))

    def send(self, verb: str, path: str, *, query: Query = NO_QUERY, body: object = None) -> None:
        """`call`, for a method whose answer says nothing."""
        self._exchange(verb, lambda: self._request(self._http, verb, path, query, body))

    def _exchange(self, verb: str, request: Callable[[], httpx.Request]) -> bytes:
        for attempt in self._tries(verb):
            with attempt:
                return content_of(self._http.send(request()))
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncTransport(_Base):
    """`Transport` for asyncio and trio."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | Callable[[], str] | None = None,
        api_key: str | None = None,
        attempts: int = ATTEMPTS,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        super().__init__(base_url, token, api_key, attempts)
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT)

    async def call(self, verb: str, path: str, answer: type[T], *, query: Query = NO_QUERY, body: object = None) -> T:
        """Send one request, again if it may help.

        Raises `ApiError` for an answer that is not 2xx, `httpx.HTTPError` without one.
        """
        content = await self._exchange(verb, lambda: self._request(self._http, verb, path, query, body))
        return read(content, answer)

    async def upload(
        self,
        verb: str,
        path: str,
        answer: type[T],
        *,
        service: str,
        media: Media,
        resumable: bool,
        query: Query = NO_QUERY,
        body: object = None,
    ) -> T:
        """`call`, with a file beside the message: in one request, or if it is large in parts that are sent again."""
        sent = (self._http, verb, path, query, body, service, media)
        if resumable and media.size() > CHUNK:
            content = await send_async(self._http, self._upload_session(*sent), lambda: self._tries("GET"))
        else:
            content = await self._exchange(verb, lambda: self._upload_request(*sent))
        return read(content, answer)

    async def download(self, verb: str, path: str, *, query: Query = NO_QUERY) -> bytes:
        """`call`, for the bytes of a file."""
        media: Query = {**query, "alt": "media"}
        return await self._exchange(verb, lambda: self._request(self._http, verb, path, media, None))

    async def send(self, verb: str, path: str, *, query: Query = NO_QUERY, body: object = None) -> None:
        """`call`, for a method whose answer says nothing."""
        await self._exchange(verb, lambda: self._request(self._http, verb, path, query, body))

    async def _exchange(self, verb: str, request: Callable[[], httpx.Request]) -> bytes:
        async for attempt in self._tries(verb):
            with attempt:
                return content_of(await self._http.send(request()))
        raise AssertionError("the last attempt returns or raises")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _pause_after(verb: str) -> Callable[[Exception], bool | float]:
    """Decide whether an error is worth another attempt, or after how many seconds the server allows one."""

    def pause(error: Exception) -> bool | float:
        if isinstance(error, httpx.TransportError):
            return verb == "GET"
        if not isinstance(error, ApiError):
            return False
        if error.retry_after is not None and error.http_status in _REFUSED_EARLY:
            return error.retry_after
        return verb == "GET" and error.http_status in _TRY_AGAIN

    return pause


def _wire_query(query: Query) -> list[tuple[str, str]]:
    """Write query parameters as Google's front end reads them; None is left out, a sequence is repeated."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is None:
            continue
        values = [value] if isinstance(value, str | int | float) else value
        pairs += [(name, wire_text(each)) for each in values]
    return pairs
