"""What documents describe and generated clients do not do, told so that nobody finds out by losing it.

Owns the list, and how far a client carries files beside JSON. Must not know how a client is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from concertpitch_codegen.document import RPC_ONLY
from concertpitch_codegen.problems import Problem
from concertpitch_codegen.writers.jsonschema import extension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.document import Document, Operation

_DOWNLOADS = ("supportsMediaDownload", "useMediaDownloadService")


def left_out(document: Document) -> list[Problem]:
    """List what the client of a document leaves out, by the place that describes it."""
    told = [
        Problem(each.origin.document, each.origin.pointer, f"the client's {each.id} {sentence}")
        for each in document.operations.values()
        for sentence in left_out_of(each, document)
    ]
    told += [
        Problem(document.id, f"/methods/{name}", "the client has no such method: it has no HTTP rule")
        for name in document.extras.get(RPC_ONLY, ())
    ]
    return sorted(told)


def left_out_of(operation: Operation, document: Document) -> Iterator[str]:
    """Yield what the client leaves out of one method, as the rest of a sentence about it."""
    upload = _said(operation, "mediaUpload")
    if (upload or _said(operation, "supportsMediaUpload")) and not uploads(operation, document):
        yield "sends the metadata only, it uploads no media"
    if any(_said(operation, each) for each in _DOWNLOADS) and not downloads(operation):
        yield "reads the metadata only, it downloads no media"
    if media := operation.extras.get("requestMediaType"):
        yield f"sends JSON, where the document asks for {media}"
    for each in operation.parameters:
        if each.location not in {"path", "query"}:
            yield f"does not send the {each.location} {each.name}"


def uploads(operation: Operation, document: Document) -> bool:
    """Say whether a file is uploaded with one request to the method's own path below ``/upload/``."""
    simple = _protocols(operation).get("simple")
    if not isinstance(simple, dict) or operation.http_method == "GET":
        return False
    path = "/".join(filter(None, ["/upload", service_of(document), operation.template.lstrip("/")]))
    return simple.get("path") == path and (operation.request is None or simple.get("multipart") is True)


def resumable(operation: Operation) -> bool:
    """Say whether the same path takes a file in parts too."""
    return "resumable" in _protocols(operation)


def downloads(operation: Operation) -> bool:
    """Say whether the method gives a file instead of a message where ``alt=media`` asks for it."""
    return operation.http_method == "GET" and _said(operation, "supportsMediaDownload") is True


def service_of(document: Document) -> str:
    """Give what follows the host in all paths of an API, such as ``storage/v1``."""
    return urlsplit(document.base_url).path.strip("/")


def _protocols(operation: Operation) -> dict[str, Any]:
    upload = _said(operation, "mediaUpload")
    protocols = upload.get("protocols") if isinstance(upload, dict) else None
    return protocols if isinstance(protocols, dict) else {}


def _said(operation: Operation, member: str) -> Any:
    """Look up a member of Discovery, also in a document that was converted."""
    return operation.extras.get(member, operation.extras.get(extension(member)))
