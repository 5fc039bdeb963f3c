"""The optional control hook: tells a target that can steer its jobs which outcome a job is wanted to have.

Rule 1: a run never needs it, and a hook that fails never fails a run: its first failure is kept for the report.
Rule 2: it gets no credentials, and what it answers is not judged.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

_SECONDS = 10.0


@dataclass
class Control:
    """`url` takes a JSON object by POST; `command` is run with the same object as its standard input.

    The object is `{"event": "creating" | "created", "job": NAME, "wants": STATE, "body": {...}}`; `job` is '' before
    the create.
    """

    url: str = ""
    command: Sequence[str] = ()
    failure: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def tell(self, event: str, job: str, wants: str, body: Any) -> None:
        """Tell the hook of one job; never raises."""
        message = {"event": event, "job": job, "wants": wants, "body": body}
        failure = ""
        try:
            if self.url:
                failure = _posted(self.url, message)
            if self.command:
                failure = failure or _ran(self.command, message)
        except (OSError, ValueError, httpx.HTTPError, subprocess.SubprocessError) as error:
            failure = f"{type(error).__name__}: {error}"
        with self._lock:
            self.failure = self.failure or failure


def _posted(url: str, message: dict[str, Any]) -> str:
    status = httpx.post(url, json=message, timeout=_SECONDS).status_code
    return "" if status < 300 else f"{url} answers {status}"  # noqa: PLR2004 - no success


def _ran(command: Sequence[str], message: dict[str, Any]) -> str:
    done = subprocess.run(  # noqa: S603 - the user's own command
        list(command),
        input=json.dumps(message),
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=_SECONDS,
        check=False,
        env=os.environ,
    )
    return f"{command[0]} ends with status {done.returncode}" if done.returncode else ""
