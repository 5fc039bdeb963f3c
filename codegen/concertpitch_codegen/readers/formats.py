"""Which reader reads a document.

Owns the marks by which formats are told apart. Must not know what the formats say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_codegen.problems import refuse
from concertpitch_codegen.readers import discovery, openapi, protoset

if TYPE_CHECKING:
    from concertpitch_codegen.document import Document


def read(raw: dict[str, Any], document: str) -> Document:
    """Read a document of any format that has a reader. Raises `DocumentError`, also for another format."""
    if "discoveryVersion" in raw:
        return discovery.read(raw, document)
    if "openapi" in raw:
        return openapi.read(raw, document)
    if "messages" in raw and "methods" in raw:
        return protoset.read(raw, document)
    raise refuse(document, "is neither a Discovery document, nor OpenAPI 3, nor a protoset")


def revision(raw: dict[str, Any]) -> str:
    """Give the revision of a document that was read before."""
    return str(raw["info"].get("x-google-revision", raw["info"]["version"]) if "openapi" in raw else raw["revision"])
