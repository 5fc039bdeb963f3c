"""Documents as their service publishes them, over HTTP.

Owns the request and its limits. Must not judge what came back beyond its status and size.
"""

from __future__ import annotations

import httpx

from concertpitch_codegen.jsontext import MAX_BYTES
from concertpitch_codegen.problems import refuse
from concertpitch_codegen.sources.packages import UnreachableError

_TIMEOUT = 30.0  # seconds, for each step of the exchange


def download(url: str, document: str) -> bytes:
    """Get a document.

    Raises `UnreachableError` without an answer, `DocumentError` for another status than 200.
    """
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise refuse(document, f"{url} answered {response.status_code} {response.reason_phrase}")
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise refuse(document, f"{url} sends more than {MAX_BYTES} bytes")
            return bytes(body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnreachableError(f"{url} cannot be reached: {error}") from None
