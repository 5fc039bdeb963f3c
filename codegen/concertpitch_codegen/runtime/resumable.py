"""Uploads in parts, which go on where they stood when a connection breaks.

Owns the protocol of Google's resumable uploads: what is sent next, and what an answer to it means. Must not know any
API, nor when something is tried again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import ApiError, content_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable, Iterator

    import httpx
    import stamina

    from .media import Media

CHUNK = 8 * 1024 * 1024  # bytes; the protocol asks for a multiple of 256 KiB
_INCOMPLETE = 308


class Session:
    """One upload: where the server takes it, how much has arrived, and in the end what the server answers.

    `begin` makes the request that opens the session; `put` one to its address, with a Content-Range and a body.
    """

    def __init__(
        self, media: Media, begin: Callable[[], httpx.Request], put: Callable[[httpx.URL, str, bytes], httpx.Request]
    ) -> None:
        self.answer: bytes | None = None
        self._media = media
        self._size = media.size()
        self._begin = begin
        self._put = put
        self._address: httpx.URL | None = None
        self._arrived = 0

    def requests(self, *, again: bool) -> Iterator[httpx.Request]:
        """Yield what is to be sent next; after a failure the question how much has arrived comes first.

        Each answer is to be told before the next request is asked for.
        """
        if self._address is None:
            yield self._begin()
            return
        if again:
            yield self._put(self._address, f"bytes */{self._size}", b"")
        if self.answer is None:
            start = self._arrived
            data = self._media.part(start, CHUNK)
            span = f"{start}-{start + len(data) - 1}" if data else "*"
            yield self._put(self._address, f"bytes {span}/{self._size}", data)
            if self.answer is None and self._arrived <= start:
                raise ApiError(_INCOMPLETE, "the server keeps nothing of what it is sent")

    def told(self, response: httpx.Response) -> None:
        """Take in an answer. Raises `ApiError` for one that is neither 2xx nor asks for more."""
        if self._address is None:
            content_of(response)
            if "location" not in response.headers:
                raise ApiError(response.status_code, "the answer does not say where the upload is to be sent")
            self._address = response.url.join(response.headers["location"])
        elif response.status_code == _INCOMPLETE:
            range_ = re.fullmatch(r"bytes=0-(\d+)", response.headers.get("range", ""))
            self._arrived = int(range_[1]) + 1 if range_ else 0
        else:
            self.answer = content_of(response)


def send(http: httpx.Client, session: Session, tries: Callable[[], Iterable[stamina.Attempt]]) -> bytes:
    """Upload it all; each step is tried as often as `tries` gives attempts. Give the body of the last answer."""
    while session.answer is None:
        for attempt in tries():
            with attempt:
                for request in session.requests(again=attempt.num > 1):
                    session.told(http.send(request))
    return session.answer


async def send_async(
    http: httpx.AsyncClient, session: Session, tries: Callable[[], AsyncIterable[stamina.Attempt]]
) -> bytes:
    """`send`, asynchronous."""
    while session.answer is None:
        async for attempt in tries():
            with attempt:
                for request in session.requests(again=attempt.num > 1):
                    session.told(await http.send(request))
    return session.answer
