"""Tokens from a command and from google-auth: fetched anew in time, and never written down."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from concertpitch.credentials import Renewed, Token, from_command, from_google
from concertpitch.errors import UsageError
from concertpitch.targets import Target, credentials
from concertpitch.transport import Transport
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def bearer(request: Any) -> str:
    return str(request.headers.get("authorization", ""))


def numbered(life: float) -> Renewed:
    """Tokens secret-1, secret-2, ..., each for some seconds."""
    count = iter(range(1, 100))
    return Renewed(lambda: Token(f"secret-{next(count)}", time.monotonic() + life))


def test_a_token_is_replaced_before_it_expires() -> None:
    assert numbered(3600).headers() == {"authorization": "Bearer secret-1"}
    about_to_end = numbered(30)
    assert about_to_end.headers() == {"authorization": "Bearer secret-2"}
    assert about_to_end.secrets == ("secret-1", "secret-2")


def test_a_refused_token_is_replaced_once_and_the_request_repeated(stub: Any, answer: Any) -> None:
    stub.answer = lambda request: answer(200 if bearer(request) == "Bearer secret-2" else 401, {"you": bearer(request)})
    sender = Transport(stub.url, numbered(3600), 1.0)
    assert sender.send("POST", "/x", probe="test").status == 200
    assert sender.send("GET", "/x", probe="test").status == 200
    assert [one.status for one in sender.exchanges] == [401, 200, 200]
    written = repr([(one, one.body) for one in sender.exchanges])
    assert "secret-" not in written
    assert "Bearer REDACTED" in written


def test_a_token_that_stays_refused_is_not_asked_for_again_and_again(stub: Any, answer: Any) -> None:
    stub.script(answer(401))
    sender = Transport(stub.url, numbered(3600), 1.0)
    sender.send("GET", "/x", probe="test")
    assert [one.status for one in sender.exchanges] == [401, 401]


def test_a_probe_without_credentials_renews_nothing(stub: Any, answer: Any) -> None:
    stub.script(answer(401))
    identity = numbered(3600)
    sender = Transport(stub.url, identity, 1.0)
    sender.send("GET", "/x", probe="test", authorize=False, headers={"authorization": "Bearer made-up"})
    assert [one.status for one in sender.exchanges] == [401]
    assert identity.secrets == ("secret-1",)


def test_while_no_new_token_can_be_had_the_old_one_is_sent() -> None:
    tokens = [Token("secret-1", time.monotonic())]

    def fetch() -> Token:
        if not tokens:
            raise UsageError("none")
        return tokens.pop()

    assert Renewed(fetch).headers() == {"authorization": "Bearer secret-1"}


def test_another_host_gets_no_credentials(stub: Any, answer: Any) -> None:
    stub.script(answer(302, headers={"location": stub.url.replace("127.0.0.1", "localhost") + "/elsewhere"}))
    sender = Transport(stub.url, numbered(3600), 1.0)
    assert sender.send("GET", "/x", probe="test").status == 302
    assert [request.path for request in stub.requests] == ["/x"]


# ---- a command


def command(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_command_that_prints_a_token() -> None:
    assert from_command(command("print('secret-a')")).headers() == {"authorization": "Bearer secret-a"}


def test_a_command_is_run_again_when_its_token_ends(tmp_path: Path) -> None:
    count = tmp_path / "count"
    count.write_text("0")
    code = f"""
