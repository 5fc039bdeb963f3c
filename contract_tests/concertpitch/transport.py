"""Sends requests to the target and writes down what happened.

Rule 1: every request of a run goes through `Transport.send`, whoever made it up, so every rule judges all traffic.
Rule 2: credentials are added here and nowhere else, and are never written down: an `Exchange` holds `REDACTED`.
Rule 3: nothing here knows the API; redirects are not followed, so credentials never reach another host.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import httpx

from concertpitch import __version__
from concertpitch.exchange import REDACTED, Exchange

MAX_BODY = 16 * 1024 * 1024
"""Bytes read of one answer; the largest honest answer, a page of 1,000 jobs, is below 5 MiB."""


@dataclass(frozen=True)
class Credentials:
    """How the runner proves who it is; empty means: anonymously."""

    token: str = ""
    api_key: str = ""

    def headers(self) -> dict[str, str]:
        if self.token:
            return {"authorization": f"Bearer {self.token}"}
        if self.api_key:
            return {"x-goog-api-key": self.api_key}
        return {}

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(secret for secret in (self.token, self.api_key) if secret)


class Transport:
    """An HTTP connection pool to one base URL that records an `Exchange` per request.

    `request_timeout` is in seconds and bounds a whole exchange, however slowly bytes drip in. Safe to use from
    several threads.
    """

    def __init__(self, base_url: str, credentials: Credentials, request_timeout: float) -> None:
        self.base_url = base_url.rstrip("/")
        self.exchanges: list[Exchange] = []
        self._credentials = credentials
        self._timeout = request_timeout
        self._lock = threading.Lock()
        self._client = httpx.Client(
            timeout=httpx.Timeout(request_timeout, connect=min(5.0, request_timeout)),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
            follow_redirects=False,
            verify=urlsplit(base_url).scheme == "https",  # without TLS there is nothing to load certificates for
            trust_env=urlsplit(base_url).hostname not in {"127.0.0.1", "localhost", "::1"},
        )

    @property
    def authorized(self) -> bool:
        """Whether the run has credentials at all."""
        return bool(self._credentials.headers())

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        probe: str,
        authorize: bool = True,
    ) -> Exchange:
        """Send one request; the answer, or why there is none, is in the `Exchange` returned. Never raises."""
        pairs = list(query)
        url = self.base_url + path + ("?" + urlencode(pairs) if pairs else "")
        sending = {"accept": "application/json", "user-agent": f"concertpitch/{__version__}"}
        if body or method in {"POST", "PATCH", "PUT"}:
            sending["content-type"] = "application/json"
        sending |= {name.lower(): value for name, value in (headers or {}).items()}
        secrets = self._credentials.headers() if authorize else {}
        sent_at, sent = time.time(), time.monotonic()
        status, answer_headers, content, failure, truncated = self._exchange(
            method, url, sending | secrets, body, sent + self._timeout
        )
        answered = time.monotonic()
        shown = sending | dict.fromkeys(secrets, REDACTED)
        with self._lock:
            exchange = Exchange(
                number=len(self.exchanges) + 1,
                probe=probe,
                method=method,
                url=url,
                request_headers=tuple(shown.items()),
                request_body=body,
                sent=sent,
                sent_at=sent_at,
                answered=answered,
                status=status,
                headers=tuple((name, self._redact(value)) for name, value in answer_headers),
                body=self._redact_bytes(content),
                failure=failure,
                truncated=truncated,
            )
            self.exchanges.append(exchange)
        return exchange

    def close(self) -> None:
        self._client.close()

    def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes, deadline: float
    ) -> tuple[int | None, list[tuple[str, str]], bytes, str | None, bool]:
        status: int | None = None
        answer_headers: list[tuple[str, str]] = []
        received = bytearray()
        try:
            with self._client.stream(method, url, headers=headers, content=body) as response:
                answer_headers = [(name.lower(), value) for name, value in response.headers.multi_items()]
                for chunk in response.iter_bytes():
                    received += chunk
                    if len(received) > MAX_BODY:
                        return response.status_code, answer_headers, bytes(received[:MAX_BODY]), None, True
                    if time.monotonic() > deadline:
                        return (
                            None,
                            answer_headers,
                            bytes(received),
                            f"no whole answer in {self._timeout:g} s",
                            False,
                        )
                status = response.status_code
        except httpx.TimeoutException:
            return None, answer_headers, bytes(received), f"no answer in {self._timeout:g} s", False
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            reason = str(error) or type(error).__name__
            return None, answer_headers, bytes(received), f"{type(error).__name__}: {reason}", False
        return status, answer_headers, bytes(received), None, False

    def _redact(self, text: str) -> str:
        for secret in self._credentials.secrets:
            text = text.replace(secret, REDACTED)
        return text

    def _redact_bytes(self, content: bytes) -> bytes:
        for secret in self._credentials.secrets:
            content = content.replace(secret.encode(), REDACTED.encode())
        return content
