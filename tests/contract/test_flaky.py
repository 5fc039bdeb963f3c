"""Targets that are busy, gone for a moment or slow to start: asked again where that is safe, and never judged by it."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from concertpitch.credentials import Credentials
from concertpitch.embedded import emulator
from concertpitch.exchange import Exchange, Trouble
from concertpitch.pace import Pace
from concertpitch.retries import ATTEMPTS, retry_after
from concertpitch.transport import Transport
from concertpitch.troubles import troubles_of

RESET = {"reset": True}
BUSY, DOWN, OK = {"status": 429}, {"status": 503}, {"status": 200}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, none of which is really waited for."""
    asked: list[float] = []
    monkeypatch.setattr(Pace, "sleep", lambda _, seconds: asked.append(seconds))
    return asked


def transport(url: str) -> Transport:
    return Transport(url, Credentials(), 10.0)


def statuses(sender: Transport) -> list[int | None]:
    return [one.status for one in sender.exchanges]


@pytest.mark.parametrize(
    ("method", "answers", "seen"),
    [
        ("GET", [DOWN, BUSY, OK], [503, 429, 200]),
        ("POST", [DOWN, BUSY, OK], [503, 429, 200]),
        ("GET", [RESET, OK], [None, 200]),
        ("POST", [RESET, OK], [None]),
        ("GET", [{"status": 502}, OK], [502, 200]),
        ("POST", [{"status": 504}, OK], [504]),
        ("POST", [{"status": 500}, OK], [500]),
        ("GET", [{"status": 404}, OK], [404]),
        ("GET", [DOWN], [503] * ATTEMPTS),
    ],
)
def test_what_is_sent_again(
    stub: Any, answer: Any, waits: list[float], method: str, answers: list[Any], seen: list[int | None]
) -> None:
    stub.script(*(answer(**one) for one in answers))
    sender = transport(stub.url)
    last = sender.send(method, "/x", probe="test")
    assert statuses(sender) == seen
    assert last is sender.exchanges[-1]
    assert [one.attempt for one in sender.exchanges] == list(range(1, len(seen) + 1))
    assert [one.waited for one in sender.exchanges[1:]] == waits
    assert len(stub.requests) == len(seen)


