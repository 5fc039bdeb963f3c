"""Which reader reads a document.

Owns the marks by which formats are told apart; imports the one reader, or cutter, it needs. Must not know what the
formats say.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_codegen.problems import refuse

if TYPE_CHECKING:
    from concertpitch_codegen.document import Document


def read(raw: dict[str, Any], document: str) -> Document:
    """Read a document of any format that has a reader. Raises `DocumentError`, also for another format."""
    if "discoveryVersion" in raw:
        from concertpitch_codegen.readers import discovery

        return discovery.read(raw, document)
    if "openapi" in raw:
        from concertpitch_codegen.readers import openapi

        return openapi.read(raw, document)
    if "messages" in raw and "methods" in raw:
        from concertpitch_codegen.readers import protoset

        return protoset.read(raw, document)
    raise refuse(document, "is neither a Discovery document, nor OpenAPI 3, nor a protoset")


def cut_source(raw: dict[str, Any], part: Document) -> dict[str, Any]:
    """Cut the text a document was read from to what `part` has, in its own format; a protoset stays whole."""
    if "discoveryVersion" in raw:
        from concertpitch_codegen.readers import discovery_slice

        return discovery_slice.cut_source(raw, part)
    if "openapi" in raw:
        from concertpitch_codegen.readers import openapi_slice

        return openapi_slice.cut_source(raw, part)
    return raw


def revision(raw: dict[str, Any]) -> str:
    """Give the revision of a document that was read before."""
    return str(raw["info"].get("x-google-revision", raw["info"]["version"]) if "openapi" in raw else raw["revision"])
