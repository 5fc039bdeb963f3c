"""Targets that are broken, slow or hostile: one clear sentence and an exit code, never a traceback or a hang."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

Handler = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
JSON = OK + b"Content-Type: application/json\r\n"


@contextmanager
def server(handle: Handler) -> Iterator[str]:
    """Accept connections on loopback and hand each to `handle` after reading the request's head."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def one(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                connection.recv(65536)
                handle(connection)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=one, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def check(target: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "concertpitch",
        "check",
        "--surface",
        "vertex",
        "--target",
        target,
        "--timeout",
        "1",
        "--patience",
        "1",
    ]
    return subprocess.run([*command, *options], capture_output=True, text=True, timeout=120, check=False)


def html(connection: socket.socket) -> None:
    connection.sendall(OK + b"Content-Type: text/html\r\n\r\n<html>It works!</html>")


def html_404(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<h1>404</h1>")


def silent(connection: socket.socket) -> None:
    time.sleep(30)


def half(connection: socket.socket) -> None:
    connection.sendall(JSON + b'Content-Length: 1000\r\n\r\n{"tuningJobs": [')


def drip(connection: socket.socket) -> None:
    connection.sendall(JSON + b"Content-Length: 100000\r\n\r\n")
    for _ in range(300):
        connection.sendall(b" ")
        time.sleep(0.1)


def huge(connection: socket.socket) -> None:
    connection.sendall(JSON + b"Content-Length: 314572800\r\n\r\n")
    for _ in range(300):
        connection.sendall(b" " * 1048576)


def not_utf8(connection: socket.socket) -> None:
    connection.sendall(JSON + b'\r\n{"tuningJobs": ["\xff\xfe"]}')


def elsewhere(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://other.example/\r\n\r\n")


def not_http(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")


def unauthorized(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("handle", "says"),
    [
        (html, "is this the base url"),
        (html_404, "is this the base url"),
        (silent, "does not answer"),
        (half, "does not answer"),
        (drip, "does not answer"),
        (huge, "more than 16 mib"),
        (elsewhere, "redirects to http://other.example/"),
        (not_http, "does not answer"),
        (unauthorized, "concertpitch_token"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_target_that_cannot_be_judged(handle: Handler, says: str) -> None:
    with server(handle) as target:
        done = check(target)
    assert done.returncode == 3
    assert says in done.stderr.lower()
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr + done.stdout


def test_a_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = check(f"http://127.0.0.1:{port}")
    assert done.returncode == 3
    assert "does not answer" in done.stderr


@pytest.mark.parametrize("target", ["127.0.0.1:9", "ftp://127.0.0.1", "http://", "http://h:99999", "http://u:p@h/"])
def test_a_target_that_is_no_url(target: str) -> None:
    done = check(target)
    assert done.returncode == 2
    assert "--target" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_folder_that_cannot_be_made() -> None:
    done = check("http://127.0.0.1:9", "--report-dir", "/dev/null/report")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_target_that_goes_away_after_a_while() -> None:
    """The verdicts on what it had answered are still reported."""
    answered = 0

    def few(connection: socket.socket) -> None:
        nonlocal answered
        answered += 1
        if answered < 30:
            connection.sendall(JSON + b"Content-Length: 2\r\n\r\n{}")

    with server(few) as target:
        done = check(target)
    assert done.returncode in {1, 3}
    assert "stopped answering" in done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_a_target_that_never_sends_utf8() -> None:
    """It is HTTP, and it is JSON that it tries to send: that is a breach, not a reason to give up."""
    with server(not_utf8) as target:
        done = check(target)
    assert done.returncode == 1
    assert "BROKEN wire/strict-json" in done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_a_fault_that_does_not_exist() -> None:
    command = [sys.executable, "-m", "concertpitch", "check", "--fault", "list/skip"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "list/skips" in done.stderr
    assert "Traceback" not in done.stderr
