"""Sends requests to the target and writes down what happened.

Rule 1: every request of a run goes through `Transport.send`, whoever made it up, so every rule judges all traffic.
Rule 2: credentials are added here and nowhere else, and are never written down: an `Exchange` holds `REDACTED`.
Rule 3: nothing here knows the API; redirects are not followed, so credentials never reach another host.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import httpx

from concertpitch import __version__
from concertpitch.credentials import Identity
from concertpitch.errors import OutOfTime
from concertpitch.exchange import REDACTED, Exchange, Trouble
from concertpitch.pace import Pace
from concertpitch.retries import Retries, kind_of

MAX_BODY = 16 * 1024 * 1024
"""Bytes read of one answer; the largest honest answer, a page of 1,000 jobs, is below 5 MiB."""
_STANDING = "text/event-stream"
"""What a GET opens to listen for events: it need not end, so nothing of it is read."""
_CONNECT = 5.0
"""Seconds at most to make a connection."""


@dataclass
class _Got:
    """What came back, or why nothing did."""

    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    failure: str | None = None
    failed: Trouble | None = None
    truncated: bool = False


class Transport:
    """An HTTP connection pool to one base URL that records an `Exchange` per attempt.

    `request_timeout` is in seconds and bounds a whole exchange, however slowly bytes drip in; `pause` is the first
    wait before a request is sent again. Safe to use from several threads.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Identity,
        request_timeout: float,
        *,
        pace: Pace | None = None,
        pause: float = 0.1,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.exchanges: list[Exchange] = []
        self.pace = pace or Pace()
        self._credentials = credentials
        self._timeout = request_timeout
        self._retries = Retries(self.pace, pause)
        self._lock = threading.Lock()
        self._client = httpx.Client(
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
        """Send one request, again where that is safe and may help (`retries`); the last attempt's `Exchange`.

        The answer, or why there is none, is in the `Exchange`. Raises nothing but OutOfTime.
        """
        pairs = list(query)
        url = self.base_url + path + ("?" + urlencode(pairs) if pairs else "")
        sending = {"accept": "application/json", "user-agent": f"concertpitch/{__version__}"}
        if body or method in {"POST", "PATCH", "PUT"}:
            sending["content-type"] = "application/json"
        sending |= {name.lower(): value for name, value in (headers or {}).items()}
        used: dict[str, str] = {}

        def once(attempt: int, waited: float) -> Exchange:
            nonlocal used
            used = self._credentials.headers() if authorize else {}
            self.pace.take()
            sent_at, sent = time.time(), time.monotonic()
            got = self._exchange(method, url, sending | used, body)
            answered = time.monotonic()
            secret = {name for name, value in used.items() if self._redact(value) != value}
            shown = sending | used | dict.fromkeys(secret, REDACTED)
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
                    status=got.status,
                    headers=tuple((name, self._redact(value)) for name, value in got.headers),
                    body=self._redact_bytes(got.body),
                    failure=got.failure and self._redact(got.failure),
                    truncated=got.truncated,
                    attempt=attempt,
                    waited=waited,
                    failed=got.failed,
                )
                self.exchanges.append(exchange)
            if got.status is None and self.pace.left() <= 0:
                raise OutOfTime
            return exchange

        return self._retries.run(f"{method} {path}", once, lambda _: bool(used) and self._credentials.renew(used))

    def close(self) -> None:
        self._client.close()

    def _exchange(self, method: str, url: str, headers: dict[str, str], body: bytes) -> _Got:
        limit = min(self._timeout, max(0.0, self.pace.left()))
        timeout = httpx.Timeout(limit, connect=min(_CONNECT, limit))
        over, deadline = self.pace.left() <= self._timeout, time.monotonic() + limit
        late = "the run's deadline was over" if over else f"no whole answer in {self._timeout:g} s"
        got = _Got()
        received = bytearray()
        try:
            sending = [
                (name.encode(), value.encode()) for name, value in headers.items()
            ]  # a target's words need not be ASCII
            with self._client.stream(method, url, headers=sending, content=body, timeout=timeout) as response:
                got.headers = [(name.lower(), value) for name, value in response.headers.multi_items()]
                if method == "GET" and response.headers.get("content-type", "").startswith(_STANDING):
                    got.status, got.truncated = response.status_code, True
                    return got
                for chunk in response.iter_bytes():
                    received += chunk
                    if len(received) > MAX_BODY:
                        got.truncated = True
                        break
                    if time.monotonic() > deadline:
                        got.failure, got.failed = late, None if over else Trouble.TIMEOUT
                        break
                if got.failure is None:
                    got.status = response.status_code
        except httpx.TimeoutException as error:
            got.failure = late if over else f"no answer in {self._timeout:g} s"
            got.failed = None if over else kind_of(error)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            got.failure = f"{type(error).__name__}: {str(error) or type(error).__name__}"
            got.failed = kind_of(error)
        got.body = bytes(received[:MAX_BODY])
        return got

    def _redact(self, text: str) -> str:
        for secret in self._credentials.secrets:
            text = text.replace(secret, REDACTED)
        return text

    def _redact_bytes(self, content: bytes) -> bytes:
        for secret in self._credentials.secrets:
            content = content.replace(secret.encode(), REDACTED.encode())
        return content
