"""Access tokens from google-auth: Application Default Credentials, refreshed when they run out.

Owns the one place where google-auth is used. Must not know any API.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"


def google_token(scopes: Sequence[str] = (CLOUD_PLATFORM,)) -> Callable[[], str]:
    """Give a function for a client's `token` that always returns a fresh access token.

    Raises `google.auth.exceptions.DefaultCredentialsError` where there are no credentials.
    """
    import google.auth  # noqa: PLC0415 - an optional dependency, and slow to import
    from google.auth.transport.requests import Request  # noqa: PLC0415

    credentials, _ = google.auth.default(scopes=list(scopes))
    lock = Lock()

    def token() -> str:
        with lock:
            if not credentials.valid:
                credentials.refresh(Request())  # type: ignore[no-untyped-call]
            return str(credentials.token)

    return token
