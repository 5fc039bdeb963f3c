"""What documents describe and generated clients do not do, told so that nobody finds out by losing it.

Owns the list: bytes that travel beside JSON. Must not know how a client is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_codegen.document import RPC_ONLY
from concertpitch_codegen.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.document import Document, Operation

_DOWNLOADS = ("supportsMediaDownload", "useMediaDownloadService")


def left_out(document: Document) -> list[Problem]:
    """List what the client of a document leaves out, by the place that describes it."""
    told = [
        Problem(each.origin.document, each.origin.pointer, f"the client's {each.id} {sentence}")
        for each in document.operations.values()
        for sentence in left_out_of(each)
    ]
    told += [
        Problem(document.id, f"/methods/{name}", "the client has no such method: it has no HTTP rule")
        for name in document.extras.get(RPC_ONLY, ())
    ]
    return sorted(told)


def left_out_of(operation: Operation) -> Iterator[str]:
    """Yield what the client leaves out of one method, as the rest of a sentence about it."""
    extras = operation.extras
    if extras.get("supportsMediaUpload") or "mediaUpload" in extras:
        yield "sends the metadata only, it uploads no media"
    if any(extras.get(each) for each in _DOWNLOADS):
        yield "reads the metadata only, it downloads no media"
    if media := extras.get("requestMediaType"):
        yield f"sends JSON, where the document asks for {media}"
