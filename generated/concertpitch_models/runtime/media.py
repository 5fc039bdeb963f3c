"""Files beside JSON: methods that describe a file, made to upload or download the file itself.

Owns what a file to upload is, the body it travels in, and how such methods are made: of the method itself, given a
transport that carries bytes. Must not know any API, nor how requests are sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import MethodType
from typing import TYPE_CHECKING, Any, BinaryIO, Concatenate, Self, overload
from uuid import uuid4

from .message import Message
from .resource import AsyncResource, Method, P, R, Resource, Shared

if TYPE_CHECKING:
    from .transport import Query


@dataclass(frozen=True, slots=True)
class Media:
    """A file to upload: its bytes, or the file opened in binary mode; and of which media type it is, ``image/png``."""

    content: bytes | BinaryIO
    type: str = "application/octet-stream"

    def __post_init__(self) -> None:
        if not self.type.isprintable():
            raise ValueError(f"{self.type!r} is no media type")

    def size(self) -> int:
        """Count its bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.seek(0, os.SEEK_END)

    def part(self, start: int, size: int) -> bytes:
        """Give so many of its bytes, or fewer at its end."""
        if isinstance(self.content, bytes):
            return self.content[start : start + size]
        self.content.seek(start)
        return self.content.read(size)


def multipart(metadata: bytes, media: Media) -> tuple[bytes, str]:
    """Write metadata in JSON and a file as one body (RFC 2387); give it with its media type."""
    boundary = uuid4().hex
    parts = (("application/json; charset=UTF-8", metadata), (media.type, media.part(0, media.size())))
    written = [f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + data + b"\r\n" for kind, data in parts]
    return b"".join(written) + f"--{boundary}--\r\n".encode(), f"multipart/related; boundary={boundary}"


class Upload(Shared[P, R]):
    """A method, given the file it describes before its own arguments: both are sent in one request.

    `service` is what follows the host in the paths of the API, such as ``storage/v1``; uploads have another such path.
    Where the API is `resumable`, large files are sent in parts.
    """

    def __init__(self, method: Method[P, R], service: str, *, resumable: bool = False) -> None:
        super().__init__(method)
        self.service = service
        self.resumable = resumable

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Callable[Concatenate[Media, P], R]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else MethodType(self._upload, instance)

    def _upload(self, instance: Any, media: Media, *args: P.args, **kwargs: P.kwargs) -> Any:
        transport = instance._transport  # noqa: SLF001 - of the class this belongs to
        carrier: Any = _Uploading(transport, self.service, media, resumable=self.resumable)
        return self.method(Resource(carrier), *args, **kwargs)


class AsyncUpload(Shared[P, R]):
    """`Upload`, to be awaited."""

    def __init__(self, upload: Upload[P, R]) -> None:
        super().__init__(upload.method)
        self._service = upload.service
        self._resumable = upload.resumable

    def __get__(self, instance: object, owner: type) -> Callable[Concatenate[Media, P], Coroutine[Any, Any, R]]:
        return MethodType(self._upload, instance)

    def _upload(self, instance: Any, media: Media, *args: P.args, **kwargs: P.kwargs) -> Any:
        transport = instance._transport  # noqa: SLF001 - as above
        carrier: Any = _Uploading(transport, self._service, media, resumable=self._resumable)
        return self.method(AsyncResource(carrier), *args, **kwargs)


class Download(Shared[P, bytes]):
    """A get method that gives the bytes of the file instead of what describes it."""

    def __init__(self, method: Method[P, Any]) -> None:
        super().__init__(method)

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Callable[P, bytes]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else MethodType(self._download, instance)

    def _download(self, instance: Any, *args: P.args, **kwargs: P.kwargs) -> Any:
        carrier: Any = _Downloading(instance._transport)  # noqa: SLF001 - of the class this belongs to
        return self.method(Resource(carrier), *args, **kwargs)


class AsyncDownload(Shared[P, bytes]):
    """`Download`, to be awaited."""

    def __init__(self, download: Download[P]) -> None:
        super().__init__(download.method)

    def __get__(self, instance: object, owner: type) -> Callable[P, Coroutine[Any, Any, bytes]]:
        return MethodType(self._download, instance)

    def _download(self, instance: Any, *args: P.args, **kwargs: P.kwargs) -> Any:
        carrier: Any = _Downloading(instance._transport)  # noqa: SLF001 - as above
        return self.method(AsyncResource(carrier), *args, **kwargs)


class _Uploading:
    """A transport, blocking or asynchronous, that sends a file with each message."""

    def __init__(self, transport: Any, service: str, media: Media, *, resumable: bool) -> None:
        self._transport = transport
        self._carried = {"service": service, "media": media, "resumable": resumable}

    def call(self, verb: str, path: str, answer: type[Message], **sent: Any) -> Any:
        return self._transport.upload(verb, path, answer, **self._carried, **sent)

    def send(self, verb: str, path: str, **sent: Any) -> Any:
        return self.call(verb, path, Message, **sent)


class _Downloading:
    """A transport, blocking or asynchronous, that gives bytes instead of messages."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def call(self, verb: str, path: str, _: type[Message], *, query: Query | None = None) -> Any:
        return self.send(verb, path, query=query)

    def send(self, verb: str, path: str, *, query: Query | None = None) -> Any:
        return self._transport.download(verb, path, query=query or {})
