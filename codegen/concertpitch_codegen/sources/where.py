"""Documents a user names on the command line: a file, or a URL.

Owns the choice between the two. Must not know formats.
"""

from __future__ import annotations

from pathlib import Path

from concertpitch_codegen.problems import CodegenError


def load(where: str) -> tuple[str, bytes]:
    """Give a document's id, made of its name, and its bytes. Raises `CodegenError` where there is nothing."""
    if where.startswith(("http://", "https://")):
        # httpx takes longer to import than most documents take to read.
        from concertpitch_codegen.sources.live import download  # noqa: PLC0415

        return where, download(where, where)
    path = Path(where)
    try:
        return path.name.removesuffix(".json"), path.read_bytes()
    except OSError as error:
        raise CodegenError(f"{where} cannot be read: {error.strerror}") from None
