"""How the runner proves who it is: a fixed token or key, a command that prints a token, or google-auth.

Rule 1: every token ever used is kept in `secrets`, so that it can be taken out of whatever is written down.
Rule 2: a token is replaced before it expires, and when the target answers 401; while that fails, the old one stays.
It must not know where it is sent: `transport` adds it to requests to the target and to no other.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from concertpitch.errors import UsageError

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_AGE = 600.0
"""Seconds after which a command is run again whose token says nothing of its life."""
_EARLY = 60.0
"""Seconds before its end at which a token is replaced."""
_COMMAND_SECONDS = 60.0


class Identity(Protocol):
    """Safe to use from several threads."""

    def headers(self) -> dict[str, str]:
        """What proves who asks, by header; empty for an anonymous run. Never raises after a first success."""

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Replace what the target refused, as `headers` had given it; whether there is something else to try now."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never be written down."""


@dataclass(frozen=True)
class Credentials:
    """A bearer token, or an API key, for the whole run; empty means: anonymously."""

    token: str = ""
    api_key: str = ""

    def headers(self) -> dict[str, str]:
        if self.token:
            return {"authorization": f"Bearer {self.token}"}
        if self.api_key:
            return {"x-goog-api-key": self.api_key}
        return {}

    def renew(self, refused: Mapping[str, str]) -> bool:  # noqa: ARG002 - nothing takes the place of a fixed token
        return False

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(secret for secret in (self.token, self.api_key) if secret)


@dataclass(frozen=True)
class Token:
    """`until` is a moment of `time.monotonic`; `headers` go with the token (a quota project)."""

    value: str = field(repr=False)
    until: float
    headers: Mapping[str, str] = field(default_factory=dict)


class Renewed:
    """A token that is fetched anew when it is about to expire, or is refused."""

    def __init__(self, fetch: Callable[[], Token]) -> None:
        """Fetch the first token; raises UsageError when there is none."""
        self._fetch = fetch
        self._lock = threading.Lock()
        self._token = fetch()
        self._used = [self._token.value]

    def headers(self) -> dict[str, str]:
        with self._lock:
            if time.monotonic() > self._token.until - _EARLY:
                self._replace()
            return {"authorization": f"Bearer {self._token.value}", **self._token.headers}

    def renew(self, refused: Mapping[str, str]) -> bool:
        with self._lock:
            if refused.get("authorization") == f"Bearer {self._token.value}":
                self._replace()
            return refused.get("authorization") != f"Bearer {self._token.value}"

    def _replace(self) -> None:
        try:
            self._token = self._fetch()
        except UsageError:  # the old token is sent, and what the target answers to it is recorded
            return
        if self._token.value not in self._used:
            self._used.append(self._token.value)

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(self._used)


def from_environment(token: str = "CONCERTPITCH_TOKEN", api_key: str = "CONCERTPITCH_API_KEY") -> Credentials:  # noqa: S107 - names
    """What these variables hold; anonymous where they hold nothing."""
    return Credentials(os.environ.get(token, "") if token else "", os.environ.get(api_key, "") if api_key else "")


def from_command(command: str | Sequence[str]) -> Renewed:
    """A command that prints a token, or an OAuth token answer (`access_token`, `expires_in`); no shell is used."""
    words = shlex.split(command) if isinstance(command, str) else list(command)
    shown = words[0] if words else ""

    def fetch() -> Token:
        try:
            done = subprocess.run(  # noqa: S603 - the user's own command
                words, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
            )
        except (OSError, ValueError, IndexError) as error:
            raise UsageError(f"the token command {shown!r} cannot be run: {error}") from error
        except subprocess.TimeoutExpired:
            raise UsageError(f"the token command {shown!r} does not end in {_COMMAND_SECONDS:g} s") from None
        token = _printed(done.stdout.strip())
        if done.returncode or token is None:
            why = f"ends with status {done.returncode}" if done.returncode else "prints no token"
            raise UsageError(f"the token command {shown!r} {why}; run it by hand to see why")
        return token

    return Renewed(fetch)


def _printed(output: str) -> Token | None:
    """The token in what a command printed: one word, or a JSON object with `access_token`."""
    now = time.monotonic()
    if output.startswith("{"):
        try:
            answer: dict[str, Any] = json.loads(output)
        except ValueError:
            return None
        token, life = answer.get("access_token"), answer.get("expires_in", _AGE + _EARLY)
        usable = isinstance(token, str) and token and isinstance(life, int | float)
        return Token(token, now + life) if usable and isinstance(token, str) else None
    return Token(output, now + _AGE + _EARLY) if output and not any(char.isspace() for char in output) else None


def from_google() -> Renewed:
    """Application Default Credentials, through google-auth; raises UsageError where there are none."""
    import google.auth  # noqa: PLC0415 - only who asks for it pays for the import
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
    from google.auth.transport.requests import Request  # noqa: PLC0415

    try:
        credentials, _ = google.auth.default(scopes=[_SCOPE])
    except GoogleAuthError as error:
        raise UsageError(
            f"no Application Default Credentials ({error}); `gcloud auth application-default login` makes them"
        ) from error

    def fetch() -> Token:
        try:
            credentials.refresh(Request())  # type: ignore[no-untyped-call]
        except GoogleAuthError as error:
            raise UsageError(f"Application Default Credentials give no token ({type(error).__name__})") from error
        expiry = credentials.expiry  # in UTC, without saying so
        life = (expiry.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds() if expiry else _AGE + _EARLY
        project = getattr(credentials, "quota_project_id", None)
        return Token(
            str(credentials.token), time.monotonic() + life, {"x-goog-user-project": project} if project else {}
        )

    return Renewed(fetch)