def test_a_refused_connection_is_sent_again_even_to_write(waits: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    sender = transport(f"http://127.0.0.1:{port}")
    sender.send("POST", "/x", body=b"{}", probe="test")
    assert [one.trouble for one in sender.exchanges] == [Trouble.REFUSED] * ATTEMPTS


def test_a_name_nobody_knows_is_asked_once(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    sender = transport("http://nowhere.example")
    assert "not known" in str(sender.send("GET", "/x", probe="test").failure)
    assert waits == []


def test_a_timeout_is_repeated_once_and_only_to_read(stub: Any, answer: Any, waits: list[float]) -> None:
    def slow(_: object) -> object:
        time.sleep(0.5)
        return answer()

    stub.answer = slow
    sender = Transport(stub.url, Credentials(), 0.2)
    for method in ("GET", "POST"):
        sender.send(method, "/x", probe="test")
    assert [(one.method, one.trouble) for one in sender.exchanges] == [
        ("GET", Trouble.TIMEOUT),
        ("GET", Trouble.TIMEOUT),
        ("POST", Trouble.TIMEOUT),
    ]


def test_the_wait_that_the_target_asks_for(stub: Any, answer: Any, waits: list[float]) -> None:
    stub.script(answer(503, headers={"retry-after": "7"}), answer(429, headers={"retry-after": "0"}), answer())
    transport(stub.url).send("GET", "/x", probe="test")
    assert waits == [7.0, 0.0]


def test_without_a_word_the_waits_grow(stub: Any, answer: Any, waits: list[float]) -> None:
    stub.script(answer(503))
    transport(stub.url).send("GET", "/x", probe="test")
    assert len(waits) == ATTEMPTS - 1
    assert waits[0] < waits[2] < waits[3] < 3


def test_a_wait_that_is_too_long_is_not_waited_for(stub: Any, answer: Any, waits: list[float]) -> None:
    stub.script(answer(429, headers={"retry-after": "3600"}))
    assert transport(stub.url).send("GET", "/x", probe="test").status == 429
    assert waits == []


def test_what_stays_refused_is_not_asked_for_ever(stub: Any, answer: Any, waits: list[float]) -> None:
    """A quota that stays used up costs waiting twice, not with every request."""
    stub.answer = lambda request: answer(429 if request.method == "POST" else 200)
    sender = transport(stub.url)
    for _ in range(6):
        sender.send("POST", "/x", probe="test")
        sender.send("GET", "/x", probe="test")
    assert sum(one.method == "POST" for one in sender.exchanges) == 2 * ATTEMPTS + 4


def exchange(*headers: tuple[str, str]) -> Exchange:
    return Exchange(1, "test", "GET", "http://x.example/", (), b"", 0.0, 0.0, 0.1, status=503, headers=headers)


def test_retry_after_as_a_date() -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)  # the target's clock, far from ours
    later = format_datetime(now + timedelta(seconds=12), usegmt=True)
    assert retry_after(exchange(("retry-after", later), ("date", format_datetime(now, usegmt=True)))) == 12
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < (retry_after(exchange(("retry-after", soon))) or 0) <= 30
    assert retry_after(exchange(("retry-after", "later"))) is None
    assert retry_after(exchange()) is None


def test_troubles_are_counted(stub: Any, answer: Any, waits: list[float]) -> None:
    stub.script(*(answer(**one) for one in (BUSY, DOWN, OK, RESET, OK, {"status": 502})))
    sender = transport(stub.url)
    sender.send("GET", "/a", probe="test")
    sender.send("GET", "/b", probe="test")
    sender.send("POST", "/c", probe="test")
    counted = troubles_of(sender.exchanges)
    assert counted.counts == {Trouble.TOO_MANY: 1, Trouble.UNAVAILABLE: 1, Trouble.GATEWAY: 1, Trouble.LOST: 1}
    assert (counted.repeated, counted.given_up) == (3, 1)
    assert counted.waited == pytest.approx(sum(waits))


# ---- whole runs


def check(target: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "concertpitch", "check", "--surface", "vertex", "--target", target, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(("status", "says"), [(503, "is not ready"), (429, "too many requests"), (502, "is not ready")])
def test_a_target_that_is_never_ready(stub: Any, answer: Any, status: int, says: str) -> None:
    stub.script(answer(status, body=b"<h1>busy</h1>", headers={"content-type": "text/html", "retry-after": "0"}))
    done = check(stub.url)
    assert done.returncode == 3
    assert f"answers {status} {ATTEMPTS} times" in done.stderr
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_target_that_starts_slowly() -> None:
    """Nobody listens when the run begins."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    done: list[subprocess.CompletedProcess[str]] = []
    run = threading.Thread(target=lambda: done.append(check(f"http://127.0.0.1:{port}", "--profile", "observe")))
    run.start()
    time.sleep(1.0)
    command = [sys.executable, "-m", "concertpitch_emulator", "--port", str(port), "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as server:
        run.join()
        server.terminate()
    assert done[0].returncode == 0, done[0].stderr


def test_no_verdict_is_based_on_trouble(stub: Any, answer: Any, tmp_path: Path) -> None:
    """One answer in twelve is none of the API's: the verdicts are those of the emulator behind it."""
    draw = random.Random(7)
    lock = threading.Lock()
    with emulator() as honest, httpx.Client(base_url=honest) as client:

        def flaky(request: Any) -> object:
            with lock:
                chance = draw.random()
            if chance < 0.03:
                return answer(503, b"<h1>busy</h1>", {"content-type": "text/html"})
            if chance < 0.06:
                return answer(429, b"", {"retry-after": "0"})
            if chance < 0.08 and request.method == "GET":
                return answer(reset=True)
            passed = {name: value for name, value in request.headers.items() if name in {"content-type", "accept"}}
            got = client.request(request.method, request.path, headers=passed, content=request.body)
            return answer(got.status_code, got.content, {"content-type": got.headers.get("content-type", "")})

        stub.answer = flaky
        done = check(stub.url, "--profile", "exercise", "--report-dir", str(tmp_path))
    report = json.loads((tmp_path / "verdicts.json").read_text())
    assert {one["id"]: one["findings"][0]["message"] for one in report["rules"] if one["verdict"] == "BROKEN"} == {}
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["troubles"]["503"] > 3
    assert report["troubles"]["429"] > 3
    assert report["troubles"]["connection lost"] > 1
    assert report["troubles"]["sent_again"] > 8
    assert f"{report['troubles']['503']} x 503" in done.stdout
    entries = json.loads((tmp_path / "trace.har").read_text())["log"]["entries"]
    assert sum(one["_attempt"] > 1 for one in entries) == report["troubles"]["sent_again"]
