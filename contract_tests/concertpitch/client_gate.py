"""Run a client's own command against a target and judge the client by what it sent.

Rule 1: the command runs as its author would run it: same shell environment, plus what points it at the target.
Rule 2: credentials are made up; nothing leaves this machine unless the target given does.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from concertpitch import defaults
from concertpitch.errors import UsageError
from concertpitch.reading.client import client_subjects, coverage_of
from concertpitch.recorder import TOKEN_PATH, Recorder, recording
from concertpitch.rules import rules_of
from concertpitch.run import Result
from concertpitch.subjects.client import Coverage
from concertpitch.surfaces import CLIENT, every_surface
from concertpitch.verdicts import judge

_KEY_BITS = 2048


@dataclass
class Judged:
    """What a client did: the verdicts, what of the surfaces it touched, and how its command ended."""

    result: Result
    coverage: list[Coverage]
    command_status: int


def judge_client(command: Sequence[str], target: str, *, poll_interval: float, timeout: float) -> Judged:
    """Run `command` against a recorder before `target`, then judge; raises UsageError when it cannot be started."""
    began = time.monotonic()
    with recording(target, timeout) as recorder:
        with _environment(recorder) as environment:
            try:
                done = subprocess.run(list(command), env=environment, check=False)  # noqa: S603 - what the user asked for
            except OSError as error:
                raise UsageError(f"{command[0]} cannot be started: {error.strerror}") from error
        exchanges = sorted(recorder.exchanges, key=lambda one: one.number)
    surfaces = every_surface()
    result = Result(" ".join(command), CLIENT, "judge", 0, "", [], exchanges, 0.0, "client")
    subjects = client_subjects(exchanges, surfaces, "", poll_interval)
    result.verdicts = judge(rules_of(CLIENT.name), subjects, {})
    result.seconds = time.monotonic() - began
    return Judged(result, coverage_of(exchanges, surfaces), done.returncode)


@contextmanager
def _environment(recorder: Recorder) -> Iterator[dict[str, str]]:
    """The variables that point the usual clients at the recorder; what has no variable reads CONCERTPITCH_BASE_URL."""
    with tempfile.TemporaryDirectory(prefix="concertpitch-") as folder:
        account = Path(folder) / "service-account.json"
        account.write_text(json.dumps(_service_account(recorder.url + TOKEN_PATH)), encoding="utf-8")
        yield os.environ | {
            "CONCERTPITCH_BASE_URL": recorder.url,
            "CONCERTPITCH_TOKEN": "concertpitch",
            "GOOGLE_VERTEX_BASE_URL": recorder.url,
            "GOOGLE_GEMINI_BASE_URL": recorder.url,
            "GOOGLE_API_KEY": "concertpitch",
            "GOOGLE_APPLICATION_CREDENTIALS": str(account),
            "GOOGLE_CLOUD_PROJECT": defaults.PROJECT,
            "GOOGLE_CLOUD_LOCATION": defaults.LOCATION,
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM": recorder.url + "/",
        }


def _service_account(token_uri: str) -> dict[str, str]:
    """A service account that nobody has, with a key that signs nothing anywhere."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - start-up time
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    key = rsa.generate_private_key(65537, _KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": defaults.PROJECT,
        "private_key_id": "concertpitch",
        "private_key": key.decode(),
        "client_email": f"concertpitch@{defaults.PROJECT}.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": token_uri,
    }