import json, pathlib
count = pathlib.Path({str(count)!r})
number = int(count.read_text()) + 1
count.write_text(str(number))
print(json.dumps({{"access_token": f"secret-{{number}}", "expires_in": 5 if number < 3 else 3600}}))
"""
    identity = from_command(command(code))
    assert [identity.headers()["authorization"] for _ in range(3)] == [
        "Bearer secret-2",
        "Bearer secret-3",
        "Bearer secret-3",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (command("import sys; print('secret-a'); sys.exit(3)"), "ends with status 3; run it by hand"),
        (command("pass"), "prints no token"),
        (command("print('two words')"), "prints no token"),
        (command('print(\'{"token": "secret-a"}\')'), "prints no token"),
        (["concertpitch-has-no-such-command"], "cannot be run"),
        ([], "cannot be run"),
    ],
)
def test_a_command_that_gives_none(words: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        from_command(words)
    assert "secret" not in str(caught.value)


def test_a_whole_run_with_a_command(stub: Any, answer: Any, tmp_path: Path) -> None:
    """The token changes in the middle; none of it is in the report or on the screen."""
    count = tmp_path / "count"
    count.write_text("0")
    (tmp_path / "give.py").write_text(
        "import pathlib\n"
        "count = pathlib.Path('count')\n"
        "number = int(count.read_text()) + 1\n"
        "count.write_text(str(number))\n"
        "print(f'secret-{number}')\n"
    )
    served = 0

    def guarded(request: Any) -> object:
        nonlocal served
        served += 1
        if bearer(request) == ("Bearer secret-1" if served < 5 else "Bearer secret-2"):
            return answer(body={"echo": bearer(request)})
        body = {"error": {"code": 401, "message": f"no {bearer(request)}", "status": "UNAUTHENTICATED"}}
        return answer(401, body)

    stub.answer = guarded
    run = [sys.executable, "-m", "concertpitch", "check", "--target", stub.url, "--surface", "vertex"]
    run += ["--profile", "observe", "--report-dir", "report", "--token-command", f"{sys.executable} give.py"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)
    assert done.returncode == 1, "the stub refuses nothing"
    assert count.read_text() == "2"
    files = [path for path in (tmp_path / "report").rglob("*") if path.is_file()]
    assert not [path for path in files if "secret-" in path.read_text()]
    assert "secret-" not in done.stdout + done.stderr


# ---- google-auth


@pytest.fixture
def key(tmp_path: Path, stub: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service account whose tokens the stub gives."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "key.json"
    path.write_text(
        json.dumps(
            {
                "type": "service_account",
                "project_id": "sound",
                "private_key_id": "1",
                "private_key": private.decode(),
                "client_email": "tuner@sound.example",
                "token_uri": f"{stub.url}/token",
            }
        )
    )
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    monkeypatch.setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "payer")
    return path


def test_application_default_credentials(stub: Any, answer: Any, key: Path) -> None:
    """A token that ends soon is replaced; scope and quota project are as Google's clients send them."""
    stub.script(
        answer(body={"access_token": "secret-1", "expires_in": 30}),
        answer(body={"access_token": "secret-2", "expires_in": 3600}),
    )
    identity = from_google()
    assert identity.headers() == {"authorization": "Bearer secret-2", "x-goog-user-project": "payer"}
    assert identity.headers()["authorization"] == "Bearer secret-2"
    assert len(stub.requests) == 2
    assertion = stub.requests[0].body.decode().partition("assertion=")[2].split("&")[0].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(assertion + "=" * (-len(assertion) % 4)))
    assert claims["scope"] == "https://www.googleapis.com/auth/cloud-platform"


def test_application_default_credentials_that_are_refused(stub: Any, answer: Any, key: Path) -> None:
    stub.script(answer(400, {"error": "invalid_grant"}))
    with pytest.raises(UsageError, match="give no token"):
        from_google()


def test_application_default_credentials_that_are_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nothing.json"))
    with pytest.raises(UsageError, match="gcloud auth application-default login"):
        from_google()


# ---- which ones


def test_a_target_names_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCERTPITCH_TOKEN", "common")
    monkeypatch.setenv("STAGING", "own")
    target = Target.model_validate({"url": "http://h", "token-env": "STAGING"})
    assert credentials(target, token_command=None, adc=False).headers() == {"authorization": "Bearer own"}
    key = Target.model_validate({"url": "http://h", "api-key-env": "STAGING"})
    assert credentials(key, token_command=None, adc=False).headers() == {"x-goog-api-key": "own"}
    plain = Target.model_validate({"url": "http://h"})
    assert credentials(plain, token_command=None, adc=False).headers() == {"authorization": "Bearer common"}
    assert credentials(None, token_command=None, adc=False).headers() == {}
    monkeypatch.delenv("STAGING")
    with pytest.raises(UsageError, match="STAGING"):
        credentials(target, token_command=None, adc=False)
    with pytest.raises(UsageError, match="two ways"):
        credentials(plain, token_command="x", adc=True)
