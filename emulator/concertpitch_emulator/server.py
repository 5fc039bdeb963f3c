"""Running an emulator: in this process until a signal, or in a thread of a test. It must not know methods."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

import uvicorn

from concertpitch_emulator.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_emulator.config import Config

_READY_WITHIN = 10.0
_CHUNK = 65536


class StartError(RuntimeError):
    """The emulator could not be started; the message says why."""


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 lets the system choose."""
    try:
        return socket.create_server((host, port), family=_family(host), backlog=2048)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StartError(f"Cannot listen on {host}:{port}: {reason}. Choose another --host or --port.") from None


def url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(config: Config, host: str, port: int, *, until_stdin_closes: bool) -> None:
    """Serve until SIGINT or SIGTERM; prints one line to stdout when ready."""
    app = create_app(config)
    with bind(host, port) as listening:
        server = _Server(_uvicorn(app))
        address = url(listening)
        threading.Thread(target=_announce, args=(server, address), daemon=True).start()
        if until_stdin_closes:
            threading.Thread(target=_stop_at_end_of_stdin, args=(server,), daemon=True).start()
        # uvicorn raises the signal again after a clean end.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


@contextlib.contextmanager
def start(config: Config | None = None) -> Iterator[str]:
    """Serve in a background thread; gives the base URL (`http://127.0.0.1:PORT`)."""
    app = create_app(config)
    with bind("127.0.0.1", 0) as listening:
        server = _Server(_uvicorn(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            if not server.ready.wait(_READY_WITHIN):
                raise StartError(f"The emulator was not ready within {_READY_WITHIN:.0f} s.")
            yield url(listening)
        finally:
            server.should_exit = True
            thread.join()


def _uvicorn(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _announce(server: _Server, address: str) -> None:
    server.ready.wait()
    sys.stdout.write(f"Concertpitch emulator ready at {address}\n")
    sys.stdout.flush()


def _stop_at_end_of_stdin(server: _Server) -> None:
    # os.read, for a reader of sys.stdin would hold its lock while the interpreter ends.
    with contextlib.suppress(OSError):
        while os.read(0, _CHUNK):
            pass
    server.should_exit = True
